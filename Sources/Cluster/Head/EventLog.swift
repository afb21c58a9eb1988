import Synchronization

/// The latest events of a head, a fixed number of them. What tasks and jobs came to is in the store besides, for as long as the
/// store keeps it.
final class EventLog: Sendable {
    /// How many events are kept.
    static let limit = 100_000

    private struct State {
        var ring: [HeadEvent] = []
        /// Events there ever were.
        var count: Int64 = 0
    }

    private let term: Int64
    private let limit: Int
    private let state = Mutex(State())

    init(term: Int64, limit: Int = EventLog.limit) { (self.term, self.limit) = (term, limit) }

    func append(_ events: [HeadEvent], at milliseconds: Int64) {
        guard !events.isEmpty else { return }
        state.withLock { state in
            for event in events.suffix(limit) {
                var event = event
                event.at = milliseconds
                if state.ring.count < limit {
                    state.ring.append(event)
                } else {
                    state.ring[Int(state.count % Int64(limit))] = event
                }
                state.count += 1
            }
        }
    }

    /// The events that `query` asks for, in order, up to its limit.
    func page(_ query: EventQuery) -> EventsPage {
        state.withLock { state in
            let first = max(1, state.count - Int64(state.ring.count) + 1)
            var number = max(query.after + 1, first)
            var events: [EventView] = []
            while number <= state.count, events.count < query.limit {
                let event = state.ring[Int((number - 1) % Int64(limit))]
                if query.job.map({ $0 == event.job }) ?? true, query.task.map({ $0 == event.task }) ?? true,
                    query.worker.map({ $0 == event.worker }) ?? true
                {
                    events.append(event.view(number: number))
                }
                number += 1
            }
            return EventsPage(term: term, events: events, next: max(number - 1, 0), first: first)
        }
    }
}
