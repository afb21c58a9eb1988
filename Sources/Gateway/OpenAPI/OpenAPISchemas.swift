/// The properties of every object that travels over the API, by the name of its Swift type.
enum OpenAPISchemas {
    struct Property: Sendable {
        var name: String
        var schema: Schema
        var isRequired: Bool
    }

    private static func needs(_ name: String, _ schema: Schema) -> Property {
        Property(name: name, schema: schema, isRequired: true)
    }
    private static func may(_ name: String, _ schema: Schema) -> Property {
        Property(name: name, schema: schema, isRequired: false)
    }
    private static func list(_ name: String, of element: String) -> Property { needs(name, .array(.reference(element))) }

    static let all: [String: [Property]] = [
        "ErrorView": [needs("code", .string), needs("message", .string), may("place", .string), may("hint", .string)],
        "ErrorsView": [list("errors", of: "ErrorView")],
        "SubmitRequest": [needs("uid", .string), needs("spec", .string), may("file", .string)],
        "PromoteRequest": [needs("version", .whole), needs("by", .string), needs("reason", .string)],
        "JobView": [
            needs("id", .whole), needs("uid", .string), needs("name", .string), needs("kind", .string), needs("state", .string),
            needs("priority", .whole), needs("specHash", .string), may("dataset", .string), may("newerDataset", .string),
            needs("submittedAt", .whole), may("endedAt", .whole), may("progress", .reference("ProgressView")),
            may("paused", .boolean),
            may("result", .reference("JobResult")),
            may("error", .reference("ErrorView")),
        ],
        "ExplanationView": [
            needs("job", .whole), needs("waiting", .whole), needs("blocked", .whole), needs("assigned", .whole),
            list("reasons", of: "Reason"),
        ],
        "Reason": [needs("reason", .string), needs("message", .string), may("hint", .string)],
        "JobNumbers": [needs("jobs", .array(.whole))],
        "ProgressView": [
            needs("tasks", .whole), needs("finished", .whole), needs("failed", .whole), needs("assigned", .whole),
            may("trials", .whole), may("trialsFinished", .whole), may("best", .number), may("fraction", .number),
            may("samplers", .dictionary(.number)),
        ],
        "JobResult": [
            needs("resultHash", .string), needs("tasks", .whole), needs("failed", .whole),
            may("leaderboard", .array(.reference("TrialView"))), may("front", .array(.reference("TrialView"))),
            may("hypervolume", .number), may("deflatedSharpe", .number), may("trialsCounted", .whole),
            may("earlierTrials", .whole), may("model", .string), may("version", .whole), may("gate", .reference("GateView")),
            may("metrics", .dictionary(.number)), may("scenarios", .array(.reference("ScenarioView"))),
            may("leaks", .array(.reference("LeakView"))), may("chosen", .array(.reference("ChosenView"))),
            may("paths", .array(.reference("PathView"))), may("cached", .whole), may("report", .whole),
        ],
        "ScenarioView": [
            needs("name", .string), needs("draws", .whole), may("score", .number), may("leastScore", .number),
            may("sharpe", .number), may("totalReturn", .number), may("deepestDrawdown", .number),
        ],
        "PathView": [
            needs("path", .whole), may("sharpe", .number), may("totalReturn", .number), may("maxDrawdown", .number),
        ],
        "LeakView": [needs("symbol", .string), needs("what", .string), needs("bar", .whole), needs("changedFrom", .whole)],
        "ChosenView": [
            needs("window", .whole), needs("parameters", .dictionary(.number)), needs("objective", .number),
            needs("sharpe", .number), needs("totalReturn", .number),
        ],
        "GateView": [
            needs("expression", .string), needs("passed", .boolean), needs("values", .dictionary(.number)),
            needs("alias", .string),
        ],
        "TrialView": [
            needs("number", .whole), needs("state", .string), needs("parameters", .dictionary(.number)),
            may("objective", .number), may("objectives", .array(.number)), may("violation", .number),
            needs("metrics", .dictionary(.number)), may("error", .reference("ErrorView")),
        ],
        "ImportRequest": [needs("uid", .string), needs("spec", .string), list("trials", of: "ImportedTrial")],
        "ImportedTrial": [
            needs("parameters", .dictionary(.number)), may("metrics", .dictionary(.number)), may("error", .string),
        ],
        "AskRequest": [may("holder", .string), may("count", .whole)],
        "AskView": [list("trials", of: "AskedTrial"), needs("state", .string), needs("leaseMilliseconds", .whole)],
        "AskedTrial": [needs("number", .whole), needs("attempt", .string), needs("parameters", .dictionary(.number))],
        "TellRequest": [list("tells", of: "Tell")],
        "Tell": [
            needs("number", .whole), needs("attempt", .string), may("metrics", .dictionary(.number)), may("error", .string),
        ],
        "TellView": [needs("taken", .whole), list("refused", of: "RefusedTell")],
        "RefusedTell": [needs("number", .whole), needs("error", .reference("ErrorView"))],
        "StudyView": [
            needs("job", .whole), needs("state", .string), needs("direction", .string), needs("objective", .string),
            may("further", .array(.reference("ObjectiveView"))),
            needs("trials", .whole),
            needs("succeeded", .whole), needs("trialsCounted", .whole), needs("earlierTrials", .whole),
            may("best", .reference("TrialView")), may("deflatedSharpe", .number),
            may("overfitting", .reference("OverfittingView")), list("parameters", of: "SearchedView"),
            may("plateau", .reference("PlateauView")), list("contours", of: "ContourView"),
        ],
        "ContourView": [
            needs("first", .string), needs("second", .string), needs("size", .whole), needs("objectives", .array(.number)),
        ],
        "ObjectiveView": [needs("metric", .string), needs("direction", .string)],
        "OverfittingView": [
            needs("probability", .number), needs("lossProbability", .number), needs("trials", .whole), needs("blocks", .whole),
        ],
        "SearchedView": [
            needs("name", .string), needs("scale", .string), may("low", .number), may("high", .number),
            may("step", .number), may("isWhole", .boolean),
            may("choices", .array(.string)), may("bestTenth", .number), may("variance", .number),
        ],
        "PlateauView": [
            needs("typical", .number), list("falls", of: "FallView"), needs("robust", .reference("TrialView")),
            needs("robustObjective", .number), needs("bestObjective", .number), needs("robustDistance", .number),
            may("robustDeflatedSharpe", .number),
        ],
        "FallView": [needs("distance", .number), needs("objective", .number)],
        "ReportView": [
            needs("job", .whole), needs("trial", .whole), needs("parameters", .dictionary(.number)),
            needs("metrics", .dictionary(.number)), needs("times", .array(.whole)), needs("returns", .array(.number)),
            list("trades", of: "TradeView"), may("benchmark", .array(.number)), may("deflatedSharpe", .number),
            may("trialsCounted", .whole), may("earlierTrials", .whole), may("windows", .array(.reference("WindowView"))),
        ],
        "WindowView": [needs("start", .whole), needs("bars", .whole), may("trainSharpe", .number)],
        "TradeView": [
            needs("symbol", .string), needs("entryTime", .whole), needs("exitTime", .whole), needs("entryPrice", .number),
            needs("exitPrice", .number), needs("shares", .number), needs("pnl", .number), needs("return", .number),
            may("exitReason", .string), may("commission", .number),
        ],
        "TaskView": [
            needs("index", .whole), needs("state", .string), may("attempt", .string), needs("worker", .string),
            needs("ranMicroseconds", .whole), may("error", .reference("ErrorView")), may("metrics", .dictionary(.number)),
            may("artifacts", .array(.reference("OutputFileView"))),
        ],
        "OutputFileView": [needs("name", .string), needs("sha256", .string), needs("bytes", .whole)],
        "LogPart": [
            needs("task", .whole), needs("attempt", .string), needs("offset", .whole), needs("bytes", .whole),
            needs("text", .string),
        ],
        "LogsPage": [list("parts", of: "LogPart"), may("next", .whole)],
        "JobsPage": [list("jobs", of: "JobView"), may("next", .whole)],
        "TasksPage": [list("tasks", of: "TaskView"), may("next", .whole)],
        "TrialsPage": [list("trials", of: "TrialView")],
        "ModelsPage": [list("models", of: "ModelSummary")],
        "ModelSummary": [needs("model", .string), needs("versions", .whole), needs("aliases", .dictionary(.whole))],
        "VersionsPage": [list("versions", of: "ModelVersion")],
        "ModelVersion": [
            needs("model", .string), needs("version", .whole), needs("artifact", .string),
            needs("lineage", .reference("Lineage")),
            needs("metrics", .dictionary(.number)), needs("registeredAt", .whole),
        ],
        "Lineage": [
            needs("datasetHash", .string), needs("specHash", .string), needs("codeVersion", .string),
            needs("seed", .integer(0, .max)),
            needs("trialCount", .whole), may("parent", .whole), needs("job", .whole), needs("strategy", .string),
        ],
        "PromotionsPage": [list("promotions", of: "Promotion")],
        "Promotion": [
            needs("model", .string), needs("alias", .string), may("from", .whole), needs("to", .whole), needs("by", .string),
            needs("reason", .string), needs("gate", .string), needs("gateValues", .dictionary(.number)), needs("at", .whole),
        ],
        "DriftPage": [list("reports", of: "DriftReport")],
        "DriftReport": [
            needs("id", .whole), needs("model", .string), needs("version", .whole), needs("node", .string), needs("rows", .whole),
            needs("drifted", .boolean), needs("worstFeature", .string), needs("distances", .dictionary(.number)),
            needs("at", .whole),
        ],
        "DatasetsPage": [list("datasets", of: "DatasetRecord")],
        "DatasetRecord": [
            needs("sha256", .string), needs("name", .string), needs("rows", .whole), needs("series", .whole),
            needs("firstTime", .whole),
            needs("lastTime", .whole), needs("importedAt", .whole),
        ],
        "WorkersPage": [list("workers", of: "WorkerView")],
        "WorkerView": [
            needs("id", .whole), needs("bootID", .string), needs("host", .string), needs("processID", .whole),
            needs("milliCPU", .whole),
            needs("memory", .whole), needs("milliCPUInUse", .whole), needs("memoryInUse", .whole), needs("milliGPU", .whole),
            needs("milliGPUInUse", .whole), needs("others", .dictionary(.whole)), needs("othersInUse", .dictionary(.whole)),
            needs("labels", .dictionary(.string)), needs("assigned", .whole),
            needs("finished", .integer(0, .max)), needs("busyMicroseconds", .integer(0, .max)), needs("draining", .boolean),
            needs("silentMilliseconds", .whole),
        ],
        "EventsPage": [
            list("events", of: "EventView"), needs("term", .whole), needs("next", .whole), needs("first", .whole),
        ],
        "EventView": [
            needs("number", .whole), needs("at", .whole), needs("event", .string), may("cause", .string), may("job", .whole),
            may("task", .whole), may("attempt", .string), may("worker", .whole),
        ],
        "InfoView": [
            needs("clusterID", .string), needs("term", .whole), needs("codeVersion", .string), needs("workerEndpoint", .string),
            needs("workers", .whole), needs("openJobs", .whole), needs("queuedTasks", .whole),
            needs("fencedReports", .whole),
        ],
        "HealthView": [needs("status", .string)],
    ]
}
