extension TearSheet {
    private static let gutter = 9
    private static let equityRows = 5
    private static let underwaterRows = 3
    private static let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Growth of 1 as a filled curve, the depth under the last peak hanging below it, and the dates of both ends.
    func equityLines(_ width: Int, _ ink: Ink) -> [String] {
        guard returns.count > 1, returns.allSatisfy(\.isFinite) else { return [] }
        let columns = min(width - Self.gutter, returns.count)
        let (wealth, depth) = sampled(columns)
        guard wealth.allSatisfy(\.isFinite) else { return [] }
        var lines = [ink.strong("Growth of 1")]
        lines += curve(wealth, ink)
        lines.append(ink.strong("Under the peak"))
        lines += hanging(depth, ink)
        if let first = times.first, let last = times.last {
            let start = Self.date(first), end = Self.date(last)
            if columns >= start.count + end.count + 1 {
                let space = String(repeating: " ", count: columns - start.count - end.count)
                lines.append(ink.faint(String(repeating: " ", count: Self.gutter) + start + space + end))
            }
        }
        return ink.style == .plain ? lines.map(Self.trimmed) : lines
    }

    /// The last wealth and the greatest depth of each of `columns` stretches of equal length.
    private func sampled(_ columns: Int) -> (wealth: [Double], depth: [Double]) {
        var wealth: [Double] = []
        var depth: [Double] = []
        var value = 1.0
        var peak = 1.0
        var next = 0
        for column in 1...columns {
            let end = returns.count * column / columns
            var deepest = 0.0
            while next < end {
                if value > 0 { value *= 1 + returns[next] }
                peak = max(peak, value)
                deepest = min(deepest, value / peak - 1)
                next += 1
            }
            wealth.append(value)
            depth.append(max(deepest, -1))
        }
        return (wealth, depth)
    }

    private func curve(_ wealth: [Double], _ ink: Ink) -> [String] {
        let low = min(wealth.min() ?? 1, 1), high = max(wealth.max() ?? 1, 1)
        let span = high > low ? high - low : 1
        let levels = Double(Self.equityRows * 8 - 1)
        // At least one eighth, so that the lowest point is seen too.
        let heights = wealth.map { 1 + Int(((($0 - low) / span) * levels).rounded()) }
        return (0..<Self.equityRows).map { row in
            let base = (Self.equityRows - 1 - row) * 8
            let bars = String(heights.map { Self.eighths[min(max($0 - base, 0), 8)] })
            let label = row == 0 ? Format.number(high) : (row == Self.equityRows - 1 ? Format.number(low) : "")
            return ink.faint(Self.label(label)) + ink.signed(bars, (wealth.last ?? 1) - 1)
        }
    }

    private func hanging(_ depth: [Double], _ ink: Ink) -> [String] {
        let deepest = depth.min() ?? 0
        let levels = Double(Self.underwaterRows * 2)
        let lengths = depth.map { deepest < 0 ? Int(($0 / deepest * levels).rounded()) : 0 }
        return (0..<Self.underwaterRows).map { row in
            let bars = String(
                lengths.map { length -> Character in
                    let halves = length - row * 2
                    return halves >= 2 ? "█" : (halves == 1 ? "▀" : " ")
                })
            let label = row == 0 ? "0 %" : (row == Self.underwaterRows - 1 ? Format.percent(deepest, 1) : "")
            return ink.faint(Self.label(label)) + ink.signed(bars, -1)
        }
    }

    private static func label(_ text: String) -> String { Format.cell(text, gutter - 1) + " " }
}
