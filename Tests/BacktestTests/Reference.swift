import Foundation

/// The numbers of reference.json, made by empyrical, SciPy and an independent engine in Python (make_reference.py).
struct Reference: Decodable {
    struct Scenario: Decodable {
        /// Open, high, low, close.
        let bars: [[Double]]
        let targets: [Double]
        let commission, slippage, maxPosition: Double
        let maxDrawdown, stopLoss: Double?
        let result: Result
    }

    struct Result: Decodable {
        let equity, returns, positions: [Double]
        let trades: [Trade]
        let commissionPaid: Double
        let halted: Int?
    }

    struct Trade: Decodable {
        let entryIndex, exitIndex, side: Int
        let entryPrice, pnl: Double
        let reason: String

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            entryIndex = try values.decode(Int.self)
            exitIndex = try values.decode(Int.self)
            side = try values.decode(Int.self)
            entryPrice = try values.decode(Double.self)
            pnl = try values.decode(Double.self)
            reason = try values.decode(String.self)
        }
    }

    let returns: [Double]
    let metrics: [String: Double]
    let scenarios: [Scenario]

    static func load() throws -> Reference {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }
}
