/// One HTML file that needs nothing else: no scripts, no fonts, no pictures from elsewhere.
enum Page {
    /// `body` is markup; `title` and `subtitle` are text.
    static func html(title: String, subtitle: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(Markup.text(title))</title>
        <style>
        \(PageStyle.css)
        </style>
        </head>
        <body>
        <header><h1>\(Markup.text(title))</h1>
        <p>\(Markup.text(subtitle))</p></header>
        \(body)</body>
        </html>

        """
    }

    /// Names and values at the end of a page; nothing when there are none.
    static func provenance(_ facts: [(name: String, value: String)]) -> String {
        guard !facts.isEmpty else { return "" }
        let rows = facts.map { "<tr><th>\(Markup.text($0.name))</th><td>\(Markup.text($0.value))</td></tr>\n" }
        return "<section><h2>Where it comes from</h2>\n<table class=\"facts\">\n\(rows.joined())</table></section>\n"
    }

    /// A number that a reader looks for first.
    static func card(_ name: String, _ value: String, _ note: String, _ sign: Double? = nil) -> String {
        "<div><h3>\(name)</h3><b class=\"\(Markup.sign(sign))\">\(Markup.number(value))</b><p>\(Markup.text(note))</p></div>\n"
    }
}
