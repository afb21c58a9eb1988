import Scheduling
import Stores
import Synchronization

/// A journal whose store can be taken away, with the answer to a commit lost or not.
final class FlakyJournal: JournalInFront {
    /// What happens to commits.
    enum Store: Sendable {
        case answers
        /// Nothing is written.
        case away
        /// The next commit is written, its answer lost; from then on nothing is.
        case losesOneAnswer
    }

    let real: InMemoryJournal
    private let store = Mutex(Store.answers)
    /// Commits that failed, for a test to wait for.
    let failures: AsyncStream<Void>
    private let failed: AsyncStream<Void>.Continuation

    init(_ real: InMemoryJournal) {
        self.real = real
        (failures, failed) = AsyncStream.makeStream()
    }

    func set(_ store: Store) { self.store.withLock { $0 = store } }

    /// Returns when a commit has failed since the last call.
    func fail() async { for await _ in failures { break } }

    func commit(_ records: [JournalRecord], term: Int64) throws {
        let store = store.withLock { store in
            defer { if store == .losesOneAnswer { store = .away } }
            return store
        }
        if store != .away { try real.commit(records, term: term) }
        if store != .answers {
            failed.yield()
            throw StoreTakenAway()
        }
    }
}
