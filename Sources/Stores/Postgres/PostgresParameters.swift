import CPostgres

/// Parameters of one statement in the form libpq takes them: one buffer, and where in it each value lies.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    /// Offset into `bytes`, or nil for null.
    private var offsets: [Int?] = []
    private var lengths: [CInt] = []
    /// 0 for text, 1 for binary.
    private var formats: [CInt] = []

    init() {}

    init(_ values: [SQLValue]) throws {
        for value in values { try append(value) }
    }

    var count: Int { offsets.count }

    /// Numbers travel as text so that the server converts them to whatever the statement needs.
    private mutating func append(_ value: SQLValue) throws {
        switch value {
        case .null: add(nil as [UInt8]?, binary: false)
        case .int(let value): add(String(value).utf8, binary: false)
        case .double(let value): add(value.description.utf8, binary: false)
        case .text(let value): add(value.utf8, binary: true)
        case .blob(let value): add(value, binary: true)
        }
        try checkSize()
    }

    /// Adds bytes that are a value in Postgres' binary format already.
    mutating func appendBinary(_ value: [UInt8]) throws {
        add(value, binary: true)
        try checkSize()
    }

    private mutating func add(_ value: (some Collection<UInt8>)?, binary: Bool) {
        formats.append(binary ? 1 : 0)
        guard let value else {
            offsets.append(nil)
            lengths.append(0)
            return
        }
        offsets.append(bytes.count)
        lengths.append(CInt(clamping: value.count))
        bytes.append(contentsOf: value)
        // Text parameters end with a zero byte.
        if !binary { bytes.append(0) }
    }

    private func checkSize() throws {
        guard bytes.count < 1 << 29 else {
            throw StoreError(.statement, "the values of one statement have more than 512 MiB")
        }
    }

    /// Calls `body` with the arrays libpq takes: values, lengths, formats.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) throws -> Result
    ) rethrows -> Result {
        // One byte more, so that an empty last value has an address that is not null.
        var buffer = bytes
        buffer.append(0)
        return try buffer.withUnsafeBytes { raw in
            let values = offsets.map { offset in
                offset.flatMap { raw.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return try values.withUnsafeBufferPointer { values in
                try lengths.withUnsafeBufferPointer { lengths in
                    try formats.withUnsafeBufferPointer { formats in
                        try body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
