/// What a nested study chose in one window, and what that came to on bars the choice had not seen.
package struct ChosenView: Codable, Sendable, Hashable {
    package var window: Int
    package var parameters: [String: ParameterView]
    /// The objective inside the train range.
    package var objective: Double
    /// On the test range alone.
    package var sharpe: Double
    package var totalReturn: Double

    package init(
        window: Int, parameters: [String: ParameterView], objective: Double, sharpe: Double, totalReturn: Double
    ) {
        self.window = window
        self.parameters = parameters
        self.objective = objective
        self.sharpe = sharpe
        self.totalReturn = totalReturn
    }
}
