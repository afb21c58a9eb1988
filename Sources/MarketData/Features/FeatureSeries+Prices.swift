import Statistics

/// Features of the closes: returns, distances from averages, oscillators.
extension FeatureSeries {
    func writeReturn(_ period: Int, to column: FeatureColumn) {
        for row in period..<count { column[row] = close[row] / close[row - period] - 1 }
    }

    func writeLogReturn(_ period: Int, to column: FeatureColumn) {
        for row in period..<count { column[row] = PortableMath.log(close[row] / close[row - period]) }
    }

    func writeGap(to column: FeatureColumn) {
        for row in 1..<count { column[row] = open[row] / close[row - 1] - 1 }
    }

    func writeSMARatio(_ period: Int, to column: FeatureColumn) {
        let length = Double(period)
        Sliding.run(period, over: rows) {
            Total(value: close[$0])
        } emit: { row, total in
            column[row] = close[row] * length / total.value - 1
        }
    }

    func writeEMARatio(_ period: Int, to column: FeatureColumn) {
        eachEMA(period, of: close, over: rows) { row, average in column[row] = close[row] / average - 1 }
    }

    func writeRSI(_ period: Int, to column: FeatureColumn) {
        let decay = 1 - 1 / Double(period)
        Sliding.run(FeatureName.wilderMemory(period), over: 1..<count) { row in
            let change = close[row] - close[row - 1]
            return FadingPair(first: change > 0 ? change : 0, second: change < 0 ? -change : 0, factor: decay)
        } emit: { row, moves in
            let all = moves.first + moves.second
            column[row] = all == 0 ? 50 : 100 * (moves.first / all)
        }
    }

    func writeMACD(to column: FeatureColumn) {
        let line = macdLine()
        for row in FeatureName.exponentialMemory(26) - 1..<count { column[row] = line[row] }
    }

    func writeMACDHistogram(to column: FeatureColumn) {
        let line = macdLine()
        eachEMA(9, of: line, over: FeatureName.exponentialMemory(26) - 1..<count) { row, signal in
            column[row] = line[row] - signal
        }
    }

    func writeBollinger(_ period: Int, to column: FeatureColumn) {
        let share = 1 / Double(period)
        Sliding.run(period, over: rows) {
            Spread(close[$0])
        } emit: { row, spread in
            let deviation = spread.deviation(share, share)
            column[row] = deviation == 0 ? 0.5 : (close[row] - spread.mean(share)) / (4 * deviation) + 0.5
        }
    }

    func writeZScore(_ period: Int, to column: FeatureColumn) {
        let share = 1 / Double(period)
        Sliding.run(period, over: rows) {
            Spread(close[$0])
        } emit: { row, spread in
            let deviation = spread.deviation(share, share)
            column[row] = deviation == 0 ? 0 : (close[row] - spread.mean(share)) / deviation
        }
    }

    func writeVolatility(_ period: Int, to column: FeatureColumn) {
        let share = 1 / Double(period), unbiased = 1 / Double(period - 1)
        Sliding.run(period, over: 1..<count) {
            Spread(returns[$0])
        } emit: { row, spread in
            column[row] = spread.deviation(share, unbiased)
        }
    }

    func writeMomentum(_ period: Int, to column: FeatureColumn) {
        let share = 1 / Double(period), unbiased = 1 / Double(period - 1)
        let root = Double(period).squareRoot()
        Sliding.run(period, over: 1..<count) {
            Spread(returns[$0])
        } emit: { row, spread in
            let deviation = spread.deviation(share, unbiased)
            // Below this the spread of the returns is the rounding of the prices' ratios.
            column[row] = deviation < 1e-12 ? 0 : root * spread.mean(share) / deviation
        }
    }

    func writeDrawdown(_ period: Int, to column: FeatureColumn) {
        Sliding.run(period, over: rows) {
            Extent(low: close[$0], high: close[$0])
        } emit: { row, extent in
            column[row] = close[row] / extent.high - 1
        }
    }

    /// (EMA_12 - EMA_26)/close in the rows that have both; elsewhere NaN.
    private func macdLine() -> [Double] {
        var line = [Double](repeating: .nan, count: count)
        line.withUnsafeMutableBufferPointer { line in
            eachEMA(12, of: close, over: rows) { row, average in line[row] = average }
            eachEMA(26, of: close, over: rows) { row, average in line[row] = (line[row] - average) / close[row] }
        }
        return line
    }

    /// Calls `emit` with each row that has enough values in `rows` and their exponential average.
    @inline(__always)
    private func eachEMA(_ period: Int, of values: UnsafePointer<Double>, over rows: Range<Int>, emit: (Int, Double) -> Void) {
        let decay = 1 - 2 / (Double(period) + 1)
        let memory = FeatureName.exponentialMemory(period)
        let scale = 1 / Fading.weight(decay: decay, count: memory)
        Sliding.run(memory, over: rows) {
            Fading(sum: values[$0], factor: decay)
        } emit: { row, fading in
            emit(row, fading.sum * scale)
        }
    }
}
