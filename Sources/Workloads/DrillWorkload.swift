import Cluster
import Glibc
import Specs
import Wire

/// Does what a drill asks of one task: nothing, wait, fail, or take the worker down.
enum DrillWorkload {
    static func run(_ task: ProtoDrillTask, of job: WorkerJob, _ context: TaskContext) throws {
        let drill: DrillSpec = try job.derived {
            guard case .drill(let drill) = try JobSpec.parse(text: job.spec, file: nil).body else {
                throw WorkloadError.notThisJob()
            }
            return drill
        }
        switch drill.action(task: Int(task.index), attempt: Int(task.attempt)) {
        case .succeed: break
        case .sleep(let milliseconds): try context.sleep(milliseconds: milliseconds)
        case .fail: throw WorkloadError.drillFailure(task.index, task.attempt)
        case .crash: kill(getpid(), SIGKILL)
        }
    }
}
