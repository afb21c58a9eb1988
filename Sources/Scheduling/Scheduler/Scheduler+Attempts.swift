extension Scheduler {
    /// How many attempts of the task have failed or died with their worker in this term; 0 for an unknown task.
    package func priorAttempts(of task: TaskID) -> Int {
        guard let slot = jobSlots[task.job], let position = jobs[Int(slot)].tasks.position(of: task.index) else { return 0 }
        let entry = jobs[Int(slot)].tasks.entries[position]
        return Int(entry.failures) + Int(entry.deaths)
    }

    /// Whether `attempt` is its task's current one and `worker` has it.
    package func holds(_ attempt: TaskAttempt, worker: WorkerID) -> Bool {
        guard let slot = jobSlots[attempt.task.job], let holder = workerSlots[worker],
            let position = jobs[Int(slot)].tasks.position(of: attempt.task.index)
        else { return false }
        let entry = jobs[Int(slot)].tasks.entries[position]
        guard entry.state == .assigned else { return false }
        return pool[entry.link].attempt == attempt.attempt && pool[entry.link].worker == holder
    }
}
