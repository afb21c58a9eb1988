/// What a serving node says about the rows it was asked about, compared with the training profile of the model it served.
package struct DriftReport: Sendable, Hashable, Codable {
    package var id: Int64
    package var model: String
    package var version: Int64
    /// The serving process.
    package var node: String
    /// Rows in the window that was compared.
    package var rows: Int64
    package var drifted: Bool
    /// The feature that moved most and every feature's distance (population stability index).
    package var worstFeature: String
    package var distances: [String: Double]
    package var at: Int64
    package init(
        id: Int64 = 0, model: String, version: Int64, node: String, rows: Int64, drifted: Bool, worstFeature: String,
        distances: [String: Double], at: Int64
    ) {
        self.id = id
        self.model = model
        self.version = version
        self.node = node
        self.rows = rows
        self.drifted = drifted
        self.worstFeature = worstFeature
        self.distances = distances
        self.at = at
    }
}

/// Drift reports, written by serving nodes and read by the head. Calls block.
package protocol DriftStore: AnyObject, Sendable {
    func add(_ report: DriftReport) throws
    /// Newest first.
    func reports(of model: String, limit: Int) throws -> [DriftReport]
    /// Reports with `drifted` set and an id above `after`, oldest first.
    func drifted(after: Int64, limit: Int) throws -> [DriftReport]
}
