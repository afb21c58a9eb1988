import Transport

/// Both ways to carry messages, for tests that hold for both.
enum TransportKind: String, CaseIterable, Sendable {
    case zeroMQ, inMemory
}

/// A started head and started workers of one kind.
struct Ends: Sendable {
    let head: End
    let workers: [End]

    init(_ kind: TransportKind, workers count: Int = 1) throws {
        switch kind {
        case .zeroMQ:
            head = try End(ZeroMQTransport.head(listeningOn: "tcp://127.0.0.1:*"))
            let endpoint = head.transport.endpoint
            workers = try (0..<count).map { _ in try End(ZeroMQTransport.worker(connectingTo: endpoint)) }
        case .inMemory:
            let network = InMemoryNetwork()
            head = try End(network.head())
            workers = try (0..<count).map { _ in try End(network.worker()) }
        }
    }

    func close() {
        for worker in workers { worker.transport.close() }
        head.transport.close()
    }
}
