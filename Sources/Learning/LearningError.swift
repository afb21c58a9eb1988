package import Diagnostics

/// A model that cannot be fitted, read or asked.
package struct LearningError: DiagnosticError, Hashable {
    /// The stable name of a mistake together with whose move it is.
    package struct Code: Sendable, Hashable {
        package let name: String
        package let category: DiagnosticCategory

        init(_ name: String, _ category: DiagnosticCategory = .input) {
            self.name = name
            self.category = category
        }
    }

    package let kind: Code
    package let message: String
    package let place: Place?
    package let hint: String?

    package var code: String { kind.name }
    package var category: DiagnosticCategory { kind.category }

    init(_ kind: Code, _ message: String, place: Place? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.place = place
        self.hint = hint
    }
}

// MARK: Fitting

extension LearningError.Code {
    /// Rows and labels that do not fit together, or no columns.
    package static let trainShape = Self("E_TRAIN_SHAPE")
    /// Too few rows that have all features and a label.
    package static let trainRows = Self("E_TRAIN_ROWS")
    /// A feature or label that is not a finite number.
    package static let trainValue = Self("E_TRAIN_VALUE")
    /// A penalty that is negative or not finite.
    package static let penalty = Self("E_MODEL_PENALTY")
    /// A label's horizon that is not positive.
    package static let labelHorizon = Self("E_LABEL_HORIZON")
    /// Class labels other than 0 and 1, or all of one class.
    package static let labelClass = Self("E_LABEL_CLASS")
    /// Features that determine one another, without a penalty to choose between them.
    package static let modelSingular = Self("E_MODEL_SINGULAR")
    /// Classes that a plane separates, without a penalty to bound the weights.
    package static let modelSeparation = Self("E_MODEL_SEPARATION")
    /// A fit that did not settle.
    package static let modelConvergence = Self("E_MODEL_CONVERGENCE")
}

// MARK: Predicting and comparing

extension LearningError.Code {
    /// Rows with more or fewer features than the model has, or with other ones.
    package static let featureWidth = Self("E_FEATURE_WIDTH")
}

// MARK: Artifacts

extension LearningError.Code {
    /// Bytes that are not a model's file or manifest.
    package static let artifactFormat = Self("E_ARTIFACT_FORMAT", .integrity)
    /// Weights that do not have the hash the manifest names.
    package static let artifactHash = Self("E_ARTIFACT_HASH", .integrity)
    /// A format version that this program does not know.
    package static let artifactVersion = Self("E_ARTIFACT_VERSION", .integrity)
    /// Tensors that overlap, leave holes, lie outside the file, or whose sizes contradict their shapes.
    package static let tensorBounds = Self("E_TENSOR_BOUNDS", .integrity)
    /// A model whose parts contradict one another or hold numbers that are not finite.
    package static let modelSchema = Self("E_MODEL_SCHEMA", .integrity)
}
