import Diagnostics

/// Monthly returns of factors and the risk-free rate, in the layout of Kenneth French's data library: a header such as
/// `Date,Mkt-RF,SMB,HML,RF`, then a row a month such as `192607,2.96,-2.30,-2.87,0.22`, in per cent.
package struct FactorTable: Sendable, Hashable {
    /// The factors without the risk-free rate.
    package let names: [String]
    /// Year and month, such as 192607, rising.
    let months: [Int]
    /// By factor and month, as fractions.
    let returns: [[Double]]
    let riskFree: [Double]

    private static let mostRows = 100_000

    /// Throws `E_FACTORS`, placed at the line.
    package init(csv text: String, file: String? = nil) throws(BacktestError) {
        func failure(_ line: Int, _ message: String) -> BacktestError {
            BacktestError(
                .factors, message, place: .text(file: file, line: line, column: 1),
                hint: "a header Date,NAME,...,RF and a row a month, such as 192607,2.96,-2.30,-2.87,0.22, in per cent")
        }
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let header = (lines.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
        guard (3...32).contains(header.count), header.first == "Date", header.last == "RF",
            Set(header).count == header.count, !header.contains("")
        else { throw failure(1, "the first line is no header of factors") }
        guard lines.count <= Self.mostRows else { throw failure(Self.mostRows, "there are more rows than \(Self.mostRows)") }
        var months: [Int] = []
        var columns = [[Double]](repeating: [], count: header.count - 1)
        for (number, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
            let values = cells.dropFirst().compactMap(Double.init).filter(\.isFinite)
            guard cells.count == header.count, values.count == header.count - 1, let month = Int(cells[0]),
                (1...12).contains(month % 100), (1..<10_000).contains(month / 100), months.last.map({ $0 < month }) ?? true
            else { throw failure(number + 1, "line \(number + 1) is no month of factors that can come here") }
            months.append(month)
            for (place, value) in values.enumerated() { columns[place].append(value / 100) }
        }
        names = Array(header.dropFirst().dropLast())
        self.months = months
        riskFree = columns.removeLast()
        returns = columns
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
