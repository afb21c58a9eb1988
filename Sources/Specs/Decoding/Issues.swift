import Diagnostics

/// Collects the mistakes of one spec while it is decoded, so that all are reported at once.
final class Issues {
    private let file: String?
    private(set) var errors: [SpecError] = []

    init(file: String?) { self.file = file }

    func add(_ code: String, _ message: String, line: Int, column: Int, pointer: String, hint: String? = nil) {
        // One more than the limit tells that there are more.
        guard errors.count <= SpecErrors.limit else { return }
        errors.append(
            SpecError(code, message, place: .text(file: file, line: line, column: column), pointer: pointer, hint: hint))
    }

    /// Throws what was collected, in the order of the text.
    func check() throws(SpecErrors) {
        let sorted = errors.enumerated().sorted { Self.position($0.element, $0.offset) < Self.position($1.element, $1.offset) }
            .map(\.element)
        guard let first = sorted.first else { return }
        throw SpecErrors(first, Array(sorted.dropFirst()))
    }

    private static func position(_ error: SpecError, _ index: Int) -> (Int, Int, Int) {
        guard case .text(_, let line, let column) = error.place else { return (0, 0, index) }
        return (line, column, index)
    }
}
