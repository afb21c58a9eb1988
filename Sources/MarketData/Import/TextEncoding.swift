import Diagnostics

/// Recognizes files that are not UTF-8 text by their first bytes.
enum TextEncoding {
    /// The length of the UTF-8 byte order mark at the start of `bytes`: 3 or 0.
    static func byteOrderMark(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Throws `E_DATA_ENCODING` that names what the bytes look like instead of text.
    static func check(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws(MarketDataError) {
        guard let (found, hint) = suspicion(bytes) else { return }
        throw MarketDataError(
            .dataEncoding, "the file is \(found), not UTF-8 text", place: .row(file: file, row: 1, column: nil), hint: hint)
    }

    private static func suspicion(_ bytes: UnsafeBufferPointer<UInt8>) -> (String, String)? {
        let convert = "convert it, for example with: iconv -f UTF-16 -t UTF-8"
        let signatures: [([UInt8], String, String)] = [
            ([0xFF, 0xFE, 0, 0], "UTF-32", "convert it, for example with: iconv -f UTF-32 -t UTF-8"),
            ([0, 0, 0xFE, 0xFF], "UTF-32", "convert it, for example with: iconv -f UTF-32 -t UTF-8"),
            ([0xFF, 0xFE], "UTF-16 (little-endian)", convert), ([0xFE, 0xFF], "UTF-16 (big-endian)", convert),
            ([0x1F, 0x8B], "gzip-compressed", "unpack it first"), ([0x50, 0x4B, 3, 4], "a zip archive", "unpack it first"),
            ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed", "unpack it first"),
            (Array("PAR1".utf8), "a Parquet file", "export it as CSV first"),
            (DatasetFile.magic, "a Bellwether dataset file", "it is imported already"),
        ]
        for (signature, name, hint) in signatures where bytes.starts(with: signature) { return (name, hint) }
        let start = bytes.prefix(256)
        guard let zero = start.firstIndex(of: 0) else { return nil }
        let isEverySecond = start.count >= 4 && zero < 2 && start[zero + 2] == 0
        return isEverySecond ? ("UTF-16 without a byte order mark", convert) : ("binary (it has NUL bytes)", "export it as CSV")
    }
}
