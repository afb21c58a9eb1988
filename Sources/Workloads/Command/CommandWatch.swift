import Cluster
import Dispatch
import Glibc
import Specs

/// Watches one program from its start to its end: takes its output and its report, and ends it when the attempt is stopped.
struct CommandWatch {
    private(set) var report = ProgramReport()
    /// Whether it was ended because it reported nothing for too long.
    private(set) var isSilent = false
    private var lastReport = DispatchTime.now().uptimeNanoseconds
    private let context: TaskContext
    private let scratch: ScratchFolder
    private let checkpoints: CheckpointSender
    private var tail: [UInt8] = []

    /// How often a running program is looked at when it says nothing.
    private static let glanceMilliseconds: Int32 = 50
    private static let checkpointLimit = 256 << 20
    private static let tailLimit = 1_024
    /// How long the end of a program waits for its last checkpoint to be stored.
    private static let checkpointPatience = 10_000

    init(_ context: TaskContext, _ scratch: ScratchFolder) {
        self.context = context
        self.scratch = scratch
        checkpoints = CheckpointSender(context.blobs) { context.progressed(nil, checkpoint: $0) }
    }

    /// Returns when the program has ended and its group with it.
    mutating func follow(_ child: ChildProcess, limits: CommandLimits) -> ChildProcess.End {
        var killAt: UInt64?
        while true {
            let ended = child.wait(milliseconds: Self.glanceMilliseconds) {
                take(output: $0)
            } report: {
                take(report: $0)
            }
            if ended { break }
            let now = DispatchTime.now().uptimeNanoseconds
            if let limit = limits.heartbeatMilliseconds, now &- lastReport > UInt64(limit) * 1_000_000 { isSilent = true }
            guard context.isStopped || isSilent else { continue }
            if let at = killAt {
                if now >= at { child.signalGroup(SIGKILL) }
            } else {
                child.signalGroup(SIGTERM)
                // A program that is held, by a signal of its own for instance, must run to hear of it.
                child.signalGroup(SIGCONT)
                killAt = now &+ UInt64(max(0, limits.graceMilliseconds)) * 1_000_000
            }
        }
        let end = child.finish {
            take(output: $0)
        } report: {
            take(report: $0)
        }
        send(report.finish())
        if end != .exited(0), !context.isStopped { checkpoints.wait(milliseconds: Self.checkpointPatience) }
        return end
    }

    /// The last line that it wrote, for the error: short, with nothing in it that moves a cursor.
    var lastLine: String? {
        let line = tail.split(separator: UInt8(ascii: "\n")).last { !$0.allSatisfy { $0 <= 0x20 } }
        return line.map { OutputText.escaped($0.suffix(200)) }
    }

    private mutating func take(output bytes: ArraySlice<UInt8>) {
        context.wrote(bytes)
        tail = Array((tail + bytes.suffix(Self.tailLimit)).suffix(Self.tailLimit))
    }

    private mutating func take(report bytes: ArraySlice<UInt8>) {
        lastReport = DispatchTime.now().uptimeNanoseconds
        let before = report.progress
        send(report.feed(bytes))
        if let progress = report.progress, progress != before { context.progressed(progress, checkpoint: nil) }
    }

    /// Reads checkpoint files at once, for the program may write them again.
    private func send(_ names: [String]) {
        guard let name = names.last,
            let bytes = ProcessFile.readRegular("\(scratch.checkpoints)/\(name)", limit: Self.checkpointLimit)
        else { return }
        checkpoints.send(bytes)
    }
}
