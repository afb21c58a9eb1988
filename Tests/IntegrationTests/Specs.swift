/// Specs that the tests of this folder run: small enough to be quick, large enough to be killed in the middle.
enum TestSpecs {
    /// A study of a ridge regression; `trials` of 19 windows each on 1,500 bars.
    static func study(dataset: String, model: String = "test-ridge", trials: Int, then: String = "") -> String {
        """
        job: study
        name: \(model)
        dataset: \(dataset)
        strategy:
          features: [return_1, return_5, volatility_21, zscore_20]
          label: {forwardReturn: 5}
          model: {kind: ridge, l2: {float: [1.0e-3, 1.0e3], log: true}}
          position: {kind: sign, threshold: {float: [0.0, 0.5]}}
        walkForward: {kind: rolling, train: 252, test: 63, step: 63, purge: 5}
        costs: {commission: 0.0005, slippage: 0.0005}
        search: {sampler: tpe, trials: \(trials), seed: 11, parallelTrials: 4}
        objective: {maximize: sharpe}
        retry: {maximum: 3, backoff: 50ms, limit: 1s}
        \(then)
        """
    }

    static func registering(_ model: String, promote: String = "", retrain: String = "") -> String {
        """
        then:
          register: {model: \(model)}
        \(promote)
        \(retrain)
        """
    }
}
