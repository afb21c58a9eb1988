import Diagnostics

/// The form in which a dataset is kept and sent: columns in LZ4 blocks, each with its checksum.
///
/// ## Layout, version 1 (integers little-endian)
///
///     offset  bytes
///          0      8  magic: 89 42 57 44 0D 0A 1A 0A (a transfer as text damages it visibly)
///          8      4  version, 1
///         12      4  length of the header
///         16      8  XXH64 of the header
///         24      …  header
///                        32  SHA-256 of the canonical content (see `Dataset`)
///                         4  number of series
///                        for each series: symbol length (2), symbol, number of bars (8)
///                        for each series, for each of its columns time, open, high, low, close, adjustedClose, volume,
///                        for each block of 16,384 values (the last may be shorter): packed length (4), XXH64 of the
///                        packed bytes (8)
///          …      …  the packed blocks in the same order, up to the end of the file
///
/// A block is an LZ4 block of the values as 64-bit words (times as differences from the value before, the first from 0),
/// bytes transposed: all lowest bytes first. Every byte of the file is covered: the header by its checksum, each block by
/// its own, the whole by the SHA-256 that is the dataset's name.
package enum DatasetFile {
    /// The most bars of all series together that a file may hold.
    package static let maximumRows = 1 << 28
    /// The most series that a dataset may hold.
    package static let maximumSeries = 1 << 16
    static let magic: [UInt8] = [0x89, 0x42, 0x57, 0x44, 0x0D, 0x0A, 0x1A, 0x0A]
    static let version: UInt32 = 1
    static let prefixLength = 24
    static let columnNames = ["time", "open", "high", "low", "close", "adjusted close", "volume"]

    /// The file's bytes for `dataset`. Throws `E_DATA_TOO_LARGE` when it is over the limits.
    package static func encode(_ dataset: Dataset) throws(MarketDataError) -> [UInt8] {
        guard dataset.totalRows <= maximumRows, dataset.series.count <= maximumSeries else {
            throw MarketDataError(
                .dataTooLarge,
                "\(dataset.totalRows) bars in \(dataset.series.count) series are more than \(maximumRows) in \(maximumSeries)")
        }
        var header = Hex.bytes(dataset.sha256) ?? []
        append(UInt32(dataset.series.count), to: &header)
        for bars in dataset.series {
            append(UInt16(bars.symbol.utf8.count), to: &header)
            header.append(contentsOf: bars.symbol.utf8)
            append(UInt64(bars.count), to: &header)
        }
        var blocks: [UInt8] = []
        for bars in dataset.series {
            try pack(bars.time, differences: true, header: &header, blocks: &blocks)
            for column in [bars.open, bars.high, bars.low, bars.close, bars.adjustedClose, bars.volume] {
                try pack(column, differences: false, header: &header, blocks: &blocks)
            }
        }
        guard let length = UInt32(exactly: header.count) else {
            throw MarketDataError(.dataTooLarge, "the header of \(header.count) bytes is too large")
        }
        var file = magic
        append(version, to: &file)
        append(length, to: &file)
        append(header.withUnsafeBytes { XXH64.hash($0) }, to: &file)
        file.reserveCapacity(file.count + header.count + blocks.count)
        file.append(contentsOf: header)
        file.append(contentsOf: blocks)
        return file
    }

    /// Writes `dataset` to `path`, whole or not at all, and returns the number of bytes. Throws `E_DATA_WRITE` or
    /// `E_DATA_TOO_LARGE`.
    @discardableResult
    package static func write(_ dataset: Dataset, to path: String) throws(MarketDataError) -> Int {
        let bytes = try encode(dataset)
        try AtomicFile.write(bytes, to: path)
        return bytes.count
    }

    /// Reads and verifies the file at `path`.
    ///
    /// Throws `E_DATA_FILE` (no such regular file), `E_DATASET_FORMAT` (damaged, or no dataset file),
    /// `E_DATASET_VERSION`, or `E_DATASET_HASH` (not the content it says, or not the `sha256` that was expected).
    package static func read(_ path: String, expecting sha256: String? = nil) throws(MarketDataError) -> Dataset {
        let bytes = try InputFile(path: path, limit: 1 << 36).readAll(samePath: false)
        do throws(MarketDataError) {
            return try decode(bytes, expecting: sha256)
        } catch {
            throw MarketDataError(
                error.kind, error.message + (error.place.map { " (\($0))" } ?? ""), place: .file(path), hint: error.hint)
        }
    }

    /// The dataset in the bytes of a file; throws as `read` does, with byte offsets as places.
    package static func decode(_ bytes: [UInt8], expecting sha256: String? = nil) throws(MarketDataError) -> Dataset {
        try bytes.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in
            try DatasetDecoder(UnsafeRawBufferPointer(buffer)).decode(expecting: sha256)
        }
    }

    private static func append(_ integer: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func pack<Word: BitwiseCopyable>(
        _ column: [Word], differences: Bool, header: inout [UInt8], blocks: inout [UInt8]
    ) throws(MarketDataError) {
        try column.withUnsafeBufferPointer { (values) throws(MarketDataError) in
            let words = UnsafeRawBufferPointer(values)
            for block in 0..<BlockCodec.blocks(rows: values.count) {
                let start = block * BlockCodec.length
                let end = start + BlockCodec.words(in: block, rows: values.count)
                let packed = try BlockCodec.pack(
                    UnsafeRawBufferPointer(rebasing: words[start * 8..<end * 8]), differences: differences, into: &blocks)
                append(UInt32(packed.bytes), to: &header)
                append(packed.checksum, to: &header)
            }
        }
    }
}
