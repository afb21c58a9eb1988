extension JobSpec {
    /// The dataset that the job reads; nil when it reads none. A job that reads none is not given one.
    package var dataset: DatasetReference? {
        get {
            switch body {
            case .study(let study): study.dataset
            case .backtest(let backtest): backtest.dataset
            case .retrain(let retrain): retrain.dataset
            case .sweep(let sweep): sweep.dataset
            case .stress(let stress): stress.backtest.dataset
            case .certify(let certify): certify.backtest.dataset
            case .nested(let nested): nested.study.dataset
            case .crossValidate(let validation): validation.backtest.dataset
            case .drill, .command, .commandStudy: nil
            }
        }
        set {
            guard let newValue else { return }
            switch body {
            case .study(var study):
                study.dataset = newValue
                body = .study(study)
            case .backtest(var backtest):
                backtest.dataset = newValue
                body = .backtest(backtest)
            case .retrain(var retrain):
                retrain.dataset = newValue
                body = .retrain(retrain)
            case .sweep(var sweep):
                sweep.dataset = newValue
                body = .sweep(sweep)
            case .stress(var stress):
                stress.backtest.dataset = newValue
                body = .stress(stress)
            case .certify(var certify):
                certify.backtest.dataset = newValue
                body = .certify(certify)
            case .nested(var nested):
                nested.study.dataset = newValue
                body = .nested(nested)
            case .crossValidate(var validation):
                validation.backtest.dataset = newValue
                body = .crossValidate(validation)
            case .drill, .command, .commandStudy: break
            }
        }
    }

    /// The same job with its dataset pinned to a content hash.
    package func pinned(toDataset hash: String) -> JobSpec {
        var spec = self
        spec.dataset?.sha256 = hash
        return spec
    }
}
