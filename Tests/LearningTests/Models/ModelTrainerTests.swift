import Learning
import LinearAlgebra
import MarketData
import Testing

@Suite struct ModelTrainerTests {
    private let bars: Bars
    private let names: [FeatureName]
    private let matrix: FeatureMatrix

    init() throws {
        bars = try Fixtures.walk(900, seed: 77)
        names = try Fixtures.features(["return_1", "return_5", "rsi_14", "macd", "atr_14", "volatility_21"])
        matrix = FeatureMatrix.compute(names, of: bars)
    }

    private func recipe(_ kind: LinearModel.Kind = .ridge, l2: Double = 1) -> ModelRecipe {
        ModelRecipe(kind: kind, l2: l2, features: names, horizon: 5)
    }

    @Test("the training rows start after the warm-up, and no label looks past the train range")
    func rows() throws {
        let set = try TrainingSet(kind: .ridge, horizon: 5, features: matrix, closes: bars.close, rows: 0..<700)
        #expect(set.rows == Array(112..<695))
        #expect(set.x.rows == set.y.count)
        #expect(Array(set.x.row(3)) == Array(matrix.row(115)))
        #expect(set.y[0] == bars.close[117] / bars.close[112] - 1)
        let purged = try TrainingSet(
            kind: .ridge, horizon: 5, features: matrix, closes: bars.close, rows: 200..<700, labelEnd: 705)
        #expect(purged.rows == Array(200..<700))
    }

    @Test("bars after the train range change no bit of the model", arguments: LinearModel.Kind.allCases)
    func causal(_ kind: LinearModel.Kind) throws {
        let later = try Fixtures.walk(900, seed: 78)
        func mix(_ a: [Double], _ b: [Double]) -> [Double] { Array(a[..<700]) + b[700...] }
        let changed = try Bars(
            symbol: "WALK", time: bars.time, open: mix(bars.open, later.open), high: mix(bars.high, later.high),
            low: mix(bars.low, later.low),
            close: mix(bars.close, later.close), adjustedClose: mix(bars.adjustedClose, later.adjustedClose),
            volume: mix(bars.volume, later.volume))
        let other = FeatureMatrix.compute(names, of: changed)
        let a = try ModelTrainer.fit(recipe(kind), features: matrix, closes: bars.close, rows: 0..<700)
        let b = try ModelTrainer.fit(recipe(kind), features: other, closes: changed.close, rows: 0..<700)
        #expect(a == b)
        #expect(try a.predict(matrix, rows: 800..<810) != a.predict(other, rows: 800..<810))
    }

    @Test("a model of raw features predicts what scaling and the linear model predict", arguments: LinearModel.Kind.allCases)
    func folded(_ kind: LinearModel.Kind) throws {
        let model = try ModelTrainer.fit(recipe(kind), features: matrix, closes: bars.close, rows: 0..<700)
        let rows = try Matrix(rows: 200, columns: 6, values: Array(matrix.slice(700..<900).values))
        let long = try model.model.predict(model.scaler.transform(rows))
        let short = try model.predict(matrix, rows: 700..<900)
        #expect(Fixtures.near(short, long, 1e-13))
        for row in 700..<900 { #expect(try model.predict(Array(matrix.row(row))) == short[row - 700]) }
        #expect(try model.predict(matrix).count == 900)
        #expect(try model.predict(matrix)[50].isNaN)
    }

    @Test("the same input gives the same bits")
    func reproducible() throws {
        for kind in LinearModel.Kind.allCases {
            let first = try ModelTrainer.fit(recipe(kind), features: matrix, closes: bars.close, rows: 0..<700)
            for _ in 0..<5 {
                let again = FeatureMatrix.compute(names, of: try Fixtures.walk(900, seed: 77))
                #expect(try ModelTrainer.fit(recipe(kind), features: again, closes: bars.close, rows: 0..<700) == first)
            }
        }
    }

    @Test("a model finds what was put into the data")
    func finds() throws {
        let model = try ModelTrainer.fit(
            ModelRecipe(kind: .ridge, l2: 1, features: names, horizon: 1), features: matrix, closes: bars.close, rows: 0..<700)
        let outcomes = try Labels.forwardReturns(bars.close, horizon: 1)
        let coefficient = Evaluation.informationCoefficient(
            try model.predict(matrix, rows: 700..<899), Array(outcomes[700..<899]))
        #expect(coefficient > 0.05)
        #expect(model.model.weights[0] > 0)
    }

    @Test("ranges and matrices that do not go together are refused")
    func refused() throws {
        func code(_ body: () throws -> TrainedModel) throws -> String {
            try #require(throws: LearningError.self) { try body() }.code
        }
        #expect(
            try code { try ModelTrainer.fit(recipe(), features: matrix, closes: bars.close, rows: 0..<901) } == "E_TRAIN_SHAPE")
        #expect(
            try code { try ModelTrainer.fit(recipe(), features: matrix, closes: bars.close, rows: -1..<700) } == "E_TRAIN_SHAPE")
        #expect(try code { try ModelTrainer.fit(recipe(), features: matrix, closes: [1, 2], rows: 0..<2) } == "E_TRAIN_SHAPE")
        #expect(
            try code { try ModelTrainer.fit(recipe(), features: matrix, closes: bars.close, rows: 0..<100) } == "E_TRAIN_ROWS")
        #expect(try code { try ModelTrainer.fit(recipe(), features: matrix, closes: bars.close, rows: 5..<5) } == "E_TRAIN_ROWS")
        #expect(
            try code { try ModelTrainer.fit(recipe(), features: matrix, closes: bars.close, rows: 0..<700, labelEnd: -9) }
                == "E_TRAIN_ROWS")
        let fewer = ModelRecipe(kind: .ridge, l2: 1, features: Array(names.dropLast()), horizon: 5)
        #expect(
            try code { try ModelTrainer.fit(fewer, features: matrix, closes: bars.close, rows: 0..<700) } == "E_FEATURE_WIDTH")
        let model = try ModelTrainer.fit(recipe(), features: matrix, closes: bars.close, rows: 0..<700)
        for row in [[], [1], [Double](repeating: 0, count: 7)] {
            #expect(try #require(throws: LearningError.self) { try model.predict(row) }.code == "E_FEATURE_WIDTH")
        }
        #expect(throws: LearningError.self) { try model.predict(matrix, rows: 0..<901) }
        #expect(throws: LearningError.self) { try model.predict(FeatureMatrix.compute(names.reversed(), of: bars)) }
    }

    @Test("models put together from parts that contradict one another are refused")
    func schema() throws {
        let scaler = try Scaler(means: [0], scales: [1])
        let feature = try Fixtures.features(["rsi_14"])
        let linear = LinearModel(kind: .ridge, weights: [1], intercept: 0)
        #expect(throws: LearningError.self) { try TrainedModel(features: feature, scaler: scaler, horizon: 0, model: linear) }
        #expect(throws: LearningError.self) { try TrainedModel(features: [], scaler: scaler, horizon: 1, model: linear) }
        #expect(throws: LearningError.self) {
            try TrainedModel(features: feature + feature, scaler: scaler, horizon: 1, model: linear)
        }
        for bad in [
            LinearModel(kind: .ridge, weights: [.nan], intercept: 0),
            LinearModel(kind: .ridge, weights: [1], intercept: .infinity),
        ] {
            #expect(
                try #require(throws: LearningError.self) {
                    try TrainedModel(features: feature, scaler: scaler, horizon: 1, model: bad)
                }.code == "E_MODEL_SCHEMA")
        }
    }
}
