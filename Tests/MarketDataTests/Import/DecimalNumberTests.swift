import Testing

@testable import MarketData

@Suite struct DecimalNumberTests {
    private func scan(_ text: String) -> (value: Double, end: Int) {
        Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.scan($0, from: 0) }
    }

    @Test func `values are rounded exactly as an independent parser rounds them`() throws {
        let decimals = try Reference.load().decimals
        #expect(decimals.count > 800)
        for decimal in decimals {
            let (value, end) = scan(decimal.text)
            #expect(end == decimal.text.utf8.count)
            #expect(value.bitPattern == UInt64(decimal.bits, radix: 16), "\(decimal.text)")
        }
    }

    @Test func `prices with up to six decimals survive the way to text and back`() {
        for i in stride(from: 1, to: 3_000_000, by: 37) {
            let price = Double(i * 1001) / 1_000_000
            #expect(scan(price.description).value == price)
        }
    }

    @Test func `numbers too large become infinite`() {
        #expect(scan("1e400").value == .infinity)
        #expect(scan("-1e400").value == -.infinity)
        #expect(scan("1e99999999999999999999").value == .infinity)
        #expect(scan(String(repeating: "9", count: 400)).value == .infinity)
    }

    @Test(arguments: ["", "-", ".", "e5", "1e", "1e+", "nan", "inf", "+1", " 1", "x"])
    func `text that does not begin with a number has no end`(text: String) {
        #expect(scan(text).end == 0)
    }

    @Test func `scanning stops at what follows the number`() {
        #expect(scan("1.5,2") == (1.5, 3))
        #expect(scan("1,234.5") == (1, 1))
        #expect(scan("0x10") == (0, 1))
        #expect(scan("7\r") == (7, 1))
    }
}
