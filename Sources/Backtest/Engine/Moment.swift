/// Where a fill happens: the market's price, and the bar.
struct Moment {
    var price: Double
    let index: Int
    /// Milliseconds since 1970.
    let time: Int64
    /// The bar's volume in shares.
    let volume: Double
}
