package import Search

extension JobSpec {
    /// The job's strategy with every number decided; `parameters` are those that it leaves open.
    ///
    /// Throws `E_STRATEGY_KIND` for a job without a strategy, and what `StrategySpec.resolved` throws.
    package func strategy(_ parameters: [String: ParameterValue]) throws(SpecErrors) -> ResolvedStrategy {
        switch body {
        case .backtest(let backtest): backtest.strategy
        case .stress(let stress): stress.backtest.strategy
        case .certify(let certify): certify.backtest.strategy
        case .crossValidate(let validation): validation.backtest.strategy
        case .study(let study): try study.strategy.resolved(parameters)
        case .nested(let nested): try nested.study.strategy.resolved(parameters)
        case .sweep(let sweep): try sweep.strategy.resolved(parameters)
        case .retrain, .drill, .command, .commandStudy:
            throw SpecErrors(SpecError("E_STRATEGY_KIND", "a \(kind.rawValue) job has no strategy"))
        }
    }
}
