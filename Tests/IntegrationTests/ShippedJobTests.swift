import Cluster
import Foundation
import Registry
import TestSupport
import Testing

@Suite(.serialized) struct ShippedJobTests {
    @Test("Every spec in jobs/ runs to its end, shortened")
    func runsEveryJob() async throws {
        let cluster = try TestCluster(localWorkers: 2)
        defer { cluster.stop() }
        try cluster.bellwether(TestSpecs.importSPX(cluster.home, without: 400))
        // A shorter history of three series, so that a classifier is fitted in a moment.
        try cluster.bellwether("data", "synth", "--name", "synthetic", "--symbols", "3", "--bars", "1200", "--seed", "7")
        let jobs: [(name: String, cuts: KeyValuePairs<String, String>)] = [
            ("spx-ridge", ["trials: 200": "trials: 2"]), ("spx-retrain", [:]),
            ("spx-ma-cross", ["[5, 45], step: 5": "[5, 10], step: 5", "[50, 250], step: 10": "[50, 60], step: 10"]),
            ("synthetic-portfolio", ["trials: 60": "trials: 1"]), ("portfolio", [:]), ("drill", ["tasks: 10000": "tasks: 100"]),
            ("spx-rule", [:]), ("spx-sweep", ["[2, 200]": "[2, 12]", "[5, 400]": "[5, 25]"]),
            ("spx-stress", ["draws: 10": "draws: 2"]), ("spx-certify", ["trials: 40": "trials: 2"]),
            ("spx-folds", ["folds: 10, testFolds: 2": "folds: 4, testFolds: 2"]), ("spx-nested", ["trials: 40": "trials: 2"]),
            ("command-c", ["paths: 20000": "paths: 200"]), ("command-python", ["epochs: 20": "epochs: 2"]),
            ("command-gang", ["rounds: 50": "rounds: 5"]),
            ("command-study", ["trials: 24": "trials: 3", "epochs: 10": "epochs: 2"]),
            ("spx-front", ["trials: 120": "trials: 4"]),
            ("command-conditional", ["trials: 24": "trials: 4", "epochs: 10": "epochs: 2"]),
        ]
        let files = try FileManager.default.contentsOfDirectory(atPath: SharedData.root.appendingPathComponent("jobs").path)
        // What programs outside work on has a test of its own.
        #expect(Set(jobs.map { $0.name + ".yaml" } + ["external-study.yaml"]) == Set(files.filter { $0.hasSuffix(".yaml") }))
        // The programs that travel with the command jobs.
        let folder = SharedData.root.appendingPathComponent("jobs").path
        try FileManager.default.copyItem(atPath: folder + "/trainer.py", toPath: cluster.home.path + "/trainer.py")
        try FileManager.default.copyItem(atPath: folder + "/gang.py", toPath: cluster.home.path + "/gang.py")
        try compile(folder + "/barrier.c", to: cluster.home.path + "/barrier")
        for job in jobs {
            let file = try cluster.home.write("\(job.name).yaml", TestSpecs.shipped(job.name, job.cuts))
            let view = try APICoding.decode(
                JobView.self, from: Data(cluster.bellwether("submit", file, "--follow", "--json").utf8))
            #expect(view.name == job.name && view.state == "succeeded" && view.result?.failed == 0, "\(view)")
            if job.name == "spx-ridge" {
                let lineage = try await cluster.withClient { try await $0.versions(of: "spx-ridge") }.first?.lineage
                #expect(lineage?.codeVersion.hasPrefix(CodeVersion.text + "+") == true)
                #expect(view.result?.model == "spx-ridge" && view.result?.version == 1)
                // What the retrain job starts from, whether the gate let it through or not.
                try cluster.bellwether("models", "promote", "spx-ridge", "1", "--alias", "champion", "--reason", "test")
                // Time goes on: there are bars now that the champion has not seen.
                try cluster.bellwether(TestSpecs.importSPX(cluster.home))
            }
            if job.name == "spx-retrain" {
                #expect(view.result?.model == "spx-ridge" && view.result?.version == 2 && view.result?.gate != nil)
            }
            if ["spx-front", "command-conditional"].contains(job.name) {
                let front = try #require(view.result?.front)
                #expect(!front.isEmpty && front.allSatisfy { $0.objectives?.count == (job.name == "spx-front" ? 3 : 2) })
                let shown = try cluster.bellwether("study", "best", "\(view.id)", "--json")
                #expect(shown.contains("\"front\""))
            }
            if job.name == "spx-ma-cross" { #expect(view.result?.trialsCounted == 8) }
        }
        let workers = try await cluster.withClient { try await $0.workers() }
        #expect(workers.count == 2)
        // The two share the machine's memory instead of offering it twice.
        #expect(workers.map(\.memory).reduce(0, +) <= Int64(ProcessInfo.processInfo.physicalMemory))
    }

    private func compile(_ source: String, to program: String) throws {
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["cc", "-O2", "-o", program, source, "-lm"]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
    }
}
