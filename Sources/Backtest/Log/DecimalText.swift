/// Writes numbers as decimals that read back as the same numbers.
enum DecimalText {
    static func append(_ value: Int, to text: inout [UInt8]) {
        if value < 0 { text.append(UInt8(ascii: "-")) }
        appendDigits(value.magnitude, to: &text)
    }

    static func append(_ value: Double, to text: inout [UInt8]) {
        // A double that is the nearest to some number of millionths is written as that number: most prices and money are.
        let scaled = (value * 1e6).rounded()
        guard abs(scaled) < 9e15, scaled / 1e6 == value, value != 0 || value.sign == .plus else {
            text.append(contentsOf: value.description.utf8)
            return
        }
        if scaled < 0 { text.append(UInt8(ascii: "-")) }
        let millionths = UInt(abs(scaled))
        let (whole, rest) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
        appendDigits(whole, to: &text)
        guard rest > 0 else { return }
        text.append(UInt8(ascii: "."))
        var left = rest
        var unit: UInt = 100_000
        while left > 0 {
            let (digit, remainder) = left.quotientAndRemainder(dividingBy: unit)
            text.append(UInt8(ascii: "0") &+ UInt8(digit))
            left = remainder
            unit /= 10
        }
    }

    private static func appendDigits(_ value: UInt, to text: inout [UInt8]) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { digits in
            var place = digits.count
            var left = value
            repeat {
                place -= 1
                let (quotient, digit) = left.quotientAndRemainder(dividingBy: 10)
                digits[place] = UInt8(ascii: "0") &+ UInt8(digit)
                left = quotient
            } while left > 0
            text.append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[place...]))
        }
    }
}
