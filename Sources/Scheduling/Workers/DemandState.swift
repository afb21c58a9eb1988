/// A demand, and what it comes to on each kind of worker, worked out once.
struct DemandState: Sendable {
    /// How workers of a kind suit one choice of a demand.
    struct Fit: Sendable {
        enum Verdict: UInt8, Sendable {
            /// Not worked out yet.
            case unknown
            /// None of them ever.
            case never
            /// Those whose labels are accepted.
            case byLabels
            /// Each of them.
            case always
        }
        var verdict = Verdict.unknown
        /// How many tasks one of them takes at least.
        var slots: Int32 = 0
        var charge = Amounts.tooMuch
    }

    let demand: Demand
    /// Open jobs that have it.
    var jobs = 0
    /// By kind and choice.
    private var fits: [Fit] = []

    init(_ demand: Demand) { (self.demand, choices) = (demand, demand.choices.count) }

    let choices: Int

    /// How workers of the kind in slot `number` suit the choice, if that has been worked out.
    func known(_ choice: Int, _ number: Int) -> Fit? {
        let place = number * choices + choice
        return place < fits.count && fits[place].verdict != .unknown ? fits[place] : nil
    }

    /// Works out how they suit it.
    mutating func fit(_ choice: Int, _ number: Int, _ kind: WorkerKind) -> Fit {
        let place = number * choices + choice
        while fits.count <= place { fits.append(Fit()) }
        fits[place] = work(out: choice, on: kind)
        return fits[place]
    }

    /// Forgets what was worked out for a slot, because it has another kind now.
    mutating func forget(kind number: Int) {
        for choice in 0..<choices where number * choices + choice < fits.count { fits[number * choices + choice] = Fit() }
    }

    private func work(out choice: Int, on kind: WorkerKind) -> Fit {
        guard let charge = Amounts(demand.choices[choice], names: kind.names) else { return Fit(verdict: .never) }
        let slots = kind.slots(of: charge)
        guard let labels = kind.key.labels else {
            return Fit(verdict: demand.conditions.isEmpty ? .always : .byLabels, slots: slots, charge: charge)
        }
        guard demand.accepts(labels), slots > 0 else { return Fit(verdict: .never, charge: charge) }
        return Fit(verdict: .always, slots: slots, charge: charge)
    }
}
