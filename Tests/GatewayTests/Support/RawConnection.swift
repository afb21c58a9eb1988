import Cluster
import Foundation
import Glibc

/// What came back over a raw connection.
struct RawAnswer: Sendable {
    /// 0 when the server closed without an answer.
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    /// The codes of the errors in the body; empty when it has another shape.
    var codes: [String] { errors.map(\.code) }
    var errors: [ErrorView] { (try? APICoding.decode(ErrorsView.self, from: Data(body)))?.errors ?? [] }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A TCP connection without a protocol. Calls block, at most ten seconds each.
final class RawConnection {
    struct Failure: Error { var what: String }

    private let descriptor: Int32

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket") }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(what: "connect: \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A server that refuses a body may close before it is sent.
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// The next bytes; empty when the server closed.
    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 && errno == ECONNRESET { return [] }
        guard count >= 0 else { throw Failure(what: "receive: \(errno)") }
        return Array(buffer[..<count])
    }

    /// One answer, until its length is reached or the server closes.
    func answer() throws -> RawAnswer {
        var bytes: [UInt8] = []
        let blank = Array("\r\n\r\n".utf8)
        func headEnd() -> Int? {
            guard bytes.count >= 4 else { return nil }
            return (0...(bytes.count - 4)).first { Array(bytes[$0..<$0 + 4]) == blank }
        }
        while headEnd() == nil {
            let more = try receive()
            if more.isEmpty { return RawAnswer(status: 0, headers: [:], body: bytes) }
            bytes += more
        }
        guard let end = headEnd() else { return RawAnswer(status: 0, headers: [:], body: bytes) }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        var body = Array(bytes[(end + 4)...])
        let length = headers["content-length"].flatMap { Int($0) } ?? Int.max
        while body.count < length {
            let more = try receive()
            if more.isEmpty { break }
            body += more
        }
        return RawAnswer(status: Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0, headers: headers, body: body)
    }

    /// Runs blocking work on a thread of its own.
    static func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
