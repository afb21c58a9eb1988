import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
package import Registry

extension HeadClient {
    package func datasets() async throws -> [DatasetRecord] { try await get("/v1/datasets", as: DatasetsPage.self).datasets }

    /// Throws `E_DATASET_UNKNOWN` (status 404) when the head does not hold it.
    package func dataset(sha256: String) async throws -> DatasetRecord {
        try await get("/v1/datasets/\(sha256)", as: DatasetRecord.self)
    }

    /// Sends the dataset file at `path` under `name`. The head verifies that its content has the hash `sha256`.
    package func upload(dataset path: String, sha256: String, name: String) async throws -> DatasetRecord {
        try RegistryName.check(name, of: "dataset")
        let data = try await NIOThreadPool.singleton.runIfActive {
            try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        }
        // A fast local disk and a slow network both finish well within this; a dead connection fails by the read timeout.
        let timeout = TimeAmount.seconds(60 + Int64(data.count >> 20))
        return try await call(
            .PUT, "/v1/datasets/\(sha256)?name=\(name)", body: .bytes(ByteBuffer(bytes: data)),
            contentType: "application/octet-stream",
            timeout: timeout, as: DatasetRecord.self
        ).value
    }

    /// One page of what changed its state, oldest first.
    package func events(_ query: EventQuery) async throws -> EventsPage {
        let keys: [String?] = [
            query.job.map { "job=\($0)" }, query.task.map { "task=\($0)" }, query.worker.map { "worker=\($0)" },
            "after=\(query.after)", "limit=\(query.limit)",
        ]
        return try await get("/v1/events?" + keys.compactMap { $0 }.joined(separator: "&"), as: EventsPage.self)
    }

    package func workers() async throws -> [WorkerView] { try await get("/v1/workers", as: WorkersPage.self).workers }

    /// Lets the worker finish what it runs and gives it nothing more.
    package func drain(_ worker: Int32) async throws -> WorkerView {
        try await post("/v1/workers/\(worker)/drain", String?.none, as: WorkerView.self).value
    }

    package func info() async throws -> InfoView { try await get("/v1/info", as: InfoView.self) }

    /// What the head is doing: `active`, `storeUnavailable` or `standby`.
    package func health() async throws -> String { try await get("/v1/health", as: HealthView.self).status }

    /// Whether a head answers within `timeout` and says it is ready.
    package func isReady(within timeout: Duration = .seconds(2)) async -> Bool {
        let health = try? await call(.GET, "/v1/health/ready", timeout: TimeAmount(timeout), as: HealthView.self)
        return health?.value.status == "ready"
    }

    /// The OpenAPI document as JSON.
    package func openAPI() async throws -> Data { try await bytes(.GET, "/v1/openapi.json").0 }

    /// The metrics in Prometheus text format.
    package func metrics() async throws -> String { String(decoding: try await bytes(.GET, "/metrics").0, as: UTF8.self) }
}
