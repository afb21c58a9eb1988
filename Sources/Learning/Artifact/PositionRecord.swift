/// How a model's predictions become positions: a rule's name and its parameters, kept as they are for whoever applies it.
package struct PositionRecord: Sendable, Hashable, Codable {
    package var kind: String
    package var parameters: [String: Double]

    package init(kind: String, parameters: [String: Double] = [:]) {
        self.kind = kind
        self.parameters = parameters
    }
}
