import Testing

@testable import bellwether

@Suite struct TextTests {
    @Test(arguments: [
        (0.0, "0"), (3.0, "3"), (-12.0, "-12"), (1.23456, "1.235"), (-0.00123456, "-0.001235"), (123.456, "123.5"),
        (98765.4321, "98765"),
        (0.00001, "1.000e-05"), (1e12, "1.000e+12"), (.nan, "-"), (.infinity, "inf"), (-.infinity, "-inf"),
        (1e-300, "1.000e-300"),
    ])
    func `numbers have four digits that count`(value: Double, text: String) { #expect(Text.number(value) == text) }

    @Test(arguments: [
        (0.04, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (60, "1 min 00 s"), (125, "2 min 05 s"), (3600, "1 h 00 min"),
        (11_220, "3 h 07 min"),
        (.nan, "-"), (.infinity, "-"), (-1, "-"),
    ])
    func `durations are read at a glance`(seconds: Double, text: String) { #expect(Text.duration(seconds: seconds) == text) }

    @Test func `sizes and counts have their units`() {
        #expect(Text.bytes(512) == "512 B")
        #expect(Text.bytes(1536) == "1.5 KiB")
        #expect(Text.bytes(5 << 30) == "5.0 GiB")
        #expect(Text.count(1, "trial") == "1 trial")
        #expect(Text.count(0, "trial") == "0 trials")
    }

    @Test func `times are UTC`() {
        #expect(Text.time(0) == "1970-01-01 00:00:00")
        #expect(Text.time(1_782_909_296_789) == "2026-07-01 12:34:56")
        #expect(Text.date(1_782_909_296_789) == "2026-07-01")
    }

    @Test func `outside text cannot move the cursor or turn the line around`() {
        #expect(Text.clean("a\u{1B}[2Jb\r\nc\u{202E}d\u{9B}e") == #"a\u{1b}[2Jb\u{d}\u{a}c\u{202e}d\u{9b}e"#)
        #expect(Text.clean("a\nb\u{7}", keepingLines: true) == "a\nb\\u{7}")
        #expect(Text.clean("naïve λ 日本") == "naïve λ 日本")
    }
}
