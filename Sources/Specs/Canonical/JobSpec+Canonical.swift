import Registry
import Scheduling

extension JobSpec {
    /// The spec as JSON in the one form that is hashed and stored: sorted keys, every default filled in, the dataset pinned to
    /// `datasetHash` (or to the hash the spec gives, or left to its name when neither is there). `parse` reads it back as
    /// an equal spec.
    package func canonicalJSON(datasetHash: String? = nil) -> String {
        let members = bodyMembers(datasetHash)
        let common: [String: JSONValue?] = [
            "job": .string(kind.rawValue), "name": .string(name), "priority": .int(Int(priority)),
            "resources": ResourcesForm.json([resources] + alternatives), "where": ConditionsForm.json(conditions),
            "retry": .object(
                [
                    "maximum": .int(Int(retry.maximum)), "backoff": .string(Quantity.duration(retry.backoffMilliseconds)),
                    "limit": .string(Quantity.duration(retry.backoffLimitMilliseconds)),
                    "jitter": retry.jitterThousandths == RetryPolicy().jitterThousandths
                        ? nil : .double(Double(retry.jitterThousandths) / 1_000),
                    "never": neverRetry.isEmpty ? nil : .list(neverRetry.map(JSONValue.string)),
                ].compactMapValues { $0 }),
            "timeout": timeoutMilliseconds.map { .string(Quantity.duration($0)) },
            "labels": labels.isEmpty ? nil : .object(labels.mapValues(JSONValue.string)),
            "dependsOn": dependsOn.isEmpty ? nil : .list(dependsOn.map(JSONValue.string)),
            "cache": usesCache ? nil : .bool(false),
        ]
        let all = common.merging(scheduling.members) { first, _ in first }.compactMapValues { $0 }
        return JSONValue.object(members.merging(all) { first, _ in first }).text
    }

    /// SHA-256 of the canonical JSON: two specs have the same hash exactly when they ask for the same thing.
    package func specHash(datasetHash: String? = nil) -> String {
        ContentHash.sha256(canonicalJSON(datasetHash: datasetHash).utf8)
    }

    /// All that the result of a window depends on besides its strategy, its bars and the code, as JSON; nil for a job whose
    /// windows are not kept for others.
    package var windowContext: String? {
        switch body {
        case .study, .backtest, .nested:
            let others = ["strategy", "walkForward", "inner", "search", "objective", "subjectTo", "then"]
            return JSONValue.object(bodyMembers(nil).filter { !others.contains($0.key) }).text
        case .retrain, .drill, .command, .commandStudy, .sweep, .stress, .certify, .crossValidate: return nil
        }
    }

    private func bodyMembers(_ datasetHash: String?) -> [String: JSONValue] {
        switch body {
        case .study(let study): study.json(datasetHash)
        case .backtest(let backtest): backtest.json(datasetHash)
        case .retrain(let retrain): retrain.json(datasetHash)
        case .drill(let drill): drill.json
        case .command(let command): command.json
        case .commandStudy(let study): study.json
        case .sweep(let sweep): sweep.json(datasetHash)
        case .stress(let stress): stress.json(datasetHash)
        case .certify(let certify): certify.json(datasetHash)
        case .nested(let nested): nested.json(datasetHash)
        case .crossValidate(let validation): validation.json(datasetHash)
        }
    }
}
