import Foundation
import Synchronization
import Testing

@testable import Cluster

@Suite struct OverdueWatchTests {
    @Test("Everything watched is called back once, in its order, and a later one starts the timer anew")
    func order() async throws {
        let watch = OverdueWatch(patienceMilliseconds: 20)
        for round in 0..<2 {
            let (called, source) = AsyncStream<Int>.makeStream()
            let begun = ContinuousClock.now
            for number in 0..<50 { watch.watch { source.yield(round * 50 + number) } }
            watch.watch { source.finish() }
            var numbers: [Int] = []
            for await number in called { numbers.append(number) }
            #expect(numbers == Array(round * 50..<round * 50 + 50))
            #expect(ContinuousClock.now - begun >= .milliseconds(20))
        }
    }
}
