import Cluster
import Diagnostics

/// Finds the head that a command talks to, or starts one for it.
struct HeadFinder {
    let options: HeadOptions

    /// How long another command may keep the home folder's store before this one gives up.
    private static let patience = Duration.seconds(30)

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

    /// Calls `body` once: with the head that runs, or with one that is started with `workers` workers and ends with the
    /// call, which is then the second argument. A head that is just ending is waited for.
    func withHead<Result>(
        starting workers: Int, _ body: (HeadClient, LocalHead?) async throws -> Result
    ) async throws -> Result {
        let clock = ContinuousClock()
        let deadline = clock.now + HeadFinder.patience
        var isTold = false
        while true {
            if let client = try await running() { return try await client.closing { try await body($0, nil) } }
            do {
                return try await LocalHead.withHead(home: options.common.place, workers: workers) { head in
                    try await HeadClient(url: head.url).closing { try await body($0, head) }
                }
            } catch let error as CommandError where error.code == LocalHead.lockedCode && clock.now < deadline {
                if !isTold { Terminal.note("another head is using this folder; waiting for it to end or to answer") }
                isTold = true
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }
}
