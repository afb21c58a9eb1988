/// A line in the making, in memory of a fixed size: text that does not fit is cut off.
///
/// Numbers are not checked for room: whoever makes the line leaves 64 bytes for each and their separators.
struct LineWriter {
    private var next: UnsafeMutablePointer<UInt8>
    /// Where text has to end.
    private let limit: UnsafeMutablePointer<UInt8>

    /// Writes from `start` on, text up to `limit`.
    init(_ start: UnsafeMutablePointer<UInt8>, limit: UnsafeMutablePointer<UInt8>) {
        next = start
        self.limit = limit
    }

    var end: UnsafeMutablePointer<UInt8> { next }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        next.pointee = byte
        next += 1
    }

    @inline(__always)
    mutating func space() { append(UInt8(ascii: " ")) }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let count = min(bytes.count, max(0, limit - next))
            if let start = bytes.baseAddress { next.update(from: start, count: count) }
            next += count
        }
    }

    /// A short text of the program's own.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        next.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        next += text.utf8CodeUnitCount
    }

    @inline(__always)
    mutating func append(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(whole: UInt64(value.magnitude))
    }

    /// A decimal that reads back as the same double: the number of millionths it is nearest to where that gives it, as most
    /// prices do, and 17 digits elsewhere.
    mutating func append(_ value: Double) {
        let size = abs(value)
        guard size < 1e15, size >= 1e-3 || value.bitPattern == 0 else { return append(value.description) }
        if value < 0 { append(UInt8(ascii: "-")) }
        if size < 9e9 {
            let scaled = UInt64(size * 1e6 + 0.5)
            if Double(scaled) / 1e6 == size { return append(whole: scaled / 1_000_000, fraction: scaled % 1_000_000, places: 6) }
        }
        appendSeventeenDigits(size)
    }

    /// `value` from 0.001 to below 10^15: significand × 10^places / 2^shift, rounded, has 17 digits or more.
    private mutating func appendSeventeenDigits(_ value: Double) {
        // 1233 / 4096 is a little more than the logarithm of 2; what it may be too small by one comparison corrects.
        let exponent = Int(value.exponent)
        var digits = value < 1 ? 0 : (exponent &* 1233) &>> 12 &+ 1
        if value >= 1, value >= Double(DecimalDigits.power(digits)) { digits &+= 1 }
        if value < 0.1 { digits = value < 0.01 ? -2 : -1 }
        let places = 17 - digits
        let significand = UInt64(value.significandBitPattern) | 1 &<< 52
        let shift = UInt64(52 &- exponent)
        let product = significand.multipliedFullWidth(by: DecimalDigits.power(places))
        let (low, carry) = product.low.addingReportingOverflow(1 &<< (shift &- 1))
        let units = (product.high &+ (carry ? 1 : 0)) &<< (64 &- shift) | low &>> shift
        let power = DecimalDigits.power(places)
        var whole = UInt64(value)
        var rest = units &- whole &* power
        if rest >= power {
            whole += 1
            rest -= power
        }
        append(whole: whole, fraction: rest, places: places)
    }

    /// A number and a fraction of 10^-places, without trailing zeros.
    private mutating func append(whole: UInt64, fraction: UInt64, places: Int) {
        append(whole: whole)
        guard fraction > 0 else { return }
        append(UInt8(ascii: "."))
        var (rest, places) = (fraction, places)
        if places > 16 {
            // At most three digits more than two words hold; a division by a constant is a multiplication.
            let (high, low) = rest.quotientAndRemainder(dividingBy: 10_000_000_000_000_000)
            let digits = DecimalDigits.eight(UInt32(truncatingIfNeeded: high)) | DecimalDigits.characters
            store(characters: digits &>> (8 &* UInt64(24 &- places)))
            next -= 24 - places
            (rest, places) = (low, 16)
        }
        if places <= 8 {
            store(UInt32(truncatingIfNeeded: rest &* DecimalDigits.power(8 - places)))
        } else {
            let (high, low) = (rest &* DecimalDigits.power(16 - places)).quotientAndRemainder(dividingBy: 100_000_000)
            store(UInt32(truncatingIfNeeded: high))
            store(UInt32(truncatingIfNeeded: low))
        }
        while next[-1] == UInt8(ascii: "0") { next -= 1 }
    }

    @inline(__always)
    private mutating func append(whole value: UInt64) {
        guard value >= 10 else { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)) }
        guard value < 100_000_000 else {
            append(whole: value / 100_000_000, rest: UInt32(truncatingIfNeeded: value % 100_000_000))
            return
        }
        let digits = DecimalDigits.eight(UInt32(truncatingIfNeeded: value))
        let zeros = digits.trailingZeroBitCount / 8
        store(characters: (digits | DecimalDigits.characters) &>> (8 &* UInt64(zeros)))
        next -= zeros
    }

    private mutating func append(whole value: UInt64, rest: UInt32) {
        append(whole: value)
        store(rest)
    }

    /// Eight digits, zeros in front included.
    @inline(__always)
    private mutating func store(_ value: UInt32) {
        store(characters: DecimalDigits.eight(value) | DecimalDigits.characters)
    }

    /// Eight characters that are made already.
    @inline(__always)
    mutating func store(characters: UInt64) {
        UnsafeMutableRawPointer(next).storeBytes(of: characters.littleEndian, as: UInt64.self)
        next += 8
    }
}
