import Cluster
import Diagnostics
import Scheduling
import Testing

@Suite struct CapacitySettingTests {
    @Test func `resources and labels are read as the settings write them`() throws {
        #expect(
            try CapacitySetting.others(["licence=2", " disk-io = 0.5 "]) == NamedAmounts([("licence", 2_000), ("disk-io", 500)]))
        #expect(
            try CapacitySetting.labels(["zone=a", "disk=ssd"]) == [WorkerLabel("disk", "ssd"), WorkerLabel("zone", "a")])
        #expect(try CapacitySetting.others([]).list.isEmpty && CapacitySetting.labels([]).isEmpty)
    }

    @Test(arguments: [
        "licence", "=2", "cpu=2", "Licence=2", "licence=many", "licence=0", "licence=-1", "licence=0.0005", "licence=nan",
        "licence=1e300",
    ])
    func `a resource that makes no sense is refused`(line: String) {
        let error = #expect(throws: WorkerError.self) { try CapacitySetting.others([line]) }
        #expect(error?.code == "E_SETTING" && error?.category == .input && error?.hint != nil)
    }

    @Test func `nothing comes twice, and there are limits`() {
        #expect(throws: WorkerError.self) { try CapacitySetting.others(["a=1", "a=2"]) }
        #expect(throws: WorkerError.self) { try CapacitySetting.others(["a=1", "b=1", "c=1", "d=1", "e=1"]) }
        #expect(throws: WorkerError.self) { try CapacitySetting.labels(["zone=a", "zone=b"]) }
        #expect(throws: WorkerError.self) { try CapacitySetting.labels(["zone=a b"]) }
        #expect(throws: WorkerError.self) { try CapacitySetting.labels(["zone"]) }
    }
}
