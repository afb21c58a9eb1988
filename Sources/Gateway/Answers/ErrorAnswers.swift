import Cluster
import Diagnostics
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Specs

/// Turns whatever a handler throws into one shape, `ErrorsView`, with the status that fits, and counts the request.
struct ErrorAnswers: RouterMiddleware {
    typealias Context = GatewayContext

    let routes: [Route]
    let counters: RequestCounters

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection's own loop answers what is not HTTP and closes.
            throw error
        } catch {
            response = ErrorAnswers.answer(to: error, request: request, context: context, routes: routes)
        }
        for (name, value) in ErrorAnswers.safeguards { response.headers[name] = value }
        counters.count(method: request.method, route: context.endpointPath, status: response.status.code)
        return response
    }

    /// Sent with every answer: nothing here is a page, and nothing here may be kept by caches.
    private static let safeguards: [(HTTPField.Name, String)] =
        [
            (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"),
            (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        ]
        + [("referrer-policy", "no-referrer"), ("cross-origin-resource-policy", "same-origin")].compactMap { name, value in
            HTTPField.Name(name).map { ($0, value) }
        }

    private static func answer(to error: any Error, request: Request, context: GatewayContext, routes: [Route]) -> Response {
        switch error {
        case let error as GatewayError:
            if error.status == .contentTooLarge { context.closeSoon() }
            return answer([ErrorView(error)], error.status, error.headers)
        case let error as SpecErrors:
            return answer(error.errors.map { view(of: $0) }, status(of: error))
        case let error as any DiagnosticError:
            return answer([ErrorView(error)], status(of: error))
        case let error as HTTPError where error.status == .notFound:
            return noRoute(request, routes)
        case is NIOTooManyBytesError:
            context.closeSoon()
            return answer([ErrorView(code: "E_BODY_TOO_LARGE", message: "the body is too long")], .contentTooLarge)
        default:
            context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return answer(
                [
                    ErrorView(
                        code: "E_INTERNAL", message: "the head could not answer",
                        hint: "its log has the reason, request \(context.id)")
                ],
                .internalServerError)
        }
    }

    /// A spec's mistake knows its line or its key; the line says more.
    private static func view(of error: SpecError) -> ErrorView {
        var view = ErrorView(error)
        if view.place == nil, !error.pointer.isEmpty { view.place = error.pointer }
        return view
    }

    static func status(of error: any DiagnosticError) -> HTTPResponse.Status {
        switch error.category {
        case .input where error is SpecErrors: .badRequest
        case .input where error.code.hasSuffix("_UNKNOWN"): .notFound
        case .input: error.code.hasSuffix("_CONFLICT") ? .conflict : .badRequest
        case .integrity: .internalServerError
        case .unavailable: .serviceUnavailable
        case .refused: .conflict
        }
    }

    /// 405 when the path exists for other methods, 404 otherwise.
    private static func noRoute(_ request: Request, _ routes: [Route]) -> Response {
        let path = request.uri.path
        let methods = routes.filter { $0.matches(path) }.map(\.method.rawValue).sorted()
        guard methods.isEmpty else {
            let allowed = methods.joined(separator: ", ")
            return answer(
                [
                    ErrorView(
                        code: "E_METHOD", message: "\(GatewayError.printable(request.method.rawValue)) is not for this path",
                        hint: "allowed: \(allowed)")
                ],
                .methodNotAllowed, [.allow: allowed])
        }
        return answer(
            [
                ErrorView(
                    code: "E_ROUTE_UNKNOWN", message: "there is nothing at \(GatewayError.printable(path))",
                    hint: "see /v1/openapi.json")
            ],
            .notFound)
    }

    private static func answer(_ errors: [ErrorView], _ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
        var headers = headers
        if status == .serviceUnavailable, headers[.retryAfter] == nil { headers[.retryAfter] = "2" }
        return Response.json(ErrorsView(errors: errors), status: status, headers: headers)
    }
}
