import HTTPTypes
import Hummingbird

/// Puts the routes behind the rules that hold for all of them.
enum GatewayRouter {
    static func make(_ services: GatewayServices) -> Router<GatewayContext> {
        let router = Router(context: GatewayContext.self)
        router.add(middleware: ErrorAnswers(routes: Routes.all, counters: services.requests))
        router.add(middleware: RequestRules())
        for route in Routes.all {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await route.handler(request, context, services)
            }
        }
        return router
    }

    /// What the router answers to, as `METHOD /path`.
    static func names(of router: Router<GatewayContext>) -> [String] { router.routes.map { "\($0.method.rawValue) \($0.path)" } }
}
