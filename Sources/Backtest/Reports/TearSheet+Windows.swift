extension TearSheet {
    /// One line a window: its test range and how it went.
    func windowLines(_ width: Int, _ ink: Ink) -> [String] {
        guard !windows.isEmpty else { return [] }
        let wide = width >= 67
        var header = Format.right("#", 4) + "  " + Format.left(wide ? "Tested" : "From", wide ? 25 : 11)
        for name in ["Return %", "Sharpe"] { header += Format.right(name, 9) }
        if wide { for name in ["Max dd %", "Trades"] { header += Format.right(name, 9) } }
        var lines = [ink.strong("Walk-forward windows"), ink.faint(header)]
        for (number, window) in windows.enumerated() {
            let range = wide ? "\(Self.date(window.first)) to \(Self.date(window.last))" : Self.date(window.first)
            var line = ink.faint(Format.right("\(number + 1)", 4) + "  " + Format.left(range, wide ? 25 : 11))
            line += ink.signed(Format.cell(Format.number(window.totalReturn * 100), 9), window.totalReturn)
            line += ink.signed(Format.cell(Format.number(window.sharpe), 9), window.sharpe)
            if wide {
                line += Format.cell(Format.number(window.maxDrawdown * 100), 9)
                line += Format.cell("\(window.trades)", 9)
            }
            lines.append(line)
        }
        let gains = windows.count { $0.totalReturn > 0 }
        lines.append(ink.faint("\(gains) of \(windows.count) windows gained"))
        return lines
    }
}
