import Foundation
import Search
import Testing

@Suite struct SearchSpaceTests {
    private func code(_ distribution: Distribution) -> String? {
        do {
            _ = try SearchSpace([.init(name: "x", distribution: distribution)])
            return nil
        } catch {
            #expect(error.parameter == "x")
            #expect(error.message.hasPrefix("x: "))
            return error.code
        }
    }

    @Test(arguments: [
        (Distribution.float(low: 2, high: 1), "E_SPACE_BOUNDS"),
        (.float(low: .nan, high: 1), "E_SPACE_BOUNDS"),
        (.float(low: 0, high: .infinity), "E_SPACE_BOUNDS"),
        (.float(low: -1.7e308, high: 1.7e308), "E_SPACE_BOUNDS"),
        (.float(low: 0, high: 1, log: true), "E_SPACE_LOG"),
        (.float(low: -1, high: 1, log: true), "E_SPACE_LOG"),
        (.float(low: 1, high: 2, log: true, step: 0.1), "E_SPACE_LOG"),
        (.float(low: 0, high: 1, step: 0), "E_SPACE_STEP"),
        (.float(low: 0, high: 1, step: -0.5), "E_SPACE_STEP"),
        (.float(low: 0, high: 1, step: .nan), "E_SPACE_STEP"),
        (.float(low: 0, high: 1e300, step: 1e-300), "E_SPACE_STEP"),
        (.int(low: 5, high: 4), "E_SPACE_BOUNDS"),
        (.int(low: .min, high: .max), "E_SPACE_BOUNDS"),
        (.int(low: 0, high: 4, log: true), "E_SPACE_LOG"),
        (.int(low: 1, high: 4, log: true, step: 2), "E_SPACE_LOG"),
        (.int(low: 1, high: 4, step: 0), "E_SPACE_STEP"),
        (.categorical([]), "E_SPACE_EMPTY"),
        (.categorical([.int(1), .int(1)]), "E_SPACE_EMPTY"),
        (.categorical([.double(.nan)]), "E_SPACE_BOUNDS"),
        (.categorical((0...10_000).map { .int($0) }), "E_SPACE_TOO_LARGE"),
    ])
    func `an impossible distribution is refused with its code`(distribution: Distribution, expected: String) {
        #expect(code(distribution) == expected)
    }

    @Test func `a space needs parameters, each once and not too many`() {
        let x = SearchSpace.Parameter(name: "x", distribution: .float(low: 0, high: 1))
        #expect(throws: SearchError.self) { try SearchSpace([]) }
        #expect(throws: SearchError.self) { try SearchSpace([x, x]) }
        #expect(throws: SearchError.self) {
            try SearchSpace((0...100).map { .init(name: "x\($0)", distribution: .float(low: 0, high: 1)) })
        }
    }

    @Test func `steps reach the upper bound when it is a whole number of steps away`() {
        #expect(Distribution.float(low: 0, high: 0.3, step: 0.1).count == 4)
        #expect(Distribution.float(low: 0, high: 1, step: 0.3).count == 4)
        #expect(Distribution.float(low: 0.1, high: 0.7, step: 0.1).count == 7)
        #expect(Distribution.int(low: 5, high: 50, step: 10).count == 5)
        #expect(Distribution.int(low: 5, high: 50, step: 10).value(at: .max) == .int(45))
        #expect(Distribution.float(low: 3, high: 3).count == 1)
        #expect(Distribution.float(low: 3, high: 4).count == nil)
        #expect(Distribution.float(low: 0, high: 0.3, step: 0.1).contains(.double(0.1 + 0.1)))
        #expect(!Distribution.float(low: 0, high: 0.3, step: 0.1).contains(.double(0.25)))
        #expect(!Distribution.int(low: 5, high: 50, step: 10).contains(.int(10)))
    }

    @Test func `the size of a grid is counted without overflow`() throws {
        let thousand = Distribution.int(low: 1, high: 1000)
        let small = try SearchSpace([
            .init(name: "a", distribution: thousand), .init(name: "b", distribution: .int(low: 1, high: 7)),
        ])
        #expect(try small.gridSize() == 7_000)
        let huge = try SearchSpace((0..<10).map { .init(name: "p\($0)", distribution: thousand) })
        let error = #expect(throws: SearchError.self) { try huge.gridSize() }
        #expect(error?.code == "E_SPACE_TOO_LARGE")
        let continuous = try SearchSpace([.init(name: "a", distribution: .float(low: 0, high: 1))])
        let second = #expect(throws: SearchError.self) { try continuous.gridSize() }
        #expect(second?.code == "E_SPACE_STEP")
        #expect(second?.parameter == "a")
    }

    @Test func `values keep their types through JSON with the help of the space`() throws {
        let space = try SearchSpace([
            .init(name: "a", distribution: .float(low: 0, high: 2)), .init(name: "b", distribution: .int(low: 0, high: 2)),
            .init(name: "c", distribution: .categorical([.double(1), .double(2.5)])),
            .init(name: "d", distribution: .categorical([.string("1"), .string("x")])),
        ])
        let values: [ParameterValue] = [.double(1), .int(2), .double(1), .string("1")]
        let json = try JSONEncoder().encode(space.named(values))
        let decoded = try JSONDecoder().decode([String: ParameterValue].self, from: json)
        #expect(try space.ordered(decoded) == values)
        #expect(throws: SearchError.self) { try space.ordered(["a": .double(1)]) }
        #expect(throws: SearchError.self) {
            try space.ordered(["a": .double(9), "b": .int(2), "c": .double(1), "d": .string("x")])
        }
        #expect(throws: SearchError.self) {
            try space.ordered(["a": .double(1), "b": .int(2), "c": .double(1), "d": .string("x"), "e": .int(1)])
        }
    }

    @Test func `an axis leads from a value to its coordinate and back`() {
        let distributions: [Distribution] = [
            .float(low: -1, high: 3), .float(low: 1e-4, high: 1e3, log: true), .float(low: 0, high: 0.5, step: 0.05),
            .int(low: -5, high: 50, step: 5), .int(low: 1, high: 1_000_000, log: true), .categorical([.string("a"), .int(2)]),
            .int(low: 4, high: 4),
        ]
        for distribution in distributions {
            let axis = Axis(distribution)
            for index in 0..<(distribution.count.map { min($0, 200) } ?? 0) {
                let value = distribution.value(at: index)
                #expect(axis.value(at: axis.coordinate(of: value)) == value)
            }
            for far in [-Double.infinity, -1e300, 1e300, .infinity, .nan] {
                #expect(distribution.contains(axis.value(at: far)) || far.isNaN)
            }
        }
    }
}
