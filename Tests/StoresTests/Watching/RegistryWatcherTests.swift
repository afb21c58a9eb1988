import Foundation
import Registry
import Stores
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RegistryWatcherTests {
    private func promote(_ models: any ModelStore, at: Int64) throws {
        if try models.versions(of: "m").isEmpty {
            _ = try models.register(model: "m", artifact: "a", lineage: Records.lineage(), metrics: [:], at: 1)
        }
        _ = try models.promote(
            model: "m", version: 1, alias: "champion", by: "ann", reason: "", gate: "", gateValues: [:], at: at, verify: { _ in })
    }

    @Test("A listener hears the present state, then every promotion of another process", arguments: StoreKind.allCases)
    func hears(kind: StoreKind) async throws {
        let store = try kind.make()
        let writer = try store.open().models
        let watcher = try store.open().watch()
        var changes = watcher.changes().makeAsyncIterator()
        var last = await changes.next()
        #expect(last == RegistryChange(newestPromotion: 0))
        for round in 1...3 {
            try promote(writer, at: Int64(round))
            let next = await changes.next()
            let (newer, older) = (try #require(next), try #require(last))
            #expect(newer.newestPromotion > older.newestPromotion)
            last = next
        }
        watcher.stop()
        #expect(await changes.next() == nil)
    }

    @Test("Several listeners hear the same; a slow one gets the newest only", arguments: StoreKind.allCases)
    func severalListeners(kind: StoreKind) async throws {
        let store = try kind.make()
        let writer = try store.open().models
        let watcher = try store.open().watch()
        var quick = watcher.changes().makeAsyncIterator()
        var slow = watcher.changes().makeAsyncIterator()
        _ = await quick.next()
        var newest: RegistryChange?
        for round in 1...5 {
            try promote(writer, at: Int64(round))
            newest = await quick.next()
        }
        // The last change may still be on its way to this listener, but none before the last two is kept for it.
        var heard = await slow.next()
        if heard != newest { heard = await slow.next() }
        #expect(heard == newest)
        watcher.stop()
        #expect(await slow.next() == nil)
        #expect(await quick.next() == nil)
        var late = watcher.changes().makeAsyncIterator()
        #expect(await late.next() == nil)
    }

    @Test("Commits that promote nothing are not reported", arguments: StoreKind.allCases)
    func quiet(kind: StoreKind) async throws {
        let store = try kind.make()
        let process = try store.open()
        let watcher = try store.open().watch()
        var changes = watcher.changes().makeAsyncIterator()
        _ = await changes.next()
        for round in 1...20 { try process.models.put(Records.dataset("d", "\(round)")) }
        try promote(process.models, at: 1)
        // Whatever was reported before the promotion would be heard first.
        #expect(await changes.next() == RegistryChange(newestPromotion: 1))
        watcher.stop()
    }

    @Test("On Postgres a watcher outlives its connection and reports what it missed")
    func reconnects() async throws {
        let server = try PostgresServer.shared()
        let store = try StoreKind.postgres.make()
        guard case .url(.postgres(let address)) = store.place else { return #expect(Bool(false)) }
        let writer = try store.open().models
        let watcher = try store.open().watch()
        var changes = watcher.changes().makeAsyncIterator()
        #expect(await changes.next() == RegistryChange(newestPromotion: 0))
        for round in 1...3 {
            try server.killConnections(to: address)
            try promote(writer, at: Int64(round))
            #expect(await changes.next() == RegistryChange(newestPromotion: Int64(round)))
        }
        watcher.stop()
    }
}
