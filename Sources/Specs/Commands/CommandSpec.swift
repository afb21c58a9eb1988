package import Search

/// A program run as one task, or as a job array: once for each task.
package struct CommandSpec: Sendable, Hashable {
    package var program: CommandProgram
    package var tasks: Tasks
    /// How many members each task has, which start together or not at all; each is a task of its own to the cluster.
    package var gang = 1

    /// The tasks of a job array.
    package enum Tasks: Sendable, Hashable {
        /// So many alike; a task knows its index.
        case count(Int)
        /// One for each set of parameters, which go before those that all tasks share.
        case sets([[String: ParameterValue]])
    }

    package static let taskLimit = 1_000_000
    static let gangLimit = 1_024
    static let keys = ["command", "tasks", "gang"] + CommandProgram.keys

    package init(program: CommandProgram, tasks: Tasks) { (self.program, self.tasks) = (program, tasks) }

    /// Members counted one by one.
    package var taskCount: Int { length * gang }

    /// How long the array is.
    package var length: Int {
        switch tasks {
        case .count(let count): count
        case .sets(let sets): sets.count
        }
    }

    /// What the task at `index` is given: all members of a gang the same.
    package func parameters(of index: Int) -> [String: ParameterValue] {
        let place = index / max(gang, 1)
        guard case .sets(let sets) = tasks, sets.indices.contains(place) else { return program.parameters }
        return program.parameters.merging(sets[place]) { _, own in own }
    }

    static func decode(_ map: MapCursor) -> CommandSpec? {
        let command = map.required("command", hint: "for example [python3, train.py]")
        let parameters = map["parameters"].map(CommandParameters.values) ?? [:]
        let program = CommandProgram.decode(map, arguments: command, parameters: parameters)
        let tasks = map["tasks"].map(decodeTasks) ?? .count(1)
        let gang = map["gang"].map { $0.int(1...gangLimit, unit: "members") } ?? 1
        guard let program, let tasks, let gang else { return nil }
        var spec = CommandSpec(program: program, tasks: tasks)
        spec.gang = gang
        guard spec.taskCount <= taskLimit else {
            map["gang"]?.report("E_SPEC_RANGE", "\(spec.length) gangs of \(gang) are more than \(taskLimit) tasks")
            return nil
        }
        return spec
    }

    private static func decodeTasks(_ cursor: Cursor) -> Tasks? {
        guard case .list = cursor.node.content else {
            return cursor.int(1...taskLimit, unit: "tasks, or a list of parameter sets").map(Tasks.count)
        }
        let items = cursor.list(of: "parameter sets") ?? []
        guard !items.isEmpty else {
            cursor.report("E_SPEC_RANGE", "a job array has at least one task", hint: "write tasks: [{rate: 0.1}, {rate: 0.2}]")
            return nil
        }
        let sets = items.map(CommandParameters.values)
        return sets.contains(where: { $0 == nil }) ? nil : .sets(sets.compactMap { $0 })
    }

    var json: [String: JSONValue] {
        let tasks: JSONValue =
            switch tasks {
            case .count(let count): .int(count)
            case .sets(let sets): .list(sets.map { .object($0.mapValues(\.json)) })
            }
        let own: [String: JSONValue?] = [
            "command": .list(program.arguments.map(JSONValue.string)), "tasks": tasks, "gang": gang > 1 ? .int(gang) : nil,
            "parameters": program.parameters.isEmpty ? nil : .object(program.parameters.mapValues(\.json)),
        ]
        return own.merging(program.json) { first, _ in first }.compactMapValues { $0 }
    }
}
