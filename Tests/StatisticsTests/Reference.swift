import Foundation

/// The numbers of reference.json, made by NumPy, SciPy, statsmodels and mpmath (make_reference.py).
struct Reference: Decodable {
    let x, y, ties, z, bigX, bigY: [Double]
    let moments: [Double]
    let quantiles, normalPDF, normalCDF, normalLogCDF, normalQuantile: [[Double]]
    let studentT, chiSquare, logBeta: [[Double]]
    let tOneSample, tPaired: [Double]
    let neweyWest: [[Double]]
    let pearson, spearman: Double
    let ranks: [Double]
    let ksExact, ksLarge: [Double]
    let kolmogorov, log, exp: [[Double]]

    static func load() throws -> Reference {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }
}

/// |a - b| relative to |b|, or absolute where b is zero.
func relativeError(_ a: Double, _ b: Double) -> Double {
    a == b ? 0 : abs(a - b) / (b == 0 ? 1 : abs(b))
}
