import HTTPTypes

/// The OpenAPI 3.1 document of the API, made from its routes.
enum OpenAPIDocument {
    static let document: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "Bellwether head", "version": "1",
            "description": """
            Jobs, models, datasets and workers of one head. Every answer that is not a success holds ErrorsView. Unknown keys, \
            in bodies and in queries, are errors.
            """,
        ],
        "paths": paths,
        "components": ["schemas": .object(schemas)],
    ]

    private static var paths: JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for route in Routes.all { paths[route.path, default: [:]][route.method.rawValue.lowercased()] = operation(route) }
        return .object(paths.mapValues { .object($0) })
    }

    private static func operation(_ route: Route) -> JSONValue {
        var responses: [String: JSONValue] = [
            "default": [
                "description": "An error.", "content": ["application/json": ["schema": Schema.reference("ErrorsView").json]],
            ]
        ]
        for answer in route.answers {
            var response: [String: JSONValue] = ["description": .string(answer.summary)]
            if let content = answer.content { response["content"] = .object([content.type: ["schema": content.schema.json]]) }
            responses["\(answer.status)"] = .object(response)
        }
        var operation: [String: JSONValue] = [
            "operationId": .string(route.name), "summary": .string(route.summary), "responses": .object(responses),
        ]
        let parameters =
            route.parameters.map { parameter($0, in: "path", pathSchema($0), isRequired: true, summary: nil) }
            + route.query.map { parameter($0.name, in: "query", $0.schema, isRequired: $0.isRequired, summary: $0.summary) }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = route.body {
            operation["requestBody"] = ["required": true, "content": .object([body.type: ["schema": body.schema.json]])]
        }
        return .object(operation)
    }

    private static func parameter(
        _ name: String, in place: String, _ schema: Schema, isRequired: Bool, summary: String?
    ) -> JSONValue {
        var parameter: [String: JSONValue] = [
            "name": .string(name), "in": .string(place), "required": .boolean(isRequired), "schema": schema.json,
        ]
        if let summary { parameter["description"] = .string(summary) }
        return .object(parameter)
    }

    private static func pathSchema(_ name: String) -> Schema {
        switch name {
        case "id", "version": .integer(0, .max)
        case "n": .integer(0, Int64(Int32.max))
        default: .string
        }
    }

    /// The components, from the properties that `OpenAPISchemas` lists.
    private static var schemas: [String: JSONValue] {
        OpenAPISchemas.all.mapValues { properties in
            [
                "type": "object",
                "properties": .object(Dictionary(properties.map { ($0.name, $0.schema.json) }) { $1 }),
                "required": .array(properties.filter(\.isRequired).map { .string($0.name) }),
            ]
        }
    }
}
