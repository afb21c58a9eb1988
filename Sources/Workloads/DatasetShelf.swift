import Cluster
import MarketData
import Synchronization

/// The datasets that tasks of this process have open, verified once: the last few, shared by all jobs.
final class DatasetShelf: Sendable {
    private static let limit = 4
    private let datasets = Mutex<[Dataset]>([])

    /// The dataset of that hash. Throws what fetching and verifying throw.
    func dataset(_ sha256: String, from blobs: any BlobSource) throws -> Dataset {
        if let known = datasets.withLock({ take(sha256, &$0) }) { return known }
        let dataset = try DatasetFile.read(blobs.datasetPath(sha256), expecting: sha256)
        datasets.withLock { datasets in
            datasets.append(dataset)
            if datasets.count > Self.limit { datasets.removeFirst() }
        }
        return dataset
    }

    /// Finds it and makes it the most recent.
    private func take(_ sha256: String, _ datasets: inout [Dataset]) -> Dataset? {
        guard let place = datasets.firstIndex(where: { $0.sha256 == sha256 }) else { return nil }
        let dataset = datasets.remove(at: place)
        datasets.append(dataset)
        return dataset
    }
}
