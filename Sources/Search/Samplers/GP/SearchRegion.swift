/// The part of the unit cube in which the acquisition looks for the next point: all of it, or the box around the best trials.
///
/// The box closes in as the best trials do. It bounds numbers only; a choice may take any value.
struct SearchRegion: Sendable {
    /// For each dimension its ends; nil is the whole cube.
    private let box: [ClosedRange<Double>?]?

    static let whole = SearchRegion(box: nil)

    private init(box: [ClosedRange<Double>?]?) { self.box = box }

    /// The box around `points`, a tenth of its width wider on both sides.
    init(around points: [[Double]], isChoice: [Bool]) {
        box = isChoice.indices.map { d in
            let places = points.map { $0[d] }
            guard !isChoice[d], let low = places.min(), let high = places.max() else { return nil }
            let margin = 0.1 * (high - low)
            return max(0, low - margin)...min(1, high + margin)
        }
    }

    func contains(_ point: [Double]) -> Bool {
        guard let box else { return true }
        return zip(box, point).allSatisfy { $0?.contains($1) ?? true }
    }

    /// `shares` of the axes as shares of the region's part of them.
    func shares(_ shares: [Double]) -> [Double] {
        guard let box else { return shares }
        return zip(box, shares).map { ends, share in
            ends.map { $0.lowerBound + share * ($0.upperBound - $0.lowerBound) } ?? share
        }
    }

    /// The ends in dimension `d`.
    func ends(_ d: Int) -> ClosedRange<Double> { box?[d] ?? 0...1 }
}
