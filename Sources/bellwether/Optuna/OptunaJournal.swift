import Cluster
import Diagnostics
import Foundation

/// The journal file of Optuna (`JournalFileBackend`): a JSON object a line, each an operation. As Optuna 5 writes it.
enum OptunaJournal {
    private typealias Operation = OptunaEntry.Operation
    fileprivate typealias State = OptunaEntry.State

    fileprivate struct Trial {
        var state = State.running
        var value: Double?
        var parameters: [String: ParameterView] = [:]
    }

    fileprivate struct Study {
        var name: String
        var directions: [Int]
        var ranges: [String: ForeignStudy.Range] = [:]
        var trials: [Trial] = []
    }

    /// The study named `name`, or the only one. Throws `E_OPTUNA` with the line for what cannot be read, `E_OPTUNA_STUDY` when the study
    /// is not there or not the only one, and for several objectives.
    static func read(_ data: Data, study name: String?, metric: String) throws -> ForeignStudy {
        var studies: [Study?] = []
        // Where each trial is, by the number that counts all studies' trials.
        var places: [(study: Int, trial: Int)] = []
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let entry = try? OptunaEntry(line: line) else {
                throw failure("it is no JSON object with an op_code and what belongs to it", line: number)
            }
            do {
                switch Operation(rawValue: entry.opCode) {
                case .createStudy: studies.append(Study(name: entry.studyName ?? "", directions: entry.directions ?? []))
                case .deleteStudy: if let id = entry.studyId, studies.indices.contains(id) { studies[id] = nil }
                case .createTrial:
                    guard let id = entry.studyId, studies.indices.contains(id) else { throw Malformed() }
                    places.append((id, studies[id]?.trials.count ?? 0))
                    try studies[id]?.add(entry)
                case .setParameter, .setState:
                    guard let id = entry.trialId, places.indices.contains(id) else { throw Malformed() }
                    let place = places[id]
                    try studies[place.study]?.change(place.trial, entry)
                case nil: continue
                }
            } catch is Malformed {
                throw failure("it is not what Optuna writes for operation \(entry.opCode)", line: number)
            }
        }
        let found = studies.compactMap { $0 }.filter { name == nil || $0.name == name }
        guard let study = found.first, found.count == 1 else {
            let names = studies.compactMap { $0?.name }
            throw CommandError(
                "E_OPTUNA_STUDY", .input,
                name.map { "there is no study \($0)" } ?? "the file has \(names.count) studies",
                hint: names.isEmpty ? nil : "name one with --study: \(names.joined(separator: ", "))")
        }
        guard study.directions.count == 1 else {
            throw CommandError(
                "E_OPTUNA_STUDY", .input, "the study \(study.name) has \(study.directions.count) objectives, not one")
        }
        return study.foreign(metric: metric)
    }

    fileprivate struct Malformed: Error {}

    fileprivate static func failure(_ what: String, line: Int) -> CommandError {
        CommandError("E_OPTUNA", .input, "line \(line + 1) is no entry of Optuna's journal: \(what)")
    }
}

extension OptunaJournal.Study {
    /// A trial as it is made: empty, or whole when it was added from elsewhere.
    fileprivate mutating func add(_ entry: OptunaEntry) throws {
        var trial = OptunaJournal.Trial()
        if let state = entry.state { trial.state = try OptunaJournal.state(state) }
        trial.value = entry.values?.first ?? entry.value
        for (name, value) in entry.params ?? [:] {
            guard let text = entry.distributions?[name] else { throw OptunaJournal.Malformed() }
            trial.parameters[name] = try take(name, value, text)
        }
        trials.append(trial)
    }

    fileprivate mutating func change(_ trial: Int, _ entry: OptunaEntry) throws {
        guard trials.indices.contains(trial) else { throw OptunaJournal.Malformed() }
        if let state = entry.state {
            trials[trial].state = try OptunaJournal.state(state)
            trials[trial].value = entry.values?.first ?? entry.value
            return
        }
        guard let name = entry.paramName, let value = entry.paramValueInternal, let text = entry.distribution else {
            throw OptunaJournal.Malformed()
        }
        trials[trial].parameters[name] = try take(name, value, text)
    }

    /// Widens the parameter's range to the distribution, and returns the value that its internal form stands for.
    private mutating func take(_ name: String, _ number: Double, _ text: String) throws -> ParameterView {
        guard let range = OptunaDistribution.range(text) else { throw OptunaJournal.Malformed() }
        if let known = ranges[name] {
            guard let both = known.union(range) else { throw OptunaJournal.Malformed() }
            ranges[name] = both
        } else {
            ranges[name] = range
        }
        guard case .choice(let choices) = range else { return .number(number) }
        guard let index = Int(exactly: number), choices.indices.contains(index) else { throw OptunaJournal.Malformed() }
        return choices[index]
    }

    fileprivate func foreign(metric: String) -> ForeignStudy {
        let ended = trials.filter { $0.state != .running && $0.state != .waiting }
        return ForeignStudy(
            name: name, isMaximized: directions == [2], metric: metric, parameters: ranges,
            trials: ended.map { trial in
                guard trial.state == .complete, let value = trial.value else {
                    return ImportedTrial(
                        parameters: trial.parameters, error: trial.state == .pruned ? "pruned by Optuna" : "failed in Optuna")
                }
                return ImportedTrial(parameters: trial.parameters, metrics: [metric: value])
            })
    }
}

extension OptunaJournal {
    fileprivate static func state(_ number: Int) throws -> State {
        guard let state = State(rawValue: number) else { throw Malformed() }
        return state
    }

    // MARK: - Writing

    /// The study as a journal that Optuna reads: one operation makes the study, one each trial. Bellwether keeps no times of trials, so all
    /// of them have the study's.
    static func write(_ study: StudyView, name: String, at milliseconds: Int64, trials: [TrialView]) -> Data {
        let time =
            Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(
                .iso8601.year().month().day().timeSeparator(.colon).time(includingFractionalSeconds: true)) + "+00:00"
        var lines = [
            CanonicalJSON.encode(NewStudy(studyName: name, directions: [study.direction == "maximize" ? 2 : 1]))
        ]
        for trial in trials {
            let state: State =
                switch trial.state {
                case "running": .running
                case "pruned": .pruned
                default: trial.objective == nil ? .failed : .complete
                }
            var line = NewTrial(
                start: time, end: state == .running ? nil : time, state: state.rawValue,
                values: state == .complete ? [trial.objective ?? 0] : nil, attributes: trial.metrics)
            for parameter in study.parameters {
                guard let value = trial.parameters[parameter.name],
                    let number = OptunaDistribution.internalValue(value, parameter)
                else { continue }
                line.distributions[parameter.name] = OptunaDistribution(parameter).text
                line.params[parameter.name] = number
            }
            lines.append(CanonicalJSON.encode(line))
        }
        return Data((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static let worker = "bellwether"

    private struct NewStudy: Encodable {
        var opCode = Operation.createStudy.rawValue
        var workerId = worker
        var studyName: String
        var directions: [Int]

        private enum CodingKeys: String, CodingKey {
            case opCode = "op_code"
            case workerId = "worker_id"
            case studyName = "study_name"
            case directions
        }
    }

    /// A trial that is added whole; Optuna wants the keys of what is not there, too.
    private struct NewTrial: Encodable {
        var start: String
        var end: String?
        var state: Int
        var values: [Double]?
        var attributes: [String: Double]
        var params: [String: Double] = [:]
        var distributions: [String: String] = [:]

        private enum Key: String, CodingKey {
            case opCode = "op_code"
            case workerId = "worker_id"
            case studyId = "study_id"
            case start = "datetime_start"
            case end = "datetime_complete"
            case attributes = "user_attrs"
            case systemAttributes = "system_attrs"
            case intermediate = "intermediate_values"
            case state, value, values, params, distributions
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(Operation.createTrial.rawValue, forKey: .opCode)
            try container.encode(worker, forKey: .workerId)
            try container.encode(0, forKey: .studyId)
            try container.encode(start, forKey: .start)
            try container.encodeIfPresent(end, forKey: .end)
            try container.encode(state, forKey: .state)
            try container.encodeNil(forKey: .value)
            try container.encode(values, forKey: .values)
            try container.encode(attributes, forKey: .attributes)
            try container.encode(params, forKey: .params)
            try container.encode(distributions, forKey: .distributions)
            try container.encode([String: Double](), forKey: .systemAttributes)
            try container.encode([String: Double](), forKey: .intermediate)
        }
    }
}
