import Cluster
import HTTPTypes
import Hummingbird
import MarketData
import NIOCore
import Registry

extension Routes {
    static let datasets: [Route] = [
        Route(
            method: .get, path: "/v1/datasets", name: "listDatasets", summary: "Lists the datasets the head holds.",
            answers: [.init(status: 200, summary: "All datasets.", content: .json("DatasetsPage"))], handler: listDatasets),
        Route(
            method: .get, path: "/v1/datasets/{sha256}", name: "showDataset", summary: "Shows one dataset.",
            answers: [.init(status: 200, summary: "The dataset.", content: .json("DatasetRecord"))], handler: showDataset),
        Route(
            method: .put, path: "/v1/datasets/{sha256}", name: "uploadDataset",
            summary: "Stores a dataset file under a name, after its content was shown to have the hash in the path.",
            query: [.init(name: "name", schema: .string, summary: "The name that stands for it from now on.", isRequired: true)],
            body: .init(type: "application/octet-stream", schema: .binary),
            answers: [
                .init(status: 201, summary: "The dataset is stored.", content: .json("DatasetRecord")),
                .init(status: 200, summary: "The content was here; the name stands for it now.", content: .json("DatasetRecord")),
            ],
            handler: uploadDataset),
    ]

    private static func listDatasets(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        _ = try Query(request.uri.query, keys: [])
        let models = services.models
        return .json(DatasetsPage(datasets: try await services.blocking.run { try models.datasets() }))
    }

    private static func showDataset(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let sha256 = try context.sha256()
        let models = services.models
        guard let record = try await services.blocking.run({ try models.dataset(sha256: sha256) }) else {
            throw GatewayError.unknown("dataset", sha256)
        }
        return .json(record)
    }

    private static func uploadDataset(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let sha256 = try context.sha256()
        guard let name = try Query(request.uri.query, keys: ["name"])["name"] else {
            throw GatewayError("E_PARAMETER", .badRequest, "the query has no name", hint: "PUT /v1/datasets/SHA256?name=NAME")
        }
        try RegistryName.check(name, of: "dataset")
        try request.requireContentType("application/octet-stream")
        guard services.uploads.take() else { throw GatewayError.busy("other datasets are being uploaded") }
        defer { services.uploads.giveBack() }
        let configuration = services.configuration
        let buffer = try await request.bytes(
            limit: configuration.datasetLimit, timeout: configuration.uploadTimeout, context: context)
        let (models, catalogue, now) = (services.models, services.catalogue, GatewayServices.now)
        let (record, isKnown) = try await services.blocking.run {
            let isKnown = try models.dataset(sha256: sha256) != nil
            try catalogue.insertFile(Array(buffer.readableBytesView), sha256: sha256)
            let entry = try catalogue.setName(name, to: sha256, importedAt: now)
            let record = DatasetRecord(
                sha256: sha256, name: name, rows: Int64(entry.rows), series: Int64(entry.series), firstTime: entry.firstTime,
                lastTime: entry.lastTime, importedAt: now)
            try models.put(record)
            return (record, isKnown)
        }
        return .json(record, status: isKnown ? .ok : .created, headers: [.location: "/v1/datasets/\(sha256)"])
    }
}
