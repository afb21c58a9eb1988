package import Diagnostics
import Glibc

/// A program that did not run, did not end well, or said what cannot be taken.
package struct ProgramError: DiagnosticError {
    package let code: String
    package let message: String
    package let hint: String?
    /// `unavailable` for what another attempt may do better.
    package let category: DiagnosticCategory

    private init(_ code: String, _ category: DiagnosticCategory, _ message: String, hint: String? = nil) {
        (self.code, self.category, self.message, self.hint) = (code, category, message, hint)
    }

    static func start(_ program: String, _ error: Int32) -> ProgramError {
        ProgramError(
            "E_CMD_START", .unavailable, "\(program) cannot be started: \(text(error))",
            hint: "the program must be on every worker's PATH, or come with the job as a file")
    }

    static func exit(_ code: Int32, lastLine: String?) -> ProgramError {
        ProgramError("E_CMD_EXIT", .unavailable, "the program ended with exit code \(code)" + quoted(lastLine))
    }

    static func signal(_ number: Int32, lastLine: String?) -> ProgramError {
        ProgramError("E_CMD_SIGNAL", .unavailable, "the program was ended by signal \(name(of: number))" + quoted(lastLine))
    }

    static func silent(_ milliseconds: Int64) -> ProgramError {
        ProgramError(
            "E_HEARTBEAT_TIMEOUT", .unavailable, "the program reported nothing for \(Double(milliseconds) / 1_000) s",
            hint: #"report while it works, at least {"progress": 0.1}, or raise heartbeatTimeout"#)
    }

    static func cpu(_ seconds: Int) -> ProgramError {
        ProgramError(
            "E_CMD_CPU", .input, "the program has used its \(seconds) s of processor time", hint: "raise limits.cpu, or do less")
    }

    static func memory(_ bytes: Int64) -> ProgramError {
        ProgramError(
            "E_CMD_MEMORY", .input, "the program has used its \(bytes) bytes of memory", hint: "raise limits.memory, or use less")
    }

    static func report(_ line: Int, _ what: String) -> ProgramError {
        ProgramError(
            "E_REPORT_FORM", .input, "line \(line) of the report \(what)",
            hint: #"write lines such as {"metrics": {"loss": 0.5}, "progress": 0.1}"#)
    }

    static func metric(_ code: String, _ line: Int, _ what: String) -> ProgramError {
        ProgramError(code, .input, "line \(line) of the report \(what)", hint: "a metric is a finite number")
    }

    static func checkpoint(_ line: Int, _ name: String) -> ProgramError {
        ProgramError(
            "E_PATH_ESCAPE", .input, "line \(line) of the report names the checkpoint \(name.debugDescription)",
            hint: "write the file below $BELLWETHER_CHECKPOINTS and name it by its path there")
    }

    static func outputMissing(_ name: String) -> ProgramError {
        ProgramError(
            "E_OUTPUT_MISSING", .input, "the program ended well but left no \(name)", hint: "write it below $BELLWETHER_ARTIFACTS"
        )
    }

    static func artifact(_ name: String, _ what: String) -> ProgramError {
        ProgramError("E_ARTIFACT_FILE", .input, "the artifact \(name.debugDescription) \(what)")
    }

    static func fileContent(_ name: String) -> ProgramError {
        ProgramError("E_FILE_CONTENT", .input, "the file \(name) came without its content")
    }

    static func scratch(_ path: String, _ error: Int32) -> ProgramError {
        ProgramError("E_SCRATCH", .unavailable, "cannot write \(path): \(text(error))", hint: "free some space on the worker")
    }

    private static func text(_ error: Int32) -> String { String(cString: strerror(error)) }
    private static func quoted(_ line: String?) -> String { line.map { ": \($0)" } ?? "" }

    private static func name(of signal: Int32) -> String {
        let names: [Int32: String] = [
            SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGILL: "SIGILL", SIGINT: "SIGINT", SIGKILL: "SIGKILL",
            SIGPIPE: "SIGPIPE", SIGSEGV: "SIGSEGV", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU",
        ]
        return names[signal].map { "\(signal) (\($0))" } ?? "\(signal)"
    }
}
