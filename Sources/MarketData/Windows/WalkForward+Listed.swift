import Diagnostics

extension WalkForward {
    /// Throws `E_WINDOW_COUNT`, `E_WINDOW_ORDER` for tests that do not follow one another, and `E_WINDOW_PURGE` for a train that
    /// ends closer to its test than purge and embargo allow.
    func checkListed() throws(MarketDataError) {
        guard !listed.isEmpty else {
            throw MarketDataError(.windowCount, "a listed plan has no windows", place: .key("/walkForward/windows"))
        }
        try Self.check(count: listed.count)
        for (place, window) in listed.enumerated() {
            let key = Place.key("/walkForward/windows/\(place)")
            guard window.gap >= purge + embargo else {
                throw MarketDataError(
                    .windowPurge,
                    "window \(place) tests \(window.gap) bars after its train ends, but purge and embargo are \(purge + embargo)",
                    place: key, hint: "end the train earlier")
            }
            guard place == 0 || window.test.lowerBound > listed[place - 1].test.lowerBound,
                place == 0 || window.test.upperBound > listed[place - 1].test.upperBound
            else {
                throw MarketDataError(
                    .windowOrder, "the test of window \(place) does not come after that of the window before", place: key)
            }
        }
    }
}
