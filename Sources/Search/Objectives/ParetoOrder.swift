/// Merits in the order in which NSGA-II prefers them: by front, and inside a front the loneliest first.
package enum ParetoOrder {
    /// For each merit the number of its front: 0 for those that none dominates, 1 for those that only front 0 does, and so on.
    package static func fronts(_ merits: [Merit]) -> [Int] {
        var fronts = [Int](repeating: -1, count: merits.count)
        var dominators = [Int](repeating: 0, count: merits.count)
        var dominated = [[Int]](repeating: [], count: merits.count)
        for i in merits.indices {
            for j in 0..<i {
                if merits[i].dominates(merits[j]) {
                    dominated[i].append(j)
                    dominators[j] += 1
                } else if merits[j].dominates(merits[i]) {
                    dominated[j].append(i)
                    dominators[i] += 1
                }
            }
        }
        var front = merits.indices.filter { dominators[$0] == 0 }
        var number = 0
        while !front.isEmpty {
            var next: [Int] = []
            for i in front {
                fronts[i] = number
                for j in dominated[i] {
                    dominators[j] -= 1
                    if dominators[j] == 0 { next.append(j) }
                }
            }
            front = next
            number += 1
        }
        return fronts
    }

    /// How much room each merit of one front has: the sum over objectives of the gap between its neighbours as a share of the
    /// front's range; infinite at the ends.
    package static func crowding(_ merits: [Merit]) -> [Double] {
        var room = [Double](repeating: 0, count: merits.count)
        guard let objectives = merits.first?.losses.count else { return room }
        for k in 0..<objectives {
            let order = merits.indices.sorted { (merits[$0].losses[k], $0) < (merits[$1].losses[k], $1) }
            let (low, high) = (merits[order[0]].losses[k], merits[order[order.count - 1]].losses[k])
            room[order[0]] = .infinity
            room[order[order.count - 1]] = .infinity
            guard high > low, order.count > 2 else { continue }
            for place in 1..<(order.count - 1) {
                room[order[place]] += (merits[order[place + 1]].losses[k] - merits[order[place - 1]].losses[k]) / (high - low)
            }
        }
        return room
    }

    /// The places of the merits from the most to the least preferred; of equals the lower place is first.
    package static func ranked(_ merits: [Merit]) -> [Int] {
        let fronts = fronts(merits)
        var room = [Double](repeating: 0, count: merits.count)
        for front in 0...(fronts.max() ?? 0) {
            let members = merits.indices.filter { fronts[$0] == front }
            for (member, own) in zip(members, crowding(members.map { merits[$0] })) { room[member] = own }
        }
        return merits.indices.sorted { (fronts[$0], -room[$0], $0) < (fronts[$1], -room[$1], $1) }
    }
}
