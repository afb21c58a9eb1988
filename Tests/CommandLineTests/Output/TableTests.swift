import Testing

@testable import bellwether

@Suite struct TableTests {
    @Test func `columns are aligned and lines have no trailing spaces`() {
        var table = Table([.number("job"), .text("name"), .number("best")])
        table.add(["1", "a", "1.5"])
        table.add(["12", "longer", ""])
        table.add(["3"])
        table.add(["4", "x", "y", "beyond"])
        #expect(
            table.text == """
                job  name    best
                  1  a        1.5
                 12  longer
                  3
                  4  x          y
                """)
    }

    @Test func `cells stay on their line`() {
        var table = Table([.text("name")])
        table.add(["a\nb\u{1B}[31m"])
        #expect(table.text.split(separator: "\n").count == 2)
        #expect(!table.text.contains("\u{1B}"))
    }

    @Test func `pairs without a value are left out`() {
        #expect(Table.pairs([("a", "1"), ("long", "2"), ("b", nil)]) == "a     1\nlong  2")
    }
}
