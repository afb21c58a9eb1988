/// A one-dimensional Postgres array in the binary format: how a column of many rows travels as one parameter.
struct PostgresArray {
    private var bytes: [UInt8] = []
    private let type: SQLInsert.ColumnType

    /// Room for `count` elements, of which some may be null.
    init(of type: SQLInsert.ColumnType, count: Int) {
        self.type = type
        bytes.reserveCapacity(20 + count * 16)
        add(Int32(1))
        add(Int32(1))
        add(Self.elementType(type))
        add(Int32(clamping: count))
        add(Int32(1))
    }

    /// The finished parameter.
    var parameter: [UInt8] { bytes }

    /// Adds one element; throws when the value is not of the column's type.
    mutating func append(_ value: SQLValue) throws {
        switch (type, value) {
        case (_, .null): add(Int32(-1))
        case (.int, .int(let value)):
            add(Int32(8))
            add(value)
        case (.double, .double(let value)):
            add(Int32(8))
            add(Int64(bitPattern: value.bitPattern))
        case (.text, .text(let value)):
            add(Int32(clamping: value.utf8.count))
            bytes.append(contentsOf: value.utf8)
        case (.blob, .blob(let value)):
            add(Int32(clamping: value.count))
            bytes.append(contentsOf: value)
        default: throw StoreError(.statement, "a value to insert has another type than its column")
        }
    }

    /// The array's type as SQL, such as `bigint[]`.
    static func name(_ type: SQLInsert.ColumnType) -> String {
        switch type {
        case .int: "bigint[]"
        case .double: "float8[]"
        case .text: "text[]"
        case .blob: "bytea[]"
        }
    }

    /// The object ids of the element types, which are the same in every Postgres.
    private static func elementType(_ type: SQLInsert.ColumnType) -> Int32 {
        switch type {
        case .int: 20
        case .double: 701
        case .text: 25
        case .blob: 17
        }
    }

    private mutating func add(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
