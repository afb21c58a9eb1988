import Registry
import Testing

@Suite struct RegistryNameTests {
    @Test(
        "Names of letters, digits, dots, underscores and hyphens are taken as they are",
        arguments: [
            "spx-ridge", "champion", "a", "A.b_c-9", "-", String(repeating: "x", count: 64),
        ])
    func accepts(name: String) throws {
        #expect(try RegistryName.check(name, of: "model") == name)
    }

    @Test(
        "Every other name is E_NAME",
        arguments: [
            "", "../x", ".hidden", "a/b", "a\\b", "a b", "naïve", "сhampion", "a\u{0}b", "a\nb", "x\u{202E}y", "%2e%2e",
            String(repeating: "x", count: 65), String(repeating: "x", count: 300),
        ])
    func refuses(name: String) throws {
        let error = #expect(throws: RegistryError.self) { try RegistryName.check(name, of: "model") }
        #expect(error?.code == "E_NAME")
        // Nothing of a hostile name reaches the terminal unescaped.
        #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F } == true)
    }
}
