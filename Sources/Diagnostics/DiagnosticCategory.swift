/// Whose move it is after an error. The raw value is the exit code of the command line.
package enum DiagnosticCategory: Int32, Sendable, Codable, CaseIterable {
    /// The input is wrong; the same call fails again. Exit code 2, HTTP 400.
    case input = 2
    /// Stored bytes do not match their hash or their format. Exit code 3, HTTP 500.
    case integrity = 3
    /// Something needed does not answer; the same call may succeed later. Exit code 4, HTTP 503.
    case unavailable = 4
    /// Understood and refused: a conflict, a gate, a missing permission. Exit code 5, HTTP 409 or 403.
    case refused = 5
}
