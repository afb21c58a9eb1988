/// A computation that has no answer for the numbers it was given.
package struct LinearAlgebraError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: String, Sendable, Hashable {
        /// Sizes that do not fit together, or more elements than the library can count.
        case shape = "E_MATRIX_SHAPE"
        /// A NaN or infinite element.
        case notFinite = "E_MATRIX_NOT_FINITE"
        /// A matrix that is not positive definite, or so nearly singular that a solution would be noise.
        case singular = "E_MATRIX_SINGULAR"
        /// An iteration that did not settle.
        case convergence = "E_MATRIX_CONVERGENCE"
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
