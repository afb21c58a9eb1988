/// Faults and decisions that forty seeds must have seen; a simulation that does not is not testing them.
enum SimulationMarks {
    static let expected = [
        // Network.
        "message lost", "message duplicated", "message overtaken", "message held back", "message to a head swallowed",
        "message to a worker swallowed", "outbound queue full", "link broken", "gap seen", "session asked for",
        // Workers.
        "worker crashed", "worker paused", "worker poisoned", "worker drained", "worker dismissed", "worker left", "lease ended",
        "disk full", "results spooled", "results inherited", "worker turned to another head",
        // Heads.
        "head paused", "head paused before its commit", "head crashed before its commit", "head crashed after its commit",
        "head crashed while sending", "head crashed in an outage", "head taken over", "head fenced", "head replaced", "upgraded",
        "older head refused", "wall clock jumped",
        // The store.
        "commit aborted", "commit not answered", "store away", "store crashed", "outage over", "client refused",
        "results left with their worker", "journal folded",
        // Decisions.
        "stop fenced", "stop cancelled", "stop timedOut", "stop retracted", "task succeeded", "task failed", "task cancelled",
        "task quarantined", "adopted of an older term", "adopted after a silence", "accepted of an older term",
        "fenced of an older term",
        // Work.
        "second choice", "ran normal", "ran flaky", "ran failing", "ran poison", "ran stuck", "ran stubborn",
    ]
}
