import ArgumentParser
import Cluster
import Foundation
import MarketData

/// `bellwether data synth`.
struct DataSynthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synth", abstract: "Makes up a market with regimes, clustered volatility and jumps.",
        discussion: """
            The same options give the same bytes on every machine.

            EXAMPLES
              bellwether data synth --name synthetic --seed 7 --symbols 8
              bellwether data synth --name pair --seed 1 --symbols GOLD,OIL --bars 2520
              bellwether data synth --name shifted --shift-at 4000 --shift-volatility 3
            """)

    @Option(help: "The dataset's name.")
    var name: String

    @Option(help: "The seed.")
    var seed: UInt64 = 7

    @Option(help: "How many symbols, or their names separated by commas.")
    var symbols = SymbolList.count(8)

    @Option(help: "Daily bars of each symbol.")
    var bars = 5000

    @Option(help: "Long-run volatility a year.")
    var volatility = 0.2

    @Option(help: "About the correlation between two symbols.")
    var correlation = 0.5

    @Option(help: "Jumps a year on average.")
    var jumps = 2.0

    @Option(help: ArgumentHelp("The bar from which the market is another one.", valueName: "bar"))
    var shiftAt: Int?

    @Option(help: "What the volatility is multiplied by from there on.")
    var shiftVolatility = 1.0

    @Option(help: "What the drift is multiplied by from there on.")
    var shiftDrift = 1.0

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try DatasetName.check(name)
        let market = SyntheticMarket(
            seed: seed, symbols: symbols.names, bars: bars, correlation: correlation, annualVolatility: volatility,
            annualJumps: jumps,
            shift: shiftAt.map { RegimeShift(fromBar: $0, drift: shiftDrift, volatility: shiftVolatility) })
        let dataset = try market.generate()
        try common.place.prepare()
        let entry = try common.catalogue().add(dataset, name: name, importedAt: WallClock.milliseconds)
        try common.show(entry) { DataText.imported(entry, nil) }
    }
}

/// Symbols by number or by name.
enum SymbolList: ExpressibleByArgument, Hashable {
    case count(Int)
    case names([String])

    init?(argument: String) {
        if let count = Int(argument) {
            guard (1...10_000).contains(count) else { return nil }
            self = .count(count)
        } else {
            let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
            self = .names(names)
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .count(let count): "\(count)"
        case .names(let names): names.joined(separator: ",")
        }
    }

    /// AAA to ZZZ by letter for up to 26, S00001 and on beyond.
    var names: [String] {
        switch self {
        case .names(let names): names
        case .count(let count) where count <= 26:
            (0..<count).compactMap { Unicode.Scalar(UInt32(65 + $0)).map { String(repeating: String($0), count: 3) } }
        case .count(let count):
            (1...count).map { "S" + String(repeating: "0", count: max(0, 5 - "\($0)".count)) + "\($0)" }
        }
    }
}
