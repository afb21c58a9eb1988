import Search
import Statistics
import Testing

@Suite struct SymmetricMatrixTests {
    @Test(arguments: [1, 2, 5, 17])
    func `eigenvalues and eigenvectors make the matrix again`(n: Int) {
        var generator = SplitMix64(seed: UInt64(n))
        var matrix = SymmetricMatrix(identity: n)
        for i in 0..<n {
            for j in 0...i {
                let value = generator.gaussian()
                matrix[i, j] = value
                matrix[j, i] = value
            }
        }
        let (values, vectors) = matrix.eigen()
        for i in 0..<n {
            for j in 0..<n {
                let entry = (0..<n).reduce(0.0) { $0 + vectors[i * n + $1] * values[$1] * vectors[j * n + $1] }
                let product = (0..<n).reduce(0.0) { $0 + vectors[$1 * n + i] * vectors[$1 * n + j] }
                // A few roundings for each of n entries of size about 1.
                #expect(abs(entry - matrix[i, j]) < 1e-13 * Double(n))
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-13 * Double(n))
            }
        }
    }

    @Test func `a known matrix has its known eigenvalues`() {
        // The second difference matrix: 2 - 2 cos(k π / 5).
        var matrix = SymmetricMatrix(identity: 4)
        for i in 0..<4 {
            matrix[i, i] = 2
            if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (-1, -1) }
        }
        let expected = [0.38196601125010515, 1.381966011250105, 2.618033988749895, 3.618033988749895]
        #expect(zip(matrix.eigen().values.sorted(), expected).allSatisfy { abs($0 - $1) < 1e-14 })
    }
}
