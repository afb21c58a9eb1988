import Scheduling

extension Simulation {
    func inject(_ fault: SimulationFault) {
        guard !isHealed else { return }
        switch fault {
        case .link: breakLink()
        case .workerCrash: pickWorker().map { kill($0, "worker crashed") }
        case .workerPause: pickWorker().map(pause)
        case .workerDrain:
            guard let worker = pickWorker() else { return }
            mark("worker drained")
            perform(worker.agenda.handle(.drain), by: worker)
        case .headCrash: if head != nil { headFaultAt = faults.integer(0...3) }
        case .headPause: if let head { pause(head, "head paused") }
        case .store: breakStore()
        case .disk:
            diskIsFullUntil[Int(faults.integer(0...Int64(profile.workers) - 1))] =
                now + faults.integer(500...4_000) * profile.unit
        case .wallJump:
            mark("wall clock jumped")
            let year: Int64 = 31_557_600_000
            wallOffset = faults.integer(-10...10) * year
            for head in heads { head?.wallOffset = wallOffset }
        case .fold: fold()
        case .upgrade: upgrade()
        }
    }

    /// Stops the head's process for a while; the one that stands by may take over meanwhile.
    func pause(_ head: SimulatedHead, _ kind: String) {
        mark(kind)
        head.busyUntil = now + faults.integer(500...4_000) * profile.unit
        headsDisturbedAt = head.busyUntil
        if profile.hasStandby { queue.push(.takeOver(from: head.incarnation), at: now + profile.patience) }
    }

    private func fold() {
        guard storeIsDownUntil <= now, let head else { return }
        mark("journal folded")
        let isMistaken = mutant == .rangesGoBeforeTheirCommit
        journal.fold(inTwoSteps: isMistaken)
        if isMistaken { queue.push(.finishFold(incarnation: head.incarnation), at: now + 200) }
    }

    /// A new version comes: the head is replaced, and every worker when it has done what it holds.
    private func upgrade() {
        mark("upgraded")
        if let head { crash(head, "head replaced") }
        for node in 0..<profile.workers {
            guard let boot = boots[node], let worker = workers[boot], !worker.isPaused else { continue }
            perform(worker.agenda.handle(.drain), by: worker)
        }
    }

    func heal() {
        isHealed = true
        (storeIsDownUntil, nextCommit, headFaultAt) = (now, .sound, nil)
        for node in 0..<profile.workers {
            links[node].toHeadIsSilentUntil = now
            links[node].toWorkerIsSilentUntil = now
            links[node].isCloggedUntil = now
            diskIsFullUntil[node] = now
            if let boot = boots[node], workers[boot]?.isPaused == true { queue.push(.resume(boot: boot), at: now) }
        }
        for head in heads {
            guard let head, head.busyUntil > now else { continue }
            head.busyUntil = now
            scheduleTurn(of: head, at: now)
        }
    }
}
