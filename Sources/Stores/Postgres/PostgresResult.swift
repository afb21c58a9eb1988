import CPostgres

/// A result of libpq's, freed with this object.
final class PostgresResult {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var isSuccess: Bool {
        let status = PQresultStatus(pointer)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    /// The five characters that name an error; nil when the server sent none, because the connection broke.
    var sqlState: String? { PQresultErrorField(pointer, CInt(UInt8(ascii: "C"))).map { String(cString: $0) } }

    /// The error in one sentence.
    var message: String { PQresultErrorField(pointer, CInt(UInt8(ascii: "M"))).map { String(cString: $0) } ?? "no message" }

    /// What the server calls the command it ran, such as `COMMIT`.
    var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    /// How many rows the command changed.
    var changed: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// All rows; throws when a column has a type the stores do not use.
    func rows() throws -> [SQLRow] {
        let width = PQnfields(pointer)
        let columns = SQLColumns((0..<width).map { String(cString: PQfname(pointer, $0)) })
        let types = (0..<width).map { PQftype(pointer, $0) }
        return try (0..<PQntuples(pointer)).map { row in
            SQLRow(columns: columns, values: try (0..<width).map { try value(row, $0, types[Int($0)]) })
        }
    }

    private func value(_ row: CInt, _ column: CInt, _ type: Oid) throws -> SQLValue {
        if PQgetisnull(pointer, row, column) == 1 { return .null }
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
        switch (type, bytes.count) {
        case (20, 8): return .int(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case (23, 4): return .int(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
        case (21, 2): return .int(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
        case (16, 1): return .bool(bytes[0] != 0)
        case (701, 8): return .double(Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))))
        case (25, _), (1043, _), (19, _), (705, _): return .text(String(decoding: bytes, as: UTF8.self))
        case (17, _): return .blob([UInt8](bytes))
        // The result of a function that returns nothing.
        case (2278, _): return .null
        default: throw StoreError(.statement, "a column has the type \(type), which the stores do not use")
        }
    }
}
