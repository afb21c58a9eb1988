import Foundation
import Learning
import LinearAlgebra
import MarketData
import Statistics

/// Reference numbers and seeded series for the tests of learning.
enum Fixtures {
    struct Reference: Decodable {
        struct Fit: Decodable {
            let l2: Double
            let weights: [Double]
            let intercept: Double
            let predictions: [Double]
        }
        struct Fits: Decodable {
            let x, scaled: [[Double]]
            let y, classes, means, scales: [Double]
            let ridge, logistic: [Fit]
        }
        struct Scores: Decodable {
            let predictions, outcomes, probabilities, classes: [Double]
            let pearson, spearman, hits, mse, logLoss: Double
        }
        struct Profile: Decodable {
            let trained, live, edges, shares, quantiles: [Double]
            let mean, deviation, index, distance: Double
        }
        let fits: Fits
        let scores: Scores
        let profile: Profile
    }

    static func referenceFile(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/\(name)")
    }

    static func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: Data(contentsOf: referenceFile("learning.json")))
    }

    static func matrix(_ rows: [[Double]]) throws -> Matrix {
        try Matrix(rows: rows.count, columns: rows.first?.count ?? 0, values: Array(rows.joined()))
    }

    static func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    }

    /// A seeded random walk whose returns lean a little towards the previous one's sign.
    static func walk(_ count: Int, seed: UInt64) throws -> Bars {
        var random = SplitMix64(seed: seed)
        var close: [Double] = [], high: [Double] = [], low: [Double] = [], open: [Double] = [], volume: [Double] = []
        var price = 100.0, last = 0.0
        for _ in 0..<count {
            open.append(price)
            last = 0.2 * last + 0.01 * random.gaussian()
            price *= 1 + last
            close.append(price)
            high.append(max(open[open.count - 1], price) * (1 + 0.004 * random.uniform()))
            low.append(min(open[open.count - 1], price) * (1 - 0.004 * random.uniform()))
            volume.append((1e6 * (0.5 + random.uniform())).rounded())
        }
        return try Bars(
            symbol: "WALK", time: (0..<count).map { Int64($0) * 86_400_000 }, open: open, high: high, low: low, close: close,
            adjustedClose: close, volume: volume)
    }

    static func features(_ names: [String]) throws -> [FeatureName] { try FeatureName.parse(names) }
}
