/// Hyperband: brackets of successive halving that begin at different rungs, one after the other and again from the first.
///
/// Of `rungs` rungs, each η times the steps of the one before, the bracket that begins at rung b takes ⌈rungs/(s+1) η^s⌉ = n
/// trials, s = rungs - 1 - b; when all that its stage i has are known, the best ⌊n/η^(i+1)⌋ go on. Li et al., "Hyperband", JMLR
/// 18, 2018, algorithm 1. The study's trials fill the brackets in order of number; the last bracket takes what is left.
package struct HyperbandLadder: Ladder {
    private let reduction: Int
    private let trials: Int
    /// How many trials the brackets of a round take, from the one that begins at the first rung on.
    package let sizes: [Int]
    private let round: Int
    private var brackets: [Bracket] = []
    private var due: [RungRun] = []
    private var served = 0

    private struct Bracket: Sendable {
        /// How many trials its present stage waits for, and how many it would if none had failed.
        var expected: Int
        var nominal: Int
        /// What those of the present stage have come to.
        var known: [(loss: Double, number: Int)] = []
    }

    package init(rungs: Int, reduction: Int, trials: Int) {
        let rungs = max(1, rungs), reduction = max(2, reduction)
        (self.reduction, self.trials) = (reduction, trials)
        var power = 1
        var sizes: [Int] = []
        for s in 0..<rungs {
            sizes.insert((rungs * power + s) / (s + 1), at: 0)
            // A bracket that no study can fill need not be told from a larger one.
            power = min(power * reduction, Int(Int32.max))
        }
        self.sizes = sizes
        round = sizes.reduce(0, +)
    }

    package func firstRung(of number: Int) -> Int { place(of: number).rung }

    package mutating func take(_ run: RungRun, loss: Double?) {
        let number = place(of: run.trial).bracket
        while brackets.count <= number {
            let size = size(ofBracket: brackets.count)
            brackets.append(Bracket(expected: size, nominal: size))
        }
        brackets[number].known.append((loss ?? .infinity, run.trial))
        guard run.rung + 1 < sizes.count, brackets[number].known.count == brackets[number].expected else { return }
        // A trial that failed goes nowhere.
        let ranked = brackets[number].known.filter { $0.loss < .infinity }
            .sorted { ($0.loss, $0.number) < ($1.loss, $1.number) }
        let next = brackets[number].nominal / reduction
        let best = ranked.prefix(next)
        brackets[number] = Bracket(expected: best.count, nominal: next)
        due += best.map { RungRun(trial: $0.number, rung: run.rung + 1) }
    }

    package mutating func promotion() -> RungRun? {
        guard served < due.count else { return nil }
        served += 1
        return due[served - 1]
    }

    /// Where a trial begins, and in which bracket of the study.
    private func place(of number: Int) -> (rung: Int, bracket: Int) {
        let (turn, rest) = number.quotientAndRemainder(dividingBy: round)
        var first = 0
        for (rung, size) in sizes.enumerated() {
            if rest < first + size { return (rung, turn * sizes.count + rung) }
            first += size
        }
        return (0, turn * sizes.count)
    }

    private func size(ofBracket bracket: Int) -> Int {
        let (turn, rung) = bracket.quotientAndRemainder(dividingBy: sizes.count)
        return min(sizes[rung], trials - turn * round - sizes[..<rung].reduce(0, +))
    }
}
