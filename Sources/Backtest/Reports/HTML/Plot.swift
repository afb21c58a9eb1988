/// The frame of a chart: scales, axes and marks in SVG. Pixels grow to the right and down.
struct Plot {
    let width: Double
    let height: Double
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    var left = 46.0
    var right = 14.0
    var top = 12.0
    var bottom = 24.0

    private var body: [String] = []

    /// Empty ranges are widened by one on both sides.
    init(width: Double, height: Double, x: ClosedRange<Double>, y: ClosedRange<Double>) {
        self.width = width
        self.height = height
        self.x = x.lowerBound < x.upperBound ? x : (x.lowerBound - 1)...(x.upperBound + 1)
        self.y = y.lowerBound < y.upperBound ? y : (y.lowerBound - 1)...(y.upperBound + 1)
    }

    func across(_ value: Double) -> Double {
        left + (value - x.lowerBound) / (x.upperBound - x.lowerBound) * (width - left - right)
    }

    func down(_ value: Double) -> Double {
        height - bottom - (value - y.lowerBound) / (y.upperBound - y.lowerBound) * (height - top - bottom)
    }

    var columns: Int { Int(width - left - right) }

    /// Lines across the plot at round values, each with its label; `strong` is drawn as the axis.
    mutating func levels(count: Int, strong: Double? = nil, label: (Double, Ticks) -> String) {
        let ticks = Ticks(y.lowerBound, y.upperBound, count: count)
        for value in ticks.values {
            let place = down(value)
            rule(left, place, width - right, place, value == strong ? "axis" : "grid")
            text(label(value, ticks), left - 6, place + 4, "end")
        }
    }

    /// The time axis below the plot, of `x` in milliseconds since 1970.
    mutating func dates() {
        let ticks = DateTicks(Int64(x.lowerBound), Int64(x.upperBound), count: max(2, columns / 64))
        rule(left, height - bottom, width - right, height - bottom, "axis")
        for mark in ticks.marks {
            let place = across(Double(mark.time))
            rule(place, height - bottom, place, height - bottom + 4, "axis")
            text(mark.label, min(max(place, left + 14), width - 34), height - bottom + 17, "middle")
        }
    }

    /// The axis of values below the plot, with round ticks.
    mutating func values(label: (Double, Ticks) -> String) {
        let ticks = Ticks(x.lowerBound, x.upperBound, count: max(3, columns / 70))
        rule(left, height - bottom, width - right, height - bottom, "axis")
        for value in ticks.values {
            let place = across(value)
            rule(place, height - bottom, place, height - bottom + 4, "axis")
            text(label(value, ticks), place, height - bottom + 17, "middle")
        }
    }

    /// A line through `points`; a point that is NaN breaks it.
    mutating func line(_ points: [(x: Double, y: Double)], _ style: String) {
        var path = ""
        var isDrawing = false
        for point in points {
            guard point.y.isFinite else {
                isDrawing = false
                continue
            }
            path += "\(isDrawing ? "L" : "M")\(Markup.at(across(point.x))) \(Markup.at(down(point.y)))"
            isDrawing = true
        }
        if !path.isEmpty { body.append("<path class=\"\(style)\" d=\"\(path)\"/>") }
    }

    /// The area between `points` and `base`.
    mutating func area(_ points: [(x: Double, y: Double)], base: Double, _ style: String) {
        guard let first = points.first, let last = points.last else { return }
        var path = "M\(Markup.at(across(first.x))) \(Markup.at(down(base)))"
        for point in points { path += "L\(Markup.at(across(point.x))) \(Markup.at(down(point.y)))" }
        path += "L\(Markup.at(across(last.x))) \(Markup.at(down(base)))Z"
        body.append("<path class=\"\(style)\" d=\"\(path)\"/>")
    }

    /// A bar that stands on the axis, from `low` to `high` across, with a pixel between neighbours where there is room.
    mutating func bar(_ low: Double, _ high: Double, to value: Double, _ style: String) {
        let start = across(low), end = across(high), top = down(value)
        let gap = end - start > 4 ? 1.0 : 0
        body.append(
            "<rect class=\"\(style)\" x=\"\(Markup.at(start))\" y=\"\(Markup.at(top))\" width=\"\(Markup.at(max(0.5, end - start - gap)))\" height=\"\(Markup.at(max(0, down(0) - top)))\"/>"
        )
    }

    /// A box between two values across and two up; `top` is the higher.
    mutating func box(_ low: Double, _ high: Double, _ top: Double, _ bottom: Double, _ style: String) {
        let (x, y) = (across(low), down(top))
        body.append(
            "<rect class=\"\(style)\" x=\"\(Markup.at(x))\" y=\"\(Markup.at(y))\" width=\"\(Markup.at(max(0, across(high) - x)))\" height=\"\(Markup.at(max(0, down(bottom) - y)))\"/>"
        )
    }

    /// An axis below the plot with ticks of the caller's.
    mutating func marks(below ticks: [(place: Double, label: String)]) {
        rule(left, height - bottom, width - right, height - bottom, "axis")
        for tick in ticks {
            let place = across(tick.place)
            rule(place, height - bottom, place, height - bottom + 4, "axis")
            text(tick.label, place, height - bottom + 17, "middle")
        }
    }

    /// An axis beside the plot with ticks of the caller's.
    mutating func marks(beside ticks: [(place: Double, label: String)]) {
        rule(left, top, left, height - bottom, "axis")
        for tick in ticks {
            rule(left - 4, down(tick.place), left, down(tick.place), "axis")
            text(tick.label, left - 7, down(tick.place) + 4, "end")
        }
    }

    mutating func dot(_ x: Double, _ y: Double, radius: Double = 3, _ style: String) {
        body.append(
            "<circle class=\"\(style)\" cx=\"\(Markup.at(across(x)))\" cy=\"\(Markup.at(down(y)))\" r=\"\(Markup.at(radius))\"/>")
    }

    /// Lines from top to bottom at `places`, two at most, each with its name above the plot on the side where there is room.
    mutating func marks(_ places: [(value: Double, name: String, style: String)]) {
        let seen = places.filter { $0.value.isFinite && x.contains($0.value) }
        // The line nearest the edge has the upper row, so that its name passes over the other line.
        let isLeft = seen.allSatisfy { across($0.value) > width / 2 }
        for (row, place) in seen.sorted(by: { isLeft ? $0.value > $1.value : $0.value < $1.value }).enumerated() {
            let at = across(place.value), line = 12.0 + Double(row) * 15
            let isLeft = at > width / 2
            rule(at, line - 8, at, height - bottom, place.style)
            text(place.name, at + (isLeft ? -5 : 5), line, isLeft ? "end" : "start", "label")
        }
    }

    /// Text at a place in pixels. `anchor` is start, middle or end.
    mutating func text(_ text: String, _ x: Double, _ y: Double, _ anchor: String, _ style: String = "tick") {
        body.append(
            "<text class=\"\(style)\" x=\"\(Markup.at(x))\" y=\"\(Markup.at(y))\" text-anchor=\"\(anchor)\">\(Markup.text(Markup.number(text)))</text>"
        )
    }

    private mutating func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        body.append(
            "<line class=\"\(style)\" x1=\"\(Markup.at(x1))\" y1=\"\(Markup.at(y1))\" x2=\"\(Markup.at(x2))\" y2=\"\(Markup.at(y2))\"/>"
        )
    }

    /// The whole picture; `name` is what a screen reader says.
    func svg(_ name: String) -> String {
        "<svg viewBox=\"0 0 \(Markup.at(width)) \(Markup.at(height))\" role=\"img\" aria-label=\"\(Markup.text(name))\">\n"
            + body.joined(separator: "\n") + "\n</svg>"
    }
}
