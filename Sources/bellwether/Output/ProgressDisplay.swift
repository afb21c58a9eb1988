import Cluster

/// Shows a job's progress on standard error: one line that is redrawn on a terminal, otherwise a plain line at every tenth
/// of the work and at least every 15 seconds.
struct ProgressDisplay {
    private let isQuiet: Bool
    private let isInteractive: Bool
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var meter = ProgressMeter()
    private var lastDrawn: ContinuousClock.Instant?
    private var lastTenth = -1
    private var hasLine = false

    init(isQuiet: Bool, isInteractive: Bool = Terminal.isInteractive) {
        self.isQuiet = isQuiet
        self.isInteractive = isInteractive
        start = clock.now
    }

    mutating func show(_ job: JobView) {
        guard !isQuiet else { return }
        let now = clock.now
        if let progress = job.progress {
            meter.update(finished: progress.finished + progress.failed, at: (now - start) / .seconds(1))
        }
        if isInteractive {
            // The terminal is not redrawn more often than the eye can follow.
            if let lastDrawn, now - lastDrawn < .milliseconds(80), !job.hasEnded { return }
            Terminal.write("\r\u{1B}[2K" + ProgressLine.text(job, meter, width: Terminal.width))
            hasLine = true
        } else {
            guard let progress = job.progress, progress.tasks > 0, !job.hasEnded else { return }
            let tenth = (progress.finished + progress.failed) * 10 / progress.tasks
            guard tenth > lastTenth || lastDrawn.map({ now - $0 > .seconds(15) }) ?? true else { return }
            lastTenth = max(tenth, lastTenth)
            Terminal.note(ProgressLine.text(job, meter, width: 120))
        }
        lastDrawn = now
    }

    /// Clears the redrawn line.
    mutating func finish() {
        if hasLine { Terminal.write("\r\u{1B}[2K") }
        hasLine = false
    }
}
