import Crypto
import Diagnostics
import MarketData

/// The records of a log one after the other, each line checked by its digits and by the seal that follows it.
struct CheckedLines {
    private let bytes: [UInt8]
    private let file: String?
    private var offset = 0
    /// The lines read so far.
    private(set) var number = 0
    private var check: UInt64 = 0
    private var chain = SHA256()
    private var recordsSinceSeal = 0
    private var firstUnsealed = 1

    init(_ bytes: [UInt8], file: String?) {
        self.bytes = bytes
        self.file = file
    }

    /// Whether the last line read is a seal, or nothing was.
    var isSealed: Bool { recordsSinceSeal == 0 }

    /// The hash of all lines read.
    var sha256: String { SealedLines.text(chain.finalize()) }

    /// The next record with the number of its line, from 1; nil at the end. Throws `E_LOG_CHAIN`.
    mutating func next() throws(BacktestError) -> (number: Int, record: Substring)? {
        while let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[offset...end]
            number += 1
            if line.starts(with: SealedLines.sealWord.utf8) {
                try checkSeal(line)
                take(line)
                recordsSinceSeal = 0
                firstUnsealed = number + 1
                continue
            }
            guard let record = checked(line), recordsSinceSeal < SealedLines.linesPerSeal else {
                throw failure("line \(number) of the log is not what was written there", at: number)
            }
            take(line)
            recordsSinceSeal += 1
            return (number, record)
        }
        guard offset == bytes.count else {
            // The last line feed is missing: the line is not whole.
            recordsSinceSeal += 1
            return nil
        }
        return nil
    }

    /// The record of a line whose digits are right; nil otherwise.
    private mutating func checked(_ line: ArraySlice<UInt8>) -> Substring? {
        guard line.count > SealedLines.checkLength else { return nil }
        let record = line.dropFirst(SealedLines.checkLength)
        check = record.withUnsafeBytes { XXH64.hash($0, seed: check) }
        let digits = String(UInt32(truncatingIfNeeded: check), radix: 16)
        let expected = String(repeating: "0", count: 8 - digits.count) + digits + " "
        guard line.prefix(SealedLines.checkLength).elementsEqual(expected.utf8) else { return nil }
        return Substring(decoding: record.dropLast(), as: UTF8.self)
    }

    private func checkSeal(_ line: ArraySlice<UInt8>) throws(BacktestError) {
        let text = line.dropFirst(SealedLines.sealWord.utf8.count).dropLast()
        guard recordsSinceSeal > 0, text.elementsEqual(SealedLines.text(chain.finalize()).utf8) else {
            throw failure(
                recordsSinceSeal == 0
                    ? "line \(number) of the log is not what was written there"
                    : "lines \(firstUnsealed) to \(number) of the log are not what was sealed", at: number)
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        line.withUnsafeBytes { chain.update(bufferPointer: $0) }
        offset = line.endIndex
    }

    private func failure(_ message: String, at line: Int) -> BacktestError {
        BacktestError(
            .logChain, message, place: .text(file: file, line: line, column: 1),
            hint: "the lines before are sound; the file was changed there")
    }
}
