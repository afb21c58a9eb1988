import Cluster
import MarketData
import Specs

extension Fixture {
    static let rule20 = "{rule: {kind: movingAverageCross, fast: 5, slow: 20, short: 1}}"
    static let ridge =
        "{features: [return_1, return_5, volatility_20], label: {forwardReturn: 2}, model: {kind: ridge, l2: 1}, position: {kind: proportional}}"

    /// A dataset and a job of any kind on it, called `data`; `lines` come after its name and dataset.
    init(kind: String, _ lines: String, symbols: [String] = ["AAA"], dataset: Dataset? = nil) throws {
        let dataset = try dataset ?? Self.market(symbols)
        let spec = try JobSpec.parse(text: "job: \(kind)\nname: k\ndataset: data\n\(lines)\n")
        let blobs = try FakeBlobs()
        try blobs.add(dataset)
        self.dataset = dataset
        self.blobs = blobs
        job = WorkerJob(id: 1, spec: spec.canonicalJSON(datasetHash: dataset.sha256))
    }
}
