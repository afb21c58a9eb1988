import Learning
import MarketData
import Statistics
import Testing

@Suite struct DriftDetectorTests {
    private func names(_ count: Int) throws -> [FeatureName] { try Fixtures.features((1...count).map { "return_\($0)" }) }

    private func sample(_ random: inout SplitMix64, rows: Int, columns: Int, shift: Double = 0, scale: Double = 1) -> [Double] {
        (0..<rows * columns).map { ($0 % columns == 1 ? shift : 0) + ($0 % columns == 1 ? scale : 1) * random.gaussian() }
    }

    private func profile(_ values: [Double], columns: Int) throws -> TrainingProfile {
        let matrix = FeatureMatrix(names: try names(columns), values: values)
        return try TrainingProfile(matrix, rows: 0..<matrix.rows)
    }

    @Test("profile, stability index and distance equal NumPy's")
    func reference() throws {
        let wanted = try Fixtures.reference().profile
        let profile = try profile(wanted.trained, columns: 1)
        let feature = profile.features[0]
        #expect(profile.rows == 500)
        #expect(Fixtures.near(feature.edges, wanted.edges, 1e-14))
        #expect(Fixtures.near(feature.shares, wanted.shares, 1e-15))
        #expect(Fixtures.near(feature.quantiles, wanted.quantiles, 1e-14))
        #expect(Fixtures.near([feature.mean, feature.standardDeviation], [wanted.mean, wanted.deviation], 1e-13))
        let result = try DriftDetector().compare(profile, rows: wanted.live)
        #expect(result.rows == 230)
        #expect(
            Fixtures.near(
                [result.features[0].stabilityIndex, result.features[0].distance], [wanted.index, wanted.distance], 1e-12))
        #expect(result.distances == ["return_1": result.features[0].stabilityIndex])
    }

    @Test("rows of the training distribution raise no alarm in 2,000 windows of six features")
    func falseAlarms() throws {
        var random = SplitMix64(seed: 99)
        let profile = try profile(sample(&random, rows: 1_000, columns: 6), columns: 6)
        var alarms = 0
        for _ in 0..<2_000 {
            if try DriftDetector().compare(profile, rows: sample(&random, rows: 200, columns: 6)).drifted { alarms += 1 }
        }
        #expect(alarms == 0)
    }

    @Test("a shifted or a widened feature is found in every one of 200 windows, and named")
    func found() throws {
        var random = SplitMix64(seed: 100)
        let profile = try profile(sample(&random, rows: 1_000, columns: 6), columns: 6)
        for (shift, scale) in [(1.0, 1.0), (-1.0, 1.0), (0.0, 2.5)] {
            for _ in 0..<200 {
                let result = try DriftDetector().compare(
                    profile, rows: sample(&random, rows: 200, columns: 6, shift: shift, scale: scale))
                #expect(result.drifted)
                #expect(result.worst?.name == "return_2")
            }
        }
    }

    @Test("too few rows never raise an alarm, however far they are")
    func fewRows() throws {
        var random = SplitMix64(seed: 101)
        let profile = try profile(sample(&random, rows: 500, columns: 2), columns: 2)
        let far = [Double](repeating: 1e9, count: 2 * 199)
        let result = try DriftDetector().compare(profile, rows: far)
        #expect(!result.drifted && result.rows == 199)
        #expect(try DriftDetector().compare(profile, rows: far + [1, 1]).drifted)
        #expect(try !DriftDetector(minRows: 0).compare(profile, rows: [Double]()).drifted)
    }

    @Test("rows with a missing value are left out of the count")
    func missing() throws {
        var random = SplitMix64(seed: 102)
        let profile = try profile(sample(&random, rows: 300, columns: 2), columns: 2)
        let result = try DriftDetector(minRows: 2).compare(profile, rows: [[0, 1], [.nan, 1], [0, .infinity], [1, 0]])
        #expect(result.rows == 2)
    }

    @Test("a feature that was constant drifts when it moves and not when it stays")
    func constant() throws {
        let profile = try profile([Double](repeating: 3, count: 400), columns: 1)
        #expect(profile.features[0].shares[0] == 1)
        #expect(try !DriftDetector().compare(profile, rows: [Double](repeating: 3, count: 300)).drifted)
        #expect(try DriftDetector().compare(profile, rows: [Double](repeating: 3.1, count: 300)).drifted)
    }

    @Test("only complete rows are profiled, and there must be one")
    func profiled() throws {
        let matrix = FeatureMatrix(names: try names(2), values: [.nan, 1, 1, 2, 3, 4])
        #expect(try TrainingProfile(matrix, rows: 0..<3).rows == 2)
        #expect(throws: LearningError.self) { try TrainingProfile(matrix, rows: 0..<1) }
        #expect(throws: LearningError.self) { try TrainingProfile(matrix, rows: 0..<4) }
        #expect(throws: LearningError.self) { try TrainingProfile(matrix, rows: [-1]) }
    }

    @Test("rows of another width are refused")
    func width() throws {
        let profile = try profile([1, 2, 3, 4], columns: 2)
        #expect(
            try #require(throws: LearningError.self) { try DriftDetector().compare(profile, rows: [1, 2, 3]) }.code
                == "E_FEATURE_WIDTH")
        #expect(throws: LearningError.self) { try DriftDetector().compare(profile, rows: [[1, 2], [1], [1, 2, 3]]) }
    }
}
