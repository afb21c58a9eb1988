import Cluster
import SwiftProtobuf
import Testing
import Wire

@Suite struct DrillWorkloadTests {
    private func run(_ work: String, index: Int32 = 0, attempt: Int32 = 1, _ flag: StopFlag = StopFlag()) throws -> String? {
        let job = WorkerJob(id: 1, spec: #"{"job":"drill","name":"d","tasks":10,"work":\#(work)}"#)
        let context = TaskContext(blobs: try FakeBlobs(), stopped: flag)
        return WorkerTask.code {
            _ = try WorkerTask.run(.drill(.with { ($0.index, $0.attempt) = (index, attempt) }), of: job, context)
        }
    }

    @Test func `a drill does nothing, fails on the attempts asked for, and then succeeds`() throws {
        #expect(try run(#"{"kind":"none"}"#) == nil)
        let fails = #"{"kind":"fail","share":1,"attempts":2}"#
        #expect(try (1...4).map { try run(fails, attempt: $0) } == ["E_DRILL", "E_DRILL", nil, nil])
        let half = #"{"kind":"fail","share":0.5,"attempts":1}"#
        #expect(try (0..<10).filter { try run(half, index: $0) == "E_DRILL" }.count == 5)
    }

    @Test func `a failing drill is worth another attempt`() throws {
        let job = WorkerJob(id: 1, spec: #"{"job":"drill","name":"d","tasks":1,"work":{"kind":"fail"}}"#)
        let context = TaskContext(blobs: try FakeBlobs(), stopped: StopFlag())
        let error = #expect(throws: WorkloadErrorProbe.self) {
            do {
                _ = try WorkerTask.run(.drill(.with { $0.attempt = 1 }), of: job, context)
            } catch {
                throw WorkloadErrorProbe(error)
            }
        }
        #expect(error?.isRetryable == true)
    }

    @Test func `a sleeping drill wakes when it is stopped`() throws {
        let flag = StopFlag()
        flag.set()
        #expect(try run(#"{"kind":"sleep","duration":"1h"}"#, flag) == "E_TASK_STOPPED")
        #expect(try run(#"{"kind":"sleep","duration":"1ms"}"#) == nil)
    }

    @Test func `numbers out of the drill's range trap nobody`() throws {
        let fails = #"{"kind":"fail","share":0.5,"attempts":2}"#
        for index in [Int32.min, -1, .max] { _ = try run(fails, index: index, attempt: .max) }
        #expect(try run(fails, index: .min, attempt: .max) == nil)
    }
}
