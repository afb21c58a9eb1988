import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct LocalRunTests {
    private struct View: Decodable {
        struct Result: Decodable { var resultHash: String }
        var state: String
        var result: Result?
    }

    private func run(workers: String, in home: TemporaryHome) throws -> String {
        let synth = try Program.run(
            "bellwether", ["data", "synth", "--name", "market", "--symbols", "3", "--bars", "900", "--seed", "4"],
            environment: home.environment)
        #expect(synth.status == 0, "\(synth.errors)")
        let file = try home.write("job.yaml", TestSpecs.study(dataset: "market", trials: 6))
        let result = try Program.run("bellwether", ["run", file, "--workers", workers, "--json"], environment: home.environment)
        #expect(result.status == 0, "\(result.errors)")
        let last = try #require(result.output.split(separator: "\n").last { $0.hasPrefix("{") || $0.hasSuffix("}") })
        let text = result.output.hasPrefix("{") && !last.hasPrefix("{") ? result.output : String(last)
        return try #require(JSONDecoder().decode(View.self, from: Data(text.utf8)).result?.resultHash)
    }

    @Test("run without a head starts its own, comes to the same result on one worker and on two, and leaves nothing running")
    func runsLocally() throws {
        let one = try TemporaryHome()
        let two = try TemporaryHome()
        #expect(try run(workers: "1", in: one) == run(workers: "2", in: two))
        for home in [one, two] {
            let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int($0) }.filter { process in
                let command = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
                return command.contains(home.path)
            }
            #expect(left.isEmpty)
        }
    }

    @Test("The report of a study knows its windows with their train ranges, and becomes the same page each time")
    func reports() throws {
        struct Report: Decodable {
            struct Window: Decodable {
                var start: Int
                var bars: Int
                var trainSharpe: Double?
            }
            var trial: Int
            var times: [Int64]
            var windows: [Window]
        }
        let home = try TemporaryHome()
        _ = try run(workers: "2", in: home)
        for trial in ["0", "5"] {
            let json = try Program.run("bellwether", ["report", "1", "--trial", trial, "--json"], environment: home.environment)
            #expect(json.status == 0, "\(json.errors)")
            let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
            // 900 bars less 252 to train and 5 of purge hold ten tests of 63.
            #expect(report.times.count == 630 && "\(report.trial)" == trial)
            #expect(report.windows.map(\.start) == Array(stride(from: 0, to: 630, by: 63)))
            #expect(report.windows.allSatisfy { $0.bars == 63 } && report.windows.contains { $0.trainSharpe != nil })
        }
        let pages = try ["a.html", "b.html"].map { name in
            let file = home.path + "/" + name
            let result = try Program.run("bellwether", ["report", "1", "--html", file], environment: home.environment)
            #expect(result.status == 0, "\(result.errors)")
            return try Data(contentsOf: URL(fileURLWithPath: file))
        }
        #expect(pages[0] == pages[1] && pages[0].starts(with: Data("<!DOCTYPE html>".utf8)))
        let refused = try Program.run(
            "bellwether", ["report", "1", "--html", home.path + "/none/a.html"], environment: home.environment)
        #expect(refused.status == 4 && refused.errors.contains("E_OUTPUT"))
    }

    @Test("A spec with mistakes is refused with every place, exit code 2, and nothing is started")
    func refusesBadSpecs() throws {
        let home = try TemporaryHome()
        let file = try home.write("bad.yaml", "job: drill\nname: x\ntasks: -1\nlerning_rate: 2\n")
        let result = try Program.run("bellwether", ["run", file], environment: home.environment)
        #expect(result.status == 2)
        #expect(result.errors.contains("bad.yaml:3:8"))
        #expect(result.errors.contains("E_SPEC_RANGE"))
        #expect(result.errors.contains("bad.yaml:4:1"))
        #expect(result.errors.contains("E_SPEC_UNKNOWN_KEY"))
        #expect(!FileManager.default.fileExists(atPath: home.path + "/store.db"))
    }

    @Test("A task that kills its workers is quarantined after three deaths and the job says so")
    func quarantines() throws {
        let home = try TemporaryHome()
        let file = try home.write(
            "poison.yaml",
            "job: drill\nname: poison\ntasks: 8\nwork: {kind: crash, share: 0.125, attempts: 100}\nretry: {maximum: 1, backoff: 10ms, limit: 1s}\n"
        )
        let settings = ["BELLWETHER_HEARTBEAT_MILLISECONDS": "100", "BELLWETHER_LEASE_MILLISECONDS": "600"]
        let result = try Program.run(
            "bellwether", ["run", file, "--workers", "2"], environment: home.environment.merging(settings) { $1 })
        #expect(result.status == 1, "\(result.errors)\(result.output)")
        #expect((result.output + result.errors).contains("E_QUARANTINED"))
    }
}
