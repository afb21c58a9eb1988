import Cluster
import Testing

@Suite struct OutputTextTests {
    @Test func `42: control characters and bytes that are no text become visible`() {
        #expect(OutputText.escaped(Array("plain\ttext\nß €\n".utf8)) == "plain\ttext\nß €\n")
        #expect(OutputText.escaped(Array("\u{1B}[31mred\r".utf8)) == "\\u{1b}[31mred\\u{d}")
        #expect(OutputText.escaped([0x61, 0xFF, 0xC3, 0x28, 0xE2, 0x82]) == "a\\x{ff}\\x{c3}(\\x{e2}\\x{82}")
        #expect(OutputText.escaped(Array("a\u{202E}b\u{9B}c\u{FEFF}".utf8)) == "a\\u{202e}b\\u{9b}c\\u{feff}")
        #expect(OutputText.escaped([]) == "")
        let noise = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        #expect(OutputText.escaped(noise).unicodeScalars.allSatisfy { $0.value == 9 || $0.value == 10 || $0.value >= 0x20 })
    }
}
