import Scheduling
import SwiftProtobuf
import Wire

@testable import Cluster

extension LoopSimulation {
    func startWorker(_ node: Int) {
        guard nodes[node] == nil else { return }
        let worker = LoopWorker(node: node, boot: boots, now: now)
        boots += 1
        nodes[node] = worker.boot
        workers[worker.boot] = worker
        open(worker)
        push(.beat(boot: worker.boot), at: now + 200)
    }

    func beat(_ boot: Int) {
        guard let worker = workers[boot] else { return }
        push(.beat(boot: boot), at: now + 200)
        if worker.isPaused { return }
        if now - worker.lastHeard > 1_000 { return open(worker) }
        guard worker.isWelcome else { return }
        worker.send(.heartbeat(.init()))
        flush(worker)
    }

    func open(_ worker: LoopWorker) { perform(worker.open(now: now), worker) }

    func perform(_ actions: [WorkerAgenda.Action], _ worker: LoopWorker) {
        for action in actions {
            switch action {
            case .start(let name):
                if !started.insert(name).inserted { fail("I8: attempt \(name) was started twice") }
                executions[name.task, default: 0] += 1
                worker.running.insert(name)
                push(.finish(boot: worker.boot, name), at: now + draw(5...120))
            case .cancel(let name, _):
                guard worker.running.remove(name) != nil else { continue }
                retracted.insert(name)
                perform(worker.agenda.handle(.finished(name, .cancelled, ranMicroseconds: 1_000)), worker)
            case .report(let reports):
                for report in reports where report.outcome == .cancelled { retracted.insert(report.attempt) }
                worker.send(.reports(.with { $0.reports = reports.map(ProtoReport.init) }))
            case .askToDrain: worker.send(.drain(.init()))
            case .leave:
                mark("worker dismissed")
                worker.send(.goodbye(.init()))
                flush(worker)
                return vanish(worker)
            case .register: fail("a registration outside of the opening of a session")
            }
        }
        flush(worker)
    }

    func flush(_ worker: LoopWorker) {
        for frames in worker.takeOutgoing() {
            guard let incarnation = head?.incarnation else { return mark("message to nobody") }
            if !isHealed, draw(0...99) < 3 {
                mark("message lost")
                continue
            }
            push(.toHead(worker.peer, frames, incarnation: incarnation), at: now + 1)
        }
    }

    func vanish(_ worker: LoopWorker) {
        workers[worker.boot] = nil
        nodes[worker.node] = nil
        push(.startWorker(node: worker.node), at: now + draw(50...800))
    }
}
