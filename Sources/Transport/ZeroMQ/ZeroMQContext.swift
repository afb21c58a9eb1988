import CZeroMQ

/// A ZeroMQ context. Its sockets hold it, because ending it waits until they are closed.
// Unchecked because a ZeroMQ context, unlike its sockets, may be used by any thread; the pointer never changes.
final class ZeroMQContext: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer

    init() throws(TransportError) {
        guard let handle = zmq_ctx_new() else { throw .socket("zmq_ctx_new", ZeroMQSocket.lastError) }
        self.handle = handle
        zmq_ctx_set(handle, ZMQ_IO_THREADS, 1)
    }

    deinit { zmq_ctx_term(handle) }
}
