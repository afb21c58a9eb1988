package import Cluster
package import Wire

/// Runs every kind of task: one workload a kind, payload in, result out.
package final class WorkloadRunner: TaskRunner {
    private let shelf = DatasetShelf()

    package init() {}

    package func run(_ payload: ProtoTaskPayload, of job: WorkerJob, context: TaskContext) throws -> ProtoTaskResult {
        var result = ProtoTaskResult()
        switch payload.kind {
        case .window(let task): result.window = try WindowWorkload(material(of: job, context)).run(task, context)
        case .stitch(let task): result.stitch = try StitchWorkload(material(of: job, context)).run(task, context)
        case .fit(let task): result.fit = try FitWorkload(material(of: job, context)).run(task, context)
        case .compare(let task): result.compare = try CompareWorkload(material(of: job, context)).run(task, context)
        case .drill(let task): try DrillWorkload.run(task, of: job, context)
        case .command(let task): result.command = try CommandWorkload(job, context).run(task)
        case .sweep(let task): result.sweep = try SweepWorkload(material(of: job, context)).run(task, context)
        case .run(let task): result.stitch = try RunWorkload(material(of: job, context)).run(task, context)
        case .certify(let task): result.certify = try CertifyWorkload(material(of: job, context)).run(task, context)
        case .fold(let task): result.window = try FoldWorkload(material(of: job, context)).run(task, context)
        case nil: throw WorkerError.unknownKind()
        }
        return result
    }

    private func material(of job: WorkerJob, _ context: TaskContext) throws -> JobMaterial {
        try job.derived { try JobMaterial(spec: job.spec, shelf: shelf, blobs: context.blobs) }
    }
}
