/// Promotions by LISTEN on a connection of its own, with a look at the table every two seconds in case something
/// between here and the server swallows notifications.
final class PostgresChangeSource: RegistryChangeSource {
    private let connection: PostgresConnection

    init(_ address: PostgresAddress) throws {
        connection = try PostgresConnection(address)
        _ = try connection.simple("LISTEN \(SQLModelStore.channel)")
    }

    func newest(unlike known: Int64?, wake: CInt) throws -> Int64 {
        let newest = try look()
        if newest != known { return newest }
        _ = try connection.waitForNotification(milliseconds: 2_000, wake: wake)
        return try look()
    }

    private func look() throws -> Int64 {
        try SQLModelStore.newestPromotion(connection.run(SQLModelStore.newestPromotionQuery, PostgresParameters()).rows())
    }
}
