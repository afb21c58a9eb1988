import Diagnostics
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct ZeroMQTransportTests {
    @Test(arguments: [
        "tcp://0.0.0.0:7701", "tcp://*:7701", "tcp://192.168.1.1:7701", "tcp://eth0:7701", "tcp://127.0.0.1.example.com:7701",
        "tcp://127.0.0.2:7701", "tcp://[::]:7701", "tcp://", "udp://127.0.0.1:7701", "127.0.0.1:7701", "",
    ])
    func `only this machine's own address is listened on`(endpoint: String) {
        let error = #expect(throws: TransportError.self) { try ZeroMQTransport.head(listeningOn: endpoint) }
        #expect(error?.code == "E_BIND_LOOPBACK")
        #expect(error?.category == .refused)
    }

    @Test func `a port in use is told as such, and the first head goes on`() async throws {
        let ends = try Ends(.zeroMQ)
        defer { ends.close() }
        let second = try ZeroMQTransport.head(listeningOn: ends.head.transport.endpoint)
        let error = #expect(throws: TransportError.self) { try second.start(tickMilliseconds: 1_000) { _ in } }
        #expect(error?.code == "E_BIND")
        #expect(error?.message.contains(ends.head.transport.endpoint) == true)
        second.close()
        ends.workers[0].send([[7]])
        #expect(try await ends.head.message().frames == [[7]])
    }

    @Test(arguments: ["nonsense", "tcp://127.0.0.1", ""])
    func `an endpoint that is none cannot be connected to`(endpoint: String) throws {
        let worker = try ZeroMQTransport.worker(connectingTo: endpoint)
        let error = #expect(throws: TransportError.self) { try worker.start(tickMilliseconds: 1_000) { _ in } }
        #expect(error?.code == "E_CONNECT")
        worker.close()
    }

    @Test func `the endpoint has its real port once started`() throws {
        let ends = try Ends(.zeroMQ)
        defer { ends.close() }
        let endpoint = ends.head.transport.endpoint
        #expect(endpoint.hasPrefix("tcp://127.0.0.1:"))
        #expect(endpoint.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 > 0)
    }

    @Test func `a message of twenty frames is dropped and told, and the next one arrives`() async throws {
        let ends = try Ends(.zeroMQ)
        defer { ends.close() }
        let worker = ends.workers[0]
        worker.send((0..<20).map { [UInt8($0)] })
        worker.send([[42]])
        guard case .tooManyFrames(let peer) = try await ends.head.next() else { throw End.Failure.noMessage }
        let message = try await ends.head.message()
        #expect(message.peer == peer && message.frames == [[42]])
        ends.head.send((0..<20).map { [UInt8($0)] }, to: peer)
        ends.head.send([[43]], to: peer)
        #expect(try await worker.next() == .tooManyFrames(.head))
        #expect(try await worker.message().frames == [[43]])
    }

    @Test func `strangers on the port do not disturb the others`() async throws {
        let ends = try Ends(.zeroMQ)
        defer { ends.close() }
        let worker = ends.workers[0]
        worker.send([[0]])
        let peer = try await ends.head.message().peer
        let endpoint = ends.head.transport.endpoint
        var strangers: [RawSocket] = []
        let lines: [[UInt8]] = [
            Array("GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC], [0xFF] + Array(repeating: 0, count: 8) + [0x7F],
            // The greeting of ZMTP 3 with an unknown mechanism, and of versions 1 and 2.
            [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("CURVE".utf8) + Array(repeating: 0, count: 47),
            [0x01, 0x00], [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 1, 6, 0, 0],
            (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }, [],
        ]
        for bytes in lines {
            let stranger = try RawSocket(to: endpoint)
            stranger.send(bytes)
            strangers.append(stranger)
        }
        for number in 1..<100 {
            worker.send([[UInt8(number)]])
            while true {
                // What a stranger gets across as a message is the stranger's own, and nothing of the worker's is lost.
                guard case .received(let from, let frames) = try await ends.head.next(), from == peer else { continue }
                #expect(frames == [[UInt8(number)]])
                break
            }
            ends.head.send([[UInt8(number)]], to: peer)
            #expect(try await worker.message().frames == [[UInt8(number)]])
        }
        #expect(strangers.count == lines.count)
    }

    @Test func `a worker finds a head that starts later`() async throws {
        let first = try End(ZeroMQTransport.head(listeningOn: "tcp://127.0.0.1:*"))
        let endpoint = first.transport.endpoint
        first.transport.close()
        let worker = try End(ZeroMQTransport.worker(connectingTo: endpoint))
        worker.send([[1]])
        let head = try End(ZeroMQTransport.head(listeningOn: endpoint))
        let message = try await head.message()
        #expect(message.frames == [[1]])
        head.send([[2]], to: message.peer)
        #expect(try await worker.message().frames == [[2]])
        worker.transport.close()
        head.transport.close()
    }
}
