import Cluster
import Diagnostics
import Foundation
import Gateway
import MarketData
import Registry
import Testing

@Suite struct DatasetRouteTests {
    /// A small dataset in a catalogue of its own, as a client has it.
    private func local(_ folder: String) throws -> (entry: CatalogueEntry, path: String) {
        let catalogue = Catalogue(root: folder)
        let entry = try catalogue.add(
            SyntheticMarket(seed: 3, symbols: ["AAA"], bars: 50).generate(), name: "tiny", importedAt: 1)
        return (entry, try catalogue.path(of: entry.sha256))
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "datasets-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test func `an upload is verified, stored and named`() async throws {
        try await withFolder { folder in
            let (entry, path) = try local(folder)
            try await RunningGateway.with { gateway in
                let record = try await gateway.client.upload(dataset: path, sha256: entry.sha256, name: "tiny")
                #expect(record.sha256 == entry.sha256)
                #expect(record.rows == 50)
                #expect(try await gateway.client.datasets() == [record])
                #expect(try await gateway.client.dataset(sha256: entry.sha256) == record)
                let verified = try gateway.catalogue.verify(name: "tiny")
                #expect(verified.sha256 == entry.sha256)
            }
        }
    }

    @Test func `bytes with another hash are refused and nothing is stored`() async throws {
        try await withFolder { folder in
            let (entry, path) = try local(folder)
            try await RunningGateway.with { gateway in
                let other = String(repeating: "0", count: 64)
                let error = await #expect(throws: ClientError.self) {
                    try await gateway.client.upload(dataset: path, sha256: other, name: "tiny")
                }
                #expect(error?.code == "E_DATASET_HASH")
                #expect(error?.category == .integrity)
                let datasets = try await gateway.client.datasets()
                #expect(datasets.isEmpty)
                #expect(!gateway.catalogue.contains(sha256: entry.sha256))
                #expect(!gateway.catalogue.contains(sha256: other))
            }
        }
    }

    // Cases 48, 51: too long, declared or not; the wrong type; a packed body.
    @Test func `bodies beyond the limit and of other types are refused`() async throws {
        try await RunningGateway.with({ $0.datasetLimit = 1000 }) { gateway in
            let path = "/v1/datasets/\(String(repeating: "0", count: 64))?name=x"
            let octets = "Content-Type: application/octet-stream"
            let declared = try await gateway.request("PUT", path, headers: [octets], body: String(repeating: "x", count: 1001))
            #expect(declared.status == 413)
            #expect(declared.codes == ["E_BODY_TOO_LARGE"])
            let chunk = "3e9\r\n" + String(repeating: "x", count: 1001) + "\r\n0\r\n\r\n"
            let chunked = try await gateway.raw(
                "PUT \(path) HTTP/1.1\r\nHost: localhost\r\n\(octets)\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)"
            )
            #expect(chunked.status == 413)
            let json = try await gateway.json("PUT", path, "{}")
            #expect(json.status == 415)
            let packed = try await gateway.request("PUT", path, headers: [octets, "Content-Encoding: gzip"], body: "x")
            #expect(packed.status == 415)
            #expect(packed.codes == ["E_CONTENT_ENCODING"])
        }
    }

    @Test(arguments: [
        ("/v1/datasets/abc?name=x", "E_PARAMETER"),
        ("/v1/datasets/" + String(repeating: "A", count: 64) + "?name=x", "E_PARAMETER"),
        ("/v1/datasets/" + String(repeating: "0", count: 64), "E_PARAMETER"),
        ("/v1/datasets/" + String(repeating: "0", count: 64) + "?name=..%2Fx", "E_NAME"),
        ("/v1/datasets/" + String(repeating: "0", count: 64) + "?nane=x", "E_QUERY"),
    ])
    func `hash and name are checked before the body is read`(target: String, code: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("PUT", target, headers: ["Content-Type: application/octet-stream"], body: "x")
            #expect(answer.status == 400)
            #expect(answer.codes == [code])
        }
    }
}
