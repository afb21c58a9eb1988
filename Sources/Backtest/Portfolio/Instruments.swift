import Diagnostics

/// The instruments of a job's series by symbol; empty where series are traded in any fraction.
package struct Instruments: Sendable, Hashable {
    /// That of every series which is not named.
    package var standard: Instrument?
    package var bySymbol: [String: Instrument]

    package init(standard: Instrument? = nil, bySymbol: [String: Instrument] = [:]) {
        self.standard = standard
        self.bySymbol = bySymbol
    }

    package static let none = Instruments()

    /// One for each of `symbols`; nil when there are none at all. Throws `E_INSTRUMENT` for a symbol without one, and for one of
    /// a symbol that is not there.
    package func all(of symbols: [String]) throws(BacktestError) -> [Instrument]? {
        guard self != .none else { return nil }
        if let unknown = bySymbol.keys.sorted().first(where: { !symbols.contains($0) }) {
            throw BacktestError(
                .instrument, "there is an instrument for \(unknown), but no such series", place: .key("/\(unknown)"),
                hint: Suggestion.nearest(to: unknown, in: symbols).map { "did you mean \($0)?" })
        }
        var all: [Instrument] = []
        for symbol in symbols {
            guard let instrument = bySymbol[symbol] ?? standard else {
                throw BacktestError(
                    .instrument, "\(symbol) has no instrument, but others have", place: .key("/\(symbol)"),
                    hint: "name it, or give a default: money is whole when every series has one")
            }
            all.append(instrument)
        }
        return all
    }
}
