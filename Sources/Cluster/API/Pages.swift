package import Registry

/// The trials of a study, in order of number.
package struct TrialsPage: Codable, Sendable, Hashable {
    package var trials: [TrialView]
    package init(trials: [TrialView]) { self.trials = trials }
}

/// One page of ended tasks in order of index; `next` goes into `after` for the page after it.
package struct TasksPage: Codable, Sendable, Hashable {
    package var tasks: [TaskView]
    package var next: Int32?
    package init(tasks: [TaskView], next: Int32?) {
        self.tasks = tasks
        self.next = next
    }
}

/// Every registered model.
package struct ModelsPage: Codable, Sendable, Hashable {
    package var models: [ModelSummary]
    package init(models: [ModelSummary]) { self.models = models }
}

/// The versions of one model, oldest first.
package struct VersionsPage: Codable, Sendable, Hashable {
    package var versions: [ModelVersion]
    package init(versions: [ModelVersion]) { self.versions = versions }
}

/// The promotions of one model, oldest first.
package struct PromotionsPage: Codable, Sendable, Hashable {
    package var promotions: [Promotion]
    package init(promotions: [Promotion]) { self.promotions = promotions }
}

/// The drift reports of one model, newest first.
package struct DriftPage: Codable, Sendable, Hashable {
    package var reports: [DriftReport]
    package init(reports: [DriftReport]) { self.reports = reports }
}

/// Every dataset the head holds.
package struct DatasetsPage: Codable, Sendable, Hashable {
    package var datasets: [DatasetRecord]
    package init(datasets: [DatasetRecord]) { self.datasets = datasets }
}

/// The connected workers, in order of number.
package struct WorkersPage: Codable, Sendable, Hashable {
    package var workers: [WorkerView]
    package init(workers: [WorkerView]) { self.workers = workers }
}

/// The answer of the health routes: `live`, `ready`, or what the head is doing: `active`, `storeUnavailable`, `standby`.
package struct HealthView: Codable, Sendable, Hashable {
    package var status: String
    package init(status: String) { self.status = status }
}
