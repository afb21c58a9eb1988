import HTTPTypes
import Hummingbird

/// One route of the API: where it is, what it says of itself in the OpenAPI document, and who answers.
struct Route: Sendable {
    /// A key of the query. `schema` is its JSON schema.
    struct QueryKey: Sendable {
        var name: String
        var schema: Schema
        var summary: String
        var isRequired = false
    }

    /// A body or an answer: its media type and the schema of it.
    struct Content: Sendable {
        var type: String
        var schema: Schema
        static func json(_ name: String) -> Content { Content(type: "application/json", schema: .reference(name)) }
    }

    struct Answer: Sendable {
        var status: Int
        var summary: String
        var content: Content?
    }

    let method: HTTPRequest.Method
    /// The pattern, such as `/v1/jobs/{id}`.
    let path: String
    /// The name of the operation, unique.
    let name: String
    let summary: String
    var query: [QueryKey] = []
    var body: Content?
    /// What success looks like; errors have one shape and are not listed.
    let answers: [Answer]
    let handler: @Sendable (Request, GatewayContext, GatewayServices) async throws -> Response

    /// The names in braces, in order.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The method's name in capitals.
    var verb: String { method.rawValue }

    /// Whether `path` has this route's form.
    func matches(_ path: String) -> Bool {
        let pattern = self.path.split(separator: "/")
        let segments = path.split(separator: "/")
        return pattern.count == segments.count && zip(pattern, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

/// Every route, in the order of the document.
enum Routes {
    static let all: [Route] = jobs + control + external + logs + models + datasets + workers + events + node
}
