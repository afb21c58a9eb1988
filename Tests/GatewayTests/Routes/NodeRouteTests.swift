import Cluster
import Diagnostics
import Gateway
import Logging
import MarketData
import NIOPosix
import Scheduling
import Synchronization
import Testing

@Suite struct NodeRouteTests {
    private func worker(_ id: Int32) -> WorkerView {
        WorkerView(
            id: id, bootID: "b", host: "h\"1", processID: 10, milliCPU: 2000, memory: 1 << 30, milliCPUInUse: 1000,
            memoryInUse: 1, assigned: 3,
            finished: 9, busyMicroseconds: 2_500_000, draining: false, silentMilliseconds: 20)
    }

    @Test func `workers are listed in order and drained`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.workers = [worker(2), worker(1)] }
            let workers = try await gateway.client.workers()
            #expect(workers.map(\.id) == [1, 2])
            let drained = try await gateway.client.drain(2)
            #expect(drained.draining)
            #expect(gateway.head.state.withLock { $0.drained } == [WorkerID(2)])
            let error = await #expect(throws: ClientError.self) { try await gateway.client.drain(3) }
            #expect(error?.code == "E_WORKER_UNKNOWN")
        }
    }

    @Test func `a head is ready when its store answers`() async throws {
        try await RunningGateway.with { gateway in
            #expect(await gateway.client.isReady())
            gateway.head.state.withLock { $0.failure = FakeError("E_STORE", .unavailable) }
            let answer = try await gateway.request("GET", "/v1/health/ready")
            #expect(answer.status == 503)
            #expect(answer.codes == ["E_NOT_READY"])
            #expect(answer.headers["retry-after"] != nil)
            #expect(await !gateway.client.isReady())
            #expect(try await gateway.request("GET", "/v1/health/live").status == 200)
        }
    }

    @Test func `metrics are in the text format, labels escaped`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.workers = [worker(1)] }
            _ = try await gateway.request("GET", "/v1/jobs/77")
            let text = try await gateway.client.metrics()
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.contains("bellwether_head_term 3"))
            #expect(lines.contains(#"bellwether_head_info{cluster="test \"cluster\"",version="0.1.0"} 1"#))
            #expect(lines.contains(#"bellwether_worker_busy_seconds_total{worker="1",host="h\"1"} 2.5"#))
            #expect(lines.contains(#"bellwether_job_tasks_finished{job="1"} 4"#))
            #expect(lines.contains(#"bellwether_http_requests_total{method="GET",route="/v1/jobs/{id}",status="404"} 1"#))
            for line in lines where !line.hasPrefix("#") {
                #expect(Double(line[line.index(after: line.lastIndex(of: " ") ?? line.startIndex)...]) != nil, "\(line)")
            }
        }
    }

    @Test(arguments: ["0.0.0.0", "192.168.1.5", "example.org", "::", ""])
    func `an address beyond this machine is refused before anything is bound`(host: String) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (head, registry) = (FakeHead(), FakeRegistry())
        let gateway = Gateway(
            head: head, jobs: head, models: registry, artifacts: nil, catalogue: Catalogue(root: "/nonexistent"), host: host,
            port: 0,
            logger: logger)
        let error = await #expect(throws: GatewayError.self) { try await gateway.run() }
        #expect(error?.code == "E_BIND_LOOPBACK")
        #expect(error?.category == .refused)
    }

    @Test func `a port that is taken is named`() async throws {
        try await RunningGateway.with { gateway in
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let second = Gateway(
                head: gateway.head, jobs: gateway.head, models: gateway.registry, artifacts: nil, catalogue: gateway.catalogue,
                host: "127.0.0.1", port: gateway.port, logger: logger)
            let error = await #expect(throws: GatewayError.self) { try await second.run() }
            #expect(error?.code == "E_BIND")
            #expect(error?.message.contains("\(gateway.port)") == true)
        }
    }

    @Test func `nobody listening is unavailable and says so`() async throws {
        let client = try HeadClient(url: "http://127.0.0.1:1")
        let error = await #expect(throws: ClientError.self) { try await client.info() }
        #expect(error?.code == "E_HEAD_UNREACHABLE")
        #expect(error?.category == .unavailable)
        #expect(error?.message.contains("nothing listens") == true, "\(error?.message ?? "")")
        await client.shutdown()
    }

    @Test(arguments: ["", "localhost:1", "ftp://x", "http://", "http://a/b", "http://u@h", "not a url"])
    func `an address that is none is wrong input`(url: String) throws {
        let error = #expect(throws: ClientError.self) { try HeadClient(url: url) }
        #expect(error?.code == "E_HEAD_URL")
        #expect(error?.category == .input)
    }
}
