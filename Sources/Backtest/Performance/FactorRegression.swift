import Diagnostics
import MarketData
import Statistics

/// What factors explain of a run: its monthly returns less the risk-free rate, regressed on them with a constant (Fama and
/// French, "Common risk factors in the returns on stocks and bonds", 1993).
package struct FactorRegression: Sendable, Hashable {
    /// The share of one factor.
    package struct Loading: Sendable, Hashable {
        package let name: String
        package let beta: Double
        /// beta over its standard error.
        package let statistic: Double
        package let pValue: Double
    }

    /// What is left without the factors, a year: twelve times the constant.
    package let alpha: Double
    package let alphaStatistic: Double
    package let alphaPValue: Double
    package let loadings: [Loading]
    /// The share of the variance that the factors explain.
    package let rSquared: Double
    /// The months that the run and the factors share.
    package let months: Int

    /// Regresses the returns at `times`, milliseconds since 1970, compounded by month. Only whole months count: the first and
    /// the last one are left out unless they are all there is between.
    ///
    /// Throws `E_FACTORS` when the two share too few months, or the factors follow from one another.
    package init(returns: [Double], times: [Int64], table: FactorTable) throws(BacktestError) {
        var values: [Double] = []
        var columns = [[Double]](repeating: [], count: table.names.count)
        for (month, growth) in Self.months(returns, times).dropFirst().dropLast() {
            guard let place = table.months.firstIndex(of: month) else { continue }
            values.append(growth - 1 - table.riskFree[place])
            for factor in columns.indices { columns[factor].append(table.returns[factor][place]) }
        }
        guard values.count > 2 * (columns.count + 1), let fit = LeastSquares(values, on: columns) else {
            throw BacktestError(
                .factors,
                "the run and the factors share \(values.count) whole months, too few for a regression on \(columns.count)",
                hint: "use factors that cover the run's months")
        }
        let (statistics, pValues) = (fit.statistics, fit.pValues)
        alpha = 12 * fit.coefficients[0]
        alphaStatistic = statistics[0]
        alphaPValue = pValues[0]
        loadings = table.names.indices.map {
            Loading(
                name: table.names[$0], beta: fit.coefficients[$0 + 1], statistic: statistics[$0 + 1], pValue: pValues[$0 + 1])
        }
        rSquared = fit.rSquared
        months = values.count
    }

    /// Growth by month, in order; a month is a number such as 192607.
    private static func months(_ returns: [Double], _ times: [Int64]) -> [(month: Int, growth: Double)] {
        var months: [(month: Int, growth: Double)] = []
        for (value, time) in zip(returns, times) {
            let digits = ISOTime.string(time).prefix(7).filter { $0 != "-" }
            let month = Int(digits) ?? 0
            if months.last?.month == month {
                months[months.count - 1].growth *= 1 + value
            } else {
                months.append((month, 1 + value))
            }
        }
        return months
    }
}
