import Foundation
import Search

/// Measures the samplers; `scripts/bench search` runs it and makes its figures of what it prints.
///
///     bellwether-bench suggest
///     bellwether-bench regret SAMPLER SEEDS TRIALS WORKERS [FUNCTION...]
@main
struct BellwetherBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "suggest":
            let bench = SearchBench(seeds: 1, trials: 1)
            for completed in [1_000, 10_000, 100_000] { try bench.suggestion(dimensions: 5, completed: completed) }
            try bench.suggestion(dimensions: 20, completed: 10_000)
        case "regret":
            let rest = Array(arguments.dropFirst())
            let numbers = rest.dropFirst().prefix(3).compactMap { Int($0) }.filter { $0 > 0 }
            guard let sampler = rest.first.flatMap(SamplerKind.init(rawValue:)), numbers.count == 3 else { usage() }
            let names = Set(rest.dropFirst(4))
            let functions = TestFunction.all + TestFunction.variants
            let bench = SearchBench(seeds: numbers[0], trials: numbers[1])
            try bench.regrets(
                sampler, names.isEmpty ? TestFunction.all : functions.filter { names.contains($0.name) }, workers: numbers[2])
        default: usage()
        }
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(
            Data("usage: bellwether-bench suggest | regret SAMPLER SEEDS TRIALS WORKERS [FUNCTION...]\n".utf8))
        exit(2)
    }
}
