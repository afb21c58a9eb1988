import Scheduling
import Testing

@testable import Cluster

@Suite struct TrialDeskTests {
    private func time(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func desk(_ trials: Range<Int32>, term: Int64 = 3) -> TrialDesk {
        var desk = TrialDesk(term: term, leaseMilliseconds: 10_000)
        desk.add(trials)
        return desk
    }

    @Test func `trials are given once, the lowest first`() {
        var desk = desk(0..<3)
        let first = desk.give(2, to: "a", at: time(0))
        #expect(first.given.map(\.trial) == [0, 1] && first.given.map { "\($0.attempt)" } == ["3.1", "3.2"])
        #expect(desk.give(5, to: "b", at: time(1)).given.map(\.trial) == [2])
        #expect(desk.give(1, to: "b", at: time(1)).given.isEmpty && desk.heldCount == 3)
        #expect(desk.holder(of: 0) == "a" && desk.holder(of: 2) == "b" && desk.holder(of: 7).isEmpty)
    }

    @Test func `a lease that has run out gives the trial to the next, and the first is overtaken`() throws {
        var desk = desk(0..<1)
        let first = try #require(desk.give(1, to: "a", at: time(0)).given.first)
        #expect(desk.give(1, to: "b", at: time(9)).given.isEmpty)
        // Nobody else has it yet.
        #expect(desk.standing(of: first.attempt, on: 0) == .holds)
        let second = try #require(desk.give(1, to: "b", at: time(10)).given.first)
        #expect(desk.standing(of: first.attempt, on: 0) == .overtaken && desk.standing(of: second.attempt, on: 0) == .holds)
        desk.close(0, by: second.attempt)
        #expect(desk.standing(of: second.attempt, on: 0) == .told && desk.standing(of: first.attempt, on: 0) == .overtaken)
        #expect(desk.standing(of: second.attempt, on: 1) == .unknown && desk.standing(of: second.attempt, on: -1) == .unknown)
    }

    @Test func `a lease that is renewed runs on`() throws {
        var desk = desk(0..<1)
        let taken = try #require(desk.give(1, to: "a", at: time(0)).given.first)
        desk.renew(0, by: taken.attempt, holder: "a", at: time(9))
        #expect(desk.give(1, to: "b", at: time(18)).given.isEmpty)
        desk.renew(0, by: Attempt(term: 3, number: 99), holder: "c", at: time(18))
        #expect(desk.give(1, to: "b", at: time(19)).given.map(\.trial) == [0])
    }

    @Test func `a trial that three have taken and lost is given to nobody any more`() {
        var desk = desk(0..<2)
        for round in 0..<3 { #expect(desk.give(1, to: "a", at: time(Int64(round) * 10)).given.map(\.trial) == [0]) }
        let last = desk.give(1, to: "a", at: time(30))
        #expect(last.lost == [0] && last.given.map(\.trial) == [1])
        desk.close(0, by: nil)
        #expect(desk.standing(of: Attempt(term: 3, number: 3), on: 0) == .overtaken)
    }

    @Test func `after a start of the head who held a trial may still tell it, until another has it`() throws {
        var desk = TrialDesk(term: 4, leaseMilliseconds: 10_000)
        desk.close(0, by: Attempt(term: 3, number: 1))
        desk.add(0..<3)
        desk.restored(at: time(0))
        #expect(desk.give(5, to: "b", at: time(9)).given.isEmpty)
        let (old, own) = (Attempt(term: 3, number: 2), Attempt(term: 4, number: 1))
        #expect(desk.standing(of: Attempt(term: 3, number: 1), on: 0) == .told)
        #expect(desk.standing(of: old, on: 1) == .holds && desk.standing(of: own, on: 1) == .overtaken)
        desk.renew(1, by: old, holder: "a", at: time(9))
        // The other's lease is over, and its taker was not heard of.
        #expect(desk.give(5, to: "b", at: time(10)).given.map(\.trial) == [2])
        #expect(desk.standing(of: Attempt(term: 3, number: 3), on: 2) == .overtaken)
        #expect(desk.standing(of: old, on: 1) == .holds)
    }
}
