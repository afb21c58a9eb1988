/// Exactly rounded numbers from decimal text, without a string in between.
///
/// Numbers with up to 15 digits and a power of ten up to 22 are one multiplication or division of two exact doubles, which
/// IEEE 754 rounds correctly (William Clinger, "How to read floating point numbers accurately", 1990). Others go through the
/// standard library's parser.
package enum DecimalNumber {
    /// Powers of ten that are exact doubles.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ]

    /// Reads the longest number that begins at `start` and returns it with the index after it; that index is `start` when
    /// there is none.
    ///
    /// The form is `-`? digits (`.` digits)? (`e` sign? digits)?, where one side of the point may be empty. The value is
    /// infinite when it is beyond the range of a double.
    @inline(__always)
    package static func scan(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> (value: Double, end: Int) {
        let count = text.count
        var i = start
        var isNegative = false
        if i < count, text[i] == 0x2D {
            isNegative = true
            i &+= 1
        }
        var mantissa: UInt64 = 0
        let digitsStart = i
        while i < count {
            let digit = text[i] &- 0x30
            guard digit < 10 else { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            i &+= 1
        }
        var digits = i &- digitsStart
        var exponent = 0
        if i < count, text[i] == 0x2E {
            i &+= 1
            let fractionStart = i
            while i < count {
                let digit = text[i] &- 0x30
                guard digit < 10 else { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                i &+= 1
            }
            exponent = fractionStart &- i
            digits &-= exponent
        }
        if digits == 0 { return (0, start) }
        if i < count, text[i] | 0x20 == 0x65 {
            let (power, end) = scanExponent(text, from: i)
            if end == i { return (0, start) }
            exponent &+= power
            i = end
        }
        // Up to 19 digits, leading zeros included, cannot have overflowed the mantissa.
        if digits <= 19, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            let magnitude = powers.withUnsafeBufferPointer { powers in
                exponent < 0 ? Double(mantissa) / powers[0 &- exponent] : Double(mantissa) * powers[exponent]
            }
            return (isNegative ? -magnitude : magnitude, i)
        }
        return (slowValue(text, start, i), i)
    }

    /// The exponent that begins with an `e` at `start`, and the index after it; `start` when it has no digits.
    private static func scanExponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> (power: Int, end: Int) {
        var i = start + 1
        var isNegative = false
        if i < text.count, text[i] == 0x2D || text[i] == 0x2B {
            isNegative = text[i] == 0x2D
            i += 1
        }
        let digitsStart = i
        var power = 0
        while i < text.count, text[i] &- 0x30 < 10 {
            // Beyond this only infinity and zero are left, which the slow path tells apart from the text.
            if power < 100_000 { power = power * 10 + Int(text[i] &- 0x30) }
            i += 1
        }
        return i == digitsStart ? (0, start) : (isNegative ? -power : power, i)
    }

    @inline(never)
    private static func slowValue(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Double {
        Double(String(decoding: text[start..<end], as: UTF8.self)) ?? .nan
    }
}
