/// What happened to a share between two bars: new shares for old ones, or money.
package struct CorporateAction: Sendable, Hashable {
    /// New shares for each old one: 2 for a split of two for one, 0.1 for one of one for ten; 1 without a split.
    package let ratio: Double
    /// Money for each share held before; 0 without a dividend.
    package let dividend: Double

    /// The same with the dividend in another unit, to six decimals: what adjusted closes say beyond that is rounding.
    package func scaled(_ factor: Double) -> CorporateAction {
        CorporateAction(ratio: ratio, dividend: (dividend * factor * 1e6).rounded() / 1e6)
    }
}

extension Bars {
    /// Smaller changes are taken for rounding.
    private static let noise = 1e-4

    /// The actions before each bar, read off how the adjusted close moves against the close; nil for a bar without one.
    ///
    /// The total return of a bar over the return of its close is f. It is a split where f is a ratio that splits have (n for 1 and
    /// 1 for n up to 100, 3 for 2, 4 for 3, 5 for 2, 5 for 4) and at least a fifth, and a dividend of (1 - 1/f) of the close
    /// before elsewhere; a fall of f that is no such ratio is a split too. Data sources adjust by these rules (CRSP).
    package func corporateActions() -> [CorporateAction?] {
        time.indices.map { bar in
            guard bar > 0 else { return nil }
            let change = adjustedClose[bar] / adjustedClose[bar - 1] * (close[bar - 1] / close[bar])
            guard change.isFinite, change > 0, abs(change - 1) > Self.noise else { return nil }
            if let ratio = Self.splitRatio(near: change) { return CorporateAction(ratio: ratio, dividend: 0) }
            if change < 1 { return CorporateAction(ratio: change, dividend: 0) }
            return CorporateAction(ratio: 1, dividend: close[bar - 1] * (1 - 1 / change))
        }
    }

    private static func splitRatio(near change: Double) -> Double? {
        guard change >= 1.2 || change <= 0.9 else { return nil }
        let whole = change.rounded(), parts = (1 / change).rounded()
        let ratios: [Double] = [whole, 1 / parts, 1.5, 4.0 / 3, 2.5, 1.25]
        return ratios.first { ratio in
            ratio >= 0.01 && ratio <= 100 && ratio != 1 && abs(change / ratio - 1) < 1e-3
        }
    }
}
