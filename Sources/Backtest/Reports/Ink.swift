/// Terminal colours, or none. Text is padded first and coloured after, so that columns stay aligned.
struct Ink {
    let style: TearSheet.Style

    func strong(_ text: String) -> String { wrap(text, "1") }
    func faint(_ text: String) -> String { wrap(text, "2") }

    /// Green above zero, red below.
    func signed(_ text: String, _ value: Double) -> String {
        value > 0 ? wrap(text, "32") : (value < 0 ? wrap(text, "31") : text)
    }

    private func wrap(_ text: String, _ code: String) -> String {
        style == .ansi ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
