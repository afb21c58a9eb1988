import ArgumentParser
import Cluster
import Diagnostics
import MarketData
import Testing

@testable import bellwether

@Suite struct ParsingTests {
    private func parse<Command>(_ type: Command.Type, _ line: String) throws -> Command {
        try #require(Bellwether.parseAsRoot(line.split(separator: " ").map(String.init)) as? Command)
    }

    @Test func `commands take their options`() throws {
        let run = try parse(RunCommand.self, "run jobs/a.yaml --workers 2 --uid k --head http://h:1 --json --home /tmp/h")
        #expect(run.file == "jobs/a.yaml")
        #expect(run.workers == 2)
        #expect(run.uid == "k")
        #expect(run.options.head == "http://h:1")
        #expect(run.options.common.json)
        #expect(run.options.common.place.path == "/tmp/h")

        #expect(try parse(SubmitCommand.self, "submit - --follow").follow)
        #expect(try parse(JobsCommand.self, "jobs --limit 3 --before 9").before == 9)
        #expect(try parse(JobShowCommand.self, "job show 7").argument.job == 7)
        #expect(try parse(JobTasksCommand.self, "job tasks 7 --all").all)
        let logs = try parse(JobLogsCommand.self, "job logs 7 --task 3 --follow")
        #expect(logs.task == 3 && logs.follow)
        #expect(try parse(StudyExportCommand.self, "study export 7 --format json").format == .json)
        #expect(try parse(ReportCommand.self, "report 7 --trial 0").trial == 0)
        #expect(try parse(ReportCommand.self, "report 7 --html sheet.html").html == "sheet.html")
        #expect(try parse(ModelsPromoteCommand.self, "models promote m 2 --alias champion --reason x").version == 2)
        #expect(try parse(WorkerDrainCommand.self, "worker drain 0").worker == 0)
        #expect(try parse(ServeCheckCommand.self, "serve-check http://h:1 --model m").model == "m")
        let imported = try parse(
            DataImportCommand.self, "data import f.csv --name n --order sort --duplicates keepLast --time-unit seconds")
        #expect(imported.order == .sort)
        #expect(imported.duplicates == .keepLast)
        #expect(imported.timeUnit == .seconds)
        #expect(try parse(DataVerifyCommand.self, "data verify a b").names == ["a", "b"])
    }

    @Test func `models and data list when nothing else is asked`() throws {
        _ = try parse(ModelsListCommand.self, "models")
        _ = try parse(DataListCommand.self, "data")
        _ = try parse(ModelsListCommand.self, "models --json")
    }

    @Test(arguments: [
        "run", "run a.yaml --workers 0", "run a.yaml --workers x", "jobs --limit 0", "jobs --limit 501", "jobs --before -1",
        "job show 0", "job show x",
        "job", "job fly 1", "report 1 --trial -1", "models promote m", "models promote m 0 --alias a", "models promote m 1",
        "data import f.csv",
        "data import f.csv --name n --format xml", "data synth --name n --symbols 0", "data synth --name n --symbols A,,B",
        "worker drain x",
        "fly", "--fly", "study export 1 --format xml", "study export 1 --format csv --json", "data export d --json", "validate",
    ])
    func `a wrong line is wrong input`(line: String) {
        let words = line.split(separator: " ").map(String.init)
        do {
            let command = try Bellwether.parseAsRoot(words)
            // Groups without a subcommand print their help when run; that they parse is no mistake.
            #expect(words.count == 1 && !(command is RunCommand), "\(line)")
        } catch {
            let failure = Failure(error, arguments: words)
            #expect(failure.code == DiagnosticCategory.input.rawValue)
            #expect(failure.message?.isEmpty == false)
        }
    }

    @Test func `help is an answer, not a mistake`() throws {
        var help = try Bellwether.parseAsRoot(["job", "show", "--help"])
        do {
            try help.run()
            Issue.record("--help ran as a command")
        } catch {
            let failure = Failure(error, arguments: ["job", "show", "--help", "--json"])
            #expect(failure.code == 0)
            #expect(failure.message == nil)
            #expect(failure.answer?.contains("bellwether job show <job>") == true)
        }
    }

    @Test func `every command's help has examples and says what each option is`() {
        func check(_ command: any ParsableCommand.Type, _ path: [String]) {
            let children = command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
            #expect(!command.configuration.abstract.isEmpty, "\(path)")
            // Groups and the lists they stand for are explained by their own parts.
            if children.isEmpty, path.last != "list" {
                #expect(Bellwether.helpMessage(for: command).contains("EXAMPLES"), "\(path)")
            }
            for child in children { check(child, path + [child.configuration.commandName ?? ""]) }
        }
        check(Bellwether.self, [])
    }

    @Test func `every command takes --json`() {
        func check(_ command: any ParsableCommand.Type, _ path: [String]) {
            let children = command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
            if children.isEmpty { #expect(Bellwether.helpMessage(for: command).contains("--json"), "\(path)") }
            for child in children { check(child, path + [child.configuration.commandName ?? ""]) }
        }
        check(Bellwether.self, [])
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell's completion script is an answer`(shell: String) throws {
        let words = ["--generate-completion-script", shell]
        let failure = Failure(try #require(throws: (any Error).self) { try Bellwether.parseAsRoot(words) }, arguments: words)
        #expect(failure.code == 0 && failure.message == nil)
        for word in ["bellwether", "serve-check", "json", "promote"] {
            #expect(failure.answer?.contains(word) == true, "\(word)")
        }
    }

    @Test func `symbols are a number or names`() {
        #expect(SymbolList(argument: "3")?.names == ["AAA", "BBB", "CCC"])
        #expect(SymbolList(argument: "26")?.names.last == "ZZZ")
        #expect(SymbolList(argument: "27")?.names.first == "S00001")
        #expect(SymbolList(argument: "10000")?.names.last == "S10000")
        #expect(SymbolList(argument: "GOLD,OIL")?.names == ["GOLD", "OIL"])
        #expect(SymbolList(argument: "10001") == nil)
        #expect(SymbolList(argument: "") == nil)
    }
}
