import Diagnostics
import MarketData

/// Datasets and imports as people read them.
enum DataText {
    static func table(_ entries: [CatalogueEntry]) -> String {
        guard !entries.isEmpty else { return "no datasets yet; import one with: bellwether data import FILE --name NAME" }
        var table = Table([
            .text("name"), .number("bars"), .number("series"), .text("first"), .text("last"), .number("size"), .text("sha256"),
        ])
        for entry in entries {
            table.add([
                entry.name, "\(entry.rows)", "\(entry.series)", Text.date(entry.firstTime), Text.date(entry.lastTime),
                Text.bytes(Int64(entry.bytes)), Text.hash(entry.sha256),
            ])
        }
        return table.text
    }

    static func details(_ entry: CatalogueEntry, _ dataset: Dataset) -> String {
        let head = Table.pairs([
            ("name", entry.name), ("sha256", entry.sha256), ("bars", "\(entry.rows) on the calendar of \(entry.series) series"),
            ("range", "\(ISOTime.string(entry.firstTime)) to \(ISOTime.string(entry.lastTime))"),
            ("size", Text.bytes(Int64(entry.bytes))),
            ("imported", Text.time(entry.importedAt) + " UTC"),
        ])
        var table = Table([
            .text("symbol"), .number("bars"), .text("first"), .text("last"), .number("first close"), .number("last close"),
        ])
        for bars in dataset.series {
            table.add([
                bars.symbol, "\(bars.count)", bars.time.first.map { ISOTime.string($0) } ?? "",
                bars.time.last.map { ISOTime.string($0) } ?? "",
                bars.close.first.map { Text.number($0) } ?? "", bars.close.last.map { Text.number($0) } ?? "",
            ])
        }
        return head + "\n\n" + table.text
    }

    static func imported(_ entry: CatalogueEntry, _ report: ImportReport?) -> String {
        var lines = [
            "\(entry.name): \(Text.count(report?.rows ?? entry.rows, "bar")) in \(entry.series) series, "
                + "\(Text.date(entry.firstTime)) to \(Text.date(entry.lastTime))",
            "sha256 \(entry.sha256)",
        ]
        guard let report else { return lines.joined(separator: "\n") }
        if !report.ignoredColumns.isEmpty {
            lines.append("columns not used: " + report.ignoredColumns.map { Text.clean($0) }.joined(separator: ", "))
        }
        if report.duplicatesDropped > 0 { lines.append("\(Text.count(report.duplicatesDropped, "duplicate row")) left out") }
        for warning in report.warnings {
            let place = warning.row.map { "row \($0)" } ?? "all rows"
            let column = warning.column.map { ", column \($0)" } ?? ""
            lines.append(Text.clean("warning: \(warning.symbol), \(place)\(column): \(warning.message)"))
        }
        if report.warningCount > report.warnings.count {
            lines.append("and \(report.warningCount - report.warnings.count) more warnings")
        }
        return lines.joined(separator: "\n")
    }
}
