/// A request of the Open Inference Protocol v2, as far as it is about rows of features.
///
/// Either one input named `features` of shape [rows, width] or [width], or one input a feature, named like it, of shape
/// [rows]. Datatypes FP64 and FP32 (and integers, which are numbers too); values are JSON numbers in row order.
package struct InferenceRequest: Sendable, Hashable {
    /// Echoed in the answer.
    package var id: String?
    package var rows: Int
    /// Row after row, in the order of the model's features.
    package var values: [Double]

    /// The most numbers in one request.
    package static let valuesLimit = 1_000_000
    private static let inputsLimit = 512
    private static let idLimit = 128
    private static let datatypes: Set<String> = ["FP64", "FP32", "INT64", "INT32", "INT16", "INT8"]

    private struct Input {
        var name = ""
        var shape: [Int] = []
        var datatype = ""
        var data: [Double] = []
        var hasData = false
    }

    /// Parses the body for `model`. Throws `E_INFER_JSON` with the byte's offset and `E_INFER_INPUT` with the key.
    package init(_ body: UnsafeBufferPointer<UInt8>, for model: LoadedModel) throws(ServingError) {
        var scanner = JSONScanner(body)
        var inputs: [Input] = []
        var id: String?
        try scanner.object { key, scanner throws(ServingError) in
            switch key {
            case "id":
                id = try scanner.string()
                guard (id ?? "").utf8.count <= Self.idLimit else {
                    throw .input("an id has at most \(Self.idLimit) bytes", key: "/id")
                }
            case "inputs":
                try scanner.array { scanner throws(ServingError) in
                    guard inputs.count < Self.inputsLimit else { throw .input("too many inputs", key: "/inputs") }
                    inputs.append(try Self.input(&scanner))
                }
            default: try scanner.skipValue()
            }
        }
        try scanner.expectEnd()
        guard let first = inputs.first else { throw .input("there are no inputs", key: "/inputs") }
        self.id = id
        if inputs.count == 1, first.name == "features" {
            (rows, values) = try Self.rows(of: first, width: model.width)
        } else {
            (rows, values) = try Self.rows(of: inputs, model)
        }
    }

    private static func input(_ scanner: inout JSONScanner) throws(ServingError) -> Input {
        var input = Input()
        try scanner.object { key, scanner throws(ServingError) in
            switch key {
            case "name": input.name = try scanner.string()
            case "datatype": input.datatype = try scanner.string()
            case "shape":
                var sizes: [Double] = []
                try scanner.numbers(into: &sizes, limit: 4)
                for size in sizes {
                    guard let whole = Int(exactly: size), whole >= 0 else {
                        throw .input("a size is not a whole number", key: "/inputs/shape")
                    }
                    input.shape.append(whole)
                }
            case "data":
                try scanner.numbers(into: &input.data, limit: valuesLimit)
                input.hasData = true
            default: try scanner.skipValue()
            }
        }
        let key = "/inputs/\(input.name.prefix(64))"
        guard datatypes.contains(input.datatype) else {
            throw .input("datatype '\(input.datatype.prefix(16))' is not a number's", key: key)
        }
        guard input.hasData, !input.shape.isEmpty else { throw .input("an input has name, shape, datatype and data", key: key) }
        return input
    }

    private static func rows(of input: Input, width: Int) throws(ServingError) -> (Int, [Double]) {
        let rows = input.shape.count == 1 ? 1 : input.shape[0]
        guard input.shape.count <= 2, input.shape.last == width else {
            throw .input("shape \(input.shape) is not [rows, \(width)]", key: "/inputs/features/shape")
        }
        guard rows > 0, rows <= valuesLimit, input.data.count == rows * width else {
            throw .input("\(input.data.count) values do not fill shape \(input.shape)", key: "/inputs/features/data")
        }
        return (rows, input.data)
    }

    private static func rows(of inputs: [Input], _ model: LoadedModel) throws(ServingError) -> (Int, [Double]) {
        let rows = inputs[0].data.count
        let width = model.width
        guard inputs.count == width, rows > 0, rows * width <= valuesLimit else {
            throw .input("the model has \(width) features, the request \(inputs.count) inputs", key: "/inputs")
        }
        var values = [Double](repeating: 0, count: rows * width)
        var seen = [Bool](repeating: false, count: width)
        for input in inputs {
            guard let column = model.columns[input.name], !seen[column] else {
                throw .input("'\(input.name.prefix(64))' is not a feature of the model, or comes twice", key: "/inputs")
            }
            guard input.data.count == rows, input.shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == rows
            else {
                throw .input("all inputs have one value a row", key: "/inputs/\(input.name)")
            }
            seen[column] = true
            for row in 0..<rows { values[row * width + column] = input.data[row] }
        }
        return (rows, values)
    }
}
