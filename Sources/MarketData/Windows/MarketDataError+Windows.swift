extension MarketDataError.Code {
    /// A train length that is not positive or out of bounds.
    package static let windowTrain = Self("E_WINDOW_TRAIN")
    /// A test length that is not positive or out of bounds.
    package static let windowTest = Self("E_WINDOW_TEST")
    /// A step that is not positive or out of bounds.
    package static let windowStep = Self("E_WINDOW_STEP")
    /// A purge that is negative or out of bounds.
    package static let windowPurge = Self("E_WINDOW_PURGE")
    /// An embargo that is negative or out of bounds.
    package static let windowEmbargo = Self("E_WINDOW_EMBARGO")
    /// Not even one window fits into the data.
    package static let windowLength = Self("E_WINDOW_LENGTH")
    /// More windows than a plan may have.
    package static let windowCount = Self("E_WINDOW_COUNT")
    /// A window that does not train before it tests.
    package static let windowOrder = Self("E_WINDOW_ORDER")
    /// A plan in periods of the calendar where only the number of bars is known.
    package static let windowCalendar = Self("E_WINDOW_CALENDAR")
    /// A number of folds, or of folds tested at a time, that cannot be.
    package static let windowFolds = Self("E_WINDOW_FOLDS")
    /// A label that ends before its bar or after the series.
    package static let windowLabel = Self("E_WINDOW_LABEL")
}
