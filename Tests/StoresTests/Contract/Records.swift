import Registry
import Scheduling

/// Records with everything filled in that a test does not care about.
enum Records {
    static func job(_ id: Int64, uid: String? = nil, specHash: String = "5bec", dataset: String? = "da7a") -> JobRecord {
        JobRecord(
            id: JobID(id), uid: uid ?? "key-\(id)", name: "spx-ridge", kind: "study", spec: #"{"trials":1}"#, specHash: specHash,
            dataset: dataset, priority: 3, submittedAt: 1_700_000_000_000 + id)
    }

    static func task(_ job: Int64, _ index: Int32, result: [UInt8] = [0, 1, 255], term: Int64 = 1) -> TaskRecord {
        TaskRecord(
            task: TaskID(job: JobID(job), index: index), end: .succeeded, attempt: Attempt(term: term, number: Int64(index) + 1),
            worker: "boot-1", ranMicroseconds: 1234, result: result)
    }

    static func failure(_ job: Int64, _ index: Int32, message: String = "the fit did not converge") -> TaskRecord {
        TaskRecord(
            task: TaskID(job: JobID(job), index: index), end: .failed, attempt: nil, worker: "", errorCode: "E_FIT",
            errorMessage: message)
    }

    static func trial(_ job: Int64, _ number: Int32, state: String = "running", objective: Double? = nil) -> TrialRecord {
        TrialRecord(
            job: JobID(job), number: number, state: state, parameters: #"{"l2":0.1}"#, objective: objective,
            metrics: objective == nil ? "{}" : #"{"sharpe":1.5}"#)
    }

    static func end(_ state: String = "succeeded", at: Int64 = 1_700_000_100_000) -> JobEnd {
        JobEnd(state: state, endedAt: at, result: #"{"best":1}"#, errorCode: state == "failed" ? "E_X" : nil)
    }

    static func lineage(job: Int64 = 0, parent: Int64? = nil) -> Lineage {
        Lineage(
            datasetHash: "da7a", specHash: "5bec", codeVersion: "1.0", seed: .max, trialCount: 200, parent: parent, job: job,
            strategy: #"{"features":["rsi_14"]}"#)
    }

    static func drift(_ model: String, drifted: Bool, at: Int64) -> DriftReport {
        DriftReport(
            model: model, version: 1, node: "node-1", rows: 500, drifted: drifted, worstFeature: "rsi_14",
            distances: ["rsi_14": 0.31, "macd": 0.02], at: at)
    }

    static func dataset(_ name: String, _ sha256: String, at: Int64 = 1) -> DatasetRecord {
        DatasetRecord(
            sha256: sha256, name: name, rows: 5_000, series: 1, firstTime: -631_152_000_000, lastTime: 1_700_000_000_000,
            importedAt: at)
    }
}
