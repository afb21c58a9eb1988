import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct TransportContractTests {
    @Test(arguments: TransportKind.allCases)
    func `messages arrive in order with their frames intact, both ways`(kind: TransportKind) async throws {
        let ends = try Ends(kind)
        defer { ends.close() }
        let bulk = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let worker = ends.workers[0]
        for number in 0..<200 {
            worker.send(number.isMultiple(of: 50) ? [[1, UInt8(number)], bulk] : [[1, UInt8(number)]])
        }
        var peer = PeerID.head
        for number in 0..<200 {
            let message = try await ends.head.message()
            peer = message.peer
            #expect(message.frames == (number.isMultiple(of: 50) ? [[1, UInt8(number)], bulk] : [[1, UInt8(number)]]))
        }
        #expect(peer != .head)
        ends.head.transport.send((0..<200).map { OutgoingMessage(to: peer, frames: [[2, UInt8($0)], Array(bulk[..<$0])]) })
        for number in 0..<200 {
            let message = try await worker.message()
            #expect(message.peer == .head)
            #expect(message.frames == [[2, UInt8(number)], Array(bulk[..<number])])
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `each of many workers gets its own answers`(kind: TransportKind) async throws {
        let ends = try Ends(kind, workers: 20)
        defer { ends.close() }
        for (number, worker) in ends.workers.enumerated() { worker.send([[UInt8(number)]]) }
        var peers: Set<PeerID> = []
        for _ in ends.workers {
            let message = try await ends.head.message()
            peers.insert(message.peer)
            ends.head.send([message.frames[0] + [99]], to: message.peer)
        }
        #expect(peers.count == 20)
        for (number, worker) in ends.workers.enumerated() {
            #expect(try await worker.message().frames == [[UInt8(number), 99]])
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `a wake calls the handler without an event`(kind: TransportKind) async throws {
        let ends = try Ends(kind)
        defer { ends.close() }
        // At most the first can be the call that a start may make by itself; ticks are ten minutes apart.
        for _ in 0..<3 {
            ends.head.transport.wake()
            await ends.head.emptyBatch()
        }
        #expect(ends.head.calls >= 3)
    }

    @Test(arguments: TransportKind.allCases)
    func `silence is told by ticks`(kind: TransportKind) async throws {
        let head: End =
            switch kind {
            case .zeroMQ: try End(ZeroMQTransport.head(listeningOn: "tcp://127.0.0.1:*"), tickMilliseconds: 5)
            case .inMemory: try End(InMemoryNetwork().head(), tickMilliseconds: 5)
            }
        defer { head.transport.close() }
        for _ in 0..<5 { await head.emptyBatch() }
        #expect(head.calls >= 5)
    }

    @Test(arguments: TransportKind.allCases)
    func `a message to a peer that is not there comes back as unreachable`(kind: TransportKind) async throws {
        let ends = try Ends(kind)
        defer { ends.close() }
        let stranger = PeerID(bytes: [0, 1, 2, 3, 9])
        ends.head.send([[1]], to: stranger)
        #expect(try await ends.head.next() == .unreachable(stranger))
        // The others are not disturbed.
        ends.workers[0].send([[5]])
        #expect(try await ends.head.message().frames == [[5]])
    }

    @Test(arguments: TransportKind.allCases)
    func `nothing is delivered after a close has returned`(kind: TransportKind) async throws {
        let ends = try Ends(kind)
        let worker = ends.workers[0]
        worker.send([[0]])
        _ = try await ends.head.message()
        worker.transport.send((0..<500).map { OutgoingMessage(to: .head, frames: [[1, UInt8($0 % 256)]]) })
        ends.head.transport.close()
        let calls = ends.head.calls
        worker.transport.send((0..<100).map { _ in OutgoingMessage(to: .head, frames: [[2]]) })
        ends.head.transport.wake()
        worker.transport.close()
        let workerCalls = worker.calls
        worker.transport.wake()
        // A second close is harmless.
        ends.head.transport.close()
        worker.transport.close()
        #expect(ends.head.calls == calls && worker.calls == workerCalls)
    }

    @Test(arguments: TransportKind.allCases)
    func `what a worker queued before its close still arrives`(kind: TransportKind) async throws {
        let ends = try Ends(kind)
        ends.workers[0].transport.send((0..<100).map { OutgoingMessage(to: .head, frames: [[UInt8($0)]]) })
        ends.workers[0].transport.close()
        for number in 0..<100 { #expect(try await ends.head.message().frames == [[UInt8(number)]]) }
        ends.head.transport.close()
    }
}
