/// A picture of a tear sheet: drawn at any width, always the same for the same sheet.
protocol Chart {
    /// What it shows, with its unit.
    var title: String { get }
    /// What a reader must know to read it, or the picture in one sentence.
    var note: String { get }
    /// The picture as an SVG element, `width` pixels wide.
    func svg(width: Double) -> String
}

extension Chart {
    /// The chart with its title, drawn for desktops `width` pixels wide and for phones; the style sheet shows one of them.
    func figure(width: Double) -> String {
        """
        <figure><figcaption><h3>\(Markup.text(title))</h3><p>\(Markup.text(note))</p></figcaption>
        <div class="wide">\(svg(width: width))</div>
        <div class="narrow">\(svg(width: 340))</div></figure>

        """
    }
}
