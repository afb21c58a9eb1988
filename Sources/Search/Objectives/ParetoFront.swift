/// The trials that no other trial dominates, whatever order they came in.
package struct ParetoFront: Sendable {
    package struct Member: Sendable, Hashable {
        package let number: Int
        package let merit: Merit
    }

    /// By number.
    package private(set) var members: [Member] = []

    package init() {}

    package mutating func insert(_ number: Int, _ merit: Merit) {
        guard !members.contains(where: { $0.merit.dominates(merit) }) else { return }
        members.removeAll { merit.dominates($0.merit) }
        members.insert(Member(number: number, merit: merit), at: members.partitioningIndex { $0.number > number })
    }
}
