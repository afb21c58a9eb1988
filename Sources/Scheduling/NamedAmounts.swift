/// Amounts of resources that a cluster has named itself (licences, disks, accelerators), in thousandths; a name that is not
/// listed stands for none.
package struct NamedAmounts: Hashable, Sendable, Codable {
    package struct Amount: Hashable, Sendable, Codable {
        package var name: String
        package var milli: Int64
    }

    /// In order of name; none of them is zero.
    package private(set) var list: [Amount] = []

    /// How many different ones one worker may have, and a task may ask for.
    package static let limit = 4
    /// The most that there may be of one: a million.
    package static let largest: Int64 = 1_000_000_000
    /// Names that mean something else already.
    package static let reserved: Set<String> = ["cpu", "memory", "gpu", "anyOf"]

    package init() {}
    /// Of a name that is given twice the last amount counts.
    package init(_ amounts: [(name: String, milli: Int64)]) {
        for (name, milli) in amounts { self[name] = milli }
    }

    package subscript(name: String) -> Int64 {
        get { list.first { $0.name == name }?.milli ?? 0 }
        set {
            let place = list.firstIndex { $0.name >= name } ?? list.count
            let isKnown = place < list.count && list[place].name == name
            switch (isKnown, newValue == 0) {
            case (true, true): list.remove(at: place)
            case (true, false): list[place].milli = newValue
            case (false, true): break
            case (false, false): list.insert(Amount(name: name, milli: newValue), at: place)
            }
        }
    }

    /// Whether a name may stand for a resource: up to 32 lower-case letters, digits, `-` and `_`, a letter first.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 32 else { return false }
        return !reserved.contains(text)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    }

    var isPlausible: Bool {
        list.count <= NamedAmounts.limit
            && list.allSatisfy { $0.milli > 0 && $0.milli <= NamedAmounts.largest && NamedAmounts.isName($0.name) }
    }

    var asCharge: NamedAmounts {
        if list.isEmpty { return self }
        return NamedAmounts(list.map { ($0.name, min(max($0.milli, 0), NamedAmounts.largest + 1)) })
    }

    func fits(in available: NamedAmounts) -> Bool { list.allSatisfy { $0.milli <= available[$0.name] } }

    func adding(_ other: NamedAmounts, times sign: Int64) -> NamedAmounts {
        if other.list.isEmpty { return self }
        var sum = self
        for each in other.list { sum[each.name] = sum[each.name] &+ sign &* each.milli }
        return sum
    }
}
