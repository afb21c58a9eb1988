import Scheduling

/// What a worker sends. `opening` opens a session; all others carry their place in it.
struct PacketToHead {
    enum Body {
        case opening([AttemptReport], Registration, isDraining: Bool, highestTerm: Int64)
        case heartbeat
        case report([AttemptReport])
        case drain
        case goodbye
    }

    /// The process, as the network knows it, and what it calls itself.
    var boot: Int
    var identity: Int
    /// The head it is connected to.
    var slot: Int
    var session: Int64
    var sequence: Int64
    var body: Body
}

/// What a head sends. `registerAgain` stands outside of any session and names the one it could not make sense of.
struct PacketToWorker {
    enum Body {
        case welcome(term: Int64)
        case alive
        case assign([TaskAttempt], Resources, choice: Int)
        case stop(TaskAttempt, StopReason)
        case acknowledged([TaskAttempt])
        case dismiss
        case registerAgain
    }

    var boot: Int
    var slot: Int
    var session: Int64
    var sequence: Int64
    var body: Body

    /// Answers that tell nothing of a turn's records, and so need no commit.
    static func isFree(_ body: Body) -> Bool {
        switch body {
        case .welcome, .alive: true
        case .assign, .stop, .acknowledged, .dismiss, .registerAgain: false
        }
    }
}
