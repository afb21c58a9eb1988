import Scheduling

extension Output {
    /// Mixes everything in the output into a hash that is the same in every process.
    func traced(into hash: UInt64) -> UInt64 {
        var hash = hash
        func mix(_ value: Int64) { hash = SimulationRandom.mix(hash &* 31 &+ UInt64(bitPattern: value)) }
        func mix(_ name: TaskAttempt) {
            mix(name.task.job.rawValue)
            mix(Int64(name.task.index))
            mix(name.attempt.term)
            mix(name.attempt.number)
        }
        for each in ended {
            mix(each.task.job.rawValue)
            mix(Int64(each.task.index))
            mix(each.attempt?.number ?? -1)
            mix(Int64(each.end.rawValue.utf8.count))
        }
        for command in commands {
            switch command {
            case .assign(let worker, let attempts):
                mix(Int64(worker.rawValue))
                for name in attempts { mix(name) }
            case .stop(let worker, let name, let reason):
                mix(Int64(worker.rawValue))
                mix(name)
                mix(Int64(reason.rawValue.utf8.count))
            case .dismiss(let worker): mix(-Int64(worker.rawValue))
            }
        }
        for verdict in verdicts {
            switch verdict {
            case .accepted: mix(1)
            case .retried: mix(2)
            case .fenced: mix(3)
            }
        }
        mix(deadline?.nanoseconds ?? -1)
        return hash
    }
}
