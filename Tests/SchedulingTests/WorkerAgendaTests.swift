import Scheduling
import Testing

@Suite struct WorkerAgendaTests {
    let core = Resources(milliCPU: 1_000, memory: 0)
    let two = Resources(milliCPU: 2_000, memory: 0)

    private func connected(cpu: Int64 = 1) -> WorkerAgenda {
        var agenda = WorkerAgenda(capacity: Resources(milliCPU: cpu * 1_000, memory: 1 << 30))
        _ = agenda.handle(.connected)
        return agenda
    }

    private func report(_ attempt: TaskAttempt, _ outcome: AttemptOutcome, ran: Int64 = 0) -> AttemptReport {
        AttemptReport(attempt: attempt, outcome: outcome, ranMicroseconds: ran)
    }

    @Test func `it introduces itself with nothing at first`() {
        var agenda = WorkerAgenda(capacity: core)
        #expect(agenda.handle(.connected) == [.register(Registration(capacity: core, holding: []))])
    }

    @Test func `attempts start in order of assignment as far as the capacity goes`() {
        var agenda = connected(cpu: 3)
        let (a, b, c, d) = (attempt(1, 0, 1), attempt(1, 1, 2), attempt(2, 0, 3), attempt(2, 1, 4))
        #expect(agenda.handle(.assigned([a, b], core)) == [.start(a), .start(b)])
        // The large one does not fit, and the small one behind it does not overtake.
        #expect(agenda.handle(.assigned([c], two)) == [])
        #expect(agenda.handle(.assigned([d], core)) == [])
        #expect(agenda.holding == [a, b, c, d])
        #expect(
            agenda.handle(.finished(a, .succeeded, ranMicroseconds: 7)) == [.report([report(a, .succeeded, ran: 7)]), .start(c)])
        #expect(agenda.inUse.milliCPU == 3_000)
        #expect(agenda.running == [b, c])
        #expect(
            agenda.handle(.finished(b, .failed(retryable: true), ranMicroseconds: 1))
                == [.report([report(b, .failed(retryable: true), ran: 1)]), .start(d)])
    }

    @Test func `a repeated assignment is ignored, before and after it is acknowledged`() {
        var agenda = connected()
        let a = attempt(1, 0, 1)
        #expect(agenda.handle(.assigned([a, a], core)) == [.start(a)])
        #expect(agenda.handle(.assigned([a], core)) == [])
        _ = agenda.handle(.finished(a, .succeeded, ranMicroseconds: 0))
        #expect(agenda.handle(.assigned([a], core)) == [])
        #expect(agenda.handle(.acknowledged([a])) == [])
        #expect(agenda.handle(.assigned([a], core)) == [])
        #expect(agenda.isIdle)
    }

    @Test func `a stop cancels what runs once, and reports what has not started`() {
        var agenda = connected()
        let (a, b, c) = (attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3))
        _ = agenda.handle(.assigned([a, b, c], core))
        #expect(agenda.handle(.stop(b, .fenced)) == [.report([report(b, .cancelled)])])
        #expect(agenda.handle(.stop(b, .fenced)) == [])
        #expect(agenda.handle(.stop(a, .timedOut)) == [.cancel(a, .timedOut)])
        #expect(agenda.handle(.stop(a, .cancelled)) == [])
        #expect(agenda.handle(.stop(attempt(7, 7, 7), .cancelled)) == [])
        #expect(agenda.running == [a])
        #expect(
            agenda.handle(.finished(a, .cancelled, ranMicroseconds: 3)) == [.report([report(a, .cancelled, ran: 3)]), .start(c)])
    }

    @Test func `finished attempts are held and reported again until they are acknowledged`() {
        var agenda = connected()
        let (a, b, c) = (attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3))
        _ = agenda.handle(.assigned([a, b, c], core))
        _ = agenda.handle(.finished(a, .succeeded, ranMicroseconds: 1))
        #expect(agenda.handle(.disconnected) == [])
        #expect(agenda.handle(.finished(b, .succeeded, ranMicroseconds: 2)) == [.start(c)])
        let register = WorkerAgenda.Action.register(Registration(capacity: agenda.capacity, holding: [c]))
        #expect(
            agenda.handle(.connected) == [.report([report(a, .succeeded, ran: 1), report(b, .succeeded, ran: 2)]), register])
        #expect(agenda.handle(.acknowledged([a, c])) == [])
        #expect(agenda.handle(.connected) == [.report([report(b, .succeeded, ran: 2)]), register])
        #expect(agenda.unacknowledged == [report(b, .succeeded, ran: 2)])
    }

    @Test func `an end is reported once, and what never started cannot end`() {
        var agenda = connected()
        let (a, b) = (attempt(1, 0, 1), attempt(1, 1, 2))
        _ = agenda.handle(.assigned([a, b], core))
        #expect(agenda.handle(.finished(b, .succeeded, ranMicroseconds: 0)) == [])
        #expect(agenda.handle(.finished(attempt(9, 9, 9), .succeeded, ranMicroseconds: 0)) == [])
        _ = agenda.handle(.finished(a, .succeeded, ranMicroseconds: 0))
        #expect(agenda.handle(.finished(a, .failed(retryable: false), ranMicroseconds: 0)) == [])
        #expect(agenda.inUse.milliCPU == 1_000)
    }

    @Test func `a task that asks for more than the worker has is handed back`() {
        var agenda = connected()
        let a = attempt(1, 0, 1)
        #expect(agenda.handle(.assigned([a], two)) == [.report([report(a, .cancelled)])])
    }

    @Test func `a draining worker leaves when it is dismissed and everything is acknowledged`() {
        var agenda = connected()
        let a = attempt(1, 0, 1)
        _ = agenda.handle(.assigned([a], core))
        #expect(agenda.handle(.drain) == [.askToDrain])
        #expect(agenda.handle(.drain) == [])
        #expect(agenda.handle(.connected).last == .askToDrain)
        _ = agenda.handle(.finished(a, .succeeded, ranMicroseconds: 0))
        #expect(agenda.handle(.dismissed) == [])
        #expect(agenda.handle(.acknowledged([a])) == [.leave])
        #expect(agenda.handle(.acknowledged([a])) == [])
    }

    @Test func `a drain that the head was asked for needs no asking here`() {
        var agenda = connected()
        #expect(agenda.handle(.dismissed) == [.leave])
    }

    @Test func `a long life costs no more than what is held`() {
        var agenda = connected(cpu: 4)
        for number in Int64(1)...10_000 {
            let each = attempt(1, Int32(number), number)
            #expect(agenda.handle(.assigned([each], core)) == [.start(each)])
            _ = agenda.handle(.finished(each, .succeeded, ranMicroseconds: 0))
            _ = agenda.handle(.acknowledged([each]))
        }
        #expect(agenda.isIdle)
        #expect(agenda.holding == [])
    }
}
