import Cluster
import Foundation
import Glibc
import Specs
import SwiftProtobuf
import Wire

/// Runs a user's program once and takes what it reports and leaves behind.
struct CommandWorkload {
    private let program: CommandProgram
    private let job: Int64
    private let context: TaskContext
    private let keeper = ProcessKeeper.shared

    init(_ job: WorkerJob, _ context: TaskContext) throws {
        program = try job.derived {
            switch try JobSpec.parse(text: job.spec, file: nil).body {
            case .command(let command): return command.program
            case .commandStudy(let study): return study.program
            default: throw WorkloadError.notThisJob()
            }
        }
        self.job = job.id
        self.context = context
    }

    func run(_ task: ProtoCommandTask) throws -> ProtoCommandResult {
        let run = keeper.begin()
        defer { keeper.end(run) }
        let scratch = try ScratchFolder(root: context.scratchFolder, run: run)
        try fill(scratch, task)
        try context.checkStopped()
        let environment = CommandEnvironment(program, task, job: job, run: run, gpus: context.gpus, scratch)
        let name = program.arguments[0]
        guard let path = environment.find(name, in: scratch.path) else { throw ProgramError.start(name, ENOENT) }
        let group = ControlGroup(limits: program.limits, run: run)
        let child = try ChildProcess(
            .init(
                path: path, arguments: program.arguments, environment: environment.variables, folder: scratch.path,
                limits: program.limits, group: group?.descriptor ?? -1), keeper: keeper)
        var watch = CommandWatch(context, scratch)
        let end = watch.follow(child, limits: program.limits)
        let ranOutOfMemory = group?.end() ?? false
        keeper.end(run)
        try context.checkStopped()
        if watch.isSilent, let limit = program.limits.heartbeatMilliseconds { throw ProgramError.silent(limit) }
        try check(end, ranOutOfMemory: ranOutOfMemory, lastLine: watch.lastLine)
        if let error = watch.report.error { throw error }
        let artifacts = try ArtifactFolder.store(scratch.artifacts, required: program.outputs, context.blobs)
        return .with { ($0.metrics, $0.artifacts) = (watch.report.metrics, artifacts) }
    }

    /// Puts the job's files, the parameters and the last checkpoint where the program finds them.
    private func fill(_ scratch: ScratchFolder, _ task: ProtoCommandTask) throws {
        for file in program.files {
            let bytes: [UInt8]
            switch file.content {
            case .bytes(let content): bytes = content
            case .artifact(let sha256): bytes = try context.blobs.artifact(sha256)
            case .beside: throw ProgramError.fileContent(file.name)
            }
            try scratch.write(bytes, to: file.name, isExecutable: file.isExecutable)
        }
        try ProcessFile.write(Array(task.parameters.utf8), to: scratch.parametersFile)
        if !task.checkpoint.isEmpty {
            try ProcessFile.write(context.blobs.artifact(task.checkpoint), to: scratch.checkpointFile)
        }
    }

    private func check(_ end: ChildProcess.End, ranOutOfMemory: Bool, lastLine: String?) throws(ProgramError) {
        if ranOutOfMemory, end != .exited(0), let memory = program.limits.memory { throw .memory(memory) }
        switch end {
        case .exited(0): return
        case .exited(let code): throw .exit(code, lastLine: lastLine)
        case .signalled(SIGXCPU): throw .cpu(program.limits.cpuSeconds ?? 0)
        case .signalled(let signal): throw .signal(signal, lastLine: lastLine)
        }
    }
}
