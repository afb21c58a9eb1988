import Diagnostics
import Foundation
import Logging

/// Repeats what fails because something does not answer, with growing pauses, until it works or fails otherwise.
enum Patience {
    /// Blocks the calling thread. `onChange(false)` is called when waiting begins and `onChange(true)` when it is over;
    /// `giveUp` is asked before each pause and lets the last error through.
    static func whileUnavailable<Value>(
        logger: Logger, onChange: (Bool) -> Void, giveUp: () -> Bool, _ body: () throws -> Value
    ) throws -> Value {
        var pause = 0.05
        var waited = false
        while true {
            do {
                let value = try body()
                if waited { onChange(true) }
                return value
            } catch let error as any DiagnosticError where error.category == .unavailable && !giveUp() {
                if !waited { logger.error("store unavailable, waiting", metadata: ["error.code": "\(error.code)"]) }
                waited = true
                onChange(false)
                Thread.sleep(forTimeInterval: pause)
                pause = min(1, pause * 2)
            }
        }
    }
}
