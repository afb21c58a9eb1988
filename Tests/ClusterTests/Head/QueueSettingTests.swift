import Diagnostics
import Scheduling
import Testing

@testable import Cluster

@Suite struct QueueSettingTests {
    @Test func `a queue is its name, a weight and a quota`() throws {
        let queues = try QueueDefinition.queues(settings: ["research weight 3", "nightly cpu 1.5 memory 16GiB", "plain"])
        #expect(queues[0] == QueueDefinition(name: "research", weight: 3))
        #expect(
            queues[1] == QueueDefinition(name: "nightly", quota: Resources(milliCPU: 1_500, memory: 16 << 30, milliGPU: 1 << 50)))
        #expect(queues[2] == QueueDefinition(name: "plain"))
        #expect(try QueueDefinition(setting: "a cpu 2").quota?.milliCPU == 2_000)
    }

    @Test(arguments: [
        [""], ["a weight"], ["a weight 0"], ["a weight many"], ["a cpu -1"], ["a cpu nan"], ["a memory 5XB"], ["a color red"],
        ["a", "a weight 2"],
    ])
    func `what is no queue is refused with the entry`(lines: [String]) {
        let error = #expect(throws: ClusterError.self) { try QueueDefinition.queues(settings: lines) }
        #expect(error?.code == "E_SETTING" && error?.category == .input && error?.place?.description == "queues")
    }
}
