import Foundation
import MarketData
import Statistics

/// Series and reference numbers for the tests of features.
enum FeatureFixtures {
    /// A reference table: rows of values of some features, null where a feature has none yet.
    struct Table: Decodable {
        let names: [String]
        let firstDefined: [Int]
        let rows: [Int]
        let values: [[Double?]]
    }

    /// The columns the reference table was computed from.
    struct Columns: Decodable {
        struct Bars: Decodable {
            let open, high, low, close, adjusted, volume: [Double]
        }
        let bars: Bars
    }

    static func reference(_ name: String) throws -> Data {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: folder.appendingPathComponent("Reference/\(name)"))
    }

    static func series(
        open: [Double], high: [Double], low: [Double], close: [Double], adjusted: [Double]? = nil, volume: [Double]
    ) throws -> Bars {
        try Bars(
            symbol: "TEST", time: close.indices.map { Int64($0) * 86_400_000 }, open: open, high: high, low: low, close: close,
            adjustedClose: adjusted ?? close, volume: volume)
    }

    /// A seeded random walk with consistent bars, a split half way, and some bars without volume.
    static func walk(_ count: Int, seed: UInt64) throws -> Bars {
        var random = SplitMix64(seed: seed)
        var open: [Double] = [], high: [Double] = [], low: [Double] = [], close: [Double] = [], adjusted: [Double] = [],
            volume: [Double] = []
        var price = 80.0
        for row in 0..<count {
            let start = price * (1 + 0.003 * random.gaussian())
            price = start * (1 + 0.01 * random.gaussian())
            open.append(start)
            close.append(price)
            high.append(max(start, price) * (1 + 0.005 * random.uniform()))
            low.append(min(start, price) * (1 - 0.005 * random.uniform()))
            adjusted.append(row < count / 2 ? price * 0.5 : price)
            volume.append(random.uniform() < 0.05 ? 0 : (1e6 * random.uniform()).rounded())
        }
        return try series(open: open, high: high, low: low, close: close, adjusted: adjusted, volume: volume)
    }

    /// A feature of each family, with short and long periods.
    static let all: [FeatureName] = FeatureFamily.allCases.flatMap { family -> [FeatureName] in
        let names = family.periods == nil ? [family.rawValue] : [2, 5, 13].map { "\(family.rawValue)_\($0)" }
        return names.compactMap { try? FeatureName(parsing: $0) }
    }
}
