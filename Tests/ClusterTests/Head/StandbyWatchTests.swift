import Scheduling
import Testing

@testable import Cluster

@Suite struct StandbyWatchTests {
    private static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: 0).advanced(byMilliseconds: milliseconds) }

    private func sign(_ beat: Int64, term: Int64 = 1) -> StandbyWatch.Sign { .init(term: term, beat: beat) }

    @Test func `a head that beats is left alone, whoever holds its lock`() {
        var watch = StandbyWatch(hangMilliseconds: 2_000)
        for tick in 0..<200 as Range<Int64> {
            #expect(watch.saw(sign(tick), holdsLock: false, at: Self.at(tick * 100)) == .wait)
        }
        #expect(watch.saw(sign(200), holdsLock: true, at: Self.at(20_000)) == .letGo)
    }

    @Test func `a head whose connection ended is gone when a few beats are missing`() {
        var watch = StandbyWatch(hangMilliseconds: 2_000)
        _ = watch.saw(sign(1), holdsLock: false, at: Self.at(0))
        _ = watch.saw(sign(2), holdsLock: false, at: Self.at(200))
        #expect(watch.saw(sign(2), holdsLock: true, at: Self.at(899)) == .wait)
        #expect(watch.saw(sign(2), holdsLock: true, at: Self.at(900)) == .takeOver)
    }

    @Test func `a head that hangs is given longer`() {
        var watch = StandbyWatch(hangMilliseconds: 2_000)
        _ = watch.saw(sign(1), holdsLock: false, at: Self.at(0))
        _ = watch.saw(sign(2), holdsLock: false, at: Self.at(200))
        #expect(watch.saw(sign(2), holdsLock: false, at: Self.at(2_199)) == .wait)
        #expect(watch.saw(sign(2), holdsLock: false, at: Self.at(2_200)) == .takeOver)
    }

    @Test func `time without a store counts for nobody, and after it the head is given as long as one that hangs`() {
        var watch = StandbyWatch(hangMilliseconds: 2_000)
        _ = watch.saw(sign(1), holdsLock: false, at: Self.at(0))
        _ = watch.saw(sign(2), holdsLock: false, at: Self.at(200))
        watch.sawNothing()
        #expect(watch.saw(sign(2), holdsLock: true, at: Self.at(600_000)) == .wait)
        #expect(watch.saw(sign(2), holdsLock: true, at: Self.at(601_999)) == .wait)
        #expect(watch.saw(sign(2), holdsLock: true, at: Self.at(602_000)) == .takeOver)
    }

    @Test func `another standby that was quicker is the head that works`() {
        var watch = StandbyWatch(hangMilliseconds: 2_000)
        _ = watch.saw(sign(5), holdsLock: false, at: Self.at(0))
        // Its term is there before its first beat.
        #expect(watch.saw(sign(5, term: 2), holdsLock: true, at: Self.at(1_999)) == .letGo)
        #expect(watch.saw(sign(5, term: 2), holdsLock: false, at: Self.at(3_998)) == .wait)
        #expect(watch.saw(sign(5, term: 2), holdsLock: false, at: Self.at(3_999)) == .takeOver)
    }

    @Test func `where no head has ever worked there is nobody to wait for long`() {
        var watch = StandbyWatch(hangMilliseconds: 2_000)
        #expect(watch.saw(sign(0, term: 0), holdsLock: true, at: Self.at(0)) == .wait)
        #expect(watch.saw(sign(0, term: 0), holdsLock: true, at: Self.at(2_000)) == .takeOver)
    }
}
