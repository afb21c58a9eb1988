import Scheduling

/// The head's durable memory: what it holds survives every crash, what was not committed does not.
///
/// It has the semantics of the product's stores: a commit checks the term in the transaction that writes, records that are stored
/// already change nothing, and a starting head reads ranges of ended tasks, which are folded now and then.
struct SimulatedJournal {
    struct Job {
        var submission: JobSubmission
        /// The plan as far as it was appended.
        var appends: [[TaskBatch]] = []
        var ends: [Int32: EndedTask] = [:]
        /// What a starting head is told of them.
        var ranges: [EndedRange] = []
        var isOver = false
        var wasCancelled = false
    }

    enum Record {
        case submitted(JobSubmission)
        /// The part of the plan with this number.
        case appended(JobID, part: Int, [TaskBatch])
        case ended(EndedTask)
        case over(JobID, cancelled: Bool)
    }

    enum Answer: Equatable {
        case committed
        /// Whether it was written is not known.
        case unavailable
        /// Another head has raised the term.
        case fenced
        /// It contradicts what is written already.
        case broken(String)
    }

    var term: Int64 = 0
    private(set) var jobs: [JobID: Job] = [:]
    private(set) var order: [JobID] = []
    private(set) var overCount = 0
    /// Taken out by a mistaken fold and not put back yet.
    private var unfolded: [JobID: [EndedRange]] = [:]

    mutating func raiseTerm() -> Int64 {
        term += 1
        return term
    }

    /// Writes one turn's records in the name of `term`. `checked` says that a mistaken head has looked at the term before, and
    /// does not look again.
    mutating func commit(_ records: [Record], term: Int64, checked: Bool = false) -> Answer {
        if term < self.term {
            return checked ? .broken("I6: a head of term \(term) has written in term \(self.term)") : .fenced
        }
        for record in records {
            if let broken = write(record) { return .broken(broken) }
        }
        return .committed
    }

    private mutating func write(_ record: Record) -> String? {
        switch record {
        case .submitted(let submission):
            if let known = jobs[submission.job] {
                return known.submission == submission ? nil : "I2: job \(submission.job) was journaled with two bodies"
            }
            jobs[submission.job] = Job(submission: submission)
            order.append(submission.job)
        case .appended(let job, let part, let batches):
            guard let known = jobs[job]?.appends.count else { return "I3: job \(job) grew before it was journaled" }
            if part == known { jobs[job]?.appends.append(batches) }
            if part > known { return "I3: job \(job) has \(known) parts, and part \(part) was added" }
        case .ended(let task):
            if let old = jobs[task.task.job]?.ends[task.task.index] {
                return old == task ? nil : "I4/I9: task \(task.task) ended as \(old.end) and again as \(task.end)"
            }
            jobs[task.task.job]?.ends[task.task.index] = task
            jobs[task.task.job]?.add(task)
        case .over(let job, let cancelled):
            if jobs[job]?.isOver == false { overCount += 1 }
            jobs[job]?.isOver = true
            jobs[job]?.wasCancelled = cancelled
        }
        return nil
    }

    /// Folds the ranges of every open job into as few as possible. A mistaken one takes them out in one transaction, and
    /// puts them back in another, by `finishFold`.
    mutating func fold(inTwoSteps: Bool) {
        for job in order where jobs[job]?.isOver == false {
            let merged = EndedRange.merged(jobs[job]?.ranges ?? [])
            jobs[job]?.ranges = inTwoSteps ? [] : merged
            if inTwoSteps { unfolded[job, default: []] += merged }
        }
    }

    mutating func finishFold() {
        for (job, ranges) in unfolded { jobs[job]?.ranges += ranges }
        unfolded = [:]
    }

    /// The head that was folding is gone.
    mutating func loseFold() { unfolded = [:] }
}

extension SimulatedJournal.Job {
    /// Workers report in order of index for long stretches, so most tasks prolong the range before them.
    fileprivate mutating func add(_ task: EndedTask) {
        let index = task.task.index
        if let last = ranges.last, last.end == task.end, last.indices.upperBound == index {
            ranges[ranges.count - 1].indices = last.indices.lowerBound..<index + 1
        } else {
            ranges.append(EndedRange(index..<index + 1, task.end))
        }
    }
}
