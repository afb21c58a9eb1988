import Foundation
import Statistics

/// A portfolio of samplers that learns during the study which of them pays.
///
/// Every trial is proposed by one member, drawn with a probability that grows with how well the member's trials have ranked so
/// far; every member learns from the trials of all. After a start with the points of a Sobol sequence, members are the Gaussian
/// process, the tree-structured Parzen estimator and CMA-ES. With many trials at once the process proposes most of them, since it
/// alone reckons with what those that run may bring.
package struct AutoSampler: Sampler {
    /// Completed trials below which the points of a Sobol sequence are proposed.
    package let startupTrials: Int
    /// The trial from which on the Gaussian process, whose suggestions cost a hundred times those of the others, proposes at most
    /// every `lateInterval`th trial.
    package static let lateTrial = 500
    package static let lateInterval = 16
    /// Where many trials run at once, the other members propose every `crowdInterval`th trial.
    private static let crowdInterval = 4
    /// The most parameters with which the Gaussian process is asked at all.
    package static let processLimit = 40

    private var process: GPSampler
    private var estimator: TPESampler
    private var strategy: CMASampler
    /// The process is believed to pay most: with many trials at once, most are proposed before any member has earned anything.
    private var credit = PortfolioCredit(expected: [0.7, 0.5, 0.5])
    /// Completed trials that are credited, opened ones whose member is noted.
    private var folded = 0
    private var noted = 0
    /// The members of the trials from number `firstMember` on; nil where none was asked.
    private var members: [Int?] = []
    private var firstMember = 0

    package init(startupTrials: Int = 10, processTrials: Int = 200) {
        self.startupTrials = startupTrials
        process = GPSampler(startupTrials: startupTrials, trialLimit: processTrials)
        estimator = TPESampler(startupTrials: startupTrials)
        strategy = CMASampler()
    }

    package var readsHistory: Bool { true }

    /// How probable each member is to propose the next trial, in the order of the names; for reports.
    package var shares: [(name: String, share: Double)] { Array(zip(["gp", "tpe", "cma"], credit.shares)) }

    package mutating func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        catchUp(history, seed: seed)
        switch member(of: number, completed: history.count, beside: history.pendingCount, history, seed) {
        case 0: return process.suggest(trial: number, history: history, seed: seed)
        case 1: return estimator.suggest(trial: number, history: history, seed: seed)
        case 2: return strategy.suggest(trial: number, history: history, seed: seed)
        default: return SequenceSampler(.sobol).suggest(trial: number, history: history, seed: seed)
        }
    }

    /// Repeats in order what has happened: members of the trials that opened, credits for the results that became known.
    private mutating func catchUp(_ history: TrialHistory, seed: UInt64) {
        while true {
            while noted < history.known.count, Int(history.known[noted]) == folded {
                let isSuggested = history.isSuggested[noted]
                let beside = Int(history.beside[noted])
                members.append(isSuggested ? member(of: noted, completed: folded, beside: beside, history, seed) : nil)
                noted += 1
            }
            guard folded < history.count else { break }
            let number = Int(history.numbers[folded])
            members.removeFirst(min(members.count, number - firstMember))
            firstMember = number
            let loss = history.violations[folded] > 0 ? Double.greatestFiniteMagnitude : history.losses[folded]
            credit.add(loss, member: members.first ?? nil)
            folded += 1
        }
    }

    /// The member that proposes trial `number` after `completed` results; nil before there are enough of them.
    private func member(of number: Int, completed: Int, beside: Int, _ history: TrialHistory, _ seed: UInt64) -> Int? {
        guard completed >= startupTrials else { return nil }
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number), 0x6175_746f))
        let isDear = history.axes.count > Self.processLimit || (number >= Self.lateTrial && number % Self.lateInterval != 0)
        let others = 1..<3
        if isDear { return credit.draw(generator.uniform(), from: others) }
        // Where many run, only the process reckons with all of them; the others see to it that it is not alone in being wrong.
        if beside >= GPSampler.crowd {
            return number % Self.crowdInterval == 1 ? credit.draw(generator.uniform(), from: others) : 0
        }
        return credit.draw(generator.uniform(), from: 0..<3)
    }
}
