import Foundation
import Glibc

enum Threads {
    /// OpenBLAS starts its threads when the library is loaded, before `main`; only the environment can prevent it. So the
    /// program starts itself again, once, with the variable set. Tasks run side by side instead, and sums stay reproducible.
    static func keepOpenBLASToOne() {
        guard getenv("OPENBLAS_NUM_THREADS") == nil else { return }
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv("/proc/self/exe", &arguments)
        // Still here: go on with more threads than wanted; results are the same, only slower.
    }
}
