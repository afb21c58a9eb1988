import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A study as population-based training: trial m is a member, a run of the program for each generation; between generations the
/// worst members go on from the checkpoints of the best with other parameters.
///
/// Task indices: generation g of member m is the task at m * generations + g. A generation begins when all of the one before
/// have ended, so what is exchanged depends on results only.
struct PopulationPlan: JobPlan {
    private let job: JobID
    private let spec: CommandStudySpec
    private let population: Population
    private let generations: [Int]
    private var members: [Member]
    /// The generation that runs, and how many of its runs have ended.
    private var generation = 0
    private var explored = 0
    private var ended = 0
    private var failed = 0
    private var firstError: ErrorView?
    private var digest = ContentHasher()

    private struct Member {
        var parameters: [String: ParameterValue]
        /// SHA-256 of the checkpoint it goes on from; empty when there is none.
        var checkpoint = ""
        /// What its runs came to, by generation; nil for one that failed.
        var scores: [Int: CommandScore?] = [:]
        var checkpoints: [Int: String] = [:]
        var error: ErrorView?
    }

    /// `study` draws the members; all of them are open at once.
    init(job: JobID, _ spec: CommandStudySpec, _ training: PopulationSpec, study: Study) {
        self.job = job
        self.spec = spec
        population = Population(space: study.space, quantile: training.quantile, resample: training.resample)
        generations = training.generations
        var study = study
        var members: [Member] = []
        while let trial = study.next() { members.append(Member(parameters: trial.parameters)) }
        self.members = members
    }

    private var goal: Goals.Goal { spec.goals.objectives[0] }
    var taskCount: Int { members.count * generations.count }
    var progress: PlanProgress {
        let isOver = generation == generations.count
        return PlanProgress(
            trials: members.count, trialsFinished: isOver ? members.count : 0,
            best: ranked(after: min(generation, generations.count) - 1).first.flatMap { objective(of: $0, generation - 1) })
    }

    mutating func start(_: RecordedTrials) -> PlanStep { begin() }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        ended += 1
        let (number, run) = Int(index).quotientAndRemainder(dividingBy: generations.count)
        guard members.indices.contains(number), members[number].scores[run] == nil else { return PlanStep() }
        do throws(ErrorView) {
            guard end == .succeeded, let result else {
                throw error ?? ErrorView(code: "E_CANCELLED", message: "it was cancelled")
            }
            let score = try CommandScore(result.command, goals: spec.goals)
            members[number].scores.updateValue(score, forKey: run)
            let checkpoint = result.command.checkpoint
            members[number].checkpoints[run] = ContentHash.isWellFormed(checkpoint) ? checkpoint : ""
        } catch {
            failed += 1
            members[number].scores.updateValue(nil, forKey: run)
            members[number].error = error
            if firstError == nil { firstError = error }
        }
        var step = PlanStep()
        // After a restart later generations may have ended already.
        while generation < generations.count, members.allSatisfy({ $0.scores[generation] != nil }) {
            close(&step)
        }
        return step
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        let (number, run) = Int(index).quotientAndRemainder(dividingBy: generations.count)
        guard members.indices.contains(number) else { return ProtoTaskPayload() }
        return .with {
            $0.command = .with {
                ($0.index, $0.attempt) = (index, Int32(clamping: attempt))
                let own = members[number].parameters
                $0.parameters = CanonicalJSON.encode(spec.program.parameters.merging(own) { _, own in own })
                $0.checkpoint = members[number].checkpoint
                $0.steps = Int64(generations[run])
            }
        }
    }

    // MARK: - Generations

    private mutating func begin() -> PlanStep {
        var step = PlanStep()
        for number in members.indices {
            let index = Int32(number * generations.count + generation)
            step.tasks.append(.range(index..<index + 1))
            step.trials.append(record(of: number, state: "running"))
        }
        return step
    }

    /// All of the generation have ended: the next one begins, or the study is over.
    private mutating func close(_ step: inout PlanStep) {
        for (number, member) in members.enumerated() {
            let line = member.scores[generation].flatMap { $0?.line } ?? "failed"
            digest.update("\(generation) \(number) \(CanonicalJSON.encode(member.parameters)) \(line)\n".utf8)
        }
        generation += 1
        if generation == generations.count || members.allSatisfy({ $0.scores[generation - 1].flatMap { $0 } == nil }) {
            generation = generations.count
            return conclude(&step)
        }
        for number in members.indices { members[number].checkpoint = members[number].checkpoints[generation - 1] ?? "" }
        let sign = goal.direction == .minimize ? 1.0 : -1.0
        let exchanges = population.exchanges(
            losses: members.indices.map { number in objective(of: number, generation - 1).map { sign * $0 } },
            parameters: members.map(\.parameters), generation: generation, seed: spec.search.seed)
        for exchange in exchanges {
            members[exchange.member].checkpoint = members[exchange.source].checkpoints[generation - 1] ?? ""
            members[exchange.member].parameters = exchange.parameters
            members[exchange.member].error = nil
        }
        explored += exchanges.count
        step.append(begin())
    }

    private func objective(of number: Int, _ generation: Int) -> Double? {
        members[number].scores[generation].flatMap { $0?.objective }
    }

    /// The members that have an objective after a generation, best first.
    private func ranked(after generation: Int) -> [Int] {
        members.indices.filter { objective(of: $0, generation) != nil }.sorted { first, second in
            guard let a = objective(of: first, generation), let b = objective(of: second, generation), a != b else {
                return first < second
            }
            return goal.direction == .maximize ? a > b : a < b
        }
    }

    private mutating func conclude(_ step: inout PlanStep) {
        let last = generations.count - 1
        for (number, member) in members.enumerated() {
            var record = record(of: number, state: "failed")
            if let score = member.scores[last].flatMap({ $0 }) {
                (record.state, record.objective) = ("succeeded", score.objective)
                record.metrics = CanonicalJSON.encode(score.metrics)
            } else {
                (record.errorCode, record.errorMessage) = (member.error?.code, member.error?.message)
            }
            step.trials.append(record)
        }
        let best = ranked(after: last)
        // Every set of parameters that was tried counts.
        var result = JobResult(
            resultHash: digest.finish(), tasks: ended, failed: failed, trialsCounted: members.count + explored)
        result.leaderboard = best.prefix(20).map { number in
            TrialView(
                number: Int32(number), state: "succeeded",
                parameters: CanonicalJSON.decode(CanonicalJSON.encode(members[number].parameters)) ?? [:],
                objective: objective(of: number, last), metrics: members[number].scores[last].flatMap { $0?.metrics } ?? [:])
        }
        step.conclusion = PlanConclusion(result: result)
        if best.isEmpty {
            step.conclusion?.error = ErrorView(
                code: firstError?.code ?? "E_STUDY_FAILED", message: "no trial succeeded: \(firstError?.message ?? "")",
                hint: firstError?.hint)
        }
    }

    private func record(of number: Int, state: String) -> TrialRecord {
        var record = TrialRecord(
            job: job, number: Int32(number), state: state, parameters: CanonicalJSON.encode(members[number].parameters))
        if generation > 0 { record.steps = Int32(generations[min(generation, generations.count) - 1]) }
        return record
    }
}
