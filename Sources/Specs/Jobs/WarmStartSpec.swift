package import Search

/// The older study from whose trials a study starts.
package struct WarmStartSpec: Sendable, Hashable {
    /// Its name, which stands for the newest job of that name when the study is submitted; nil when its number was given.
    package var study: String?
    /// Its job's number; nil until a name has been resolved.
    package var job: Int64?
    /// How its trials are read.
    package var reading: WarmStart
}

extension WarmStartSpec {
    /// `space` is that of the new study; nil when it has mistakes of its own.
    static func decode(_ cursor: Cursor, space: SearchSpace?, sampler: SamplerKind?) -> WarmStartSpec? {
        guard let map = cursor.map(["study", "job", "map", "fill"], what: "a warm start") else { return nil }
        if let sampler, !sampler.sampler.readsHistory {
            cursor.report(
                "E_WARM_START", "\(sampler.rawValue) does not learn from trials",
                hint: "use auto, gp, tpe, cma or nsga2, or leave warmStart out")
            return nil
        }
        let study = map["study"].map { $0.string("the name of a study") }
        let job = map["job"].map { $0.int(1...Int.max) }
        let renamed = map["map"].map(decodeMap) ?? [:]
        let fill = map["fill"].map(CommandParameters.values) ?? [:]
        guard study != nil || job != nil else {
            cursor.mismatch("the study to start from", hint: "write {study: NAME} or {job: NUMBER}")
            return nil
        }
        if case .some(nil) = study { return nil }
        if case .some(nil) = job { return nil }
        guard let renamed, let fill else { return nil }
        let reading = WarmStart(map: renamed, fill: fill)
        if let space {
            do throws(SearchError) {
                try reading.check(space)
            } catch {
                cursor.report(error.code, error.message, hint: error.hint)
                return nil
            }
        }
        return WarmStartSpec(study: study ?? nil, job: (job ?? nil).map(Int64.init), reading: reading)
    }

    private static func decodeMap(_ cursor: Cursor) -> [String: String]? {
        guard let map = cursor.anyMap(what: "old names and new ones") else { return nil }
        var names: [String: String] = [:]
        for (old, value) in map.items { names[old] = value.string("the name of a parameter") }
        return names.count == map.entries.count ? names : nil
    }

    var json: JSONValue {
        .members([
            "study": study.map(JSONValue.string), "job": job.map { .int(Int($0)) },
            "map": reading.map.isEmpty ? nil : .object(reading.map.mapValues(JSONValue.string)),
            "fill": reading.fill.isEmpty ? nil : .object(reading.fill.mapValues(\.json)),
        ])
    }
}
