import Backtest
import Diagnostics
import Foundation
import MarketData
import Registry
import Scheduling
import Search
import Specs
import Synchronization

/// Turns a submission into a job that the loop can take: parses, resolves names, pins hashes, makes the plan.
///
/// Works on a serial queue of its own because it blocks on the store.
final class Admission: Sendable {
    enum Outcome: Sendable {
        /// The key names a job already.
        case known(JobView)
        case new(AdmittedJob)
    }

    let queue = DispatchQueue(label: "admission")
    /// The most tasks a job may have; the scheduler's own limit is a little higher.
    private static let tasksLimit = 16_000_000
    /// How long a submission waits for a store that is silent.
    private static let patienceMilliseconds: Int64 = 1_500
    private let overdue = OverdueWatch(patienceMilliseconds: Admission.patienceMilliseconds)

    let stores: Head.Stores
    private let configuration: HeadConfiguration

    init(stores: Head.Stores, configuration: HeadConfiguration) {
        self.stores = stores
        self.configuration = configuration
    }

    /// Runs blocking work on the queue.
    func onQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// Calls `finish` once: with `SpecErrors`, `ClusterError`, `MarketDataError` or what the store throws when it fails, and with
    /// `E_STORE_UNAVAILABLE` when the store is silent for too long.
    func admit(_ request: SubmitRequest, finish: @escaping @Sendable (Result<Outcome, any Error>) -> Void) {
        let once = FirstOutcome(finish)
        queue.async { [self] in
            // Nobody waits any more for what the store kept waiting too long.
            if !once.isDone { once.finish(Result { try admitNow(request) }) }
        }
        overdue.watch { once.finish(.failure(ClusterError.unavailable())) }
    }

    private func admitNow(_ request: SubmitRequest) throws -> Outcome {
        guard (1...128).contains(request.uid.utf8.count), request.uid.utf8.allSatisfy(Self.isKeyByte) else {
            throw ClusterError.uidForm()
        }
        var spec = try JobSpec.parse(text: request.spec, file: request.file)
        try checkScheduling(spec)
        try checkFiles(spec.files)
        let known = try stores.journal.job(uid: request.uid)
        let dataset = try spec.dataset.map(resolve)
        if case .retrain(var retrain) = spec.body, retrain.version == nil {
            retrain.version = try champion(retrain).version
            spec.body = .retrain(retrain)
        }
        try pinWarmStart(&spec)
        let json = spec.canonicalJSON(datasetHash: dataset?.sha256)
        let hash = ContentHash.sha256(json.utf8)
        if let known {
            // A repeated submission means the job as it was resolved then, whatever names stand for now.
            guard try Self.isSameRequest(known.record, spec) else {
                throw ClusterError.uidConflict(request.uid, known: known.record.specHash, given: hash)
            }
            return .known(JobView(known))
        }
        let record = JobRecord(
            id: JobID(0), uid: request.uid, name: spec.name, kind: spec.kind.rawValue, spec: json, specHash: hash,
            dataset: dataset?.sha256, priority: spec.priority, submittedAt: WallClock.milliseconds,
            after: try spec.dependsOn.map(dependency), earlierTrials: try earlierTrials(spec, on: dataset))
        return .new(try admitted(record, spec))
    }

    /// The plan of a job as it was recorded; also how a starting head takes its open jobs up again.
    func admitted(_ record: JobRecord, _ spec: JobSpec) throws -> AdmittedJob {
        AdmittedJob(record: record, spec: spec, plan: try plan(of: spec, record))
    }

    /// How many trials the dataset of a study or sweep has seen: every one on record, whatever became of it.
    private func earlierTrials(_ spec: JobSpec, on dataset: DatasetRecord?) throws -> Int {
        guard spec.kind == .study || spec.kind == .sweep, let dataset else { return 0 }
        return try stores.journal.trialCount(dataset: dataset.sha256)
    }

    /// The newest job of a name, which has not failed. Throws `E_DEPENDS_UNKNOWN` and `E_DEPENDS_FAILED`.
    private func dependency(_ name: String) throws -> JobID {
        guard let found = try stores.journal.job(named: name) else { throw ClusterError.dependencyUnknown(name) }
        if let end = found.end, end.state != "succeeded" {
            throw ClusterError.dependencyFailed(found.record.id, name, state: end.state)
        }
        return found.record.id
    }

    /// How a job has ended; nil while it is open. Blocks on the store.
    func endState(of job: JobID) throws -> String? { try stores.journal.job(job)?.end?.state }

    private func checkScheduling(_ spec: JobSpec) throws {
        let scheduling = spec.scheduling
        let queues = [QueueDefinition.standard] + configuration.queues.map(\.name)
        if let quota = configuration.queues.first(where: { $0.name == scheduling.queue })?.quota,
            !spec.demand.choices.contains(where: { $0.withoutOthers.fits(in: quota) })
        {
            throw ClusterError.quotaTooSmall(scheduling.queue, asked: spec.resources, quota: quota)
        }
        guard queues.contains(scheduling.queue) else { throw ClusterError.queueUnknown(scheduling.queue, known: queues) }
        if let finish = scheduling.finishBefore, finish <= WallClock.milliseconds { throw ClusterError.deadlinePast(finish) }
    }

    // MARK: - Names

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isSameRequest(_ record: JobRecord, _ spec: JobSpec) throws -> Bool {
        Self.withoutPins(try JobSpec.parse(text: record.spec, file: nil)) == Self.withoutPins(spec)
    }

    /// The spec as it was asked for: names instead of what they stood for at the time.
    private static func withoutPins(_ spec: JobSpec) -> JobSpec {
        var spec = spec
        spec.dataset?.sha256 = nil
        switch spec.body {
        case .study(var study):
            study.search.unpinWarmStart()
            spec.body = .study(study)
        case .commandStudy(var study):
            study.search.unpinWarmStart()
            spec.body = .commandStudy(study)
        case .retrain(var retrain):
            retrain.version = nil
            spec.body = .retrain(retrain)
        case .backtest, .drill, .command, .sweep, .stress, .certify, .nested, .crossValidate: break
        }
        return spec
    }

    /// The catalogue decides what a name stands for on this machine; the table remembers it.
    private func resolve(_ reference: DatasetReference) throws -> DatasetRecord {
        var record: DatasetRecord
        if let pinned = reference.sha256, let known = try stores.models.dataset(sha256: pinned),
            stores.catalogue.contains(sha256: pinned)
        {
            record = known
        } else {
            let entry = try stores.catalogue.resolve(name: reference.name)
            record = DatasetRecord(
                sha256: entry.sha256, name: entry.name, rows: Int64(entry.rows), series: Int64(entry.series),
                firstTime: entry.firstTime, lastTime: entry.lastTime, importedAt: entry.importedAt)
            if try stores.models.dataset(name: entry.name)?.sha256 != entry.sha256 { try stores.models.put(record) }
        }
        if let pinned = reference.sha256, pinned != record.sha256 {
            throw ClusterError.datasetHash(reference.name, pinned: pinned, current: record.sha256)
        }
        record.name = reference.name
        return record
    }

    private func champion(_ spec: RetrainSpec) throws -> ModelVersion {
        if let version = spec.version {
            guard let known = try stores.models.version(version, of: spec.model) else {
                throw ClusterError.modelUnknown(spec.model, alias: "version \(version)")
            }
            return known
        }
        guard let known = try stores.models.resolve(model: spec.model, alias: spec.rule.alias) else {
            throw ClusterError.modelUnknown(spec.model, alias: spec.rule.alias)
        }
        return known
    }

    /// A program's files come with the spec, or are here.
    private func checkFiles(_ files: [CommandFile]) throws {
        for file in files {
            switch file.content {
            case .bytes: continue
            case .beside: throw ClusterError.fileContent(file.name)
            case .artifact(let sha256):
                if try !stores.artifacts.exists(sha256) { throw ClusterError.fileUnknown(file.name, sha256) }
            }
        }
    }

    // MARK: - Plans

    private func plan(of spec: JobSpec, _ record: JobRecord) throws -> @Sendable (JobID) -> any JobPlan {
        switch spec.body {
        case .drill(let drill): return { _ in DrillPlan(tasks: drill.tasks) }
        case .command(let command): return { _ in CommandPlan(command) }
        case .commandStudy(let study):
            let search = try Study(
                study.search, space: study.searchSpace(), goals: study.goals,
                known: knownTrials(study.search.warmStart, of: study.searchSpace(), goals: study.goals))
            return { CommandStudyPlan(job: $0, study, study: search) }
        case .retrain(let retrain):
            try spec.checkWindows(bars: bars(of: record))
            return try retrainPlan(retrain, record)
        case .study(let study):
            let bars = try bars(of: record)
            let windows = try windows(of: spec, record)
            guard study.search.trials <= Self.tasksLimit / (windows.count + 1) else {
                throw ClusterError.tooManyTasks(trials: study.search.trials, windows: windows.count, limit: Self.tasksLimit)
            }
            let space = try study.searchSpace()
            let search = try Study(
                study.search, space: space, goals: study.goals,
                known: knownTrials(study.search.warmStart, of: space, goals: study.goals))
            let retrain = spec.retrainJob?.canonicalJSON()
            let reuse = try reuse(for: spec, record)
            let configuration = configuration
            return { job in
                let goal = StudyGoal(
                    isStudy: true, goals: study.goals, strategy: study.strategy, then: study.then,
                    datasetHash: record.dataset ?? "", specHash: record.specHash, codeVersion: configuration.codeVersion,
                    job: job.rawValue, retrainSpec: retrain, earlierTrials: record.earlierTrials)
                return StudyPlan(job: job, goal: goal, study: search, windows: windows, bars: bars, reuse: reuse)
            }
        case .backtest:
            let bars = try bars(of: record)
            // Without walk-forward the whole history is one test window: a rule has nothing to fit.
            let windows = try windows(of: spec, record)
            let reuse = try reuse(for: spec, record)
            let configuration = configuration
            return { job in
                let goal = StudyGoal(
                    isStudy: false, goals: Goals(MetricName.totalReturn.rawValue, .maximize), strategy: nil,
                    then: StudySpec.Then(), datasetHash: record.dataset ?? "", specHash: record.specHash,
                    codeVersion: configuration.codeVersion,
                    job: job.rawValue, retrainSpec: nil)
                let search = Study(
                    space: .point, sampler: RandomSampler(), trials: 1, seed: 0, parallelTrials: 1, direction: .maximize)
                return StudyPlan(job: job, goal: goal, study: search, windows: windows, bars: bars, reuse: reuse)
            }
        case .sweep(let sweep):
            let bars = try bars(of: record)
            return { SweepPlan(job: $0, sweep, bars: bars, earlierTrials: record.earlierTrials) }
        case .stress(let stress):
            let bars = try bars(of: record)
            _ = try windows(of: spec, record)
            return { _ in StressPlan(stress, bars: bars) }
        case .certify(let certify):
            _ = try windows(of: spec, record)
            let series = try Int(dataset(of: record).series)
            guard series <= Self.tasksLimit / certify.blocks else {
                throw ClusterError.tooManyTasks(trials: certify.trials, windows: series, limit: Self.tasksLimit)
            }
            return { _ in CertifyPlan(certify, series: series) }
        case .crossValidate(let validation):
            let bars = try bars(of: record)
            try checkFolds(validation, bars: bars)
            let plan = try CrossValidatePlan(validation, bars: bars)
            return { _ in plan }
        case .nested(let nested):
            let study = nested.study
            let windows = try windows(of: spec, record)
            guard study.search.trials < Self.tasksLimit / windows.count else {
                throw ClusterError.tooManyTasks(trials: study.search.trials, windows: windows.count, limit: Self.tasksLimit)
            }
            try checkInner(nested, windows, record)
            let space = try study.searchSpace()
            let reuse = try reuse(for: spec, record)
            return { NestedPlan(job: $0, study, space: space, windows: windows, reuse: reuse) }
        }
    }

    /// What earlier jobs have run of this one. A job without a number yet comes after all that there are.
    private func reuse(for spec: JobSpec, _ record: JobRecord) throws -> WindowReuse {
        let pinned = record.dataset.map(spec.pinned(toDataset:)) ?? spec
        let before = record.id.rawValue > 0 ? record.id : nil
        return WindowReuse(spec: pinned, cache: try WindowCache(for: pinned, before: before, in: stores.journal))
    }

    private func windows(of spec: JobSpec, _ record: JobRecord) throws -> [Window] {
        try spec.windows(bars: bars(of: record)) { try times(of: record) }
    }

    /// The times of the bars, on which all series of a dataset with windows agree.
    private func times(of record: JobRecord) throws -> [Int64] {
        try stores.catalogue.load(sha256: record.dataset ?? "").series.first?.time ?? []
    }

    /// Throws what makes folds impossible on so many bars, and `E_WINDOW_COUNT` for more positions than a head keeps.
    private func checkFolds(_ spec: CrossValidateSpec, bars: Int) throws {
        do throws(MarketDataError) {
            try spec.folds.check(bars: bars)
        } catch {
            var pointer = "/folds"
            if case .key(let key) = error.place { pointer += key }
            throw SpecErrors(SpecError(error.code, error.message, pointer: pointer, hint: error.hint))
        }
        let positions = spec.folds.splitCount * (bars / spec.folds.folds + 1) * spec.folds.testFolds
        guard positions <= CrossValidateSpec.positionLimit else {
            throw SpecErrors(
                SpecError(
                    "E_WINDOW_COUNT", "\(spec.folds.splitCount) splits of \(bars) bars are more positions than a head keeps",
                    pointer: "/folds/testFolds", hint: "test fewer folds at a time"))
        }
    }

    /// Throws what makes the inner windows of the first train range impossible, at the plan's key.
    private func checkInner(_ nested: NestedSpec, _ windows: [Window], _ record: JobRecord) throws {
        guard let train = windows.first?.train else { return }
        do throws(MarketDataError) {
            if nested.inner.unit == .bars {
                _ = try nested.inner.windowCount(bars: train.count)
            } else {
                let times = (try? times(of: record)) ?? []
                _ = try nested.inner.windows(times: Array(times.prefix(train.upperBound).dropFirst(train.lowerBound)))
            }
        } catch {
            throw SpecErrors(SpecError(error.code, error.message, pointer: "/inner", hint: error.hint))
        }
    }

    private func retrainPlan(_ spec: RetrainSpec, _ record: JobRecord) throws -> @Sendable (JobID) -> any JobPlan {
        let champion = try champion(spec)
        let bars = try bars(of: record)
        let configuration = configuration
        return { job in
            let lineage = Lineage(
                datasetHash: record.dataset ?? "", specHash: record.specHash, codeVersion: configuration.codeVersion,
                seed: champion.lineage.seed, trialCount: champion.lineage.trialCount, parent: champion.version, job: job.rawValue,
                strategy: champion.lineage.strategy)
            return RetrainPlan(spec: spec, champion: champion, bars: bars, lineage: lineage)
        }
    }

    private func bars(of record: JobRecord) throws -> Int { try Int(dataset(of: record).rows) }

    private func dataset(of record: JobRecord) throws -> DatasetRecord {
        guard let hash = record.dataset, let dataset = try stores.models.dataset(sha256: hash) else {
            throw ClusterError.datasetUnknown(record.dataset ?? record.name)
        }
        return dataset
    }
}

/// Resumes a caller with the first outcome it is told; later ones are dropped.
private final class FirstOutcome<Value: Sendable>: Sendable {
    private let waiting: Mutex<(@Sendable (Result<Value, any Error>) -> Void)?>

    init(_ body: @escaping @Sendable (Result<Value, any Error>) -> Void) { waiting = Mutex(body) }

    var isDone: Bool { waiting.withLock { $0 == nil } }

    func finish(_ outcome: Result<Value, any Error>) {
        let body = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        body?(outcome)
    }
}
