/// The state of the synthetic market, which moves as a Markov chain from day to day.
enum MarketRegime: Int, CaseIterable {
    case bull, bear, crisis

    /// Drift of the common factor a year.
    var annualDrift: Double {
        switch self {
        case .bull: 0.14
        case .bear: -0.12
        case .crisis: -0.60
        }
    }

    /// Multiplies volatilities.
    var volatility: Double {
        switch self {
        case .bull: 0.8
        case .bear: 1.25
        case .crisis: 2.4
        }
    }

    /// The probabilities that tomorrow is bull, bear or crisis; the stays last about 250, 100 and 25 days.
    var transitions: [Double] {
        switch self {
        case .bull: [0.996, 0.003, 0.001]
        case .bear: [0.008, 0.990, 0.002]
        case .crisis: [0.010, 0.030, 0.960]
        }
    }

    /// Tomorrow's regime for a uniform number in 0..<1.
    func next(_ uniform: Double) -> MarketRegime {
        var total = 0.0
        for (regime, probability) in zip(Self.allCases, transitions) {
            total += probability
            if uniform < total { return regime }
        }
        return self
    }
}
