import Synchronization

/// A place that threads of a test can put a value.
final class Box<Value: Sendable>: Sendable {
    private let storage = Mutex<Value?>(nil)
    var value: Value? { storage.withLock { $0 } }
    func set(_ value: Value) { storage.withLock { $0 = value } }
}

/// The errors that threads of a test have met.
final class Failures: Sendable {
    private let storage = Mutex<[any Error]>([])
    var all: [any Error] { storage.withLock { $0 } }
    func add(_ error: any Error) { storage.withLock { $0.append(error) } }
}
