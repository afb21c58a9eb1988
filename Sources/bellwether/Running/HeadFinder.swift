import Cluster

/// Looks for a head that runs already.
struct HeadFinder {
    let options: HeadOptions

    /// A client of the configured head, whether it answers or not; else of the head recorded in the home folder, if it
    /// answers; else nil.
    func running() async throws -> HeadClient? {
        if let url = try await options.configuredHead() { return try HeadClient(url: url) }
        guard let record = HeadRecord.read(in: options.common.place), let client = try? HeadClient(url: record.url) else {
            return nil
        }
        if await client.isReady() { return client }
        await client.shutdown()
        return nil
    }
}
