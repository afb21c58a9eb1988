import Diagnostics

/// A feature as a spec writes it: a family and, for most of them, a period in bars, such as `rsi_14` or `macd`.
package struct FeatureName: Sendable, Hashable, CustomStringConvertible {
    package let family: FeatureFamily
    /// The period in bars; nil for a family that has none.
    package let period: Int?

    /// Parses a name. Throws `E_FEATURE_UNKNOWN` (with the nearest known name) or `E_FEATURE_PERIOD`.
    package init(parsing text: String) throws(MarketDataError) {
        let digits = text.utf8.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        var stem = text
        var number: String?
        if digits > 0, text.utf8.dropLast(digits).last == UInt8(ascii: "_") {
            number = String(text.suffix(digits))
            stem = String(text.dropLast(digits + 1))
        }
        guard let family = FeatureFamily(rawValue: stem) else { throw Self.unknown(text, stem: stem) }
        self.family = family
        guard let periods = family.periods else {
            guard number == nil else {
                throw MarketDataError(
                    .featurePeriod, "'\(Self.quoted(text))' has a period, but \(stem) takes none", hint: "write \(stem)")
            }
            period = nil
            return
        }
        guard let number else {
            guard let period = family.defaultPeriod else {
                throw MarketDataError(.featurePeriod, "'\(stem)' needs a period in bars", hint: "for example \(stem)_20")
            }
            self.period = period
            return
        }
        // A leading zero would give one feature two names.
        guard let period = Int(number), periods.contains(period), number.utf8.first != UInt8(ascii: "0") else {
            throw MarketDataError(
                .featurePeriod,
                "the period of '\(Self.quoted(text))' is not a whole number from \(periods.lowerBound) to \(periods.upperBound)")
        }
        self.period = period
    }

    /// Parses the features of a model in order.
    ///
    /// Throws what `init(parsing:)` throws, `E_FEATURE_DUPLICATE` when a feature is named twice, and `E_FEATURE_COUNT` when there
    /// is none or more than 256; the place of each is below `key`.
    package static func parse(_ names: [String], key: String = "/strategy/features") throws(MarketDataError) -> [FeatureName] {
        guard (1...256).contains(names.count) else {
            throw MarketDataError(
                .featureCount, "a model has 1 to 256 features, not \(names.count)", place: .key(key),
                hint: "for example return_5, rsi_14")
        }
        var parsed: [FeatureName] = []
        var seen: Set<FeatureName> = []
        for (index, name) in names.enumerated() {
            let place = Place.key("\(key)/\(index)")
            do throws(MarketDataError) {
                let feature = try FeatureName(parsing: name)
                guard seen.insert(feature).inserted else {
                    throw MarketDataError(.featureDuplicate, "\(feature) is in the list twice", hint: "remove one of them")
                }
                parsed.append(feature)
            } catch {
                throw MarketDataError(error.kind, error.message, place: place, hint: error.hint)
            }
        }
        return parsed
    }

    /// The one spelling of the feature; parsing it gives the feature back.
    package var description: String {
        guard let period, period != family.defaultPeriod else { return family.rawValue }
        return "\(family.rawValue)_\(period)"
    }

    /// Bars before the first one that has a value: row t depends on the bars from t - lookback to t and on no others.
    ///
    /// Computed from the whole series or from a slice that starts `lookback` bars earlier, a value is the same up to rounding (a
    /// difference below 1e-12 of the larger of one and the value).
    package var lookback: Int {
        let n = period ?? 0
        switch family {
        case .simpleReturn, .logReturn, .volatility, .momentum, .obv: return n
        case .gap: return 1
        case .smaRatio, .bollinger, .zscore, .vwapDistance, .volumeRatio, .range, .parkinson, .stochastic, .drawdown: return n - 1
        case .emaRatio: return Self.exponentialMemory(n) - 1
        case .rsi, .atr: return Self.wilderMemory(n)
        case .macd: return Self.exponentialMemory(26) - 1
        case .macdHistogram: return Self.exponentialMemory(26) - 1 + Self.exponentialMemory(9) - 1
        }
    }

    /// Bars that EMA_N weighs.
    static func exponentialMemory(_ period: Int) -> Int { 4 * period }
    /// Bars that Wilder's average weighs.
    static func wilderMemory(_ period: Int) -> Int { 8 * period }

    private static func unknown(_ text: String, stem: String) -> MarketDataError {
        let known = FeatureFamily.allCases.map(\.rawValue)
        let near = Suggestion.nearest(to: stem, in: known)
        return MarketDataError(
            .featureUnknown, "there is no feature '\(quoted(text))'",
            hint: near.map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))")
    }

    /// The text as an error may show it: short, and without line breaks or control characters.
    private static func quoted(_ text: String) -> String {
        let shown = String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(40).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
        return text.unicodeScalars.count > 40 ? shown + "..." : shown
    }
}

extension FeatureName: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
