import Statistics

extension PlanRun {
    /// What a window of a trial is judged by: some trials are better than others, and each window adds something of its own.
    static func merit(_ trial: Int, _ window: Int) -> Double {
        var generator = SplitMix64(seed: Seed.derive(5, UInt64(trial), UInt64(window)))
        return Double((trial * 7) % 12) / 3 + generator.gaussian() / 2
    }

    /// Judges trials of eight windows by the mean of their windows' merits.
    mutating func judgeByWindows() {
        windowObjective = Self.merit
        objective = { trial in (0..<8).reduce(0) { $0 + Self.merit(trial, $1) } / 8 }
    }

    /// Ends tasks in an order of the seed's, `steps` of them at most.
    mutating func shuffle(seed: UInt64, steps: Int = .max) {
        var generator = SplitMix64(seed: seed)
        var left = steps
        while !ready.isEmpty, left > 0 {
            step { $0.remove(at: Int(generator.integer(below: UInt64($0.count)))) }
            left -= 1
        }
    }
}
