import Learning
import MarketData
import Registry
import Stores
import Testing

@testable import Serving

@Suite struct DriftTests {
    private let model: LoadedModel

    init() throws { model = try ServingFixture.loaded() }

    private func request(_ rows: [[Double]]) throws -> InferenceRequest { try .rows(rows, of: model) }

    @Test func `the window keeps the last rows, and no more than it may`() throws {
        let window = DriftWindow(capacity: 4)
        #expect(window.take(version: 1) == nil)
        for number in 0..<10 { try window.add(request([[Double(number), 0, 0]]), of: model) }
        let kept = try #require(window.take(version: 1))
        #expect(kept.count == 12)
        #expect(stride(from: 0, to: 12, by: 3).map { kept[$0] }.sorted() == [6, 7, 8, 9])
        // Nothing new has come since.
        #expect(window.take(version: 1) == nil)
        // A request larger than the window leaves its last rows.
        try window.add(request((0..<9).map { [Double(100 + $0), 0, 0] }), of: model)
        let last = try #require(window.take(version: 1))
        #expect(stride(from: 0, to: 12, by: 3).map { last[$0] }.sorted() == [105, 106, 107, 108])
    }

    @Test func `another version empties the window`() throws {
        let window = DriftWindow(capacity: 8)
        try window.add(request([[1, 0, 0], [2, 0, 0]]), of: try ServingFixture.loaded(version: 1))
        try window.add(request([[3, 0, 0]]), of: try ServingFixture.loaded(version: 2))
        #expect(window.take(version: 1) == nil)
        #expect(window.take(version: 2) == [3, 0, 0])
    }

    /// What a reporter writes about `rows` when version 1 is served.
    private func reports(_ rows: [[Double]]) async throws -> [DriftReport] {
        let fixture = try ServingFixture()
        try fixture.promote(l2: 1, job: 1)
        var reports: [DriftReport] = []
        try await fixture.withHost { host, threads in
            await host.refresh()
            let window = DriftWindow(capacity: 1_000)
            let reporter = DriftReporter(
                host: host, window: window, detector: DriftDetector(), store: fixture.models, node: "n1", threads: threads,
                logger: fixture.logger, now: { 77 })
            // Nothing has been asked: nothing to say.
            await reporter.reportOnce()
            try window.add(request(rows), of: try #require(host.loaded))
            await reporter.reportOnce()
            await reporter.reportOnce()
            reports = try fixture.models.reports(of: "m", limit: 10)
        }
        return reports
    }

    private func trainingRows() throws -> [[Double]] {
        let matrix = try ServingFixture.rows().matrix
        return (0..<matrix.rows).filter(matrix.isComplete).map { Array(matrix.row($0)) }
    }

    @Test func `rows like those of the training are no drift`() async throws {
        let reports = try await reports(trainingRows())
        #expect(reports.count == 1)
        #expect(reports[0].drifted == false && reports[0].version == 1 && reports[0].node == "n1" && reports[0].at == 77)
        #expect(reports[0].rows > 800)
    }

    @Test func `shifted rows are drift, and the feature that moved is named`() async throws {
        let reports = try await reports(trainingRows().map { [$0[0], $0[1], $0[2] * 3] })
        #expect(reports.count == 1)
        #expect(reports[0].drifted && reports[0].worstFeature == "volatility_20")
        #expect((reports[0].distances["volatility_20"] ?? 0) > (reports[0].distances["return_1"] ?? 1))
    }

    @Test func `a few rows are not judged`() async throws {
        #expect(try await reports(Array(trainingRows().prefix(50))).isEmpty)
    }
}
