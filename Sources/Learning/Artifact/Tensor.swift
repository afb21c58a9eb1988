/// A named array of doubles with a shape, as a safetensors file holds it.
package struct Tensor: Sendable, Hashable {
    package let name: String
    /// The sizes of its dimensions; empty for a single number.
    package let shape: [Int]
    /// As many numbers as the shape says, the last dimension running fastest.
    package let values: [Double]

    /// A tensor of one dimension.
    package init(name: String, _ values: [Double]) {
        self.init(name: name, shape: [values.count], values: values)
    }

    init(name: String, shape: [Int], values: [Double]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}
