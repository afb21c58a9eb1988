import Cluster
import Scheduling

/// Shows a job's progress on standard error: one line that is redrawn on a terminal, otherwise a plain line at every tenth
/// of the work and at least every 15 seconds.
struct ProgressDisplay {
    private let isQuiet: Bool
    private let isInteractive: Bool
    /// Seconds since some moment.
    private let now: () -> Double
    private let write: (String) -> Void
    private let start: Double
    private var meter = ProgressMeter()
    private var lastDrawn: Double?
    private var lastTenth = -1
    private var hasLine = false

    init(
        isQuiet: Bool, isInteractive: Bool = Terminal.isInteractive, now: @escaping () -> Double = Self.monotonicSeconds,
        write: @escaping (String) -> Void = Terminal.write
    ) {
        self.isQuiet = isQuiet
        self.isInteractive = isInteractive
        self.now = now
        self.write = write
        start = now()
    }

    private static func monotonicSeconds() -> Double { Double(MonotonicClock.now.nanoseconds) / 1e9 }

    mutating func show(_ job: JobView) {
        guard !isQuiet else { return }
        let now = now()
        if let progress = job.progress {
            meter.update(finished: progress.finished + progress.failed, at: now - start)
        }
        if isInteractive {
            // The terminal is not redrawn more often than the eye can follow.
            if let lastDrawn, now - lastDrawn < 0.08, !job.hasEnded { return }
            write("\r\u{1B}[2K" + ProgressLine.text(job, meter, width: Terminal.width))
            hasLine = true
        } else {
            guard let progress = job.progress, progress.tasks > 0, !job.hasEnded else { return }
            let tenth = (progress.finished + progress.failed) * 10 / progress.tasks
            guard tenth > lastTenth || lastDrawn.map({ now - $0 > 15 }) ?? true else { return }
            lastTenth = max(tenth, lastTenth)
            write(ProgressLine.text(job, meter, width: 120) + "\n")
        }
        lastDrawn = now
    }

    /// Clears the redrawn line.
    mutating func finish() {
        if hasLine { write("\r\u{1B}[2K") }
        hasLine = false
    }
}
