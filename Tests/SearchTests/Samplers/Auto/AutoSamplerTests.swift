import Foundation
import Search
import Testing

@Suite struct AutoSamplerTests {
    @Test func `credit goes to the member whose trials rank first, and fades`() {
        var credit = PortfolioCredit(expected: [0.5, 0.5, 0.5])
        #expect(credit.shares.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
        for step in 0..<60 {
            // Member 1 improves all the time, the others never do.
            credit.add(step % 3 == 1 ? -Double(step) : Double(step), member: step % 3)
        }
        #expect(credit.shares[1] > 0.85)
        #expect(abs(credit.shares.reduce(0, +) - 1) < 1e-12)
        #expect(credit.shares.allSatisfy { $0 >= 0.05 })
        // Member 2 takes over.
        for step in 60..<200 { credit.add(step % 2 == 0 ? 0 : -1_000 - Double(step), member: step % 2 == 0 ? 1 : 2) }
        #expect(credit.shares[2] > 0.7)
    }

    @Test func `a draw falls to each member by its share`() {
        var credit = PortfolioCredit(expected: [0.5, 0.5, 0.5])
        for step in 0..<9 { credit.add(-Double(step), member: 0) }
        let shares = credit.shares
        let draws = (0..<1_000).map { credit.draw((Double($0) + 0.5) / 1_000, from: 0..<3) }
        for member in 0..<3 {
            #expect(abs(Double(draws.filter { $0 == member }.count) / 1_000 - shares[member]) < 0.002)
        }
        #expect(Set((0..<100).map { credit.draw(Double($0) / 100, from: 1..<3) }) == [1, 2])
    }

    @Test func `it finds the bottom of a bowl more closely than the samplers it is made of`() throws {
        let space = try SearchSpace((0..<3).map { .init(name: "x\($0)", distribution: .float(low: -5, high: 5)) })
        func best(_ kind: SamplerKind) -> Double {
            var study = Study(space: space, sampler: kind.sampler, trials: 45, seed: 5, parallelTrials: 1, direction: .minimize)
            while let trial = study.next() {
                let loss = (0..<3).reduce(0.0) { sum, i in
                    let x = (trial.parameters["x\(i)"]?.number ?? 9) - Double(i)
                    return sum + Double(i + 1) * x * x
                }
                study.tell(trial.number, .value(loss))
            }
            return study.best?.value ?? .infinity
        }
        let found = best(.auto)
        #expect(found < 0.05)
        #expect(found < best(.tpe))
        #expect(found < best(.cma))
    }
}
