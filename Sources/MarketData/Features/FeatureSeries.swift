/// The adjusted columns that features are computed from, as memory that stays where it is while `with` runs.
struct FeatureSeries {
    /// The number of rows.
    let count: Int
    let open: UnsafePointer<Double>
    let high: UnsafePointer<Double>
    let low: UnsafePointer<Double>
    let close: UnsafePointer<Double>
    let volume: UnsafePointer<Double>
    /// close_t / close_{t-1} - 1, NaN in row 0; not to be read unless it was wanted.
    let returns: UnsafePointer<Double>

    /// Calls `body` with the columns of bars whose prices are adjusted already; not at all when there are none.
    static func with(_ bars: Bars, wantsReturns: Bool, _ body: (FeatureSeries) -> Void) {
        var returns: [Double] = []
        if wantsReturns {
            returns.reserveCapacity(bars.count)
            for row in 0..<bars.count { returns.append(row == 0 ? .nan : bars.close[row] / bars.close[row - 1] - 1) }
        }
        bars.open.withUnsafeBufferPointer { open in
            bars.high.withUnsafeBufferPointer { high in
                bars.low.withUnsafeBufferPointer { low in
                    bars.close.withUnsafeBufferPointer { close in
                        bars.volume.withUnsafeBufferPointer { volume in
                            returns.withUnsafeBufferPointer { returns in
                                guard let open = open.baseAddress, let high = high.baseAddress, let low = low.baseAddress,
                                    let first = close.baseAddress, let volume = volume.baseAddress
                                else { return }
                                body(
                                    FeatureSeries(
                                        count: close.count, open: open, high: high, low: low, close: first, volume: volume,
                                        returns: returns.baseAddress ?? first))
                            }
                        }
                    }
                }
            }
        }
    }

    /// Writes a feature's values into the rows that have one; the others are left as they are.
    func write(_ name: FeatureName, to column: FeatureColumn) {
        guard count > name.lookback else { return }
        let period = name.period ?? 0
        switch name.family {
        case .simpleReturn: writeReturn(period, to: column)
        case .logReturn: writeLogReturn(period, to: column)
        case .gap: writeGap(to: column)
        case .smaRatio: writeSMARatio(period, to: column)
        case .emaRatio: writeEMARatio(period, to: column)
        case .rsi: writeRSI(period, to: column)
        case .macd: writeMACD(to: column)
        case .macdHistogram: writeMACDHistogram(to: column)
        case .bollinger: writeBollinger(period, to: column)
        case .atr: writeATR(period, to: column)
        case .obv: writeOBV(period, to: column)
        case .vwapDistance: writeVWAPDistance(period, to: column)
        case .volatility: writeVolatility(period, to: column)
        case .zscore: writeZScore(period, to: column)
        case .momentum: writeMomentum(period, to: column)
        case .volumeRatio: writeVolumeRatio(period, to: column)
        case .range: writeRange(period, to: column)
        case .parkinson: writeParkinson(period, to: column)
        case .stochastic: writeStochastic(period, to: column)
        case .drawdown: writeDrawdown(period, to: column)
        }
    }

    /// All rows.
    var rows: Range<Int> { 0..<count }
}
