import Foundation
package import Diagnostics

#if canImport(Glibc)
    import Glibc
#endif

/// The folder that holds everything Bellwether keeps on a machine, `$BELLWETHER_HOME`.
package struct Home: Sendable, Hashable {
    /// An absolute path without a final slash.
    package let path: String

    /// The folder at `path`; a relative path counts from the current directory.
    package init(path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// The folder that was asked for: `explicit` (a command line option), else `$BELLWETHER_HOME`, else
    /// `$XDG_DATA_HOME/bellwether`, else `~/.local/share/bellwether`. Empty values count as absent, and so does an
    /// `XDG_DATA_HOME` that is not absolute, as its specification demands.
    package static func resolve(
        _ explicit: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Home {
        func value(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        if let path = value(explicit) ?? value(environment["BELLWETHER_HOME"]) { return Home(path: path) }
        if let data = value(environment["XDG_DATA_HOME"]), data.hasPrefix("/") { return Home(path: data + "/bellwether") }
        return Home(path: (value(environment["HOME"]) ?? NSHomeDirectory()) + "/.local/share/bellwether")
    }

    /// Datasets by hash, with their index of names.
    package var datasets: String { path + "/datasets" }
    /// Model artifacts by hash.
    package var artifacts: String { path + "/artifacts" }
    /// The SQLite store.
    package var store: String { path + "/store.db" }
    /// Where a running head says how to reach it.
    package var headRecord: String { path + "/head.json" }
    package var logs: String { path + "/logs" }
    /// What heads started for one job wrote to their standard error.
    package var headLog: String { logs + "/head.log" }
    /// One line for every job sent from here, written before it was sent.
    package var submissions: String { path + "/submissions.log" }
    /// Settings of the command line, such as `head`.
    package var configuration: String { path + "/config.yaml" }
    /// Datasets and artifacts that workers fetched, by hash; shared by the workers of this machine.
    package var workerCache: String { path + "/worker/cache" }
    /// Finished results that no head has acknowledged, by worker process.
    package var workerSpool: String { path + "/worker/spool" }

    /// Makes the folder and `folders` inside it, readable by their owner only. Throws `E_HOME`.
    package func prepare(_ folders: [String] = []) throws {
        for folder in [path] + folders {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw HomeError(
                    message: "the folder \(folder) cannot be made: \(error.localizedDescription)",
                    hint: "set BELLWETHER_HOME to a folder that can be written")
            }
        }
    }
}

/// `E_HOME`: the folder for everything cannot be used.
package struct HomeError: DiagnosticError {
    package var code: String { "E_HOME" }
    package var message: String
    package var hint: String?
    package var category: DiagnosticCategory { .unavailable }
}

/// How to reach the head that runs on this machine, kept in `head.json` while it runs.
package struct HeadRecord: Codable, Sendable, Hashable {
    /// Such as `http://127.0.0.1:8400`.
    package var url: String
    package var pid: Int32
    package init(url: String, pid: Int32) { (self.url, self.pid) = (url, pid) }

    /// The record in `home`, when there is a readable one whose process is alive; whether it answers is another question.
    package static func read(in home: Home) -> HeadRecord? {
        guard let data = FileManager.default.contents(atPath: home.headRecord), data.count < 4096,
            let record = try? JSONDecoder().decode(HeadRecord.self, from: data), record.pid > 0,
            kill(record.pid, 0) == 0 || errno == EPERM
        else { return nil }
        return record
    }

    /// Replaces the record in `home` in one step.
    package func write(in home: Home) throws {
        try home.prepare()
        try APICoding.encode(self).write(to: URL(fileURLWithPath: home.headRecord), options: .atomic)
    }

    /// Removes the record, if it is still this one.
    package func remove(in home: Home) {
        guard HeadRecord.read(in: home) == self else { return }
        try? FileManager.default.removeItem(atPath: home.headRecord)
    }
}
