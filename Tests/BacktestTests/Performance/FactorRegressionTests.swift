import Backtest
import Diagnostics
import Foundation
import MarketData
import Testing

/// Regressions on factors against statsmodels (factors.json, make_factors.py), and the regimes of a market.
@Suite struct FactorRegressionTests {
    private struct Expected: Decodable {
        let csv: String
        let alpha, rSquared: Double
        let betas, statistics, pValues: [Double]
        let months: Int
    }

    private let returns = (0..<900).map { (day: Int) -> Double in
        let t = Double(day)
        let slow = 0.004 * sin(0.7 * t)
        return slow + 0.006 * cos(0.013 * t * t) + 0.0004
    }
    private let times = (0..<900).map { Markets.start + Int64($0) * Markets.day }

    private func expected() throws -> Expected {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Reference/factors.json")
        return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
    }

    @Test func `alpha, betas and their statistics are those of statsmodels`() throws {
        let expected = try expected()
        let table = try FactorTable(csv: expected.csv)
        #expect(table.names == ["Mkt-RF", "SMB", "HML"])
        let regression = try FactorRegression(returns: returns, times: times, table: table)
        #expect(regression.months == expected.months && abs(regression.alpha - expected.alpha) < 1e-9)
        #expect(abs(regression.rSquared - expected.rSquared) < 1e-9)
        #expect(abs(regression.alphaStatistic - expected.statistics[0]) < 1e-9)
        #expect(abs(regression.alphaPValue - expected.pValues[0]) < 1e-9)
        #expect(regression.loadings.map { $0.name } == table.names)
        for (place, loading) in regression.loadings.enumerated() {
            #expect(abs(loading.beta - expected.betas[place]) < 1e-9)
            #expect(abs(loading.statistic - expected.statistics[place + 1]) < 1e-9)
            #expect(abs(loading.pValue - expected.pValues[place + 1]) < 1e-9)
        }
    }

    @Test func `a table that is none is refused with its line`() throws {
        let bad: [(String, Int)] = [
            ("", 1), ("Date,RF\n", 1), ("Month,A,RF\n", 1), ("Date,A,B\n", 1), ("Date,A,A,RF\n", 1),
            ("Date,A,RF\n192613,1,2\n", 2),
            ("Date,A,RF\n192601,1,2\n192601,1,2\n", 3), ("Date,A,RF\n192601,x,2\n", 2), ("Date,A,RF\n192601,nan,2\n", 2),
            ("Date,A,RF\n192601,1\n", 2), ("Date,A,RF\n99999999999999999999,1,2\n", 2),
        ]
        for (text, line) in bad {
            do throws(BacktestError) {
                _ = try FactorTable(csv: text, file: "f.csv")
                Issue.record("\(text) was accepted")
            } catch {
                #expect(error.code == "E_FACTORS" && error.place == .text(file: "f.csv", line: line, column: 1), "\(text)")
            }
        }
        // Windows line ends and blanks are no mistake.
        #expect(try FactorTable(csv: "Date, A ,RF\r\n192601, 1,2\r\n\r\n").names == ["A"])
    }

    @Test func `factors of other months, and factors that follow from one another, are refused`() throws {
        let table = try FactorTable(csv: expected().csv)
        let later = times.map { $0 + 20 * 365 * Markets.day }
        #expect(throws: BacktestError.self) { try FactorRegression(returns: returns, times: later, table: table) }
        #expect(throws: BacktestError.self) { try FactorRegression(returns: [], times: [], table: table) }
        let rows = (0..<36).map { month in
            "\(200_001 + month / 12 * 100 + month % 12),\(month % 5),\(2 * (month % 5)),0\n"
        }
        let twin = "Date,A,B,RF\n" + rows.joined()
        #expect(throws: BacktestError.self) {
            try FactorRegression(returns: returns, times: times, table: FactorTable(csv: twin))
        }
    }

    @Test func `regimes are of the past, and wild is wilder than half of it`() {
        let calm = (0..<20).map { $0.isMultiple(of: 2) ? 0.002 : -0.001 }
        let wild = (0..<20).map { $0.isMultiple(of: 2) ? -0.03 : 0.02 }
        let names = MarketRegimes.names(calm + wild, window: 5)
        #expect(names[..<4].allSatisfy { $0 == "unknown" } && names[4] == "rising, calm")
        #expect(names[30] == "falling, wild" && names[39] == "falling, wild")
        // What comes later changes nothing before.
        #expect(MarketRegimes.names(calm, window: 5) == Array(names[..<20]))
        #expect(MarketRegimes.names([], window: 5).isEmpty && MarketRegimes.names([1], window: 1) == ["unknown"])
    }
}
