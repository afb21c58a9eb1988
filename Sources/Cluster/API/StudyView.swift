/// What a study has found and what that is worth.
package struct StudyView: Codable, Sendable, Hashable {
    package var job: Int64
    /// `running`, `succeeded`, `failed` or `cancelled`.
    package var state: String
    /// `maximize` or `minimize`, and the metric that is.
    package var direction: String
    package var objective: String
    /// The objectives besides that one.
    package var further: [ObjectiveView]?
    /// Trials that were begun, and how many of them have an objective.
    package var trials: Int
    package var succeeded: Int
    /// Every trial that the best was picked from: this study's, whatever became of them, and those on record for the dataset before it.
    package var trialsCounted: Int
    package var earlierTrials: Int
    /// The best trial so far and its deflated Sharpe ratio.
    package var best: TrialView?
    package var deflatedSharpe: Double?
    package var overfitting: OverfittingView?
    package var parameters: [SearchedView]
    package var plateau: PlateauView?
    /// The mean objective over pairs of the parameters that mattered most.
    package var contours: [ContourView] = []

    package init(
        job: Int64, state: String, direction: String, objective: String, trials: Int, succeeded: Int, trialsCounted: Int,
        earlierTrials: Int,
        best: TrialView? = nil, deflatedSharpe: Double? = nil, overfitting: OverfittingView? = nil, parameters: [SearchedView],
        plateau: PlateauView? = nil
    ) {
        (self.job, self.state, self.direction, self.objective) = (job, state, direction, objective)
        (self.trials, self.succeeded) = (trials, succeeded)
        (self.trialsCounted, self.earlierTrials) = (trialsCounted, earlierTrials)
        (self.best, self.deflatedSharpe, self.overfitting) = (best, deflatedSharpe, overfitting)
        (self.parameters, self.plateau) = (parameters, plateau)
    }
}

/// How often the trial that is best on one half of the time is below the median on the other half.
package struct OverfittingView: Codable, Sendable, Hashable {
    package var probability: Double
    /// How often it loses on the other half.
    package var lossProbability: Double
    /// The trials that were compared, and into how many blocks their out-of-sample record was cut.
    package var trials: Int
    package var blocks: Int
    package init(probability: Double, lossProbability: Double, trials: Int, blocks: Int) {
        (self.probability, self.lossProbability, self.trials, self.blocks) = (probability, lossProbability, trials, blocks)
    }
}

/// A searched parameter: its range, and how much it mattered.
package struct SearchedView: Codable, Sendable, Hashable {
    package var name: String
    /// `linear`, `log` or `choice`.
    package var scale: String
    /// The ends of a numeric range.
    package var low: Double?
    package var high: Double?
    /// Between neighbouring values; nil when there is no smallest step.
    package var step: Double?
    /// Whether its values are whole numbers.
    package var isWhole: Bool?
    package var choices: [ParameterView]?
    /// Its share in what set the best tenth of the trials apart (PED-ANOVA); together 1.
    package var bestTenth: Double?
    /// The share of the objective's variance over the whole space that it explains alone (fANOVA).
    package var variance: Double?
    package init(
        name: String, scale: String, low: Double? = nil, high: Double? = nil, choices: [ParameterView]? = nil,
        bestTenth: Double? = nil, variance: Double? = nil
    ) {
        (self.name, self.scale, self.low, self.high, self.choices) = (name, scale, low, high, choices)
        (self.bestTenth, self.variance) = (bestTenth, variance)
    }
}

/// How the objective falls off around the best trial, and the trial whose surroundings are best.
package struct PlateauView: Codable, Sendable, Hashable {
    /// The median objective of all trials.
    package var typical: Double
    package var falls: [FallView]
    package var robust: TrialView
    /// The mean objective around it, and around the best trial, up to `robustDistance` away on each parameter's axis.
    package var robustObjective: Double
    package var bestObjective: Double
    package var robustDistance: Double
    /// The robust trial's deflated Sharpe ratio.
    package var robustDeflatedSharpe: Double?
    package init(
        typical: Double, falls: [FallView], robust: TrialView, robustObjective: Double, bestObjective: Double,
        robustDistance: Double, robustDeflatedSharpe: Double?
    ) {
        (self.typical, self.falls, self.robust) = (typical, falls, robust)
        (self.robustObjective, self.bestObjective, self.robustDistance) = (robustObjective, bestObjective, robustDistance)
        self.robustDeflatedSharpe = robustDeflatedSharpe
    }
}

/// The mean objective up to a distance from the best trial, as a share of each parameter's axis.
package struct FallView: Codable, Sendable, Hashable {
    package var distance: Double
    package var objective: Double
    package init(distance: Double, objective: Double) { (self.distance, self.objective) = (distance, objective) }
}

/// The mean objective expected over a grid of two parameters, whatever the others are.
package struct ContourView: Codable, Sendable, Hashable {
    package var first: String
    package var second: String
    /// `size` times `size` values from the low ends of both axes on, the second parameter running slower.
    package var size: Int
    package var objectives: [Double]
    package init(first: String, second: String, size: Int, objectives: [Double]) {
        (self.first, self.second, self.size, self.objectives) = (first, second, size, objectives)
    }
}

/// A metric and which way it is better: `maximize` or `minimize`.
package struct ObjectiveView: Codable, Sendable, Hashable {
    package var metric: String
    package var direction: String
    package init(metric: String, direction: String) { (self.metric, self.direction) = (metric, direction) }
}
