import Diagnostics
import Testing

@testable import MarketData

@Suite struct JSONLinesImportTests {
    private let row = #"{"symbol":"A","date":"1999-01-04","open":1,"high":2,"low":1,"close":1.5,"adjClose":1.25,"volume":10}"#

    @Test func `keys may come in any order, with blanks, escapes and strings as numbers`() throws {
        let plain = try importText(row + "\n").dataset
        let variants = [
            #" { "volume" : "10" , "close":"1.5","adj_close":1.25,"low":1e0,"high":2.0,"#
                + #""open":1 , "time":915408000 , "symbol":"A" } "#,
            #"{"symbol":"A","d\u0061te":"1999-01\u002d04","open":1,"high":2,"low":1,"close":1.5,"adjClose":1.25,"#
                + #""volume":10,"note":"x\"y","flag":true,"none":null}"#,
        ]
        for variant in variants { #expect(try importText(variant).dataset.sha256 == plain.sha256, "\(variant)") }
        #expect(plain.series[0].adjustedClose == [1.25])
    }

    @Test func `broken lines are refused with line and column`() {
        let broken: [(String, String)] = [
            ("{", "E_JSONL"), ("{}", "E_SCHEMA"), ("[1]", "E_JSONL"), ("{\"a\"}", "E_JSONL"), ("{\"a\":}", "E_JSONL"),
            ("{\"a\":1", "E_JSONL"), ("{\"a\":1,}", "E_JSONL"), ("{\"a\":1} x", "E_JSONL"), ("{\"a\":{}}", "E_JSONL"),
            ("{\"a\":[1]}", "E_JSONL"), ("{\"a\":\"x", "E_JSONL"), ("{\"a\":\"\\x\"}", "E_JSONL"),
            ("{\"a\":\"\\u12\"}", "E_JSONL"),
            ("{\"a\":\"\\ud800\"}", "E_JSONL"), ("{\"a\" 1}", "E_JSONL"), ("{a:1}", "E_JSONL"), ("{\"a\":\"\u{1}\"}", "E_JSONL"),
            ("{\"date\":\"x\",\"open\":1,\"high\":1,\"low\":1,\"close\":1}", "E_TIME_FORMAT"),
            ("{\"date\":\"1999-01-04\",\"open\":null,\"high\":1,\"low\":1,\"close\":1}", "E_NUMBER"),
            ("{\"date\":\"1999-01-04\",\"open\":NaN,\"high\":1,\"low\":1,\"close\":1}", "E_NUMBER"),
            ("{\"date\":\"1999-01-04\",\"open\":1e400,\"high\":1,\"low\":1,\"close\":1}", "E_NUMBER"),
            ("{\"date\":\"1999-01-04\",\"open\":\"\",\"high\":1,\"low\":1,\"close\":1}", "E_NUMBER"),
            ("{\"date\":\"1999-01-04\",\"open\":true,\"high\":1,\"low\":1,\"close\":1}", "E_NUMBER"),
            ("{\"date\":\"1999-01-04\",\"open\":1,\"open\":1,\"high\":1,\"low\":1,\"close\":1}", "E_SCHEMA"),
            ("{\"date\":\"1999-01-04\",\"open\":1,\"Open\":1,\"high\":1,\"low\":1,\"close\":1}", "E_SCHEMA"),
            ("{\"date\":\"1999-01-04\",\"open\":1,\"high\":1,\"low\":1}", "E_SCHEMA"),
            ("{\"date\":\"1999-01-04\",\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"label\":1}", "E_LEAK"),
            ("{\"symbol\":7,\"date\":\"1999-01-04\",\"open\":1,\"high\":1,\"low\":1,\"close\":1}", "E_NAME"),
            ("{\"symbol\":\"a b\",\"date\":\"1999-01-04\",\"open\":1,\"high\":1,\"low\":1,\"close\":1}", "E_NAME"),
        ]
        for (text, code) in broken {
            let error = failure { try importText(text, ImportOptions(format: .jsonl)) }
            #expect(error?.code == code, "\(text)")
            #expect(error?.place != nil, "\(text)")
        }
        #expect(failure { try importText(row + "\n{\"date\" 1}") }?.place == .text(file: "x.csv", line: 2, column: 9))
    }

    @Test func `rows with other keys than the first are refused`() {
        let other = row.replacing("\"volume\":10", with: "\"note\":1").replacing("04", with: "05")
        let missing = failure { try importText(row + "\n" + other) }
        #expect(missing?.code == "E_SCHEMA")
        #expect(missing?.place == .row(file: "x.csv", row: 2, column: "volume"))
        #expect(failure { try importText(other + "\n" + row.replacing("04", with: "06")) }?.code == "E_SCHEMA")
    }

    @Test func `every truncation and every flipped byte is an error or a dataset, never a trap`() {
        let text = Array((row + "\n" + row.replacing("04", with: "05") + "\n").utf8)
        for index in text.indices {
            _ = failure { try DatasetImport.bytes(Array(text[..<index])) }
            for mask in [UInt8(1), 0x20, 0x80, 0xFF] {
                var damaged = text
                damaged[index] ^= mask
                let error = failure { try DatasetImport.bytes(damaged) }
                #expect(error == nil || error?.category == .input)
            }
        }
    }
}
