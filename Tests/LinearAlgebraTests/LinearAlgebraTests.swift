import Foundation
import LinearAlgebra
import Testing

@Suite struct LinearAlgebraTests {
    private struct Reference: Decodable {
        let a, b, product, gram, s, symmetric: [[Double]]
        let x, ax, y, aty, right, solution, eigenvalues: [Double]
    }

    private let reference: Reference

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Reference/linear_algebra.json")
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    private func matrix(_ rows: [[Double]]) throws -> Matrix {
        try Matrix(rows: rows.count, columns: rows.first?.count ?? 0, values: Array(rows.joined()))
    }

    private func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    }

    @Test("products equal NumPy's")
    func products() throws {
        let a = try matrix(reference.a), b = try matrix(reference.b)
        #expect(near(try a.times(b).values, Array(reference.product.joined()), 1e-14))
        #expect(near(a.gram().values, Array(reference.gram.joined()), 1e-14))
        #expect(near(try a.times(reference.x), reference.ax, 1e-14))
        #expect(near(try a.transposedTimes(reference.y), reference.aty, 1e-14))
        #expect(a.gram() == a.gram().transposed)
    }

    @Test("a Cholesky solution equals SciPy's")
    func cholesky() throws {
        let system = try matrix(reference.s).gram()
        #expect(near(try Cholesky(system).solve(reference.right), reference.solution, 1e-11))
    }

    @Test("the factor's diagonal gives the determinant")
    func determinant() throws {
        let factor = try Cholesky(Matrix(rows: 2, columns: 2, values: [4, 2, 2, 10]))
        #expect(near(factor.diagonal, [2, 3], 1e-15))
    }

    @Test("only the upper triangle is read")
    func triangle() throws {
        let whole = try Matrix(rows: 3, columns: 3, values: [4, 1, 2, 1, 5, 3, 2, 3, 6])
        let upper = try Matrix(rows: 3, columns: 3, values: [4, 1, 2, .nan, 5, 3, 77, -1, 6])
        #expect(try Cholesky(whole).solve([1, 2, 3]) == Cholesky(upper).solve([1, 2, 3]))
    }

    @Test("eigenvalues equal NumPy's, and the vectors are theirs")
    func eigen() throws {
        let symmetric = try matrix(reference.symmetric)
        #expect(near(try SymmetricEigen.values(of: symmetric), reference.eigenvalues, 1e-13))
        let eigen = try SymmetricEigen(symmetric)
        #expect(near(eigen.values, reference.eigenvalues, 1e-13))
        for (place, value) in eigen.values.enumerated() {
            let vector = Array(eigen.vectors.row(place))
            #expect(near(try symmetric.times(vector), vector.map { $0 * value }, 1e-13))
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-13)
        }
    }

    @Test(
        "matrices without a solution are refused, not solved",
        arguments: [
            [1, 0, 0, 0], [1, 2, 2, 1], [-1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1 + 1e-17],
        ])
    func singular(_ values: [Double]) throws {
        let system = try Matrix(rows: 2, columns: 2, values: values)
        let error = try #require(throws: LinearAlgebraError.self) { try Cholesky(system) }
        #expect(error.code == .singular)
    }

    @Test("columns that repeat each other up to rounding are refused, whatever their scale")
    func dependent() throws {
        var values: [Double] = []
        for row in 0..<50 {
            let x = sin(Double(row)), z = cos(Double(3 * row))
            values += [1e6 * x, 1e-6 * z, 1e6 * x / 3 + 1e-6 * z / 7]
        }
        let gram = try Matrix(rows: 50, columns: 3, values: values).gram()
        let error = try #require(throws: LinearAlgebraError.self) { try Cholesky(gram) }
        #expect(error.code == .singular)
    }

    @Test("numbers that are not finite are refused")
    func notFinite() throws {
        for bad in [Double.nan, .infinity] {
            let system = try Matrix(rows: 2, columns: 2, values: [1, bad, bad, 1])
            #expect(try #require(throws: LinearAlgebraError.self) { try Cholesky(system) }.code == .notFinite)
            #expect(try #require(throws: LinearAlgebraError.self) { try SymmetricEigen(system) }.code == .notFinite)
        }
    }

    @Test("sizes that do not fit are refused")
    func shapes() throws {
        #expect(throws: LinearAlgebraError.self) { try Matrix(rows: 2, columns: 3, values: [1, 2, 3]) }
        #expect(throws: LinearAlgebraError.self) { try Matrix(rows: -1, columns: -1, values: [1]) }
        #expect(throws: LinearAlgebraError.self) { try Matrix(rows: .max, columns: 2, values: []) }
        let a = Matrix(rows: 2, columns: 3, repeating: 1)
        #expect(throws: LinearAlgebraError.self) { try a.times([1, 2]) }
        #expect(throws: LinearAlgebraError.self) { try a.transposedTimes([1, 2, 3]) }
        #expect(throws: LinearAlgebraError.self) { try a.times(a) }
        #expect(throws: LinearAlgebraError.self) { try Cholesky(a) }
        #expect(throws: LinearAlgebraError.self) { try SymmetricEigen(a) }
        #expect(throws: LinearAlgebraError.self) { try Cholesky(.identity(2)).solve([1]) }
    }

    @Test("empty matrices have empty answers")
    func empty() throws {
        let none = Matrix(rows: 0, columns: 0, repeating: 0)
        #expect(none.gram() == none)
        #expect(try none.times([]) == [])
        #expect(try Cholesky(none).solve([]) == [])
        #expect(try SymmetricEigen(none).values == [])
        #expect(try Matrix(rows: 3, columns: 0, repeating: 0).times([]) == [0, 0, 0])
        #expect(Matrix(rows: 0, columns: 2, repeating: 0).gram() == Matrix(rows: 2, columns: 2, repeating: 0))
    }

    @Test("the same numbers give the same bits wherever they lie in memory, and whenever they are asked")
    func reproducible() throws {
        let count = 1_000 * 13
        let values = (0..<count).map { sin(Double($0) * 0.37) * 1e3 }
        let first = try Matrix(rows: 1_000, columns: 13, values: values)
        let x = (0..<13).map { cos(Double($0)) }, y = (0..<1_000).map { cos(Double($0) * 0.11) }
        let wanted = [first.gram().values, try first.times(x), try first.transposedTimes(y)]
        var kept: [[Double]] = []
        for round in 1...24 {
            // Allocations of odd sizes in between move the next copies to other addresses.
            kept.append([Double](repeating: 1, count: round * 37 % 101))
            let copy = try Matrix(rows: 1_000, columns: 13, values: values.map { $0 })
            #expect([copy.gram().values, try copy.times(x), try copy.transposedTimes(y)] == wanted)
        }
        #expect(kept.count == 24)
        #expect(!BLAS.kernels.isEmpty)
    }
}
