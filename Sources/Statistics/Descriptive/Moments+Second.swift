extension Moments {
    /// The mean and the standard deviation of `values` alone, the same to the last bit as those of `Moments(values)`.
    package static func meanAndDeviation(_ values: [Double], ddof: Int = 1) -> (mean: Double, deviation: Double) {
        guard let start = values.first else { return (.nan, .nan) }
        let count = Double(values.count)
        let mean = CompensatedSum.of(values) / count
        var first = CompensatedSum(), second = CompensatedSum()
        var isConstant = true
        for value in values {
            let d = value - mean
            first.add(d)
            second.add(d * d)
            isConstant = isConstant && value == start
        }
        let isKnown = values.count > ddof
        if isConstant, start.isFinite { return (start, isKnown ? 0 : .nan) }
        let squares = max(0, second.value - first.value * first.value / count)
        return (mean, isKnown ? (squares / (count - Double(ddof))).squareRoot() : .nan)
    }
}
