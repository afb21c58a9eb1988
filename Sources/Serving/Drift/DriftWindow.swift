import Learning
import Registry
import Synchronization

/// The last rows that a node was asked about, for the version it serves: bounded, and only kept when switched on.
package final class DriftWindow: Sendable {
    private struct State {
        var version: Int64 = -1
        var width = 0
        /// A ring of rows, row after row.
        var values: [Double] = []
        var next = 0
        var seen = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Keeps up to `capacity` rows.
    package init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Adds the rows of one request; the first of another version empties the window.
    func add(_ request: InferenceRequest, of model: LoadedModel) {
        let width = model.width
        state.withLock { state in
            if state.version != model.version.version {
                state = State(version: model.version.version, width: width)
                state.values.reserveCapacity(capacity * width)
            }
            for row in max(0, request.rows - capacity)..<request.rows {
                let values = request.values[row * width..<(row + 1) * width]
                if state.values.count < capacity * width {
                    state.values.append(contentsOf: values)
                } else {
                    state.values.replaceSubrange(state.next * width..<(state.next + 1) * width, with: values)
                }
                state.next = (state.next + 1) % capacity
                state.seen += 1
            }
        }
    }

    /// The rows, in no order that matters, if they are of `version` and any came since the last call.
    func take(version: Int64) -> [Double]? {
        state.withLock { state in
            guard state.version == version, state.seen > 0 else { return nil }
            state.seen = 0
            return state.values
        }
    }
}
