import HTTPTypes
import Synchronization

/// How often each route was answered with which status, since the process started.
final class RequestCounters: Sendable {
    struct Key: Hashable, Comparable {
        var route: String
        var method: String
        var status: Int
        static func < (a: Key, b: Key) -> Bool { (a.route, a.method, a.status) < (b.route, b.method, b.status) }
    }

    private let counts = Mutex<[Key: Int]>([:])

    /// `route` is the path's pattern, so that outside text cannot make keys; methods beyond the usual count as one.
    func count(method: HTTPRequest.Method, route: String?, status: Int) {
        let usual: [HTTPRequest.Method] = [.get, .put, .post, .delete, .head, .options, .patch]
        let key = Key(route: route ?? "none", method: usual.contains(method) ? method.rawValue : "other", status: status)
        counts.withLock { $0[key, default: 0] += 1 }
    }

    /// In order of route, method and status.
    func all() -> [(key: Key, count: Int)] {
        counts.withLock { counts in counts.map { (key: $0.key, count: $0.value) } }.sorted { $0.key < $1.key }
    }
}
