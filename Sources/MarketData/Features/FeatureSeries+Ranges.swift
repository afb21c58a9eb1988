import Statistics

/// Features of the bars' ranges and of their volume.
extension FeatureSeries {
    func writeATR(_ period: Int, to column: FeatureColumn) {
        let decay = 1 - 1 / Double(period)
        let memory = FeatureName.wilderMemory(period)
        let scale = 1 / Fading.weight(decay: decay, count: memory)
        Sliding.run(memory, over: 1..<count) { row in
            let before = close[row - 1]
            let top = high[row] > before ? high[row] : before
            let bottom = low[row] < before ? low[row] : before
            return Fading(sum: top - bottom, factor: decay)
        } emit: { row, fading in
            column[row] = fading.sum * scale / close[row]
        }
    }

    func writeRange(_ period: Int, to column: FeatureColumn) {
        let scale = 1 / Double(period)
        Sliding.run(period, over: rows) {
            Total(value: (high[$0] - low[$0]) / close[$0])
        } emit: { row, total in
            column[row] = total.value * scale
        }
    }

    func writeParkinson(_ period: Int, to column: FeatureColumn) {
        let scale = 1 / (4 * PortableMath.log(2) * Double(period))
        // The logarithms are taken once, since a sliding window looks at each element twice.
        var squares = [Double](repeating: 0, count: count)
        for row in rows {
            let ratio = PortableMath.log(high[row] / low[row])
            squares[row] = ratio * ratio
        }
        squares.withUnsafeBufferPointer { squares in
            Sliding.run(period, over: rows) {
                Total(value: squares[$0])
            } emit: { row, total in
                column[row] = (total.value * scale).squareRoot()
            }
        }
    }

    func writeStochastic(_ period: Int, to column: FeatureColumn) {
        Sliding.run(period, over: rows) {
            Extent(low: low[$0], high: high[$0])
        } emit: { row, extent in
            let span = extent.high - extent.low
            column[row] = span == 0 ? 0.5 : (close[row] - extent.low) / span
        }
    }

    func writeOBV(_ period: Int, to column: FeatureColumn) {
        Sliding.run(period, over: 1..<count) { row in
            let traded = volume[row]
            let change = close[row] - close[row - 1]
            // Arithmetic, since a branch on a price's direction is guessed wrong half of the time.
            let sign: Double = (change > 0 ? 1 : 0) - (change < 0 ? 1 : 0)
            return TotalPair(first: sign * traded, second: traded)
        } emit: { row, totals in
            column[row] = totals.second == 0 ? 0 : totals.first / totals.second
        }
    }

    func writeVWAPDistance(_ period: Int, to column: FeatureColumn) {
        Sliding.run(period, over: rows) { row in
            TotalPair(first: (high[row] + low[row] + close[row]) * volume[row], second: volume[row])
        } emit: { row, totals in
            column[row] = totals.second == 0 ? 0 : close[row] * 3 * totals.second / totals.first - 1
        }
    }

    func writeVolumeRatio(_ period: Int, to column: FeatureColumn) {
        let length = Double(period)
        Sliding.run(period, over: rows) {
            Total(value: volume[$0])
        } emit: { row, total in
            column[row] = total.value == 0 ? 0 : volume[row] * length / total.value - 1
        }
    }
}
