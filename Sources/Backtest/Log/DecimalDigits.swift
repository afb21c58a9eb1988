/// Decimal and hexadecimal digits, eight at a time: each byte of a word is one digit, the first one in the lowest byte.
enum DecimalDigits {
    /// The digits of a number below 10^8, as values from 0 to 9.
    @inline(__always)
    static func eight(_ value: UInt32) -> UInt64 {
        // Halves of four digits, then of two, then of one, all lanes at once; a division by a constant is a multiplication.
        let halves = UInt64(value / 10_000) | UInt64(value % 10_000) &<< 32
        let hundreds = ((halves &* 10_486) &>> 20) & 0x0000_007f_0000_007f
        let pairs = hundreds | (halves &- 100 &* hundreds) &<< 16
        let tens = ((pairs &* 103) &>> 10) & 0x000f_000f_000f_000f
        return tens | (pairs &- 10 &* tens) &<< 8
    }

    /// What makes characters of eight digits.
    static let characters: UInt64 = 0x3030_3030_3030_3030

    /// The eight hexadecimal characters of a word, the highest digit first.
    @inline(__always)
    static func hexadecimal(_ value: UInt32) -> UInt64 {
        var digits = UInt64(value.byteSwapped)
        digits = digits & 0xffff | (digits & 0xffff_0000) &<< 16
        digits = (digits | digits &<< 8) & 0x00ff_00ff_00ff_00ff
        digits = digits &>> 4 & 0x000f_000f_000f_000f | (digits & 0x000f_000f_000f_000f) &<< 8
        let letters = ((digits &+ 0x0606_0606_0606_0606) &>> 4) & 0x0101_0101_0101_0101
        return digits &+ characters &+ letters &* 39
    }

    /// 10^n for n from 0 to 19.
    @inline(__always)
    static func power(_ n: Int) -> UInt64 {
        // A switch, since a table would be looked up behind a check that it was made.
        switch n {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1_000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        case 9: 1_000_000_000
        case 10: 10_000_000_000
        case 11: 100_000_000_000
        case 12: 1_000_000_000_000
        case 13: 10_000_000_000_000
        case 14: 100_000_000_000_000
        case 15: 1_000_000_000_000_000
        case 16: 10_000_000_000_000_000
        case 17: 100_000_000_000_000_000
        case 18: 1_000_000_000_000_000_000
        default: 10_000_000_000_000_000_000
        }
    }
}
