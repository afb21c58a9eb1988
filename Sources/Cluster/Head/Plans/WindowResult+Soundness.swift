import MarketData
import Wire

extension ProtoWindowResult {
    /// Whether a worker's numbers can be taken: as many positions as the window tests bars, and all of them finite.
    func isSound(for window: Window) -> Bool {
        !positions.isEmpty && totalReturn.isFinite && sharpe.isFinite
            && positions.allSatisfy { $0.positions.count == window.test.count && $0.positions.allSatisfy(\.isFinite) }
    }
}
