import Scheduling
import Stores
import Synchronization

/// A journal on tables that survive every head, and that answers as the simulation wants it to.
final class SimulatedStore: JournalInFront {
    enum Mood: Sendable {
        case answers
        /// Nothing is written, and nobody answers.
        case away
        /// The next commit is written, its answer lost.
        case losesOneAnswer
        /// The head dies at its next commit, before or after it is written.
        case killsBefore, killsAfter
    }

    /// What ends a head in the middle of a turn.
    struct Death: Error {}

    let real: InMemoryJournal
    private let mood = Mutex(Mood.answers)

    init(_ storage: InMemoryStorage) { real = InMemoryJournal(storage: storage) }

    func set(_ mood: Mood) { self.mood.withLock { $0 = mood } }
    var isAway: Bool { mood.withLock { $0 == .away } }

    func commit(_ records: [JournalRecord], term: Int64) throws {
        let mood = mood.withLock { mood in
            defer { if mood != .away { mood = .answers } }
            return mood
        }
        switch mood {
        case .answers: try real.commit(records, term: term)
        case .away: throw StoreTakenAway()
        case .losesOneAnswer:
            try real.commit(records, term: term)
            throw StoreTakenAway()
        case .killsBefore: throw Death()
        case .killsAfter:
            try real.commit(records, term: term)
            throw Death()
        }
    }
}
