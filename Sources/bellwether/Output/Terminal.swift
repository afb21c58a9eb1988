import Foundation
import Glibc

/// The terminal, or whatever stands in its place.
enum Terminal {
    /// Whether standard error is a terminal that can redraw a line.
    static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Whether standard output is a terminal that can be drawn on.
    static let isOutputInteractive = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// The terminal that standard output is, 24 by 80 when it does not say.
    static var size: (rows: Int, columns: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 1 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Columns of the terminal, 80 when it does not say.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// One line for people, on standard error, so that standard output holds results only.
    static func note(_ line: String) { write(line + "\n") }

    /// Text that is a result, at once.
    static func output(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    /// Text for people without a line break.
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
