import Scheduling

extension Simulation {
    func send(_ packet: PacketToHead) {
        guard let worker = workers[packet.boot] else { return }
        if !isHealed, links[worker.node].toHeadIsSilentUntil > now { return lose(worker, "message to a head swallowed") }
        for (at, inOrder) in deliveries(worker) {
            let arrival = inOrder ? max(at, links[worker.node].toHeadArrives) : at
            if inOrder { links[worker.node].toHeadArrives = arrival }
            queue.push(.toHead(packet), at: arrival)
        }
    }

    func send(_ packet: PacketToWorker) {
        guard let worker = workers[packet.boot] else { return }
        if !isHealed, links[worker.node].toWorkerIsSilentUntil > now { return lose(worker, "message to a worker swallowed") }
        for (at, inOrder) in deliveries(worker) {
            // What the peer does not read is held up to a limit; the transport drops what is beyond.
            if worker.outbound >= profile.outboundLimit {
                guard mutant == .outboundQueueIsUnbounded else { return lose(worker, "outbound queue full") }
                return fail(
                    "I22: \(worker.outbound + 1) messages wait for node \(worker.node), at most \(profile.outboundLimit) may")
            }
            let arrival = inOrder ? max(at, links[worker.node].toWorkerArrives) : at
            if inOrder { links[worker.node].toWorkerArrives = arrival }
            worker.outbound += 1
            queue.push(.toWorker(packet), at: arrival)
        }
    }

    private func lose(_ worker: SimulatedWorker, _ kind: String) {
        worker.disturbedAt = now
        mark(kind)
    }

    /// When the copies of one message arrive, and whether each keeps the order of its connection.
    private func deliveries(_ worker: SimulatedWorker) -> [(at: Int64, inOrder: Bool)] {
        if isHealed { return [(now + network.integer(profile.latencyMilliseconds), true)] }
        if network.chance(profile.loss) {
            lose(worker, "message lost")
            return []
        }
        var copies = [(at: now + network.integer(profile.latencyMilliseconds), inOrder: true)]
        if network.chance(profile.duplication) {
            copies.append((now + network.integer(1...500), false))
            lose(worker, "message duplicated")
        }
        if network.chance(profile.straggling) {
            copies[0] = (copies[0].at + network.integer(1...1_000), false)
            lose(worker, "message overtaken")
        }
        let clogged = links[worker.node].isCloggedUntil
        if clogged > now {
            lose(worker, "message held back")
            for number in copies.indices { copies[number].at = max(copies[number].at, clogged) }
        }
        return copies
    }

    func breakLink() {
        let node = Int(faults.integer(0...Int64(profile.workers) - 1))
        let until = now + faults.integer(100...2 * profile.lease)
        switch faults.integer(0...2) {
        case 0: links[node].toHeadIsSilentUntil = until
        case 1: links[node].toWorkerIsSilentUntil = until
        default: links[node].isCloggedUntil = until
        }
        mark("link broken")
        if let boot = boots[node] { workers[boot]?.disturbedAt = until }
    }
}
