import Cluster
import Diagnostics
import Foundation
import Specs
import Testing

@testable import bellwether

/// Studies from and to Optuna 5.0.0; `Reference/make_optuna.py` wrote what it reads, and reads what it wrote (`exported.log`).
@Suite struct OptunaTests {
    private static func reference(_ name: String) throws -> Data {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Reference/\(name)")
        return try Data(contentsOf: file)
    }

    private func journal() throws -> ForeignStudy {
        try OptunaJournal.read(Self.reference("optuna.log"), study: nil, metric: "value")
    }

    /// The study as the head would show it once it is on record.
    private func shown(_ study: ForeignStudy) -> (StudyView, [TrialView]) {
        let parameters = study.parameters.sorted { $0.key < $1.key }.map { name, range in
            var view: SearchedView
            switch range {
            case .float(let low, let high, let log, let step):
                view = SearchedView(name: name, scale: log ? "log" : "linear", low: low, high: high)
                view.step = step
            case .int(let low, let high, let log, let step):
                view = SearchedView(name: name, scale: log ? "log" : "linear", low: Double(low), high: Double(high))
                (view.step, view.isWhole) = (Double(step), true)
            case .choice(let choices): view = SearchedView(name: name, scale: "choice", choices: choices)
            }
            return view
        }
        let trials = study.trials.enumerated().map { number, trial in
            TrialView(
                number: Int32(number), state: trial.metrics == nil ? "failed" : "succeeded", parameters: trial.parameters,
                objective: trial.metrics?["value"], metrics: trial.metrics ?? [:])
        }
        let view = StudyView(
            job: 1, state: "succeeded", direction: study.isMaximized ? "maximize" : "minimize", objective: "value", trials: 9,
            succeeded: 7, trialsCounted: 9, earlierTrials: 0, parameters: parameters)
        return (view, trials)
    }

    @Test func `a journal gives the space, and every trial that has ended to the last bit`() throws {
        let study = try journal()
        #expect(study.name == "tune" && !study.isMaximized)
        #expect(
            study.parameters == [
                "rate": .float(low: 0.001, high: 1, log: true, step: nil),
                "width": .float(low: -1, high: 1, log: false, step: 0.25),
                "layers": .int(low: 1, high: 9, log: false, step: 2),
                "kind": .choice([.text("plain"), .text("deep, wide"), .number(3)]),
            ])
        #expect(study.trials.count == 9)
        #expect(study.trials[1].metrics == ["value": 0.6648809810087779])
        #expect(
            study.trials[1].parameters["rate"] == .number(0.0023809810087779444)
                && study.trials[1].parameters["kind"] == .number(3))
        #expect(study.trials[2].error == "pruned by Optuna" && study.trials[4].error == "failed in Optuna")
        #expect(study.trials[8].metrics == ["value": 0.125] && study.trials[8].parameters == study.trials[0].parameters)
    }

    @Test func `what comes of it is a spec that this program takes`() throws {
        for study in [
            try journal(),
            try TrialsCSV.read(
                String(decoding: Self.reference("optuna.csv"), as: UTF8.self), name: "old", metric: "value", isMaximized: true),
        ] {
            let request = try study.request(uid: "u")
            guard case .commandStudy(let spec) = try JobSpec.parse(text: request.spec).body else {
                Issue.record("another kind")
                continue
            }
            #expect(spec.external != nil && spec.search.trials == 9)
            #expect(spec.searched.count == 4)
        }
    }

    @Test func `a CSV file has the same trials, and the ranges that were tried`() throws {
        let text = String(decoding: try Self.reference("optuna.csv"), as: UTF8.self)
        let table = try TrialsCSV.read(text, name: "old", metric: "value", isMaximized: false)
        let journal = try journal()
        #expect(table.trials.map(\.metrics) == journal.trials.map(\.metrics))
        for name in ["rate", "width", "layers"] {
            #expect(table.trials.map { $0.parameters[name] } == journal.trials.map { $0.parameters[name] })
        }
        #expect(table.parameters["layers"] == .int(low: 1, high: 9, log: false, step: 1))
        #expect(table.parameters["kind"] == .choice([.text("3"), .text("plain")]))
    }

    @Test func `an exported journal is the one that Optuna has read, and reads back the same`() throws {
        let study = try journal()
        let (view, trials) = shown(study)
        let written = OptunaJournal.write(view, name: "tune", at: 1_700_000_000_000, trials: trials)
        #expect(String(decoding: written, as: UTF8.self) == String(decoding: try Self.reference("exported.log"), as: UTF8.self))
        let again = try OptunaJournal.read(written, study: "tune", metric: "value")
        #expect(again.parameters == study.parameters && again.trials.map(\.parameters) == study.trials.map(\.parameters))
        #expect(again.trials.map(\.metrics) == study.trials.map(\.metrics))
        let table = try TrialsCSV.read(TrialsCSV.optuna(trials), name: "t", metric: "value", isMaximized: false)
        #expect(table.trials.map(\.metrics) == study.trials.map(\.metrics))
    }

    @Test func `files of study export are read, too`() throws {
        let (_, trials) = shown(try journal())
        let table = try TrialsCSV.read(TrialText.csv(trials), name: "t", metric: "value", isMaximized: false)
        #expect(table.trials.map(\.metrics) == trials.map { $0.objective.map { ["value": $0] } })
        #expect(table.trials.map { $0.parameters["rate"] } == trials.map { $0.parameters["rate"] })
    }

    @Test func `a parameter with one value is fixed and leaves the trials`() throws {
        var study = try journal()
        study.parameters["width"] = .float(low: 0.5, high: 0.5, log: false, step: nil)
        let request = try study.request(uid: "u")
        #expect(request.trials.allSatisfy { $0.parameters["width"] == nil && $0.parameters["rate"] != nil })
        guard case .commandStudy(let spec) = try JobSpec.parse(text: request.spec).body else { return }
        #expect(spec.program.parameters.keys.contains("width") && spec.searched.count == 3)
    }

    @Test(arguments: [
        ("{}", "E_OPTUNA"), ("{\"op_code\": 5, \"trial_id\": 0}", "E_OPTUNA"), ("{\"op_code\": 4, \"study_id\": 7}", "E_OPTUNA"),
        ("{\"op_code\": 0, \"study_name\": \"a\", \"directions\": [1, 2]}", "E_OPTUNA_STUDY"), ("", "E_OPTUNA_STUDY"),
        (
            "{\"op_code\": 0, \"study_name\": \"a\", \"directions\": [1]}\n{\"op_code\": 0, \"study_name\": \"b\", \"directions\": [1]}",
            "E_OPTUNA_STUDY"
        ),
        (
            "{\"op_code\": 0, \"study_name\": \"a\", \"directions\": [1]}\n{\"op_code\": 4, \"study_id\": 0, \"state\": 9}",
            "E_OPTUNA"
        ),
    ])
    func `what is no journal of one study is refused with its line`(text: String, code: String) {
        let error = #expect(throws: CommandError.self) { try OptunaJournal.read(Data(text.utf8), study: nil, metric: "value") }
        #expect(error?.code == code)
    }

    @Test(arguments: ["", "a,b\n1,2\n", "number,value,state\n1,2\n", "number,value,state\n1,\"2,COMPLETE\n"])
    func `what is no table of trials is refused`(text: String) {
        let error = #expect(throws: CommandError.self) {
            try TrialsCSV.read(text, name: "t", metric: "value", isMaximized: false)
        }
        #expect(error?.code == "E_CSV")
    }
}
