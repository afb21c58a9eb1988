import Testing

@testable import MarketData

@Suite struct ImportWarningTests {
    /// A file of closes with every other price equal to the close, Monday to Friday from 1999-01-04.
    private func report(_ closes: [Double], adjusted: [Double]? = nil, volume: [Double]? = nil) throws -> ImportReport {
        var text = "Date,Open,High,Low,Close,Adj Close,Volume\n"
        for (i, close) in closes.enumerated() {
            let day = ISOTime.string(Int64(10_595 + i / 5 * 7 + i % 5) * 86_400_000)
            text += "\(day),\(close),\(close),\(close),\(close),\(adjusted?[i] ?? close),\(volume?[i] ?? Double(i))\n"
        }
        return try importText(text).report
    }

    @Test("66: a spike of a thousand is a warning with its row")
    func spike() throws {
        let report = try report([10, 10.1, 10_200, 10.3, 10.4])
        #expect(report.warnings.map(\.kind) == [.spike, .spike])
        #expect(report.warnings.map(\.row) == [4, 5])
        #expect(report.warnings.map(\.column) == ["High", "Low"])
    }

    @Test("66: a jump like a split is a warning unless the adjusted close explains it")
    func split() throws {
        let closes = [100, 101, 50.5, 51, 52]
        let report = try report(closes)
        #expect(report.warnings.map(\.kind) == [.splitLike])
        #expect(report.warnings.first?.row == 4)
        #expect(report.warnings.first?.message.contains("1/2") == true)
        #expect(try self.report(closes, adjusted: [50, 50.5, 50.5, 51, 52]).warnings.isEmpty)
        #expect(try self.report([10, 10, 30.1, 30]).warnings.map(\.kind) == [.splitLike])
        #expect(try self.report([10, 10, 14.2, 14]).warnings.isEmpty)
    }

    @Test("66: a column that never changes is a warning")
    func constant() throws {
        let closes = (0..<12).map { 10 + Double($0) / 10 }
        let report = try report(closes, volume: Array(repeating: 7, count: 12))
        #expect(report.warnings.map(\.kind) == [.constantColumn])
        #expect(report.warnings.first?.column == "Volume")
        #expect(try self.report(Array(repeating: 5, count: 12)).warnings.count == 5)
    }

    @Test func `weekends are no gaps and missing weeks are`() throws {
        #expect(try report((0..<40).map { 10 + Double($0) / 10 }).warnings.isEmpty)
        let text = "Date,Open,High,Low,Close\n1999-01-04,1,1,1,1\n1999-01-05,1,1,1,1\n1999-01-12,1,1,1,1\n1999-01-13,1,1,1,1\n"
        let warnings = try importText(text).report.warnings
        #expect(warnings.map(\.kind) == [.gap])
        #expect(warnings.first?.row == 4)
        #expect(try importText(text, ImportOptions(gaps: .ignore)).report.warnings.isEmpty)
    }

    @Test func `steps within a day, of a day and of a month have their own rules`() {
        let minute: Int64 = 60_000
        let session = (0..<390).map { 50_000_000 + Int64($0) * minute }
        let rule = GapRule(time: session + session.map { $0 + 86_400_000 })
        #expect(!rule.isGap(from: session[389], to: session[0] + 86_400_000))
        #expect(!rule.isGap(from: 0, to: 5 * minute))
        #expect(rule.isGap(from: 0, to: 6 * minute))
        #expect(rule.isGap(from: 0, to: 6 * 86_400_000))
        let month: Int64 = 30 * 86_400_000
        let months = GapRule(time: (0..<24).map { Int64($0) * month })
        #expect(!months.isGap(from: 0, to: 3 * month))
        #expect(months.isGap(from: 0, to: 3 * month + 1))
        #expect(!GapRule(time: [5]).isGap(from: 0, to: 5 * 86_400_000))
    }

    @Test func `warnings are counted in full and listed in part`() throws {
        let closes = (0..<100).map { $0 % 2 == 0 ? 1.0 : 1000.0 }
        let report = try report(closes)
        #expect(report.warnings.count == ImportWarning.limit)
        #expect(report.warningCount == 99)
    }
}
