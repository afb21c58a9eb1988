/// Counts of values in bins of equal, round width.
struct Histogram {
    /// The lower edge of the first bin.
    let start: Double
    let width: Double
    let counts: [Int]

    /// About `bins` bins over the finite ones of `values`; nil for none, and for values too far apart to be drawn.
    init?(_ values: [Double], bins: Int) {
        let known = values.filter(\.isFinite)
        guard let low = known.min(), let high = known.max() else { return nil }
        guard let width = Ticks.step(high > low ? high - low : max(abs(low), 1) / 10, count: bins), abs(low / width) < 1e9,
            abs(high / width) < 1e9
        else { return nil }
        let first = Int((low / width).rounded(.down))
        var counts = [Int](repeating: 0, count: Int((high / width).rounded(.down)) - first + 1)
        for value in known { counts[Int((value / width).rounded(.down)) - first] += 1 }
        (self.start, self.width, self.counts) = (Double(first) * width, width, counts)
    }

    var end: Double { start + Double(counts.count) * width }
    var highest: Int { counts.max() ?? 0 }

    func edges(_ bin: Int) -> (low: Double, high: Double) {
        (start + Double(bin) * width, start + Double(bin + 1) * width)
    }
}
