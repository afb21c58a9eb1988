package import Diagnostics

/// A mistake in what is asked of the engine, of a rule or of a metric.
package struct BacktestError: DiagnosticError, Hashable {
    /// The stable name of a mistake.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// A commission or slippage outside its range.
        case costsRange = "E_COSTS_RANGE"
        /// A position cap, drawdown limit or stop outside its range.
        case limitsRange = "E_LIMITS_RANGE"
        /// Factors that cannot be read, or do not cover a run.
        case factors = "E_FACTORS"
        /// Steps of price or size that cannot be, or a run whose numbers outgrow them.
        case instrument = "E_INSTRUMENT"
        /// A number of a sizing outside its range.
        case sizingRange = "E_SIZING_RANGE"
        /// An initial capital that is not a positive number.
        case capital = "E_CAPITAL"
        /// Not one target per bar.
        case targetsCount = "E_TARGETS_COUNT"
        /// A target that is NaN or infinite.
        case targetNotFinite = "E_TARGET_NOT_FINITE"
        /// A price that is not a positive number.
        case barPrice = "E_BAR_PRICE"
        /// Times of one series that do not rise.
        case barTime = "E_BAR_TIME"
        /// A portfolio without series.
        case portfolioEmpty = "E_PORTFOLIO_EMPTY"
        /// A return that is NaN or infinite.
        case returnsNotFinite = "E_RETURNS_NOT_FINITE"
        /// A number of periods per year that is not positive.
        case periodsPerYear = "E_PERIODS_PER_YEAR"
        /// Trials that cannot be compared: none, of different lengths, or too few for what is asked.
        case trialsShape = "E_TRIALS_SHAPE"
        /// A name that is no metric.
        case metricUnknown = "E_METRIC_UNKNOWN"
        /// A kind of rule strategy or position rule that does not exist.
        case kindUnknown = "E_STRATEGY_KIND"
        /// A parameter that the kind does not have, lacks, or has with an impossible value.
        case parameter = "E_STRATEGY_PARAMETER"
        /// A certification that could tell nothing.
        case certifyBars = "E_CERTIFY_BARS"
        /// A shock that no market could have.
        case stressShock = "E_STRESS_SHOCK"
        /// A rule's text that cannot be read.
        case ruleSyntax = "E_RULE_SYNTAX"
        /// A name in a rule that is no column.
        case ruleName = "E_RULE_NAME"
        /// A number in a rule where a condition belongs, or the other way round.
        case ruleType = "E_RULE_TYPE"
        /// An order that cannot be: no size, or a price that is not a positive number.
        case order = "E_ORDER"
        /// A trade log with a line that is not what was written there.
        case logChain = "E_LOG_CHAIN"
        /// A line of a trade log that is no record.
        case logFormat = "E_LOG_FORMAT"
        /// A trade log without its end, or with one that its fills do not lead to.
        case logEnd = "E_LOG_END"
    }

    package let kind: Code
    package let message: String
    package let place: Place?
    package let hint: String?

    package var code: String { kind.rawValue }
    package var category: DiagnosticCategory {
        switch kind {
        case .logChain, .logFormat, .logEnd: .integrity
        default: .input
        }
    }

    package init(_ kind: Code, _ message: String, place: Place? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.place = place
        self.hint = hint
    }

    /// The same error with a key's place moved under `pointer`: `/fast` under `/strategy` is `/strategy/fast`.
    package func under(_ pointer: String) -> BacktestError {
        guard case .key(let key) = place else { return self }
        return BacktestError(kind, message, place: .key(pointer + key), hint: hint)
    }
}
