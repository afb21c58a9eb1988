/// What a trial may know of the others when it is suggested.
package enum SearchOrder: String, Sendable, Hashable, Codable, CaseIterable {
    /// The results of the trials up to a fixed number before it, whatever has finished by then: the same study every time.
    case reproducible
    /// All results up to the first trial that still runs. Nobody waits for a trial that takes long, and no two studies are the same.
    case asynchronous
}
