/// Jobs by number.
package struct JobNumbers: Codable, Sendable, Hashable {
    package var jobs: [Int64]
    package init(jobs: [Int64]) { self.jobs = jobs }
}
