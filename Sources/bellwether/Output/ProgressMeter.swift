/// How fast tasks finish, and when the rest will have.
///
/// The rate is that of the last `window` seconds, so that an estimate follows what happens now; the seconds are the
/// caller's.
struct ProgressMeter {
    private let window: Double
    private var samples: [(seconds: Double, finished: Int)] = []

    init(window: Double = 15) { self.window = window }

    mutating func update(finished: Int, at seconds: Double) {
        samples.append((seconds, finished))
        // The sample just older than the window stays: it is where the window begins.
        while samples.count > 2, samples[1].seconds < seconds - window { samples.removeFirst() }
    }

    /// Tasks a second; nil before there is anything to measure.
    var perSecond: Double? {
        guard let first = samples.first, let last = samples.last, last.seconds - first.seconds >= 0.2,
            last.finished > first.finished
        else { return nil }
        return Double(last.finished - first.finished) / (last.seconds - first.seconds)
    }

    /// Seconds until `total` tasks are finished at this rate.
    func secondsLeft(total: Int) -> Double? {
        guard let perSecond, let finished = samples.last?.finished else { return nil }
        return Double(max(0, total - finished)) / perSecond
    }
}
