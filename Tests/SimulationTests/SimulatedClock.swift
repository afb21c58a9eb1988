import Scheduling

/// A process's monotonic clock, which runs faster or slower than true time by a fixed rate.
struct SimulatedClock {
    let rate: Double
    private let origin: Int64

    init(rate: Double, now: Int64) { (self.rate, origin) = (rate, now) }

    /// What it shows at a true time in milliseconds.
    func reading(at now: Int64) -> Instant {
        rate == 1
            ? Instant(nanoseconds: now * 1_000_000)
            : Instant(nanoseconds: origin * 1_000_000 + Int64(Double(now - origin) * rate * 1_000_000))
    }

    /// The first true millisecond at which it shows `instant` or more.
    func time(of instant: Instant) -> Int64 {
        guard instant.nanoseconds < Int64.max / 4 else { return .max }
        var time =
            rate == 1
            ? (instant.nanoseconds + 999_999) / 1_000_000
            : origin + Int64(Double(instant.nanoseconds / 1_000_000 - origin) / rate)
        while reading(at: time) < instant { time += 1 }
        return time
    }

    /// How long it takes until it has gone on by `milliseconds`.
    func pause(_ milliseconds: Int64) -> Int64 { Int64(Double(milliseconds) / rate) }
}
