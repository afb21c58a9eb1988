/// Tasks without a use, to see how a cluster schedules, retries and recovers.
package struct DrillSpec: Sendable, Hashable {
    package var tasks: Int
    package var work: Work
    package init(tasks: Int, work: Work = .none) { (self.tasks, self.work) = (tasks, work) }

    /// What each task does.
    package enum Work: Sendable, Hashable {
        /// Nothing.
        case none
        /// Waits so many milliseconds.
        case sleep(milliseconds: Int64)
        /// A share of the tasks, spread evenly over the indices, fails; each of these on its first `attempts` attempts.
        case fail(share: Double, attempts: Int)
        /// Like `fail`, but the worker's process dies.
        case crash(share: Double, attempts: Int)
    }

    /// What one attempt of a task does.
    package enum Action: Sendable, Hashable {
        case succeed, fail, crash
        case sleep(milliseconds: Int64)
    }

    package static let taskLimit = 10_000_000
    static let keys = ["tasks", "work"]

    /// What the attempt counted `attempt` (from 1) of the task at `index` (from 0) does.
    package func action(task index: Int, attempt: Int) -> Action {
        switch work {
        case .none: .succeed
        case .sleep(let milliseconds): .sleep(milliseconds: milliseconds)
        case .fail(let share, let attempts): attempt <= attempts && Self.isPicked(index, share) ? .fail : .succeed
        case .crash(let share, let attempts): attempt <= attempts && Self.isPicked(index, share) ? .crash : .succeed
        }
    }

    private static func isPicked(_ index: Int, _ share: Double) -> Bool {
        (Double(index + 1) * share).rounded(.down) > (Double(index) * share).rounded(.down)
    }

    static func decode(_ map: MapCursor) -> DrillSpec? {
        let tasks = map.required("tasks")?.int(1...taskLimit, unit: "tasks")
        let work = map["work"].map(decodeWork) ?? Work.none
        guard let tasks, let work else { return nil }
        return DrillSpec(tasks: tasks, work: work)
    }

    private enum Kind: String, CaseIterable { case none, sleep, fail, crash }

    private static func decodeWork(_ cursor: Cursor) -> Work? {
        guard let any = cursor.anyMap(what: "work"), let kind = any.required("kind")?.name(of: Kind.self, what: "kind of work")
        else { return nil }
        switch kind {
        case .none: return cursor.map(["kind"], what: "work of kind none").map { _ in Work.none }
        case .sleep:
            let map = cursor.map(["kind", "duration"], what: "work of kind sleep")
            return map?.required("duration", hint: "for example 50ms")?.duration(1...86_400_000).map { .sleep(milliseconds: $0) }
        case .fail, .crash:
            guard let map = cursor.map(["kind", "share", "attempts"], what: "work of kind \(kind.rawValue)") else { return nil }
            let share = map["share"].map { $0.double(0...1) } ?? 1
            let attempts = map["attempts"].map { $0.int(1...1_000) } ?? 1
            guard let share, let attempts else { return nil }
            return kind == .fail ? .fail(share: share, attempts: attempts) : .crash(share: share, attempts: attempts)
        }
    }

    var json: [String: JSONValue] {
        let work: [String: JSONValue] =
            switch work {
            case .none: ["kind": .string("none")]
            case .sleep(let milliseconds): ["kind": .string("sleep"), "duration": .string(Quantity.duration(milliseconds))]
            case .fail(let share, let attempts): ["kind": .string("fail"), "share": .double(share), "attempts": .int(attempts)]
            case .crash(let share, let attempts): ["kind": .string("crash"), "share": .double(share), "attempts": .int(attempts)]
            }
        return ["tasks": .int(tasks), "work": .object(work)]
    }
}
