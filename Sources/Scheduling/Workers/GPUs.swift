/// The GPUs of one worker, each with what is free of it. Whole ones are taken from the lowest number up; a part comes off the
/// fullest one that has it, so that whole ones stay whole.
package struct GPUs: Sendable, Hashable {
    /// Thousandths that are free, by number.
    private var free: [Int16]

    package init(count: Int) { free = [Int16](repeating: 1_000, count: min(max(count, 0), GPUs.limit)) }

    /// The most that one worker has.
    package static let limit = 16

    /// Thousandths of the GPUs that nobody uses.
    var whole: Int32 { free.reduce(0) { $1 == 1_000 ? $0 + 1_000 : $0 } }
    /// The most that is free of a single one, in thousandths.
    var part: Int32 { Int32(free.max() ?? 0) }

    /// Takes whole ones or a part of one; returns their numbers as a set of bits, or nil when there is not that much.
    package mutating func take(_ milli: Int64) -> UInt16? {
        if milli <= 0 { return 0 }
        if milli < 1_000 {
            var best = -1
            for number in free.indices where Int64(free[number]) >= milli {
                if best < 0 || free[number] < free[best] { best = number }
            }
            guard best >= 0 else { return nil }
            free[best] -= Int16(milli)
            return 1 << UInt16(best)
        }
        guard Int64(whole) >= milli else { return nil }
        var (bits, left) = (UInt16(0), milli)
        for number in free.indices where left > 0 && free[number] == 1_000 {
            free[number] = 0
            bits |= 1 << UInt16(number)
            left -= 1_000
        }
        return bits
    }

    /// Gives back what `take` returned for the same amount.
    package mutating func give(back bits: UInt16, _ milli: Int64) {
        for number in free.indices where bits & (1 << UInt16(number)) != 0 {
            free[number] = Int16(min(Int64(free[number]) + min(milli, 1_000), 1_000))
        }
    }

    /// How many tasks that take `milli` each find room side by side.
    func slots(of milli: Int32) -> Int32 {
        if milli <= 0 { return .max }
        if milli >= 1_000 { return whole / milli }
        return free.reduce(0) { $0 + Int32($1) / milli }
    }
}
