/// One change of an alias; kept for ever.
package struct Promotion: Sendable, Hashable, Codable {
    package var model: String
    package var alias: String
    /// The version the alias named before, nil when it was new.
    package var from: Int64?
    package var to: Int64
    /// A user's name or `job N`.
    package var by: String
    package var reason: String
    /// The gate's expression and the values it saw; empty when a person decided.
    package var gate: String
    package var gateValues: [String: Double]
    /// Wall clock, milliseconds since 1970.
    package var at: Int64
    package init(
        model: String, alias: String, from: Int64?, to: Int64, by: String, reason: String, gate: String = "",
        gateValues: [String: Double] = [:], at: Int64
    ) {
        self.model = model
        self.alias = alias
        self.from = from
        self.to = to
        self.by = by
        self.reason = reason
        self.gate = gate
        self.gateValues = gateValues
        self.at = at
    }
}
