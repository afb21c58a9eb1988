import Foundation
import Registry
import Testing

@testable import Serving

@Suite struct ModelHostTests {
    @Test("The promoted version is loaded, and the next one replaces it")
    func follows() async throws {
        let fixture = try ServingFixture()
        try await fixture.withHost { host, _ in
            await host.refresh()
            #expect(host.loaded == nil)
            try fixture.promote(l2: 1, job: 1)
            await host.refresh()
            let first = try #require(host.loaded)
            #expect(first.version.version == 1)
            await host.refresh()
            #expect(host.loaded === first)
            try fixture.promote(l2: 100, job: 2)
            await host.refresh()
            #expect(host.loaded?.version.version == 2)
        }
    }

    @Test(
        "A version whose bytes are changed, cut short or gone is not served; the last good one stays", arguments: Damage.allCases)
    func keepsTheLastGoodVersion(_ damage: Damage) async throws {
        let fixture = try ServingFixture()
        try await fixture.withHost { host, _ in
            try fixture.promote(l2: 1, job: 1)
            await host.refresh()
            let good = try #require(host.loaded)

            let bad = try fixture.promote(l2: 100, job: 2)
            let file = try fixture.file(of: bad.artifact)
            let bytes = try Data(contentsOf: file)
            switch damage {
            case .changed:
                var changed = bytes
                changed[bytes.count / 2] ^= 1
                try changed.write(to: file, options: .atomic)
            case .cutShort: try bytes.prefix(bytes.count - 1).write(to: file, options: .atomic)
            case .gone: try FileManager.default.removeItem(at: file)
            }
            await host.refresh()
            #expect(host.loaded === good)

            // Whole again, it is served at the next look.
            try bytes.write(to: file, options: .atomic)
            await host.refresh()
            #expect(host.loaded?.version.version == 2)
        }
    }

    enum Damage: CaseIterable, Sendable { case changed, cutShort, gone }
}

extension ServingFixture {
    /// Where an artifact's bytes are kept.
    fileprivate func file(of sha256: String) throws -> URL {
        let all = FileManager.default.enumerator(atPath: artifacts.folder)?.compactMap { $0 as? String } ?? []
        let name = try #require(all.first { $0.hasSuffix(sha256) })
        return URL(fileURLWithPath: artifacts.folder).appendingPathComponent(name)
    }
}
