/// A named set of metric definitions; its name is kept with every number it made.
package enum Convention: String, Sendable, Hashable, Codable, CaseIterable {
    /// The definitions of the empyrical library, with type 7 VaR, Rockafellar-Uryasev CVaR and money-weighted profit factor.
    case empyrical
}
