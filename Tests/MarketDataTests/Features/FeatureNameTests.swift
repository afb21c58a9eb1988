import Diagnostics
import Foundation
import MarketData
import Testing

@Suite struct FeatureNameTests {
    @Test("the example spec's features parse to their families and periods")
    func example() throws {
        let names = ["return_1", "return_5", "rsi_14", "macd", "atr_14", "volatility_21"]
        let features = try FeatureName.parse(names)
        #expect(features.map(\.description) == names)
        #expect(features.map(\.family) == [.simpleReturn, .simpleReturn, .rsi, .macd, .atr, .volatility])
        #expect(features.map(\.period) == [1, 5, 14, nil, 14, 21])
        #expect(FeatureMatrix.lookback(of: features) == 112)
    }

    @Test("every family's name gives itself back", arguments: FeatureFamily.allCases)
    func roundTrip(_ family: FeatureFamily) throws {
        let name = family.periods == nil ? family.rawValue : "\(family.rawValue)_17"
        let feature = try FeatureName(parsing: name)
        #expect(feature.description == name)
        #expect(feature.family == family)
        #expect(try FeatureName(parsing: feature.description) == feature)
        let json = try JSONEncoder().encode([feature])
        #expect(try JSONDecoder().decode([FeatureName].self, from: json) == [feature])
    }

    @Test("there are at least twelve families")
    func families() { #expect(FeatureFamily.allCases.count >= 12) }

    @Test("on-balance volume without a period means twenty bars, under one name")
    func defaultPeriod() throws {
        #expect(try FeatureName(parsing: "obv") == FeatureName(parsing: "obv_20"))
        #expect(try FeatureName(parsing: "obv_20").description == "obv")
        #expect(try FeatureName(parsing: "obv_7").description == "obv_7")
    }

    @Test(
        "a misspelt name is answered with the nearest one",
        arguments: [
            ("rsii_14", "rsi"), ("retrun_5", "return"), ("volatilty_21", "volatility"), ("macdd", "macd"),
            ("bolinger_20", "bollinger"),
        ])
    func suggestion(_ name: String, _ wanted: String) throws {
        let error = try #require(throws: MarketDataError.self) { try FeatureName(parsing: name) }
        #expect(error.code == "E_FEATURE_UNKNOWN")
        #expect(error.hint == "did you mean \(wanted)?")
    }

    @Test(
        "names that are no features are unknown",
        arguments: [
            "", "_", "14", "_14", "rsi14", "RSI_14", " rsi_14", "rsi_14 ", "rsi__14", "rsi_-14",
            "rsi_1.5", "rsi_１４", "rsi_14\n",
            "return_",
            String(repeating: "a", count: 100_000), "\u{0}", "rsi_1e1",
        ])
    func unknown(_ name: String) throws {
        let error = try #require(throws: MarketDataError.self) { try FeatureName(parsing: name) }
        #expect(error.code == "E_FEATURE_UNKNOWN")
        #expect(error.message.utf8.count < 400 && !error.message.contains("\n"))
    }

    @Test(
        "periods that are missing, unwanted or out of bounds are refused",
        arguments: [
            "rsi", "return", "rsi_0", "rsi_1", "volatility_1", "return_0", "return_5001", "return_014", "macd_12", "gap_1",
            "return_99999999999999999999999999",
        ])
    func period(_ name: String) throws {
        let error = try #require(throws: MarketDataError.self) { try FeatureName(parsing: name) }
        #expect(error.code == "E_FEATURE_PERIOD")
    }

    @Test("a list names the place of its mistake")
    func list() throws {
        let unknown = try #require(throws: MarketDataError.self) { try FeatureName.parse(["return_1", "rsj_14"]) }
        #expect(unknown.place?.description == "/strategy/features/1")
        let twice = try #require(throws: MarketDataError.self) { try FeatureName.parse(["obv", "rsi_14", "obv_20"]) }
        #expect(twice.code == "E_FEATURE_DUPLICATE")
        #expect(twice.place?.description == "/strategy/features/2")
        let none = try #require(throws: MarketDataError.self) { try FeatureName.parse([]) }
        #expect(none.code == "E_FEATURE_COUNT")
        let many = try #require(throws: MarketDataError.self) { try FeatureName.parse((1...257).map { "return_\($0)" }) }
        #expect(many.code == "E_FEATURE_COUNT")
    }
}
