import Foundation

/// The numbers of inference.json, made by SciPy, statsmodels and arch (make_inference.py).
struct InferenceReference: Decodable {
    struct Wilcoxon: Decodable { let x, result: [Double] }
    struct Block: Decodable {
        let x: [Double]
        let stationary, circular: Double
    }
    struct Groups: Decodable {
        let cut: Double
        let labels: [Int]

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            cut = try values.decode(Double.self)
            labels = try values.decode([Int].self)
        }
    }

    let factors, leastSquares: [[Double]]
    let explained: [Double]
    let wilcoxon: [Wilcoxon]
    let losses, others: [Double]
    let dieboldMariano: [[Double]]
    let pValues, holm, benjaminiHochberg: [Double]
    let blockLength: [Block]
    let gains: [[Double]]
    let positions: [[Int]]
    let spaRaw, spaStudentised: [Double]
    let trials, correlations: [[Double]]
    let groups: [Groups]

    static func load() throws -> InferenceReference {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/inference.json")
        return try JSONDecoder().decode(InferenceReference.self, from: Data(contentsOf: file))
    }
}
