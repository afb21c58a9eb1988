extension Scheduler {
    /// How many attempts of the task have failed or died with their worker in this term; 0 for an unknown task.
    package func priorAttempts(of task: TaskID) -> Int {
        guard let slot = jobSlots[task.job], let position = jobs[Int(slot)].tasks.position(of: task.index) else { return 0 }
        let entry = jobs[Int(slot)].tasks.entries[position]
        return Int(entry.failures) + Int(entry.deaths)
    }
}
