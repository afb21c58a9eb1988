import Cluster
import Foundation
import Registry
import Scheduling
import Testing

@testable import Gateway

/// The document says what the server does: its routes are the router's, and its schemas are what the views encode to.
@Suite struct OpenAPITests {
    private func document() throws -> [String: Any] {
        let data = try APICoding.encode(OpenAPIDocument.document)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func `document and router name the same routes`() async throws {
        try await RunningGateway.with { gateway in
            let served = try #require(JSONSerialization.jsonObject(with: try await gateway.client.openAPI()) as? [String: Any])
            let paths = try #require(served["paths"] as? [String: [String: Any]])
            let documented = Set(paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) \(path)" } })
            let services = GatewayServices(
                head: gateway.head, jobs: gateway.head, models: gateway.registry, artifacts: nil, catalogue: gateway.catalogue,
                configuration: GatewayConfiguration(port: 0), blocking: BlockingCalls(threads: 1, queue: 1), uploads: Places(1),
                followers: Places(1))
            let routed = Set(GatewayRouter.names(of: GatewayRouter.make(services)))
            #expect(documented == routed)
            #expect(routed.count == Routes.all.count)
            // Each of them is served: no route answers that it does not exist.
            for route in Routes.all {
                let target = route.path.replacingOccurrences(of: "{sha256}", with: String(repeating: "0", count: 64))
                    .replacingOccurrences(of: "{model}", with: "m").replacingOccurrences(of: "{alias}", with: "a")
                    .replacingOccurrences(of: #"\{[a-z]+\}"#, with: "1", options: .regularExpression)
                let answer = try await gateway.request(route.verb, target)
                #expect(!answer.codes.contains("E_ROUTE_UNKNOWN") && !answer.codes.contains("E_METHOD"), "\(route.name)")
            }
        }
    }

    @Test func `every reference resolves and operations are unique`() throws {
        let document = try document()
        #expect(document["openapi"] as? String == "3.1.0")
        let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
        var references: Set<String> = []
        func walk(_ value: Any) {
            if let object = value as? [String: Any] {
                if let reference = object["$ref"] as? String { references.insert(reference) }
                for child in object.values { walk(child) }
            } else if let list = value as? [Any] {
                for child in list { walk(child) }
            }
        }
        walk(document)
        #expect(references == Set(schemas.keys.map { "#/components/schemas/\($0)" }))
        #expect(Set(Routes.all.map(\.name)).count == Routes.all.count)
    }

    @Test func `path parameters of a route are those of its operation`() throws {
        let paths = try #require(try document()["paths"] as? [String: [String: [String: Any]]])
        for route in Routes.all {
            let operation = try #require(paths[route.path]?[route.verb.lowercased()])
            let parameters = (operation["parameters"] as? [[String: Any]] ?? []).filter { $0["in"] as? String == "path" }
            #expect(parameters.compactMap { $0["name"] as? String } == route.parameters)
            #expect((operation["requestBody"] != nil) == (route.body != nil))
        }
    }

    /// One full and one sparse value of every object.
    private static func examples() -> [(String, any Encodable)] {
        let error = ErrorView(code: "E", message: "m", place: "p", hint: "h")
        let trial = TrialView(
            number: 1, state: "s", parameters: ["a": .number(1)], objective: 1, objectives: [1, 2], violation: 0,
            metrics: ["m": 1], error: ErrorView(code: "E_X", message: "m", place: "p", hint: "h"))
        let progress = ProgressView(
            tasks: 1, finished: 1, failed: 0, assigned: 0, trials: 1, trialsFinished: 1, best: 1, fraction: 0.5,
            samplers: ["gp": 1])
        let gate = GateView(expression: "e", passed: true, values: ["a": 1], alias: "champion")
        let scenario = ScenarioView(
            name: "crash", draws: 2, score: 1, leastScore: 1, sharpe: 1, totalReturn: 1, deepestDrawdown: -1)
        let plain = ScenarioView(
            name: "as it was", draws: 1, score: nil, leastScore: nil, sharpe: nil, totalReturn: nil, deepestDrawdown: nil)
        let leak = LeakView(symbol: "A", what: "fill", bar: 1, changedFrom: 2)
        let chosen = ChosenView(window: 0, parameters: ["a": .number(1)], objective: 1, sharpe: 1, totalReturn: 1)
        var result = JobResult(
            resultHash: "h", tasks: 1, failed: 0, leaderboard: [trial], deflatedSharpe: 1, trialsCounted: 1, earlierTrials: 1,
            model: "m",
            version: 1, gate: gate,
            metrics: ["a": 1])
        (result.scenarios, result.leaks, result.chosen) = ([scenario, plain], [leak], [chosen])
        let path = PathView(path: 0, sharpe: 1, totalReturn: 1, maxDrawdown: -1)
        (result.paths, result.cached, result.report) = ([path], 1, 0)
        (result.front, result.hypervolume) = ([trial], 1)
        var job = FakeHead.job(1, state: "succeeded")
        job.newerDataset = "e"
        (job.dataset, job.progress, job.result, job.error, job.paused) = ("d", progress, result, error, true)
        var trade = TradeView(symbol: "A", entryTime: 1, exitTime: 2, entryPrice: 1, exitPrice: 1, shares: 1, pnl: 1, return: 1)
        (trade.exitReason, trade.commission) = ("target", 1)
        let window = WindowView(start: 0, bars: 1, trainSharpe: 1)
        let report = ReportView(
            job: 1, trial: 1, parameters: [:], metrics: [:], times: [1], returns: [1], trades: [trade], benchmark: [1],
            deflatedSharpe: 1, trialsCounted: 1, earlierTrials: 1, windows: [window])
        var task = TaskView(index: 1, state: "s", attempt: "1.1", worker: "w", ranMicroseconds: 1, error: error)
        let file = OutputFileView(name: "n", sha256: "s", bytes: 1)
        (task.metrics, task.artifacts) = (["m": 1], [file])
        let log = LogPart(task: 1, attempt: "1.1", offset: 0, bytes: 1, text: "t")
        let reason = ExplanationView.Reason(.noWorkers, job: JobID(1))
        let explanation = ExplanationView(JobID(1), Explanation(counts: TaskCounts(), ready: 1, reasons: [.noWorkers]))
        let summary = ModelSummary(model: "m", versions: 1, aliases: ["a": 1])
        let lineage = Lineage(
            datasetHash: "d", specHash: "s", codeVersion: "c", seed: 1, trialCount: 1, parent: 1, job: 1, strategy: "{}")
        let version = ModelVersion(model: "m", version: 1, artifact: "a", lineage: lineage, metrics: ["a": 1], registeredAt: 1)
        let promotion = Promotion(
            model: "m", alias: "a", from: 1, to: 2, by: "b", reason: "r", gate: "g", gateValues: ["a": 1], at: 1)
        let drift = DriftReport(
            model: "m", version: 1, node: "n", rows: 1, drifted: true, worstFeature: "f", distances: ["f": 1], at: 1)
        let dataset = DatasetRecord(sha256: "s", name: "n", rows: 1, series: 1, firstTime: 1, lastTime: 1, importedAt: 1)
        let worker = WorkerView(
            id: 1, bootID: "b", host: "h", processID: 1, milliCPU: 1, memory: 1, milliCPUInUse: 1, memoryInUse: 1, assigned: 1,
            finished: 1,
            busyMicroseconds: 1, draining: true, silentMilliseconds: 1)
        let event = EventView(number: 1, at: 1, event: "e", cause: "c", job: 1, task: 1, attempt: "1.1", worker: 1)
        let info = InfoView(
            clusterID: "c", term: 1, codeVersion: "v", workerEndpoint: "w", workers: 1, openJobs: 1, queuedTasks: 1)
        let overfitting = OverfittingView(probability: 0.5, lossProbability: 0.1, trials: 2, blocks: 16)
        var searched = SearchedView(
            name: "n", scale: "linear", low: 0, high: 1, choices: [.text("a")], bestTenth: 0.5, variance: 0.5)
        (searched.step, searched.isWhole) = (1, true)
        let fall = FallView(distance: 0.1, objective: 1)
        let plateau = PlateauView(
            typical: 1, falls: [fall], robust: trial, robustObjective: 1, bestObjective: 1, robustDistance: 0.1,
            robustDeflatedSharpe: 1)
        let contour = ContourView(first: "a", second: "b", size: 1, objectives: [1])
        var study = StudyView(
            job: 1, state: "s", direction: "minimize", objective: "o", trials: 1, succeeded: 1, trialsCounted: 1,
            earlierTrials: 0, best: trial,
            deflatedSharpe: 1, overfitting: overfitting, parameters: [searched], plateau: plateau)
        study.contours = [contour]
        study.further = [ObjectiveView(metric: "m", direction: "minimize")]
        let asked = AskView(
            trials: [AskedTrial(number: 1, attempt: "1.1", parameters: ["x": .number(1)])], state: "running", leaseMilliseconds: 1
        )
        let imported = ImportedTrial(parameters: ["x": .number(1)], metrics: ["loss": 1], error: "e")
        let tell = Tell(number: 1, attempt: "1.1", metrics: ["loss": 1], error: "e")
        let refused = RefusedTell(number: 1, error: error)
        var sparse = report
        (sparse.deflatedSharpe, sparse.trialsCounted, sparse.earlierTrials, sparse.windows) = (nil, nil, nil, nil)
        sparse.benchmark = nil
        return [
            ("ErrorView", error), ("ErrorView", ErrorView(code: "E", message: "m")), ("ErrorsView", ErrorsView(errors: [error])),
            ("SubmitRequest", SubmitRequest(uid: "u", spec: "s", file: "f")),
            ("SubmitRequest", SubmitRequest(uid: "u", spec: "s")),
            ("PromoteRequest", PromoteRequest(version: 1, by: "b", reason: "r")), ("JobView", job), ("JobView", FakeHead.job(1)),
            ("ProgressView", progress), ("ProgressView", ProgressView(tasks: 1, finished: 1, failed: 1, assigned: 1)),
            ("JobResult", result), ("ScenarioView", scenario), ("ScenarioView", plain), ("LeakView", leak), ("PathView", path),
            ("PathView", PathView(path: 1, sharpe: nil, totalReturn: nil, maxDrawdown: nil)), ("ChosenView", chosen),
            ("JobResult", JobResult(resultHash: "h", tasks: 1, failed: 1)), ("GateView", gate), ("TrialView", trial),
            ("ReportView", report),
            ("ReportView", sparse), ("TradeView", trade), ("WindowView", window),
            ("WindowView", WindowView(start: 0, bars: 1, trainSharpe: nil)), ("TaskView", task),
            ("JobsPage", JobsPage(jobs: [job], next: 1)),
            ("JobsPage", JobsPage(jobs: [], next: nil)), ("TasksPage", TasksPage(tasks: [task], next: 1)),
            ("TrialsPage", TrialsPage(trials: [trial])),
            ("ModelsPage", ModelsPage(models: [summary])), ("ModelSummary", summary),
            ("VersionsPage", VersionsPage(versions: [version])),
            ("ModelVersion", version), ("Lineage", lineage), ("PromotionsPage", PromotionsPage(promotions: [promotion])),
            ("Promotion", promotion),
            ("DriftPage", DriftPage(reports: [drift])), ("DriftReport", drift),
            ("DatasetsPage", DatasetsPage(datasets: [dataset])),
            ("DatasetRecord", dataset), ("EventsPage", EventsPage(term: 1, events: [event], next: 1, first: 1)),
            ("EventView", event),
            ("EventView", EventView(number: 1, at: 1, event: "e")), ("WorkersPage", WorkersPage(workers: [worker])),
            ("WorkerView", worker),
            ("InfoView", info),
            ("HealthView", HealthView(status: "live")), ("OutputFileView", file), ("LogPart", log),
            ("LogsPage", LogsPage(parts: [log], next: 1)), ("Reason", reason), ("ExplanationView", explanation),
            ("JobNumbers", JobNumbers(jobs: [1])), ("AskRequest", AskRequest(holder: "h", count: 2)),
            ("AskRequest", AskRequest()),
            ("AskView", asked), ("AskedTrial", asked.trials[0]), ("TellRequest", TellRequest(tells: [tell])), ("Tell", tell),
            ("Tell", Tell(number: 1, attempt: "1.1")), ("TellView", TellView(taken: 1, refused: [refused])),
            ("ImportRequest", ImportRequest(uid: "u", spec: "s", trials: [imported])), ("ImportedTrial", imported),
            ("ImportedTrial", ImportedTrial(parameters: [:])), ("RefusedTell", refused), ("StudyView", study),
            ("OverfittingView", overfitting), ("SearchedView", searched),
            ("SearchedView", SearchedView(name: "n", scale: "choice")), ("PlateauView", plateau), ("FallView", fall),
            ("ContourView", contour),
            ("ObjectiveView", ObjectiveView(metric: "m", direction: "minimize")),
        ]
    }

    @Test func `schemas describe what is encoded, key by key`() throws {
        var seen: [String: Set<String>] = [:]
        for (name, example) in Self.examples() {
            let object = try #require(JSONSerialization.jsonObject(with: try APICoding.encode(example)) as? [String: Any])
            let schema = try #require(OpenAPISchemas.all[name], "\(name)")
            let keys = Set(object.keys)
            #expect(keys.isSubset(of: Set(schema.map(\.name))), "\(name)")
            #expect(Set(schema.filter(\.isRequired).map(\.name)).isSubset(of: keys), "\(name)")
            for property in schema {
                guard let value = object[property.name] else { continue }
                #expect(Self.fits(value, property.schema), "\(name).\(property.name)")
            }
            seen[name, default: []].formUnion(keys)
        }
        for (name, schema) in OpenAPISchemas.all { #expect(seen[name] == Set(schema.map(\.name)), "\(name)") }
    }

    private static func fits(_ value: Any, _ schema: Schema) -> Bool {
        switch schema {
        case .string, .text, .binary: value is String
        case .number, .integer: value is NSNumber
        case .boolean: value is Bool
        case .object, .reference: value is [String: Any]
        case .array: value is [Any]
        case .dictionary: value is [String: Any]
        case .either(let a, let b): fits(value, a) || fits(value, b)
        }
    }
}
