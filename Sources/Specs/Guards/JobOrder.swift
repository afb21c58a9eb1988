/// Orders jobs that depend on one another.
enum JobOrder {
    /// The jobs, each after those it depends on, otherwise as given. Unless the set is `closed`, jobs outside of it may be named.
    static func sorted(_ specs: [JobSpec], closed: Bool = true) throws(SpecErrors) -> [JobSpec] {
        var byName: [String: Int] = [:]
        var errors: [SpecError] = []
        for (index, spec) in specs.enumerated() where byName.updateValue(index, forKey: spec.name) != nil {
            errors.append(
                SpecError("E_DEPENDS_NAME", "two jobs are called \(spec.name)", pointer: "/name", hint: "rename one of them"))
        }
        for spec in specs where closed {
            for (index, name) in spec.dependsOn.enumerated() where byName[name] == nil {
                errors.append(
                    SpecError(
                        "E_DEPENDS_UNKNOWN", "\(spec.name) depends on \(name), which is not among the jobs submitted with it",
                        pointer: "/dependsOn/\(index)", hint: "submit both specs together"))
            }
        }
        if let first = errors.first { throw SpecErrors(first, Array(errors.dropFirst())) }
        var order: [Int] = []
        var state = [Visit](repeating: .new, count: specs.count)
        for start in specs.indices where state[start] == .new {
            // An explicit stack: a chain of dependencies may be as long as the set.
            var path: [(job: Int, next: Int)] = [(start, 0)]
            state[start] = .open
            while let (job, next) = path.last {
                guard next < specs[job].dependsOn.count else {
                    state[job] = .done
                    order.append(job)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                guard let dependency = byName[specs[job].dependsOn[next]] else { continue }
                switch state[dependency] {
                case .done: continue
                case .new:
                    state[dependency] = .open
                    path.append((dependency, 0))
                case .open: throw cycle(path.map(\.job), to: dependency, specs)
                }
            }
        }
        return order.map { specs[$0] }
    }

    private enum Visit { case new, open, done }

    private static func cycle(_ path: [Int], to end: Int, _ specs: [JobSpec]) -> SpecErrors {
        let jobs = path.drop { $0 != end } + [end]
        return SpecErrors(
            SpecError(
                "E_DEPENDS_CYCLE", "the jobs wait for each other: \(jobs.map { specs[$0].name }.joined(separator: " -> "))",
                pointer: "/dependsOn", hint: "remove one of these dependencies"))
    }
}
