import Scheduling
import Specs
import TestSupport
import Testing

/// The keys that say how a job stands among others.
@Suite struct SchedulingSpecTests {
    private static let drill = "job: drill\nname: d\ntasks: 3\n"

    @Test func `every key is read and written back`() throws {
        let spec = try JobSpec.parse(
            text: Self.drill + """
                queue: research
                maxRunning: 8
                queueTimeout: 10m
                totalTimeout: 2h
                finishBefore: 2026-11-23T14:30:00Z
                retry: {maximum: 1, never: [E_B, E_A, E_B]}
                """)
        #expect(spec.scheduling.queue == "research" && spec.scheduling.maxRunning == 8)
        #expect(spec.scheduling.queueTimeoutMilliseconds == 600_000 && spec.scheduling.totalTimeoutMilliseconds == 7_200_000)
        #expect(spec.scheduling.finishBefore == 1_795_444_200_000)
        #expect(spec.neverRetry == ["E_A", "E_B"])
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        // What says nothing of it is the job it was before these keys existed.
        #expect(!(try JobSpec.parse(text: Self.drill).canonicalJSON().contains("queue")))
    }

    @Test(arguments: [
        ("queue: ../x", "E_PATH_ESCAPE"), ("queue: [a]", "E_SPEC_TYPE"), ("maxRunning: 0", "E_SPEC_RANGE"),
        ("maxRunning: many", "E_SPEC_TYPE"), ("queueTimeout: 5", "E_SPEC_TYPE"), ("queueTimeout: 1ms", "E_SPEC_RANGE"),
        ("totalTimeout: -5s", "E_SPEC_TYPE"), ("finishBefore: tomorrow", "E_SPEC_TYPE"),
        ("finishBefore: 2026-13-41T00:00:00Z", "E_SPEC_TYPE"), ("finishBefore: 2026-11-23T14:30:00", "E_SPEC_TYPE"),
        ("retry: {never: E_A}", "E_SPEC_TYPE"), ("retry: {never: [timeout]}", "E_SPEC_RANGE"),
        ("maxrunning: 3", "E_SPEC_UNKNOWN_KEY"),
    ])
    func `what makes no sense is refused with its place`(line: String, code: String) throws {
        let errors = SpecSamples.errors(Self.drill + line + "\n")
        #expect(errors.map(\.code) == [code])
        #expect(errors.first?.place.map { "\($0)".hasPrefix("job.yaml:4:") } == true)
    }
}
