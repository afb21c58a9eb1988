import Foundation
import Search

/// Measures the pure modules; `scripts/bench` runs it. Each figure is one JSON object on a line.
///
///     bellwether-bench backtest [PART...]
///     bellwether-bench first
///     bellwether-bench suggest
///     bellwether-bench scheduler
///     bellwether-bench regret SAMPLER SEEDS TRIALS WORKERS [FUNCTION...]
///     bellwether-bench front SAMPLER SEEDS TRIALS
@main
struct BellwetherBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "backtest": try BacktestBench().run(Array(arguments.dropFirst()))
        case "first": try BacktestBench.first()
        case "suggest":
            let bench = SearchBench(seeds: 1, trials: 1)
            for completed in [1_000, 10_000, 100_000, 1_000_000] { try bench.suggestion(dimensions: 5, completed: completed) }
            try bench.suggestion(dimensions: 20, completed: 10_000)
        case "scheduler": SchedulerBench().run()
        case "regret": try regret(Array(arguments.dropFirst()))
        case "front": try front(Array(arguments.dropFirst()))
        default: usage()
        }
    }

    private static func regret(_ arguments: [String]) throws {
        let numbers = arguments.dropFirst().prefix(3).compactMap { Int($0) }.filter { $0 > 0 }
        guard let sampler = arguments.first.flatMap(SamplerKind.init(rawValue:)), numbers.count == 3 else { usage() }
        let names = Set(arguments.dropFirst(4))
        let functions = TestFunction.all + TestFunction.variants
        let bench = SearchBench(seeds: numbers[0], trials: numbers[1])
        try bench.regrets(
            sampler, names.isEmpty ? TestFunction.all : functions.filter { names.contains($0.name) }, workers: numbers[2])
    }

    private static func front(_ arguments: [String]) throws {
        let numbers = arguments.dropFirst().compactMap { Int($0) }.filter { $0 > 0 }
        guard let sampler = arguments.first.flatMap(SamplerKind.init(rawValue:)), sampler.objectiveLimit > 1, numbers.count == 2
        else { usage() }
        try FrontBench(seeds: numbers[0], trials: numbers[1]).volumes(sampler)
    }

    private static func usage() -> Never {
        let forms =
            "backtest [PART...] | first | suggest | scheduler | regret SAMPLER SEEDS TRIALS WORKERS [FUNCTION...] | "
            + "front SAMPLER SEEDS TRIALS"
        FileHandle.standardError.write(Data("usage: bellwether-bench \(forms)\n".utf8))
        exit(2)
    }
}
