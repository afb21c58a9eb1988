/// The ranks of a sample's values, counted from 1; equal values share the mean of their ranks.
package enum Ranks {
    /// One rank per value, in the order of `values`. A NaN has the rank NaN and takes no place.
    package static func average(_ values: [Double]) -> [Double] {
        var ranks = [Double](repeating: .nan, count: values.count)
        let order = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            let rank = Double(start + end + 1) / 2
            for place in start..<end { ranks[order[place]] = rank }
            start = end
        }
        return ranks
    }
}
