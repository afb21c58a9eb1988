import CZeroMQ

/// One ZeroMQ socket. It belongs to the thread that uses it first; every call must come from that thread.
struct ZeroMQSocket: ~Copyable {
    let handle: UnsafeMutableRawPointer
    /// Kept until the socket is closed: a context waits at its end for sockets that are still open.
    private let context: ZeroMQContext

    enum Kind {
        case router, dealer
    }

    enum SendResult {
        case sent
        /// The queue to the peer is full, or (dealer) no connection is up.
        case full
        /// The router knows no such peer.
        case unroutable
    }

    enum Received {
        case message([[UInt8]])
        case tooManyFrames([UInt8])
        case nothing
    }

    static let framesLimit = 8
    static var lastError: String { String(cString: zmq_strerror(zmq_errno())) }

    /// Throws `E_SOCKET` when the process has no more file descriptors.
    init(_ kind: Kind, in context: ZeroMQContext, messageLimit: Int) throws(TransportError) {
        guard let handle = zmq_socket(context.handle, kind == .router ? ZMQ_ROUTER : ZMQ_DEALER) else {
            throw .socket("zmq_socket", Self.lastError)
        }
        self.handle = handle
        self.context = context
        // A router must say when it cannot route; a dealer must not queue for a connection that is not up.
        if kind == .router { set(ZMQ_ROUTER_MANDATORY, 1) } else { set(ZMQ_IMMEDIATE, 1) }
        set(ZMQ_LINGER, 2_000)
        set(ZMQ_SNDHWM, 4_096)
        set(ZMQ_RCVHWM, 4_096)
        set(ZMQ_HANDSHAKE_IVL, 5_000)
        set(ZMQ_HEARTBEAT_IVL, 2_000)
        set(ZMQ_HEARTBEAT_TIMEOUT, 6_000)
        set(ZMQ_HEARTBEAT_TTL, 10_000)
        set(ZMQ_TCP_KEEPALIVE, 1)
        set(ZMQ_TCP_KEEPALIVE_IDLE, 30)
        set(ZMQ_TCP_KEEPALIVE_INTVL, 10)
        set(ZMQ_TCP_KEEPALIVE_CNT, 3)
        set(ZMQ_RECONNECT_IVL, 100)
        set(ZMQ_RECONNECT_IVL_MAX, 500)
        set(ZMQ_CONNECT_TIMEOUT, 3_000)
        set(ZMQ_BACKLOG, 1_024)
        var limit = Int64(messageLimit)
        zmq_setsockopt(handle, ZMQ_MAXMSGSIZE, &limit, MemoryLayout<Int64>.size)
    }

    deinit { zmq_close(handle) }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size)
    }

    /// Binds and returns the endpoint with its real port.
    func bind(_ endpoint: String) throws(TransportError) -> String {
        guard zmq_bind(handle, endpoint) == 0 else { throw .bind(endpoint, Self.lastError) }
        var buffer = [CChar](repeating: 0, count: 256)
        var size = buffer.count
        guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &size) == 0 else { throw .bind(endpoint, Self.lastError) }
        return String(decoding: buffer.prefix(max(0, size - 1)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func connect(_ endpoint: String) throws(TransportError) {
        guard zmq_connect(handle, endpoint) == 0 else { throw .connect(endpoint, Self.lastError) }
    }

    /// Sends all frames or none.
    func send(_ frames: some Collection<[UInt8]>) -> SendResult {
        var remaining = frames.count
        for frame in frames {
            remaining -= 1
            let flags = ZMQ_DONTWAIT | (remaining > 0 ? ZMQ_SNDMORE : 0)
            while zmq_send(handle, frame, frame.count, flags) < 0 {
                switch zmq_errno() {
                case EINTR: continue
                case EHOSTUNREACH: return .unroutable
                default: return .full
                }
            }
        }
        return .sent
    }

    /// Takes one waiting message.
    func receive() -> Received {
        var frames: [[UInt8]] = []
        var count = 0
        var message = zmq_msg_t()
        while true {
            zmq_msg_init(&message)
            defer { zmq_msg_close(&message) }
            guard zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) >= 0 else {
                if zmq_errno() == EINTR { continue }
                return .nothing
            }
            count += 1
            if count <= Self.framesLimit {
                frames.append([UInt8](UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
            }
            if zmq_msg_more(&message) == 0 { break }
        }
        return count > Self.framesLimit ? .tooManyFrames(frames[0]) : .message(frames)
    }
}
