import Search
import Statistics
import Testing

@Suite struct CholeskyFactorTests {
    /// The lower half of a random positive definite matrix.
    private func rows(_ n: Int) -> [Double] {
        var generator = SplitMix64(seed: UInt64(n))
        let roots = (0..<n).map { _ in (0..<n).map { _ in generator.gaussian() } }
        return (0..<n).flatMap { i in
            (0...i).map { j in (0..<n).reduce(i == j ? 0.1 : 0) { $0 + roots[i][$1] * roots[j][$1] } }
        }
    }

    private func entry(_ rows: [Double], _ i: Int, _ j: Int) -> Double {
        let (i, j) = (max(i, j), min(i, j))
        return rows[i * (i + 1) / 2 + j]
    }

    @Test(arguments: [1, 3, 8, 30])
    func `the factor makes the matrix again, solves with it and inverts it`(n: Int) throws {
        let matrix = rows(n)
        let factor = try #require(CholeskyFactor(rows: matrix, order: n))
        let b = (0..<n).map { Double($0) - 2 }
        let x = factor.solveUpper(factor.solveLower(b))
        let inverse = factor.inverse()
        for i in 0..<n {
            #expect(abs((0..<n).reduce(0) { $0 + entry(matrix, i, $1) * x[$1] } - b[i]) < 1e-9)
            for j in 0...i {
                #expect(abs((0...j).reduce(0) { $0 + factor[i, $1] * factor[j, $1] } - entry(matrix, i, j)) < 1e-11)
                let product = (0..<n).reduce(0) { $0 + entry(matrix, i, $1) * entry(inverse, $1, j) }
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-9)
            }
        }
    }

    @Test func `rows can be added, but none that makes the matrix singular`() throws {
        let matrix = rows(6)
        var factor = CholeskyFactor()
        for i in 0..<6 {
            let isPositive = factor.append(Array(matrix[(i * (i + 1) / 2)..<((i + 1) * (i + 2) / 2)]))
            #expect(isPositive)
        }
        let whole = try #require(CholeskyFactor(rows: matrix, order: 6))
        #expect(factor.halfLogDeterminant == whole.halfLogDeterminant)
        // The first row once more.
        let isPositive = factor.append((0..<6).map { entry(matrix, 0, $0) } + [entry(matrix, 0, 0)])
        #expect(!isPositive)
        #expect(factor.order == 6)
        #expect(CholeskyFactor(rows: [1, 2, 1], order: 2) == nil)
        #expect(CholeskyFactor(rows: [.nan], order: 1) == nil)
    }
}
