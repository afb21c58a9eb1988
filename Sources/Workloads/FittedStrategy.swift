import Backtest
import Learning
import MarketData
import Specs

/// A model strategy fitted on some bars: the model, the position rule, and the scale its thresholds are measured in.
struct FittedStrategy {
    let model: TrainedModel
    let position: PositionRule
    /// Standard deviation of the predictions over the training rows, or one half for probabilities.
    let scale: Double

    /// Features and closes of one series over the bars that may be read.
    struct Panel {
        let series: CalendarSeries
        let features: FeatureMatrix
        let closes: [Double]
        /// The first bar of the panel in the whole series.
        private let offset: Int

        /// The bars of `range` of the calendar, and up to `before` bars before them.
        init(_ series: CalendarSeries, range: Range<Int>, before: Int = 0, features names: [FeatureName]) throws {
            let slice = try series.read(range, before: before)
            self.series = series
            features = FeatureMatrix.compute(names, of: slice)
            closes = slice.adjustedClose
            offset = series.first(range, before)
        }

        /// The rows of the bars that lie in `range` of the calendar.
        func rows(_ range: Range<Int>) -> Range<Int> {
            let own = series.own(range)
            return own.lowerBound - offset..<own.upperBound - offset
        }
    }

    /// Fits one model on the `train` bars of all panels together. Labels never look past the end of `train`.
    init(_ strategy: ResolvedModelStrategy, on panels: [Panel], train: Range<Int>) throws {
        try self.init(strategy, on: panels, train: [train])
    }

    /// The same on several ranges; labels never look past the end of theirs.
    init(_ strategy: ResolvedModelStrategy, on panels: [Panel], train: [Range<Int>]) throws {
        let kind = LinearModel.Kind(strategy.kind)
        let recipe = ModelRecipe(kind: kind, l2: strategy.l2, features: strategy.features, horizon: strategy.horizon)
        var sets: [TrainingSet] = []
        for panel in panels {
            for range in train {
                sets.append(
                    try TrainingSet(
                        kind: kind, horizon: strategy.horizon, features: panel.features, closes: panel.closes,
                        rows: panel.rows(range)))
            }
        }
        model = try ModelTrainer.fit(recipe, on: TrainingSet.pooled(sets))
        position = strategy.position
        scale = try Self.scale(of: model, kind: kind, panels, train)
    }

    init(_ artifact: ModelArtifact) throws {
        model = artifact.model
        var parameters = artifact.position.parameters
        scale = parameters.removeValue(forKey: Self.scaleName) ?? 0
        position = try PositionRule(kind: artifact.position.kind, parameters: parameters)
    }

    /// Target positions for the bars of `range` of the calendar.
    func targets(_ panel: Panel, _ range: Range<Int>) throws -> [Double] {
        let predictions = try model.predict(panel.features, rows: panel.rows(range))
        let targets = position.targets(predictions: Self.centred(predictions, model.model.kind), scale: scale)
        return panel.series.carried(targets, over: range)
    }

    /// The position rule as the artifact keeps it, scale included.
    var record: PositionRecord {
        var parameters: [String: Double] = [Self.scaleName: scale]
        let kind: String
        switch position {
        case .sign(let threshold, let size): (kind, parameters["threshold"], parameters["size"]) = ("sign", threshold, size)
        case .longOnly(let threshold, let size):
            (kind, parameters["threshold"], parameters["size"]) = ("longOnly", threshold, size)
        case .proportional(let full, let size): (kind, parameters["full"], parameters["size"]) = ("proportional", full, size)
        }
        return PositionRecord(kind: kind, parameters: parameters)
    }

    private static let scaleName = "scale"

    private static func scale(
        of model: TrainedModel, kind: LinearModel.Kind, _ panels: [Panel], _ train: [Range<Int>]
    ) throws -> Double {
        if kind == .logistic { return 0.5 }
        var count = 0.0
        var mean = 0.0
        var squares = 0.0
        for (panel, range) in panels.flatMap({ panel in train.map { (panel, $0) } }) {
            for prediction in try model.predict(panel.features, rows: panel.rows(range)) where prediction.isFinite {
                count += 1
                let distance = prediction - mean
                mean += distance / count
                squares += distance * (prediction - mean)
            }
        }
        return count > 1 ? (squares / (count - 1)).squareRoot() : 0
    }

    /// A probability less one half, or an expected return as it is.
    private static func centred(_ predictions: [Double], _ kind: LinearModel.Kind) -> [Double] {
        kind == .logistic ? predictions.map { $0 - 0.5 } : predictions
    }
}

extension LinearModel.Kind {
    init(_ kind: ModelKind) {
        switch kind {
        case .ridge: self = .ridge
        case .logistic: self = .logistic
        }
    }
}
