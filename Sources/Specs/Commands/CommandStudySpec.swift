package import Search

/// A study whose objective is a program: each trial runs it once on a point of the space, and a metric that it reports is the
/// trial's objective.
package struct CommandStudySpec: Sendable, Hashable {
    /// With the parameters that are fixed.
    package var program: CommandProgram
    /// Those left to the search, in order of name, which is the order in every form of the spec.
    package var searched: [SearchSpace.Parameter]
    package var search: SearchSpec
    /// The name of the metric.
    package var metric: String
    package var direction: Direction

    static let keys = ["search", "objective"] + CommandProgram.keys

    /// A parsed spec has a valid space.
    package func searchSpace() throws(SearchError) -> SearchSpace { try SearchSpace(searched) }

    /// Whether a study is one of these.
    static func isMeant(_ map: MapCursor) -> Bool {
        guard case .map(let entries)? = map["objective"]?.node.content else { return false }
        return entries.contains { $0.key == "command" }
    }

    static func decode(_ map: MapCursor) -> CommandStudySpec? {
        let objective = map.required("objective")?.map(
            ["command"] + Direction.allCases.map(\.rawValue), what: "an objective that is a program")
        let goal = objective.flatMap(decodeGoal)
        let parametersCursor = map.required("parameters", hint: "for example {rate: {float: [0.001, 1], log: true}}")
        let parameters = parametersCursor.flatMap(CommandParameters.settings)
        let program = CommandProgram.decode(map, arguments: objective?["command"], parameters: parameters?.fixed)
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
            SearchSpec.decode($0, space: space, steps: .ofProgram)
        }
        guard let goal, let parameters, let program, space != nil, let search else { return nil }
        return CommandStudySpec(
            program: program, searched: parameters.searched, search: search, metric: goal.metric, direction: goal.direction)
    }

    private static func decodeGoal(_ map: MapCursor) -> (metric: String, direction: Direction)? {
        let given = Direction.allCases.compactMap { direction in map[direction.rawValue].map { (direction, $0) } }
        guard given.count == 1, let (direction, value) = given.first else {
            map.cursor.mismatch(
                "one of maximize and minimize", hint: "for example {command: [python3, train.py], minimize: loss}")
            return nil
        }
        return value.string("the name of a metric").flatMap { name in
            guard CommandParameters.isName(name) else {
                value.report("E_NAME", "\(SpecNode.shown(name)) is not the name of a metric", hint: CommandParameters.nameHint)
                return nil
            }
            return (name, direction)
        }
    }

    var json: [String: JSONValue] {
        let settings = program.parameters.mapValues(Setting.fixed).merging(
            searched.map { ($0.name, Setting.search($0.distribution)) }
        ) { first, _ in first }
        let own: [String: JSONValue?] = [
            "objective": .object([
                "command": .list(program.arguments.map(JSONValue.string)), direction.rawValue: .string(metric),
            ]),
            "parameters": .object(settings.mapValues(\.json)), "search": search.json,
        ]
        return own.merging(program.json) { first, _ in first }.compactMapValues { $0 }
    }
}
