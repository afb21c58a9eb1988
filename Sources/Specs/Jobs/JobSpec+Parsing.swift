import Diagnostics
import Foundation
import Scheduling

/// The text of a spec and the name of the file it came from.
package struct SpecSource: Sendable, Hashable {
    package let text: String
    /// For messages; never opened.
    package let file: String?
    package init(text: String, file: String? = nil) {
        self.text = text
        self.file = file
    }

    /// The bytes of a file, which may turn out not to be text: `E_YAML_ENCODING`, `E_SPEC_TOO_LARGE`.
    package init(bytes: some Collection<UInt8>, file: String?) throws(SpecErrors) {
        do throws(SpecError) {
            self.init(text: try YAMLBytes.text(bytes, file: file), file: file)
        } catch {
            throw SpecErrors(error)
        }
    }
}

extension JobSpec {
    /// Parses a spec, YAML or JSON. Throws every mistake that it finds (at most 20), each with its position and key.
    package static func parse(text: String, file: String? = nil) throws(SpecErrors) -> JobSpec {
        try parse(text: text, file: file, now: milliseconds(Date()))
    }

    /// Parses the bytes of a file, which may turn out not to be text: `E_YAML_ENCODING`, `E_SPEC_TOO_LARGE`.
    package static func parse(bytes: some Collection<UInt8>, file: String? = nil) throws(SpecErrors) -> JobSpec {
        try parse(text: SpecSource(bytes: bytes, file: file).text, file: file)
    }

    /// Parses specs that are submitted together, and returns them with every job after those it depends on.
    ///
    /// Throws the mistakes of the first spec that has any, `E_DEPENDS_NAME` for a name given twice, `E_DEPENDS_UNKNOWN` for a
    /// job that is not in the set, and `E_DEPENDS_CYCLE` with the path of a cycle.
    package static func parse(set sources: [SpecSource]) throws(SpecErrors) -> [JobSpec] {
        var specs: [JobSpec] = []
        let now = milliseconds(Date())
        for source in sources { specs.append(try decode(text: source.text, file: source.file, now: now)) }
        return try JobOrder.sorted(specs)
    }

    /// `now` (milliseconds since 1970) only decides which times a message about a schedule shows.
    static func parse(text: String, file: String?, now: Int64) throws(SpecErrors) -> JobSpec {
        let spec = try decode(text: text, file: file, now: now)
        _ = try JobOrder.sorted([spec], closed: false)
        return spec
    }

    private static func milliseconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970 * 1_000) }

    private static func decode(text: String, file: String?, now: Int64) throws(SpecErrors) -> JobSpec {
        let root: SpecNode
        do throws(SpecError) {
            root = try YAMLDocument.parse(text, file: file)
        } catch {
            throw SpecErrors(error)
        }
        let issues = Issues(file: file)
        let spec = decode(Cursor(node: root, pointer: "", issues: issues), now: now)
        try issues.check()
        guard let spec else {
            throw SpecErrors(SpecError("E_SPEC_TYPE", "the spec cannot be read", place: .text(file: file, line: 1, column: 1)))
        }
        return spec
    }

    private static let commonKeys =
        [
            "job", "name", "priority", "resources", "where", "retry", "timeout", "labels", "dependsOn", "schedule",
        ] + SchedulingSpec.keys

    private static func decode(_ cursor: Cursor, now: Int64) -> JobSpec? {
        guard let any = cursor.anyMap(what: "a spec") else { return nil }
        let hint = "one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))"
        guard let kindCursor = any.required("job", hint: hint), let kindName = kindCursor.string("the kind of a job") else {
            return nil
        }
        guard let kind = Kind(rawValue: kindName) else {
            let near = Suggestion.nearest(to: kindName, in: Kind.allCases.map(\.rawValue))
            kindCursor.report(
                "E_JOB_KIND", "\(SpecNode.shown(kindName)) is no kind of job", hint: near.map { "did you mean \($0)?" } ?? hint)
            return nil
        }
        guard let map = cursor.map(commonKeys + keys(of: kind, any), what: "a \(kind.rawValue) job") else { return nil }
        let name = map.required("name")?.registryName("job")
        let priority = map["priority"].map { $0.int(-1_000...1_000) } ?? 0
        let resources = map["resources"].map(ResourcesForm.decode) ?? [defaultResources]
        let conditions = map["where"].map(ConditionsForm.decode) ?? []
        let retry = map["retry"].map(decodeRetry) ?? (RetryPolicy(), [])
        let scheduling = SchedulingSpec.decode(map)
        let timeout = map["timeout"].map { $0.duration(1_000...30 * 86_400_000) }
        let labels = map["labels"].map(decodeLabels) ?? [:]
        let dependsOn = map["dependsOn"].map(decodeNames) ?? []
        let usesCache = map["cache"].map { $0.bool() } ?? true
        if let schedule = map["schedule"] { ScheduleForm.check(schedule, now: now) }
        let body = decodeBody(kind, map)
        guard let name, let priority, let resources, let conditions, let retry, let scheduling, let labels, let dependsOn,
            let usesCache, let body
        else { return nil }
        var spec = JobSpec(
            name: name, priority: Int32(priority), resources: resources[0], retry: retry.policy,
            timeoutMilliseconds: timeout ?? nil,
            neverRetry: retry.never, scheduling: scheduling, labels: labels, dependsOn: dependsOn, usesCache: usesCache,
            body: body)
        (spec.alternatives, spec.conditions) = (Array(resources.dropFirst()), conditions)
        if let limit = scheduling.maxRunning, limit < spec.gang {
            map["maxRunning"]?.report("E_SPEC_RANGE", "a gang of \(spec.gang) never starts when \(limit) of its tasks may run")
            return nil
        }
        return spec
    }

    private static func keys(of kind: Kind, _ map: MapCursor) -> [String] {
        switch kind {
        case .study: CommandStudySpec.isMeant(map) ? CommandStudySpec.keys : StudySpec.keys + ["cache"]
        case .backtest: BacktestSpec.keys + ["cache"]
        case .retrain: RetrainSpec.keys
        case .drill: DrillSpec.keys
        case .command: CommandSpec.keys
        case .sweep: SweepSpec.keys
        case .stress: StressSpec.keys
        case .certify: CertifySpec.keys
        case .nested: NestedSpec.keys + ["cache"]
        case .crossValidate: CrossValidateSpec.keys
        }
    }

    private static func decodeBody(_ kind: Kind, _ map: MapCursor) -> Body? {
        switch kind {
        case .study where CommandStudySpec.isMeant(map): CommandStudySpec.decode(map).map(Body.commandStudy)
        case .study: StudySpec.decode(map).map(Body.study)
        case .backtest: BacktestSpec.decode(map).map(Body.backtest)
        case .retrain: RetrainSpec.decode(map).map(Body.retrain)
        case .drill: DrillSpec.decode(map).map(Body.drill)
        case .command: CommandSpec.decode(map).map(Body.command)
        case .sweep: SweepSpec.decode(map).map(Body.sweep)
        case .stress: StressSpec.decode(map).map(Body.stress)
        case .certify: CertifySpec.decode(map).map(Body.certify)
        case .nested: NestedSpec.decode(map).map(Body.nested)
        case .crossValidate: CrossValidateSpec.decode(map).map(Body.crossValidate)
        }
    }

    private static func decodeRetry(_ cursor: Cursor) -> (policy: RetryPolicy, never: [String])? {
        guard let map = cursor.map(["maximum", "backoff", "limit", "jitter", "never"], what: "retry") else { return nil }
        let usual = RetryPolicy()
        let maximum = map["maximum"].map { $0.int(0...100) } ?? Int(usual.maximum)
        let backoff = map["backoff"].map { $0.duration(0...3_600_000) } ?? usual.backoffMilliseconds
        let limit = map["limit"].map { $0.duration(0...86_400_000) } ?? max(usual.backoffLimitMilliseconds, backoff ?? 0)
        let jitter = map["jitter"].map { $0.thousandths(0...1) } ?? Int64(usual.jitterThousandths)
        let never = map["never"].map(decodeCodes) ?? []
        guard let maximum, let backoff, let limit, let jitter, let never else { return nil }
        guard backoff <= limit else {
            (map["limit"] ?? cursor).report(
                "E_SPEC_RANGE", "the limit of the backoff is below the first backoff of \(Quantity.duration(backoff))")
            return nil
        }
        return (
            RetryPolicy(
                maximum: Int32(maximum), backoffMilliseconds: backoff, backoffLimitMilliseconds: limit,
                jitterThousandths: Int32(jitter)), never
        )
    }

    /// Codes of errors, sorted, each once.
    private static func decodeCodes(_ cursor: Cursor) -> [String]? {
        guard let items = cursor.list(of: "error codes") else { return nil }
        let codes = items.map { item -> String? in
            guard let text = item.string("an error code") else { return nil }
            guard text.hasPrefix("E_"), text.utf8.count <= 64, text.utf8.allSatisfy({ $0.isCodeByte }) else {
                item.report("E_SPEC_RANGE", "\(SpecNode.shown(text)) is no error code", hint: "codes look like E_TIMEOUT")
                return nil
            }
            return text
        }
        return codes.contains(nil) ? nil : Array(Set(codes.compactMap { $0 })).sorted()
    }

    private static func decodeLabels(_ cursor: Cursor) -> [String: String]? {
        guard let map = cursor.anyMap(what: "labels") else { return nil }
        var labels: [String: String] = [:]
        for (key, value) in map.items {
            guard labels.count < 32, key.utf8.count <= 64 else {
                value.report("E_SPEC_RANGE", "there are at most 32 labels, whose keys have at most 64 bytes")
                return nil
            }
            guard let text = value.string() else { continue }
            guard text.utf8.count <= 256 else {
                value.report("E_SPEC_RANGE", "a label has at most 256 bytes")
                continue
            }
            labels[key] = text
        }
        return labels.count == map.entries.count ? labels : nil
    }

    private static func decodeNames(_ cursor: Cursor) -> [String]? {
        guard let items = cursor.list(of: "jobs") else { return nil }
        let names = items.map { $0.registryName("job") }
        return names.contains(nil) ? nil : names.compactMap { $0 }
    }
}
