/// The dependencies inside one job. Tasks that wait for the same set of tasks wait at one gate; a gate is found from each
/// task it waits for through the aligned power-of-two blocks that make up its set, so a gate over a million tasks costs
/// some forty entries, and finding the gates of a task costs one look-up per block size in use.
struct DependencyGates: Sendable {
    struct Gate: Sendable {
        /// Tasks of its set that have not ended; opens at zero.
        var remaining: Int32
        /// Whether a task of its set ended without success.
        var isBroken: Bool
        /// Tasks that wait here, in the order they were appended.
        var dependents: [Int32]
    }

    private struct Link: Sendable {
        var gate: Int32
        var next: Int32
    }

    private(set) var gates: [Gate] = []
    private var heads: [UInt64: Int32] = [:]
    private var links: [Link] = []
    private var levels: UInt32 = 0

    var isEmpty: Bool { gates.isEmpty }

    /// Adds a gate over `ranges` (disjoint, none negative) of which `remaining` tasks have not ended; returns its number.
    mutating func add(over ranges: [Range<Int32>], remaining: Int32, isBroken: Bool) -> Int32 {
        let number = Int32(gates.count)
        gates.append(Gate(remaining: remaining, isBroken: isBroken, dependents: []))
        for range in ranges {
            var lower = UInt32(bitPattern: range.lowerBound)
            let upper = UInt32(bitPattern: range.upperBound)
            while lower < upper {
                let alignment = lower == 0 ? 31 : lower.trailingZeroBitCount
                let length = 31 - (upper - lower).leadingZeroBitCount
                let level = min(alignment, length)
                levels |= 1 << UInt32(level)
                let key = DependencyGates.key(level: level, index: lower)
                links.append(Link(gate: number, next: heads[key] ?? -1))
                heads[key] = Int32(links.count - 1)
                lower += 1 << UInt32(level)
            }
        }
        return number
    }

    mutating func wait(_ dependent: Int32, at gate: Int32) { gates[Int(gate)].dependents.append(dependent) }

    /// Tells the gates of `index` that it ended; returns those that opened or broke by it, in the order they were added.
    mutating func ended(_ index: Int32, succeeded: Bool) -> [Int32] {
        guard !gates.isEmpty, index >= 0 else { return [] }
        var changed: [Int32] = []
        var rest = levels
        while rest != 0 {
            let level = rest.trailingZeroBitCount
            rest &= rest - 1
            var link = heads[DependencyGates.key(level: level, index: UInt32(bitPattern: index))] ?? -1
            while link >= 0 {
                let gate = Int(links[Int(link)].gate)
                link = links[Int(link)].next
                gates[gate].remaining -= 1
                if gates[gate].isBroken { continue }
                if !succeeded {
                    gates[gate].isBroken = true
                    changed.append(Int32(gate))
                } else if gates[gate].remaining == 0 {
                    changed.append(Int32(gate))
                }
            }
        }
        if changed.count > 1 { changed.sort() }
        return changed
    }

    private static func key(level: Int, index: UInt32) -> UInt64 { UInt64(level) << 32 | UInt64(index >> UInt32(level)) }
}
