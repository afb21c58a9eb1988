import Cluster
import Foundation
import TestSupport
import Testing

/// Results that no head was there to take, from a real worker's disk.
@Suite(.serialized) struct SpoolTests {
    private static let tasks = 4

    private func files(_ folder: String) -> [String] {
        (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".reports") }
    }

    private func worker(_ cluster: TestCluster) throws -> Program {
        try Program(
            "bellwether-worker",
            ["--head", cluster.endpoint, "--home", cluster.home.path + "/node", "--cpu", "\(Self.tasks)", "--memory", "64"])
    }

    @Test("Results survive the death of the head and then of the worker, and are told by the next worker of the machine")
    func survivesBoth() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        let spool = cluster.home.path + "/node/worker/spool"
        let first = try worker(cluster)
        let spec =
            "job: drill\nname: spool\ntasks: \(Self.tasks)\nwork: {kind: sleep, duration: 1s}\nresources: {cpu: 1, memory: 1MiB}\n"
        try await cluster.withClient { client in
            let job = try await client.submit(SubmitRequest(uid: "spool", spec: spec)).job
            _ = try await eventually("all tasks run") {
                try await client.job(job.id).progress?.assigned == Self.tasks ? true : nil
            }
            cluster.killHead()
            // Acknowledgements don't come, so the results go to the disk.
            _ = try await eventually("the results are on the disk") { files(spool).isEmpty ? nil : true }
            first.kill()
            try cluster.startHead()
            let second = try worker(cluster)
            defer { second.kill() }
            let end = try await eventually("the job has ended") { () -> JobView? in
                let view = try await client.job(job.id)
                return view.hasEnded ? view : nil
            }
            #expect(end.state == "succeeded" && end.result?.tasks == Self.tasks)
            // Each result is that of the first run, under the first head's term.
            let tasks = try await client.tasks(of: job.id).tasks
            #expect(tasks.count == Self.tasks && tasks.allSatisfy { $0.attempt?.hasPrefix("1.") == true }, "\(tasks)")
            #expect(try await client.workers().map(\.finished) == [0])
            _ = try await eventually("the files are gone") { files(spool).isEmpty ? true : nil }
        }
    }

    @Test("While acknowledgements come promptly nothing is written")
    func promptAcknowledgements() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        let node = try worker(cluster)
        defer { node.kill() }
        let spec = "job: drill\nname: prompt\ntasks: 5000\nresources: {cpu: 1, memory: 1MiB}\n"
        try await cluster.withClient { client in
            let job = try await client.submit(SubmitRequest(uid: "prompt", spec: spec)).job
            _ = try await eventually("the job has ended") { try await client.job(job.id).hasEnded ? true : nil }
        }
        let folder = cluster.home.path + "/node/worker/spool"
        #expect(files(folder).isEmpty)
        // The number of the first file would tell of files that came and went.
        #expect(!node.errorText.contains("spool"))
    }
}
