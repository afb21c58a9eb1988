/// The best ⌊n/η⌋ of the n trials that have come to a rung, while more come.
///
/// Of equals the lower number is the better one. Adding a trial and taking the next to promote cost the logarithm of n.
struct TopShare: Sendable {
    private let reduction: Int
    private var entries: [Entry] = []
    private var inside: Heap<Entry>
    private var outside: Heap<Entry>
    /// Those that came inside, some of which may have been pushed out again since.
    private var candidates: Heap<Entry>
    private var isInside: [Bool] = []
    private var isPromoted: [Bool] = []

    private struct Entry: Sendable {
        let loss: Double
        let number: Int
        let place: Int
        static func isBetter(_ first: Entry, _ second: Entry) -> Bool {
            (first.loss, first.number) < (second.loss, second.number)
        }
    }

    init(reduction: Int) {
        self.reduction = reduction
        inside = Heap { Entry.isBetter($1, $0) }
        outside = Heap(by: Entry.isBetter)
        candidates = Heap(by: Entry.isBetter)
    }

    /// A trial that failed has no `loss` and is the worst.
    mutating func add(_ number: Int, loss: Double?) {
        var entry = Entry(loss: loss ?? .infinity, number: number, place: entries.count)
        entries.append(entry)
        isInside.append(false)
        isPromoted.append(false)
        if let worst = inside.first, Entry.isBetter(entry, worst) {
            _ = inside.removeFirst()
            isInside[worst.place] = false
            admit(entry)
            entry = worst
        }
        outside.insert(entry)
        if inside.count < entries.count / reduction, let best = outside.removeFirst() { admit(best) }
    }

    /// The best of them that has not been taken before.
    mutating func next() -> Int? {
        while let best = candidates.removeFirst() {
            guard isInside[best.place], !isPromoted[best.place], best.loss < .infinity else { continue }
            isPromoted[best.place] = true
            return best.number
        }
        return nil
    }

    private mutating func admit(_ entry: Entry) {
        inside.insert(entry)
        isInside[entry.place] = true
        candidates.insert(entry)
    }
}
