/// The version of this program, which lineage and artifacts carry.
package enum CodeVersion {
    /// Raised when results may change: a model fitted by another version is another model.
    package static let text = "0.1.0"
}
