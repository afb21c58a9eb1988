extension MarketDataError.Code {
    /// A feature name of no known family.
    package static let featureUnknown = Self("E_FEATURE_UNKNOWN")
    /// A period that is missing, not wanted, or outside the family's bounds.
    package static let featurePeriod = Self("E_FEATURE_PERIOD")
    /// A feature that is listed twice.
    package static let featureDuplicate = Self("E_FEATURE_DUPLICATE")
    /// No features, or too many.
    package static let featureCount = Self("E_FEATURE_COUNT")
}
