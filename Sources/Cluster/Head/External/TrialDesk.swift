import Scheduling

/// The open trials of a study whose objective is outside: which may be given away, and who holds which.
///
/// A trial is held under a lease, and named with an attempt that says who may tell: when a lease has run out the trial may be given
/// to another under a new attempt, and what the first one still tells changes nothing. Leases are not stored. After a start of the
/// head every open trial counts as held by somebody of an earlier term for one lease more; who shows up with an attempt of an
/// earlier term in that time, or at any time before it is given again, still may tell.
struct TrialDesk: Sendable {
    let term: Int64
    let leaseMilliseconds: Int64
    /// In order of number, which is the order they are added in.
    private var open: [OpenTrial] = []
    /// By which attempt each trial was decided, so that a tell that is repeated is known for what it is; 0.0 for the head itself.
    private var decided: [Int32: Attempt] = [:]
    /// One more than the highest number so far.
    private var upperBound: Int32 = 0
    private var nextAttempt: Int64 = 1

    /// Leases of a trial that may run out before it counts as one that ends whoever takes it.
    static let lossLimit = 3

    private struct OpenTrial: Sendable {
        let number: Int32
        var lease: Lease?
        var losses = 0
    }

    private struct Lease: Sendable {
        /// Nil for one of an earlier term.
        var attempt: Attempt?
        var until: Instant
        /// What its taker calls itself.
        var holder: String
    }

    /// What an attempt has to say about a trial.
    enum Standing: Hashable {
        /// It holds the trial.
        case holds
        /// It has told already.
        case told
        /// The trial has another attempt, or is over.
        case overtaken
        /// The study has no such trial yet.
        case unknown
    }

    init(term: Int64, leaseMilliseconds: Int64) { (self.term, self.leaseMilliseconds) = (term, leaseMilliseconds) }

    var heldCount: Int { open.count { $0.lease != nil } }

    /// Opens trials, but for those that are decided already.
    mutating func add(_ trials: Range<Int32>) {
        upperBound = max(upperBound, trials.upperBound)
        for number in trials where decided[number] == nil { open.append(OpenTrial(number: number)) }
    }

    /// What is open may be held by somebody who does not know yet that the head has started again.
    mutating func restored(at now: Instant) {
        for place in open.indices { open[place].lease = Lease(attempt: nil, until: lease(from: now), holder: "") }
    }

    /// Gives up to `count` trials to `holder`, those with the lowest numbers. `lost` are trials that have been given too often:
    /// they stay open until the caller ends them.
    mutating func give(
        _ count: Int, to holder: String, at now: Instant
    ) -> (given: [(trial: Int32, attempt: Attempt)], lost: [Int32]) {
        var given: [(trial: Int32, attempt: Attempt)] = []
        var lost: [Int32] = []
        for place in open.indices where given.count < count {
            if let lease = open[place].lease {
                guard lease.until <= now else { continue }
                if lease.attempt != nil { open[place].losses += 1 }
                open[place].lease = nil
            }
            guard open[place].losses < Self.lossLimit else {
                lost.append(open[place].number)
                continue
            }
            let attempt = Attempt(term: term, number: nextAttempt)
            nextAttempt += 1
            open[place].lease = Lease(attempt: attempt, until: lease(from: now), holder: holder)
            given.append((open[place].number, attempt))
        }
        return (given, lost)
    }

    func standing(of attempt: Attempt, on number: Int32) -> Standing {
        guard let place = place(of: number) else {
            guard (0..<upperBound).contains(number) else { return .unknown }
            return decided[number] == attempt ? .told : .overtaken
        }
        guard let lease = open[place].lease else { return .overtaken }
        return lease.attempt == attempt || (lease.attempt == nil && attempt.term < term) ? .holds : .overtaken
    }

    /// Begins the lease anew for an attempt that holds the trial.
    mutating func renew(_ number: Int32, by attempt: Attempt, holder: String, at now: Instant) {
        guard let place = place(of: number), standing(of: attempt, on: number) == .holds else { return }
        open[place].lease = Lease(attempt: attempt, until: lease(from: now), holder: holder)
    }

    /// Who holds the trial.
    func holder(of number: Int32) -> String { place(of: number).flatMap { open[$0].lease?.holder } ?? "" }

    /// The trial is over, decided by `attempt` or by the head.
    mutating func close(_ number: Int32, by attempt: Attempt?) {
        if let place = place(of: number) { open.remove(at: place) }
        decided[number] = attempt ?? Attempt(term: 0, number: 0)
    }

    private func lease(from now: Instant) -> Instant { now.advanced(byMilliseconds: leaseMilliseconds) }

    private func place(of number: Int32) -> Int? {
        var (low, high) = (0, open.count)
        while low < high {
            let middle = (low + high) / 2
            if open[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < open.count && open[low].number == number ? low : nil
    }
}
