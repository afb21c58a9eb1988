package import Scheduling

extension InMemoryJournal: JobQueries {
    package func recover() throws -> Recovery {
        storage.read { tables in
            let open = tables.jobs.values.filter { $0.end == nil }.sorted { $0.record.id < $1.record.id }
            return Recovery(
                openJobs: open.map { job in
                    let ended = (tables.tasks[job.record.id.rawValue] ?? [:]).values.map { task in
                        EndedRange(task.task.index..<task.task.index + 1, task.end)
                    }
                    return Recovery.OpenJob(record: job.record, ended: EndedRange.merged(ended), isPaused: job.isPaused)
                }, nextJob: JobID((tables.jobs.keys.max() ?? 0) + 1))
        }
    }

    package func jobs(limit: Int, before: JobID?) throws -> [JobSummary] {
        storage.read { tables in
            let earlier = tables.jobs.values.filter { $0.record.id < before ?? JobID(.max) }
            return Array(earlier.sorted { $0.record.id > $1.record.id }.prefix(max(limit, 0)))
        }
    }

    package func job(_ id: JobID) throws -> JobSummary? { storage.read { $0.jobs[id.rawValue] } }

    package func job(uid: String) throws -> JobSummary? {
        storage.read { tables in tables.jobsByUID[uid].flatMap { tables.jobs[$0] } }
    }

    package func job(named name: String) throws -> JobSummary? {
        storage.read { tables in
            tables.jobs.values.filter { $0.record.name == name }.max { $0.record.id < $1.record.id }
        }
    }

    package func jobs(dataset: String, before: JobID?, limit: Int) throws -> [JobSummary] {
        storage.read { tables in
            let earlier = tables.jobs.values.filter { $0.record.dataset == dataset && $0.record.id < before ?? JobID(.max) }
            return Array(earlier.sorted { $0.record.id > $1.record.id }.prefix(max(limit, 0)))
        }
    }

    package func trials(of job: JobID) throws -> [TrialRecord] {
        storage.read { ($0.trials[job.rawValue] ?? [:]).values.sorted { $0.number < $1.number } }
    }

    package func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskRecord] {
        storage.read { tables in
            let later = (tables.tasks[job.rawValue] ?? [:]).values.filter { $0.task.index > after }
            return Array(later.sorted { $0.task < $1.task }.prefix(max(limit, 0)))
        }
    }

    package func task(_ id: TaskID) throws -> TaskRecord? { storage.read { $0.tasks[id.job.rawValue]?[id.index] } }

    package func trialCount(dataset: String) throws -> Int {
        storage.read { tables in
            tables.jobs.values.filter { $0.record.dataset == dataset }
                .reduce(0) { $0 + (tables.trials[$1.record.id.rawValue]?.count ?? 0) }
        }
    }
}
