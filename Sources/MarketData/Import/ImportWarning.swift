/// Something in a file that is possible but rarely right.
package struct ImportWarning: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A price more than 50 times the close before it or less than a fiftieth: a misplaced decimal point or another unit.
        case spike
        /// An open near a simple fraction or multiple of the close before it that the adjusted close does not explain.
        case splitLike
        /// A column with one value throughout.
        case constantColumn
        /// Missing bars.
        case gap
    }

    /// The most warnings of one kind that a report lists.
    package static let limit = 20

    package var kind: Kind
    package var symbol: String
    /// The row of the file, counted from 1 with the header as row 1; nil for a column as a whole.
    package var row: Int?
    package var column: String?
    package var message: String
}
