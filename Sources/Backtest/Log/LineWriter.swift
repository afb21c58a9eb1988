/// A line in the making, in memory of a fixed size: what does not fit is cut off.
struct LineWriter {
    private let memory: UnsafeMutableBufferPointer<UInt8>
    private(set) var count: Int

    /// Writes from `start` on.
    init(_ memory: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
        self.memory = memory
        count = start
    }

    mutating func append(_ byte: UInt8) {
        guard count < memory.count else { return }
        memory[count] = byte
        count += 1
    }

    mutating func append(_ text: StaticString) { text.withUTF8Buffer { append($0) } }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    mutating func append(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(digits: UInt64(value.magnitude), width: 1)
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        for byte in bytes.prefix(memory.count - count) {
            memory[count] = byte
            count += 1
        }
    }

    /// A decimal that reads back as the same double: the number of millionths it is nearest to where that gives it, as most
    /// prices do, and 17 digits elsewhere.
    mutating func append(_ value: Double) {
        let scaled = (value * 1e6).rounded()
        if abs(scaled) < 9e15, scaled / 1e6 == value, value != 0 || value.sign == .plus {
            if scaled < 0 { append(UInt8(ascii: "-")) }
            append(units: UInt64(abs(scaled)), places: 6)
        } else if abs(value) >= 1e-3, abs(value) < 1e15 {
            if value < 0 { append(UInt8(ascii: "-")) }
            appendSeventeenDigits(abs(value))
        } else {
            append(value.description)
        }
    }

    /// `value` from 0.001 to below 10^15: significand × 10^places / 2^shift, rounded, has 17 digits or more.
    private mutating func appendSeventeenDigits(_ value: Double) {
        var places = 16
        var bound = 10.0
        while value >= bound {
            bound *= 10
            places -= 1
        }
        if value < 1 { places = value >= 0.1 ? 17 : (value >= 0.01 ? 18 : 19) }
        let significand = UInt64(value.significandBitPattern) | 1 << 52
        let shift = UInt128(52 - Int(value.exponent))
        let product = UInt128(significand) * UInt128(Self.powers[places])
        let rounded = (product + (UInt128(1) << (shift - 1))) >> shift
        append(units: UInt64(truncatingIfNeeded: rounded), places: places)
    }

    /// `units` of 10^-places, without trailing zeros.
    private mutating func append(units: UInt64, places: Int) {
        let (whole, rest) = units.quotientAndRemainder(dividingBy: Self.powers[places])
        append(digits: whole, width: 1)
        guard rest > 0 else { return }
        append(UInt8(ascii: "."))
        append(digits: rest, width: places)
        while memory[count - 1] == UInt8(ascii: "0") { count -= 1 }
    }

    /// A number with at least `width` digits, the first ones zeros where it has fewer.
    private mutating func append(digits value: UInt64, width: Int) {
        var length = width
        while length < 20, value >= Self.powers[length] { length += 1 }
        guard count + length <= memory.count else { return }
        count += length
        var place = count
        var left = value
        // Two digits at a time: a division for each pair.
        for _ in 0..<(length / 2) {
            let pair = left % 100
            left /= 100
            let tens = (pair &* 103) &>> 10
            memory[place - 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
            memory[place - 2] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: tens)
            place -= 2
        }
        if !length.isMultiple(of: 2) { memory[place - 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: left % 10) }
    }

    private static let powers: [UInt64] = (0...19).map { (0..<$0).reduce(1) { power, _ in power * 10 } }
}
