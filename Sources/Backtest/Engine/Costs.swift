import Diagnostics

/// What a fill costs, the same for buying and selling, and what holding a position costs.
///
/// Fills get worse prices by spread, slippage and impact, together by at most `worstPrice`; commission is paid on the value at
/// the worse price. A rate is a share: 0.001 is ten basis points.
package struct Costs: Sendable, Hashable {
    /// The share of the traded value that each side pays.
    package var commission: Double
    /// The share of the price by which every fill is worse than the price it aims at.
    package var slippage: Double
    /// The commission for each share, in money, on top of the share of the value.
    package var perShare: Double
    /// The least commission that an order pays in a bar in which it is filled, in money.
    package var minimum: Double
    /// The distance from bid to ask as a share of the price: every fill pays half of it.
    package var spread: Double
    /// How much worse the price is, as a share, for each share of the bar's volume that the fill takes.
    package var volumeImpact: Double
    /// The same for the square root of the share of the bar's volume.
    package var rootImpact: Double
    /// The yearly rate on the value of shares that are sold short, accrued over calendar time.
    package var borrow: Double
    /// The yearly rate on cash below zero, accrued over calendar time.
    package var funding: Double

    package init(
        commission: Double = 0, slippage: Double = 0, perShare: Double = 0, minimum: Double = 0, spread: Double = 0,
        volumeImpact: Double = 0, rootImpact: Double = 0, borrow: Double = 0, funding: Double = 0
    ) {
        self.commission = commission
        self.slippage = slippage
        self.perShare = perShare
        self.minimum = minimum
        self.spread = spread
        self.volumeImpact = volumeImpact
        self.rootImpact = rootImpact
        self.borrow = borrow
        self.funding = funding
    }

    /// No costs at all.
    package static let none = Costs()

    /// What a share of the price or of the value may be: up to a tenth.
    package static let range = 0.0...0.1

    /// Every cost by its key, with what it may be.
    package static let fields: [(key: String, path: any WritableKeyPath<Costs, Double> & Sendable, range: ClosedRange<Double>)] =
        [
            ("commission", \.commission, range), ("slippage", \.slippage, range), ("perShare", \.perShare, 0...1000),
            ("minimum", \.minimum, 0...1_000_000), ("spread", \.spread, range), ("volumeImpact", \.volumeImpact, 0...10),
            ("rootImpact", \.rootImpact, 0...10), ("borrow", \.borrow, 0...10), ("funding", \.funding, 0...10),
        ]

    /// Throws `E_COSTS_RANGE`, placed at the cost's key, unless all are within their ranges.
    package func validate() throws(BacktestError) {
        for (key, path, range) in Self.fields where !range.contains(self[keyPath: path]) {
            throw BacktestError(
                .costsRange, "\(key) is \(self[keyPath: path]), but it is from 0 to \(range.upperBound)", place: .key("/\(key)"),
                hint: "rates are shares: 0.001 means 0.1 %")
        }
    }
}

extension Costs: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A cost that is not there is zero.
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: Key.self)
        for (key, path, _) in Self.fields {
            self[keyPath: path] = try container.decodeIfPresent(Double.self, forKey: Key(stringValue: key)) ?? 0
        }
    }

    /// Commission and slippage always, the others where they are not zero.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (place, (key, path, _)) in Self.fields.enumerated() where place < 2 || self[keyPath: path] != 0 {
            try container.encode(self[keyPath: path], forKey: Key(stringValue: key))
        }
    }
}
