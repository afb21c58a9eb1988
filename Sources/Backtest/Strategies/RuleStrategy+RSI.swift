extension RuleStrategy {
    /// Positions against the extremes of Wilder's relative strength index.
    ///
    /// Average gain and loss start as the plain mean of the first `period` changes and are then smoothed by 1/period.
    /// Without any change in the window the index is 50.
    static func rsiTargets(
        _ closes: [Double], period: Int, lower: Double, upper: Double, exit: Double, short: Bool
    ) -> [Double] {
        var targets = [Double](repeating: 0, count: closes.count)
        guard period > 0, closes.count > period else { return targets }
        let share = 1 / Double(period)
        var gain = 0.0, loss = 0.0
        var target = 0.0
        for i in 1..<closes.count {
            let change = closes[i] - closes[i - 1]
            let up = max(change, 0), down = max(-change, 0)
            if i <= period {
                gain += up * share
                loss += down * share
            } else {
                gain += (up - gain) * share
                loss += (down - loss) * share
            }
            guard i >= period else { continue }
            let index = gain + loss > 0 ? 100 * gain / (gain + loss) : 50
            if index < lower {
                target = 1
            } else if index > upper {
                target = short ? -1 : 0
            } else if target > 0 ? index > exit : index < exit {
                target = 0
            }
            targets[i] = target
        }
        return targets
    }
}
