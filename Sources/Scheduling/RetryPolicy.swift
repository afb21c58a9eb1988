/// How often and how soon a failed task runs again. Attempts lost with their worker do not count against `maximum`;
/// three of those quarantine the task instead.
package struct RetryPolicy: Hashable, Sendable, Codable {
    /// Further attempts after the first one failed with a retryable error.
    package var maximum: Int32
    /// Delay before the first retry; each further one doubles it.
    package var backoffMilliseconds: Int64
    /// The longest delay.
    package var backoffLimitMilliseconds: Int64
    /// How much of each delay is drawn, in thousandths: with 1000 it is anything up to the whole of it, with 0 it is exact.
    package var jitterThousandths: Int32
    package init(
        maximum: Int32 = 2, backoffMilliseconds: Int64 = 500, backoffLimitMilliseconds: Int64 = 30_000,
        jitterThousandths: Int32 = 500
    ) {
        self.maximum = maximum
        self.jitterThousandths = jitterThousandths
        self.backoffMilliseconds = backoffMilliseconds
        self.backoffLimitMilliseconds = backoffLimitMilliseconds
    }

    /// No delay, lease or timeout is longer than ten years.
    static let longestDelayMilliseconds: Int64 = 315_360_000_000

    /// The delay after the `failures`-th failed attempt of a task: the exponential backoff, of which the upper part is
    /// jitter derived from the task and the count, so the same history gives the same delays on every run.
    package func delayMilliseconds(of task: TaskID, failures: Int32) -> Int64 {
        let limit = min(max(backoffLimitMilliseconds, 0), RetryPolicy.longestDelayMilliseconds)
        let doublings = min(max(failures, 1) - 1, 40)
        let base = min(max(backoffMilliseconds, 0), limit)
        let full = base > limit >> Int64(doublings) ? limit : base << Int64(doublings)
        // No delay is so long that this could overflow.
        let drawn = full * Int64(min(max(jitterThousandths, 0), 1_000)) / 1_000
        var hash = UInt64(bitPattern: task.job.rawValue) &* 0x9E37_79B9_7F4A_7C15
        hash = RetryPolicy.mix(hash ^ UInt64(truncatingIfNeeded: task.index))
        hash = RetryPolicy.mix(hash &+ UInt64(truncatingIfNeeded: failures))
        return full - drawn + Int64(hash % UInt64(drawn + 1))
    }

    /// The finalizer of SplitMix64: each input bit reaches every output bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
