package import Search

/// A user's own program and what every run of it gets, whichever task it is for.
package struct CommandProgram: Sendable, Hashable {
    /// The program and its arguments, as they are: no shell reads them.
    package var arguments: [String]
    /// Variables added to the few that a worker passes on.
    package var environment: [String: String]
    /// Files put into the working folder, in order of name.
    package var files: [CommandFile]
    /// Values that are the same for all tasks; numbers and texts.
    package var parameters: [String: ParameterValue]
    package var limits: CommandLimits
    /// Names of the artifacts that a run which succeeds must leave behind.
    package var outputs: [String]

    package static let argumentLimit = 1_024
    package static let outputLimit = 256
    package static let parameterLimit = 256
}

/// What a program may use before it is ended.
package struct CommandLimits: Sendable, Hashable {
    /// Bytes of private memory, for each process; nil for no limit.
    package var memory: Int64?
    /// Seconds of processor time, for each process; nil for no limit.
    package var cpuSeconds: Int?
    /// How long a program that was asked to end (SIGTERM) has until it is killed.
    package var graceMilliseconds: Int64
    /// How long it may report nothing until it counts as hung; nil for no limit.
    package var heartbeatMilliseconds: Int64?

    package static let none = CommandLimits(memory: nil, cpuSeconds: nil, graceMilliseconds: 3_000)

    package init(memory: Int64?, cpuSeconds: Int?, graceMilliseconds: Int64) {
        (self.memory, self.cpuSeconds, self.graceMilliseconds) = (memory, cpuSeconds, graceMilliseconds)
    }
}

extension CommandProgram {
    /// The keys of a command job that say how the program runs; `command` itself is elsewhere in a study.
    static let keys = ["environment", "files", "parameters", "limits", "heartbeatTimeout", "outputs"]

    /// `arguments` is the cursor of the command's list; `parameters` have been decoded by the caller, who knows which may be
    /// left to a search.
    static func decode(_ map: MapCursor, arguments: Cursor?, parameters: [String: ParameterValue]?) -> CommandProgram? {
        let arguments = arguments.flatMap(CommandForm.arguments)
        let environment = map["environment"].map(CommandForm.environment) ?? [:]
        let files = map["files"].map(CommandFile.decodeAll) ?? []
        let limits = map["limits"].map(CommandLimits.decode) ?? CommandLimits.none
        let outputs = map["outputs"].map(decodeOutputs) ?? []
        let heartbeat = map["heartbeatTimeout"].map { $0.duration(1_000...30 * 86_400_000) }
        guard let arguments, let environment, let files, let parameters, var limits, let outputs,
            heartbeat.map({ $0 != nil }) ?? true
        else { return nil }
        limits.heartbeatMilliseconds = heartbeat ?? nil
        return CommandProgram(
            arguments: arguments, environment: environment, files: files, parameters: parameters, limits: limits, outputs: outputs
        )
    }

    /// A program that is not ours to run: only what it is told. Reports the keys that say how one runs.
    static func outside(_ map: MapCursor, parameters: [String: ParameterValue]?) -> CommandProgram? {
        for key in keys where key != "parameters" {
            map[key]?.report("E_SPEC_UNKNOWN_KEY", "\(key) is for a program that workers run", hint: "leave it out")
        }
        return parameters.map {
            CommandProgram(arguments: [], environment: [:], files: [], parameters: $0, limits: .none, outputs: [])
        }
    }

    private static func decodeOutputs(_ cursor: Cursor) -> [String]? {
        guard let items = cursor.list(of: "the names of artifacts") else { return nil }
        guard items.count <= outputLimit else {
            cursor.report("E_SPEC_RANGE", "there are at most \(outputLimit) outputs")
            return nil
        }
        let names = items.map { $0.relativePath("an artifact") }
        return names.contains(nil) ? nil : names.compactMap { $0 }
    }

    var json: [String: JSONValue?] {
        [
            "environment": environment.isEmpty ? nil : .object(environment.mapValues(JSONValue.string)),
            "files": files.isEmpty
                ? nil : .object(Dictionary(files.map { ($0.name, $0.json) }, uniquingKeysWith: { first, _ in first })),
            "limits": .members([
                "memory": limits.memory.map { .int(Int($0)) }, "cpu": limits.cpuSeconds.map(JSONValue.int),
                "grace": .string(Quantity.duration(limits.graceMilliseconds)),
            ]),
            "heartbeatTimeout": limits.heartbeatMilliseconds.map { .string(Quantity.duration($0)) },
            "outputs": outputs.isEmpty ? nil : .list(outputs.map(JSONValue.string)),
        ]
    }
}

extension CommandLimits {
    static func decode(_ cursor: Cursor) -> CommandLimits? {
        guard let map = cursor.map(["memory", "cpu", "grace"], what: "limits") else { return nil }
        let memory = map["memory"].map { $0.memory((1 << 20)...(1 << 50)) }
        let cpu = map["cpu"].map { $0.int(1...31_536_000, unit: "seconds") }
        let grace = map["grace"].map { $0.duration(1...60_000) } ?? none.graceMilliseconds
        // A key that is there has a value.
        guard let grace, memory.map({ $0 != nil }) ?? true, cpu.map({ $0 != nil }) ?? true else { return nil }
        return CommandLimits(memory: memory ?? nil, cpuSeconds: cpu ?? nil, graceMilliseconds: grace)
    }
}
