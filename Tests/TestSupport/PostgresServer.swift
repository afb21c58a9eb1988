import Foundation
import Synchronization

/// A real Postgres for tests: Debian's, on a private port of this machine, with its data in a temporary folder.
///
/// It takes connections without a password, from the loopback address and a socket in its folder only. A shell that
/// waits for a pipe to this process to close stops the server and removes the folder, so nothing is left behind however
/// the process ends.
package final class PostgresServer: Sendable {
    /// The server all tests of this process share, started when first asked for. Throws what is wrong when it cannot start.
    package static func shared() throws -> PostgresServer { try started.get() }
    private static let started = Result { try PostgresServer() }

    /// The folder with data, log and socket.
    package let folder: String
    package let port: Int
    private let programs: String
    private let watchdog: Process
    /// While this is open the server lives.
    private let lifeline: FileHandle
    private let answers: FileHandle
    private let databases = Atomic<Int>(0)

    /// Starts a server with further `settings`, each like `fsync=off`.
    package init(settings: [String] = []) throws {
        programs = try Self.findPrograms()
        folder = try Self.makeFolder()
        port = try FreePort.find()
        let asUser = try Self.userChange(folder)
        let options = (["-p \(port)", "-h 127.0.0.1", "-k \(folder)"] + settings.map { "-c \($0)" }).joined(separator: " ")
        let standardInput = Pipe()
        let standardOutput = Pipe()
        lifeline = standardInput.fileHandleForWriting
        // Other children of this process must not keep the pipe open.
        _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
        watchdog = Process()
        watchdog.executableURL = URL(fileURLWithPath: "/bin/sh")
        watchdog.arguments = ["-c", Self.script, "postgres-watchdog", programs, folder, options, asUser]
        watchdog.environment = Program.environment
        watchdog.currentDirectoryURL = URL(fileURLWithPath: "/")
        watchdog.standardInput = standardInput
        watchdog.standardOutput = standardOutput
        try watchdog.run()
        try standardInput.fileHandleForReading.close()
        try standardOutput.fileHandleForWriting.close()
        answers = standardOutput.fileHandleForReading
        do {
            try ask("setup")
            try ask("start")
        } catch {
            stop()
            throw error
        }
    }

    deinit { stop() }

    /// Arguments: folder of the programs, our folder, the server's options, the prefix that changes the user.
    ///
    /// Does what the lines it reads ask for, answers each with one line, and cleans up when there are no more. Signals of
    /// the terminal are left to the test process. It is the shell that starts the server, because a server that this
    /// process started itself would inherit a socket by which `Process` notices the end of its child.
    private static let script = """
        trap '' INT TERM HUP
        programs=$1 folder=$2 options=$3 as_user=$4
        start() {
            $as_user "$programs/pg_ctl" start --wait --timeout=60 --pgdata="$folder/data" --log="$folder/server.log" -o "$options"
        }
        stop() { $as_user "$programs/pg_ctl" stop --mode=immediate --pgdata="$folder/data"; }
        setup() {
            $as_user "$programs/initdb" --no-sync --auth=trust --username=postgres --encoding=UTF8 --locale=C \\
                --pgdata="$folder/data"
        }
        answer() { "$@" >> "$folder/setup.log" 2>&1 < /dev/null && echo ready || echo failed; }
        while read -r command; do
            case $command in
                setup) answer setup ;;
                start) answer start ;;
                stop) answer stop ;;
            esac
        done
        exec > /dev/null 2>&1 < /dev/null
        stop
        rm -rf "$folder"
        """

    /// Ends every connection to a database that `makeDatabase` made, as a failing network would.
    package func killConnections(to address: String) throws {
        let name = address.split(separator: "/").last ?? ""
        try run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)' AND pid <> pg_backend_pid()")
    }

    /// Has the shell do something and waits for its answer.
    private func ask(_ command: String) throws {
        try lifeline.write(contentsOf: Data("\(command)\n".utf8))
        guard String(decoding: answers.availableData, as: UTF8.self) == "ready\n" else {
            let log = ["setup.log", "server.log"].compactMap { try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
                .joined()
            throw Failure(message: "Postgres did not \(command): \(log)")
        }
    }

    /// Makes an empty database and returns its address.
    package func makeDatabase() throws -> String {
        let name = "test\(databases.add(1, ordering: .relaxed).newValue)"
        try run("CREATE DATABASE \(name)")
        return "postgres://postgres@127.0.0.1:\(port)/\(name)"
    }

    /// Runs SQL as the superuser and returns what psql prints, one line a row, columns separated by `|`.
    @discardableResult
    package func run(_ sql: String, database: String = "postgres") throws -> String {
        try Self.output(
            of: programs + "/psql",
            [
                "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--host=127.0.0.1",
                "--port=\(port)", "--username=postgres", "--dbname=\(database)", "--command=\(sql)",
            ])
    }

    /// Stops the server at once, as a crash would, and removes its folder. Returns when that is done.
    package func stop() {
        try? lifeline.close()
        watchdog.waitUntilExit()
    }

    /// Ends the server as a crash does: what is not on the disk is lost.
    package func crash() throws { try ask("stop") }

    /// Starts the server again after `crash`, on the same port.
    package func restart() throws { try ask("start") }

    /// What a test that cannot have its server says.
    package struct Failure: Error, CustomStringConvertible {
        package let message: String
        package init(message: String) { self.message = message }
        package var description: String { message }
    }

    private static func findPrograms() throws -> String {
        let versions = "/usr/lib/postgresql"
        let numbered = ((try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []).compactMap { Int($0) }.sorted(
            by: >)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = numbered.map { "\(versions)/\($0)/bin" } + path.split(separator: ":").map(String.init)
        let needed = ["initdb", "pg_ctl", "postgres", "psql"]
        for folder in folders where needed.allSatisfy({ FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }) {
            return folder
        }
        throw Failure(message: "these tests need a Postgres server: apt-get install postgresql")
    }

    private static func makeFolder() throws -> String {
        // A short path, because the address of a socket holds little more than 100 bytes.
        var template = Array("/tmp/bellwether-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(message: "no temporary folder for Postgres: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Postgres refuses to run as root: then the folder is given to the user `postgres` and the server runs as that.
    private static func userChange(_ folder: String) throws -> String {
        guard geteuid() == 0 else { return "" }
        guard let user = getpwnam("postgres") else {
            throw Failure(message: "Postgres does not run as root and there is no user postgres: apt-get install postgresql")
        }
        guard chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
            throw Failure(message: "the folder for Postgres cannot be given to the user postgres")
        }
        return "setpriv --reuid=postgres --regid=postgres --clear-groups --"
    }

    private static func output(of program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(message: "psql failed: \(text)") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
