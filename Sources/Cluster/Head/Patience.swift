import Diagnostics
import Foundation

/// Repeats what fails because something does not answer, with growing pauses, until it works or fails otherwise.
enum Patience {
    /// Blocks the calling thread. `giveUp` is asked before each pause and lets the last error through.
    static func whileUnavailable<Value>(giveUp: () -> Bool, _ body: () throws -> Value) throws -> Value {
        var pause = 0.02
        while true {
            do {
                return try body()
            } catch let error as any DiagnosticError where error.category == .unavailable && !giveUp() {
                Thread.sleep(forTimeInterval: pause)
                pause = min(0.5, pause * 2)
            }
        }
    }
}
