import Foundation

extension TradeLogTests {
    /// SHA-256 by FIPS 180-4, word by word: slow, and independent of the library that the log uses.
    static func sha256(_ text: String) -> String {
        func primes(_ count: Int) -> [Int] {
            var found: [Int] = []
            var next = 2
            while found.count < count {
                if found.allSatisfy({ !next.isMultiple(of: $0) }) { found.append(next) }
                next += 1
            }
            return found
        }
        /// The first 32 bits of the fraction of a root, by bisection on whole numbers.
        func fraction(_ prime: Int, power: Int) -> UInt32 {
            var low = 0.0, high = 20.0
            for _ in 0..<80 {
                let middle = (low + high) / 2
                let value = power == 2 ? middle * middle : middle * middle * middle
                if value < Double(prime) { low = middle } else { high = middle }
            }
            return UInt32((high - high.rounded(.down)) * 4_294_967_296)
        }
        func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
        let k = primes(64).map { fraction($0, power: 3) }
        var hash = primes(8).map { fraction($0, power: 2) }
        var message = [UInt8](text.utf8)
        let bits = UInt64(message.count) * 8
        message.append(0x80)
        while message.count % 64 != 56 { message.append(0) }
        message += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
        for block in stride(from: 0, to: message.count, by: 64) {
            var w = (0..<16).map { i in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(message[block + 4 * i + $1]) } }
            for i in 16..<64 {
                let a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3)
                let b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10)
                w.append(w[i - 16] &+ a &+ w[i - 7] &+ b)
            }
            var s = hash
            for i in 0..<64 {
                let e = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)
                let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
                let one = s[7] &+ e &+ choice &+ k[i] &+ w[i]
                let a = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)
                let two = a &+ ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))
                s = [one &+ two, s[0], s[1], s[2], s[3] &+ one, s[4], s[5], s[6]]
            }
            for i in 0..<8 { hash[i] &+= s[i] }
        }
        return hash.map { word in
            String(repeating: "0", count: word.leadingZeroBitCount / 4 - (word == 0 ? 1 : 0)) + String(word, radix: 16)
        }
        .joined()
    }
}
