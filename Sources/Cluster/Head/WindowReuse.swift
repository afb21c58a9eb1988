import MarketData
import Search
import Specs
import Wire

/// What a plan asks before it lets windows run.
struct WindowReuse: Sendable {
    /// With its dataset pinned.
    let spec: JobSpec
    let cache: WindowCache

    /// The results that are known of a trial's windows, by their place in `windows`.
    func results(_ parameters: [String: ParameterValue], _ windows: [Window]) -> [Int: ProtoWindowResult] {
        guard !cache.isEmpty, let strategy = try? spec.strategy(parameters), let key = WindowKey(spec, strategy: strategy) else {
            return [:]
        }
        var known: [Int: ProtoWindowResult] = [:]
        for (place, window) in windows.enumerated() {
            known[place] = cache.result(key.digest(train: window.train, test: window.test), for: window)
        }
        return known
    }
}
