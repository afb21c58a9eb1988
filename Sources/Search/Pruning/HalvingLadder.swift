/// Asynchronous successive halving: of the n trials that have reached a rung, the best ⌊n/η⌋ go on, as soon as they are known.
///
/// Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020, algorithm 2: the highest rung with a trial to
/// promote comes first.
package struct HalvingLadder: Ladder {
    private var rungs: [TopShare]

    /// `rungs` counts the last too, from which nothing is promoted; `reduction` is η, at least 2.
    package init(rungs: Int, reduction: Int) {
        self.rungs = Array(repeating: TopShare(reduction: max(2, reduction)), count: max(0, rungs - 1))
    }

    package func firstRung(of number: Int) -> Int { 0 }

    package mutating func take(_ run: RungRun, loss: Double?) {
        if rungs.indices.contains(run.rung) { rungs[run.rung].add(run.trial, loss: loss) }
    }

    package mutating func promotion() -> RungRun? {
        for rung in rungs.indices.reversed() {
            if let number = rungs[rung].next() { return RungRun(trial: number, rung: rung + 1) }
        }
        return nil
    }
}
