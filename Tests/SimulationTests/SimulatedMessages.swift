import Scheduling

/// What a worker sends. `opening` opens a session; all others carry their place in it.
struct PacketToHead {
    enum Body {
        case opening([AttemptReport], Registration, isDraining: Bool)
        case heartbeat
        case report([AttemptReport])
        case drain
        case goodbye
    }

    var boot: Int
    var session: Int64
    var sequence: Int64
    var body: Body
}

/// What a head sends. `registerAgain` stands outside of any session and names the one it could not make sense of.
struct PacketToWorker {
    enum Body {
        case welcome
        case alive
        case assign([TaskAttempt], Resources)
        case stop(TaskAttempt, StopReason)
        case acknowledged([TaskAttempt])
        case dismiss
        case registerAgain
    }

    var boot: Int
    var session: Int64
    var sequence: Int64
    var body: Body
}
