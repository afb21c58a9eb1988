import Foundation
import Testing

@testable import Gateway

@Suite struct JSONGuardTests {
    private func code(_ text: String, keys: [String] = ["a", "b"]) -> String? {
        do {
            try JSONGuard.check(Data(text.utf8), keys: keys)
            return nil
        } catch {
            return (error as? GatewayError)?.code ?? "other"
        }
    }

    @Test(arguments: [
        "{}", " { } \n", #"{"a":1}"#, #"{"a":-0.5e+10,"b":[]}"#, #"{"a":[1,2,[3]],"b":{"c":null,"d":true}}"#,
        #"{"a":"\u00e9\n\"\\\/"}"#,
        #"{"a":"\ud83d\ude00"}"#, #"{"\u0061":false}"#, #"{"a":{"x":1},"b":{"x":1}}"#, #"{"a":"[[[[{{{{"}"#,
    ])
    func `JSON passes`(text: String) { #expect(code(text) == nil) }

    @Test(arguments: [
        "", " ", "[]", "1", "null", "{", "}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1"b":2}"#, #"{,"a":1}"#, #"{"a":[1,]}"#,
        #"{"a":[1 2]}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#, #"{"a":NaN}"#, #"{"a":tru}"#,
        #"{"a":1} x"#,
        #"{"a":"x}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{a:1}"#, #"{'a':1}"#, #"{"a":1}{"b":2}"#, #"{"a":[}]"#, #"{"a":{]}"#,
        "{\u{A0}}",
    ])
    func `what is not JSON does not pass`(text: String) { #expect(code(text) == "E_JSON") }

    @Test func `depth is bounded without recursion`() {
        func nested(_ levels: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
        }
        #expect(code(nested(JSONGuard.depth)) == nil)
        #expect(code(nested(JSONGuard.depth + 1)) == "E_JSON_DEPTH")
        #expect(code(nested(1_000_000)) == "E_JSON_DEPTH")
        #expect(code(#"{"a":"# + String(repeating: #"{"a":"#, count: 100_000)) == "E_JSON_DEPTH")
    }

    @Test func `keys come once and are known`() {
        #expect(code(#"{"a":1,"a":2}"#) == "E_JSON_KEY")
        #expect(code(#"{"a":1,"\u0061":2}"#) == "E_JSON_KEY")
        #expect(code(#"{"c":1}"#) == "E_JSON_KEY")
        #expect(code(#"{"a":{"c":1,"c":2}}"#) == "E_JSON_KEY")
    }

    @Test func `numbers are short and within a double's range`() {
        #expect(code(#"{"a":\#(String(repeating: "9", count: 64))}"#) == nil)
        #expect(code(#"{"a":\#(String(repeating: "9", count: 65))}"#) == "E_JSON_NUMBER")
        #expect(code(#"{"a":1e400}"#) == "E_JSON_NUMBER")
        #expect(code(#"{"a":-1e308}"#) == nil)
    }

    @Test(arguments: [#"{"a":"\ud800"}"#, #"{"a":"\ud800\u0041"}"#, #"{"a":"\udc00"}"#, "{\"a\":\"\u{1}\"}", "{\"a\":\"x\ny\"}"])
    func `text has paired surrogates and no control characters`(text: String) { #expect(code(text) == "E_JSON_TEXT") }

    @Test func `bytes that are not UTF-8 do not pass`() {
        #expect(throws: GatewayError.self) {
            try JSONGuard.check(Data(Array(#"{"a":""#.utf8) + [0xFF, 0x22, 0x7D]), keys: ["a"])
        }
    }

    @Test func `no truncation of a good text passes or traps`() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",{"k":null}],"b":true}"#.utf8)
        for length in 0..<text.count {
            #expect(throws: GatewayError.self) { try JSONGuard.check(Data(text[..<length]), keys: ["a", "b"]) }
        }
    }

    @Test func `what the guard lets pass the decoder takes`() throws {
        // Every byte of a good text replaced by every other one: whatever passes is JSON to Foundation too.
        let text = Array(#"{"a":[1,-2.5e3,"\n\u00e9"],"b":true}"#.utf8)
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[index] = byte
                guard (try? JSONGuard.check(Data(changed), keys: ["a", "b"])) != nil else { continue }
                #expect(
                    (try? JSONSerialization.jsonObject(with: Data(changed))) != nil, "\(String(decoding: changed, as: UTF8.self))"
                )
            }
        }
    }
}
