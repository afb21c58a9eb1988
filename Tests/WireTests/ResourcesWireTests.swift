import Scheduling
import SwiftProtobuf
import Testing
import Wire

@Suite struct ResourcesWireTests {
    private let resources = Resources(
        milliCPU: 1_500, memory: 1 << 30, milliGPU: 2_000, others: NamedAmounts([("licence", 500), ("disk", 3_000)]))

    @Test func `a registration keeps what the worker has, its labels and its choices`() throws {
        var register = ProtoRegister()
        register.capacity = resources
        register.workerLabels = [WorkerLabel("disk", "ssd"), WorkerLabel("zone", "a")]
        register.holding = (1...3).map { ProtoAttemptName(WireSamples.attempt($0)) }
        register.heldChoices = [WireSamples.attempt(2): 1, WireSamples.attempt(9): 4]
        let bytes: [UInt8] = try register.serializedBytes()
        let read = try ProtoRegister(serializedBytes: bytes)
        #expect(read.capacity == resources)
        #expect(read.workerLabels == [WorkerLabel("disk", "ssd"), WorkerLabel("zone", "a")])
        // A choice counts only for what is held.
        #expect(read.heldChoices == [WireSamples.attempt(2): 1])
    }

    @Test func `a job's body keeps every choice in order`() throws {
        var body = ProtoJobBody()
        body.choices = [resources, Resources(milliCPU: 4_000, memory: 1), Resources(milliCPU: 1, memory: 2, milliGPU: 250)]
        let bytes: [UInt8] = try body.serializedBytes()
        #expect(try ProtoJobBody(serializedBytes: bytes).choices == body.choices)
        #expect(body.choices.map(\.milliGPU) == [2_000, 0, 250])
    }
}
