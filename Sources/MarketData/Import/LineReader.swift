import Diagnostics
import Glibc

/// Hands out the lines of a file or of bytes one by one, with a buffer that stays the same size however long the file is.
struct LineReader {
    /// Where the bytes come from.
    enum Source {
        case file(InputFile)
        case bytes([UInt8])
    }

    /// The longest line that is read; a bar needs a hundredth of it.
    static let maximumLine = 1 << 16
    static let bufferSize = 1 << 20

    private let source: Source
    /// The name used in places.
    let name: String?

    init(_ source: Source, name: String?) {
        self.source = source
        self.name = name
    }

    /// Calls `body` with each line that is not blank, without its line ending, and its number counted from 1.
    ///
    /// A UTF-8 byte order mark is left out. Throws `E_CSV_LINE` for a line that is too long, `E_DATA_ENCODING` for bytes that
    /// are not UTF-8 text, what the file throws (`E_DATA_FILE`, `E_DATA_CHANGED`) and what `body` throws.
    func forEachLine(
        _ body: (UnsafeBufferPointer<UInt8>, Int) throws(MarketDataError) -> Void
    ) throws(MarketDataError) {
        switch source {
        case .bytes(let bytes):
            try bytes.withUnsafeBufferPointer { (all) throws(MarketDataError) in
                var row = 0
                let rest = try lines(of: all, isStart: true, isEnd: true, row: &row, body)
                assert(rest == all.count)
            }
        case .file(let file):
            do throws(MarketDataError) {
                try readFile(file, body)
            } catch {
                throw file.explaining(error)
            }
            try file.checkUnchanged()
        }
    }

    private func readFile(
        _ file: InputFile, _ body: (UnsafeBufferPointer<UInt8>, Int) throws(MarketDataError) -> Void
    ) throws(MarketDataError) {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.bufferSize)
        defer { buffer.deallocate() }
        var filled = 0
        var row = 0
        var isStart = true
        var isEnd = false
        while !isEnd {
            // Full buffers make the checks at a file's start see its first bytes whole.
            while filled < buffer.count {
                let free = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
                let count = try file.read(into: free)
                if count == 0 {
                    isEnd = true
                    break
                }
                filled += count
            }
            let part = UnsafeBufferPointer(rebasing: buffer[..<filled])
            let used = try lines(of: part, isStart: isStart, isEnd: isEnd, row: &row, body)
            isStart = false
            if used > 0, filled > used, let base = buffer.baseAddress { memmove(base, base + used, filled - used) }
            filled -= used
        }
    }

    /// Calls `body` with each whole line of `part` and returns how many bytes they were.
    private func lines(
        of part: UnsafeBufferPointer<UInt8>, isStart: Bool, isEnd: Bool, row: inout Int,
        _ body: (UnsafeBufferPointer<UInt8>, Int) throws(MarketDataError) -> Void
    ) throws(MarketDataError) -> Int {
        var start = 0
        if isStart {
            try TextEncoding.check(part, file: name)
            start = TextEncoding.byteOrderMark(of: part)
        }
        guard let base = part.baseAddress else { return 0 }
        while start < part.count {
            let newline = memchr(base + start, 0x0A, part.count - start)
            var end = part.count
            if let newline {
                end = UnsafePointer(newline.assumingMemoryBound(to: UInt8.self)) - base
            } else if !isEnd, end - start <= Self.maximumLine {
                return start
            }
            row += 1
            guard end - start <= Self.maximumLine else {
                throw MarketDataError(
                    .csvLine, "the line is longer than \(Self.maximumLine) bytes", place: .row(file: name, row: row, column: nil),
                    hint: "a row of bars is one line that ends with LF or CRLF")
            }
            var lineEnd = end
            if lineEnd > start, part[lineEnd - 1] == 0x0D { lineEnd -= 1 }
            let line = UnsafeBufferPointer(rebasing: part[start..<lineEnd])
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { try body(line, row) }
            start = end + 1
        }
        return min(start, part.count)
    }
}
