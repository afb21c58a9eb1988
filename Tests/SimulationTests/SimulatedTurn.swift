import Scheduling

/// What one turn of a head has gathered: records to commit, and what may leave only after the commit.
struct SimulatedTurn {
    struct Mail {
        var identity: Int
        var body: PacketToWorker.Body
    }

    /// What a client is told.
    enum Answer {
        case submitted(JobID)
        case cancelled(JobID)
    }

    var records: [SimulatedJournal.Record] = []
    var mail: [Mail] = []
    /// Reports that the scheduler took for their task's end, and whose acknowledgement is in `mail`.
    var decided: [TaskAttempt] = []
    /// All reports that `mail` acknowledges.
    var acknowledged: [TaskAttempt] = []
    var answers: [Answer] = []

    /// Drops what was meant for a session that is over.
    mutating func dropMail(to identity: Int) { mail.removeAll { $0.identity == identity } }

    /// Takes out the answers to workers that need no commit.
    mutating func takeFreeMail() -> [Mail] {
        let free = mail.filter { PacketToWorker.isFree($0.body) }
        mail.removeAll { PacketToWorker.isFree($0.body) }
        return free
    }

    /// Adds a later turn to this one.
    mutating func append(_ later: SimulatedTurn) {
        records += later.records
        mail += later.mail
        decided += later.decided
        acknowledged += later.acknowledged
        answers += later.answers
    }
}

/// What a head keeps while the store is away; see `Outage` in the product.
struct SimulatedOutage {
    var inFlight: SimulatedTurn
    var waiting = SimulatedTurn()
    /// Workers whose results were not taken.
    var owing: Set<Int> = []
}
