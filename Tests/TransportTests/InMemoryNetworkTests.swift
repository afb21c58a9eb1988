import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct InMemoryNetworkTests {
    @Test func `a cut link swallows both ways without a word, and a healed one carries again`() async throws {
        let network = InMemoryNetwork()
        let head = try End(network.head())
        let transport = network.worker()
        let worker = try End(transport)
        worker.send([[1]])
        #expect(try await head.message().frames == [[1]])
        network.cut(transport.peer)
        worker.send([[2]])
        head.send([[3]], to: transport.peer)
        network.cut(transport.peer, false)
        worker.send([[4]])
        head.send([[5]], to: transport.peer)
        #expect(try await head.message().frames == [[4]])
        #expect(try await worker.message().frames == [[5]])
        worker.transport.close()
        head.transport.close()
    }

    @Test func `a worker without a head is told`() async throws {
        let worker = try End(InMemoryNetwork().worker())
        worker.send([[1]])
        #expect(try await worker.next() == .unreachable(.head))
        worker.transport.close()
    }
}
