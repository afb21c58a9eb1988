import Backtest
import Foundation
import Registry
import Scheduling
import Stores
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

/// A study of 60 trials on record, in which the Sharpe ratio falls with the distance of l2 from 1 and does not care for threshold.
@Suite struct StudyReaderTests {
    private let journal = InMemoryJournal(storage: InMemoryStorage())
    private let job = JobID(4)

    private func spec(_ more: String = "") -> String {
        """
        {"job": "study", "name": "s", "dataset": "d", "strategy": {"features": ["return_1"], "label": {"forwardReturn": 1},
        "model": {"kind": "ridge", "l2": {"float": [0.01, 100], "log": true}},
        "position": {"kind": "sign", "threshold": {"float": [0, 1]}}}, "walkForward": {"train": 50, "test": 20},
        "search": {"sampler": "random", "trials": 60, "seed": 1}, "objective": {"maximize": "sharpe"}\(more)}
        """
    }

    private func sharpe(_ trial: Int32) -> Double { 2 - abs(l2Exponent(trial)) * 1.5 }
    private func l2Exponent(_ trial: Int32) -> Double { Double(trial * 7 % 60) / 15 - 2 }

    private func record(earlier: Int = 40, failed: Set<Int32> = [5, 6], more: String = "") throws {
        let term = try journal.raiseTerm()
        let record = JobRecord(
            id: job, uid: "u", name: "s", kind: "study", spec: spec(more), specHash: "h", dataset: "d", priority: 0,
            submittedAt: 1,
            earlierTrials: earlier)
        try journal.commit([.jobSubmitted(record)], term: term)
        for trial in Int32(0)..<60 {
            var row = TrialRecord(
                job: job, number: trial, state: "failed",
                parameters: CanonicalJSON.encode([
                    "model.l2": pow(10, l2Exponent(trial)), "position.threshold": Double(trial * 13 % 60) / 60,
                ]), errorCode: "E_X", errorMessage: "m")
            let index = trial * 3 + 2
            guard !failed.contains(trial) else {
                try journal.commit([.trial(row)], term: term)
                continue
            }
            row.state = "succeeded"
            (row.errorCode, row.errorMessage) = (nil, nil)
            row.objective = sharpe(trial)
            row.metrics = CanonicalJSON.encode([
                "sharpe": sharpe(trial), "periods": 320, "skew": 0, "kurtosis": 3, "maxDrawdown": sharpe(trial) > 1 ? -0.5 : -0.2,
            ])
            let stitch = ProtoTaskResult.with {
                $0.stitch.trial = trial
                $0.stitch.returns = (0..<320).map { 0.001 * sharpe(trial) + ($0 % 2 == 0 ? 0.01 : -0.01) }
            }
            let task = TaskRecord(
                task: TaskID(job: job, index: index), end: .succeeded, attempt: nil, worker: "",
                result: try stitch.serializedBytes())
            try journal.commit([.trial(row), .taskEnded(task)], term: term)
        }
    }

    @Test func `a trial that breaks a limit is not the best while others keep it`() throws {
        try record(more: #", "subjectTo": ["maxDrawdown > -0.35"]"#)
        let study = try #require(try StudyReader(journal: journal).study(job))
        #expect(study.best?.objective == (0..<60).filter { ![5, 6].contains($0) }.map(sharpe).filter { $0 <= 1 }.max())
        #expect(study.plateau?.robust.metrics["maxDrawdown"] == -0.2)
    }

    @Test func `the best is reported with what it was picked from`() throws {
        try record()
        let study = try #require(try StudyReader(journal: journal).study(job))
        #expect(study.state == "running" && study.direction == "maximize" && study.objective == "sharpe")
        #expect(study.trials == 60 && study.succeeded == 58 && study.trialsCounted == 100 && study.earlierTrials == 40)
        let best = try #require(study.best)
        #expect(best.objective == (0..<60).filter { ![5, 6].contains($0) }.map(sharpe).max())
        let sharpes = (Int32(0)..<60).filter { ![5, 6].contains($0) }.map { sharpe($0) / (252.0).squareRoot() }
        let expected = SharpeInference.deflatedSharpe(
            sharpePerPeriod: try #require(sharpes.max()), skew: 0, kurtosis: 3, periods: 320, trialSharpesPerPeriod: sharpes,
            trials: 100)
        #expect(abs(try #require(study.deflatedSharpe) - expected) < 1e-12)
        // Every half of the time says the same, so the best is the best on the other half too.
        let overfitting = try #require(study.overfitting)
        #expect(overfitting.probability == 0 && overfitting.trials == 58 && overfitting.blocks == 16)
    }

    @Test func `importance, plateau and contours come from the same trials`() throws {
        try record()
        let study = try #require(try StudyReader(journal: journal).study(job))
        #expect(study.parameters.map(\.name) == ["model.l2", "position.threshold"])
        #expect(study.parameters.map(\.scale) == ["log", "linear"] && study.parameters[0].low == 0.01)
        #expect(try #require(study.parameters[0].bestTenth) > 0.8)
        #expect(try #require(study.parameters[0].variance) > 0.8)
        let plateau = try #require(study.plateau)
        #expect(plateau.falls.map(\.distance) == [0.05, 0.1, 0.2, 0.4])
        #expect(plateau.falls.map(\.objective) == plateau.falls.map(\.objective).sorted(by: >))
        #expect(plateau.typical < plateau.bestObjective)
        #expect(plateau.robustDeflatedSharpe != nil)
        #expect(study.contours.map { [$0.first, $0.second] } == [["model.l2", "position.threshold"]])
        #expect(study.contours[0].objectives.count == 400)
        // Along the first parameter the middle is best.
        let row = study.contours[0].objectives.prefix(20)
        #expect(row[10] > row[0] && row[10] > row[19])
    }

    @Test func `a study without results, and a job that is none`() throws {
        let term = try journal.raiseTerm()
        let record = JobRecord(
            id: job, uid: "u", name: "s", kind: "study", spec: spec(), specHash: "h", priority: 0, submittedAt: 1)
        var drill = record
        (drill.id, drill.uid, drill.kind, drill.spec) = (JobID(5), "v", "drill", #"{"job": "drill", "name": "d", "tasks": 1}"#)
        try journal.commit([.jobSubmitted(record), .jobSubmitted(drill)], term: term)
        let study = try #require(try StudyReader(journal: journal).study(job))
        #expect(study.best == nil && study.plateau == nil && study.overfitting == nil && study.contours.isEmpty)
        #expect(study.trials == 0 && study.parameters.count == 2)
        #expect(try StudyReader(journal: journal).study(JobID(5)) == nil)
        #expect(throws: ClusterError.self) { try StudyReader(journal: journal).study(JobID(6)) }
    }
}
