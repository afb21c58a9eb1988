/// Values by name, of which the names not remembered for the longest time are forgotten beyond a limit.
struct RecentValues<Value> {
    private let limit: Int
    private var values: [String: (value: Value, number: Int)] = [:]
    private var number = 0

    init(limit: Int) { self.limit = limit }

    subscript(name: String) -> Value? { values[name]?.value }

    mutating func remember(_ name: String, _ value: Value) {
        number += 1
        values[name] = (value, number)
        // Now and then, so that forgetting costs next to nothing.
        if values.count > 2 * limit { values = values.filter { $0.value.number > number - limit } }
    }
}
