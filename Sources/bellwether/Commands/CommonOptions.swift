import ArgumentParser
import Cluster
import Diagnostics
import Foundation
import MarketData
import Settings

/// The options every command has.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of tables; errors too.")
    var json = false

    @Option(help: ArgumentHelp("The folder for data and results (BELLWETHER_HOME).", valueName: "folder"))
    var home: String?

    var place: Home { Home.resolve(home) }

    /// The datasets on this machine.
    func catalogue() throws -> Catalogue { Catalogue(root: place.path) }

    /// Prints `value` as one line of JSON, or what `text` makes of it.
    func show(_ value: some Encodable, text: () -> String) throws {
        print(json ? String(decoding: try APICoding.encode(value), as: UTF8.self) : text())
    }
}

/// The options of commands that talk to a head.
struct HeadOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "The head's address, such as http://127.0.0.1:7700; several separated by commas (BELLWETHER_HEAD, or head in config.yaml).",
            valueName: "url"))
    var head: String?

    /// The head that the command line, the environment or the settings file names, in this order.
    func configuredHead() async throws -> String? {
        // The settings take a comma on a command line for two values, so several heads are read directly.
        if let head, !head.isEmpty { return head }
        let file = common.place.configuration
        let settings = try await Settings(
            file: FileManager.default.fileExists(atPath: file) ? file : nil, arguments: [:])
        return settings.string("head").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Calls `body` with a client of the head there is: the configured one, else the one that runs on this machine. Without
    /// either, and when `mayStart`, a head without workers is started for the length of the call, so that results on this
    /// machine can be read any time. Throws `E_HEAD_NONE`.
    func withHead<Result>(mayStart: Bool = true, _ body: (HeadClient) async throws -> Result) async throws -> Result {
        let finder = HeadFinder(options: self)
        if mayStart, FileManager.default.fileExists(atPath: common.place.store) {
            return try await finder.withHead(starting: 0) { client, _ in try await body(client) }
        }
        if let client = try await finder.running() { return try await client.closing(body) }
        throw CommandError(
            "E_HEAD_NONE", .unavailable, "no head is configured, and none runs on this machine",
            hint: "name one with --head URL or BELLWETHER_HEAD, start one with bellwether-head, or use bellwether run FILE")
    }
}

extension HeadClient {
    /// Calls `body` and closes the connections after it.
    func closing<Result>(_ body: (HeadClient) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await shutdown()
            return result
        } catch {
            await shutdown()
            throw error
        }
    }
}
