package import Search

/// A study whose objective is a program: each trial runs it once on a point of the space, and a metric that it reports is the
/// trial's objective. Workers run the program, or it is one outside that asks for trials and tells what came of them.
package struct CommandStudySpec: Sendable, Hashable {
    /// With the parameters that are fixed.
    package var program: CommandProgram
    /// Set when the program is outside; then `program` holds nothing but the fixed parameters.
    package var external: ExternalTerms?
    /// Those left to the search, in order of name, which is the order in every form of the spec.
    package var searched: [SearchSpace.Parameter]
    package var search: SearchSpec
    /// What trials are measured by, by names of the program's choice.
    package var goals: Goals

    static let keys = ["search", "objective", "subjectTo"] + CommandProgram.keys

    /// A parsed spec has a valid space.
    package func searchSpace() throws(SearchError) -> SearchSpace {
        try SearchSpace(searched, constraints: search.constraints)
    }

    /// Whether a study is one of these.
    static func isMeant(_ map: MapCursor) -> Bool {
        guard case .map(let entries)? = map["objective"]?.node.content else { return false }
        return entries.contains { $0.key == "command" || $0.key == "external" }
    }

    static func decode(_ map: MapCursor) -> CommandStudySpec? {
        let objective = map.required("objective")?.map(
            ["command", "external", "all"] + Direction.allCases.map(\.rawValue), what: "an objective that is a program")
        let objectives = objective.flatMap(decodeObjectives)
        let limits = Goals.decodeLimits(map["subjectTo"], check: isName)
        let parametersCursor = map.required("parameters", hint: "for example {rate: {float: [0.001, 1], log: true}}")
        let parameters = parametersCursor.flatMap(CommandParameters.settings)
        let external = objective?["external"].map(ExternalTerms.decode)
        if let objective, (objective["command"] == nil) == (external == nil) {
            objective.cursor.mismatch("one of command and external", hint: "for example {external: {lease: 60s}, minimize: loss}")
        }
        let program =
            external == nil
            ? CommandProgram.decode(map, arguments: objective?["command"], parameters: parameters?.fixed)
            : CommandProgram.outside(map, parameters: parameters?.fixed)
        var space: SearchSpace?
        if let parameters, let parametersCursor {
            do throws(SearchError) {
                space = try SearchSpace(parameters.searched)
            } catch {
                parametersCursor.report(
                    error.code, error.message,
                    hint: error.code == "E_SPACE_EMPTY"
                        ? "give a parameter a range such as {float: [0.1, 10]}, or use job: command" : error.hint)
            }
        }
        let search = map.required("search", hint: "for example {sampler: tpe, trials: 100, seed: 7}").flatMap {
            SearchSpec.decode($0, space: space)
        }
        guard let objectives, let limits, let parameters, let program, space != nil, let search,
            external.map({ $0 != nil }) ?? true
        else { return nil }
        let goals = Goals(objectives: objectives, limits: limits)
        guard goals.isWithin(search.sampler, at: map["search"]) else { return nil }
        return CommandStudySpec(
            program: program, external: external ?? nil, searched: parameters.searched, search: search, goals: goals)
    }

    /// One of `maximize` and `minimize`, or several of them under `all`.
    private static func decodeObjectives(_ map: MapCursor) -> [Goals.Goal]? {
        func name(_ value: Cursor) -> String? {
            value.string("the name of a metric").flatMap { isName($0, value) ? $0 : nil }
        }
        guard let all = map["all"] else {
            return Goals.decode(map, example: "{command: [python3, train.py], minimize: loss}", name: name).map { [$0] }
        }
        for direction in Direction.allCases {
            map[direction.rawValue]?.report(
                "E_SPEC_TYPE", "all lists the objectives", hint: "move {\(direction.rawValue): ...} into all")
        }
        guard Direction.allCases.allSatisfy({ map[$0.rawValue] == nil }) else { return nil }
        return Goals.decodeList(all, name: name)
    }

    private static func isName(_ name: String, _ cursor: Cursor) -> Bool {
        if CommandParameters.isName(name) { return true }
        cursor.report("E_NAME", "\(SpecNode.shown(name)) is not the name of a metric", hint: CommandParameters.nameHint)
        return false
    }

    var json: [String: JSONValue] {
        let settings = program.parameters.mapValues(Setting.fixed).merging(
            searched.map { ($0.name, Setting.search($0.distribution)) }
        ) { first, _ in first }
        var parameters = settings.mapValues(\.json)
        for parameter in searched {
            guard let when = parameter.when, case .object(var members)? = parameters[parameter.name] else { continue }
            members["when"] = .string(when.description)
            parameters[parameter.name] = .object(members)
        }
        var objective: [String: JSONValue] =
            if let external { ["external": external.json] } else { ["command": .list(program.arguments.map(JSONValue.string))] }
        if case .object(let one) = goals.json {
            objective.merge(one) { first, _ in first }
        } else {
            objective["all"] = goals.json
        }
        let own: [String: JSONValue?] = [
            "objective": .object(objective), "subjectTo": goals.limitsJSON,
            "parameters": .object(parameters), "search": search.json,
        ]
        return own.merging(external == nil ? program.json : [:]) { first, _ in first }.compactMapValues { $0 }
    }
}
