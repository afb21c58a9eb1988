import Foundation
import Glibc
import Specs
import Wire

/// The environment of a program: the few variables that a worker passes on, those of the job, and those that tell the program
/// about its run.
struct CommandEnvironment {
    /// As `NAME=value`, in order of name.
    let variables: [String]
    private let searchPath: String

    /// What a program may need of the machine. Nothing else is inherited, so that nothing of the worker's leaks.
    private static let inherited = ["HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "TZ", "USER"]
    /// The descriptor on which the program reports.
    private static let reportDescriptor = 3

    /// `gpus` are the numbers of the GPUs that it has, or of the one that it shares; nil where nobody counts them.
    init(_ program: CommandProgram, _ task: ProtoCommandTask, job: Int64, run: String, gpus: [Int]?, _ scratch: ScratchFolder) {
        var all: [String: String] = [:]
        for name in Self.inherited { all[name] = getenv(name).map { String(cString: $0) } }
        let path = all["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        all["PATH"] = path
        searchPath = path
        (all["PWD"], all["TMPDIR"]) = (scratch.path, scratch.temporary)
        all.merge(program.environment) { $1 }
        for (name, value) in Self.parameters(task.parameters) { all["BELLWETHER_PARAMETER_" + name] = value }
        all[ProcessKeeper.variable] = run
        all["BELLWETHER_JOB"] = "\(job)"
        all["BELLWETHER_TASK"] = "\(task.index)"
        all["BELLWETHER_ATTEMPT"] = "\(task.attempt)"
        // Where GPUs are counted, a program sees those that it asked for and no other.
        if let gpus { all["CUDA_VISIBLE_DEVICES"] = Self.devices(gpus) }
        if !task.gang.isEmpty {
            all["BELLWETHER_GANG_RANK"] = "\(task.rank)"
            all["BELLWETHER_GANG_SIZE"] = "\(task.gang.count)"
            all["BELLWETHER_GANG_ADDRESSES"] = task.gang.joined(separator: ",")
        }
        all["BELLWETHER_ARRAY_INDEX"] = "\(Int(task.index) / max(task.gang.count, 1))"
        all["BELLWETHER_PARAMETERS"] = scratch.parametersFile
        all["BELLWETHER_REPORT_FD"] = "\(Self.reportDescriptor)"
        all["BELLWETHER_ARTIFACTS"] = scratch.artifacts
        all["BELLWETHER_CHECKPOINTS"] = scratch.checkpoints
        if !task.checkpoint.isEmpty { all["BELLWETHER_CHECKPOINT"] = scratch.checkpointFile }
        variables = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// The names of the GPUs: their numbers, or where the worker itself is shown only some, what those are called.
    private static func devices(_ gpus: [Int]) -> String {
        let shown = getenv("CUDA_VISIBLE_DEVICES").map { String(cString: $0) }?.split(separator: ",").map(String.init) ?? []
        return gpus.map { shown.indices.contains($0) ? shown[$0] : "\($0)" }.joined(separator: ",")
    }

    /// The program's file: a name without a slash is looked for on the path, any other counts from the working folder.
    func find(_ program: String, in folder: String) -> String? {
        guard !program.contains("/") else { return program.hasPrefix("/") ? program : "\(folder)/\(program)" }
        return searchPath.split(separator: ":").lazy.map { "\($0)/\(program)" }.first { path in
            var status = stat()
            return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// `learning.rate` becomes `LEARNING_RATE`.
    private static func parameters(_ json: String) -> [String: String] {
        let values = (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any] ?? [:]
        var named: [String: String] = [:]
        for (name, value) in values {
            let variable = name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
            let text = "\(value)"
            if !text.utf8.contains(0) { named[String(variable)] = text }
        }
        return named
    }
}
