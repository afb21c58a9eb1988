import Diagnostics

/// Reads one dataset file from bytes that nobody vouches for.
///
/// Nothing is allocated before the bytes that justify it were seen: the number of blocks follows from the length of the
/// header, and a block cannot unpack to more than LZ4's highest ratio allows.
struct DatasetDecoder {
    private let bytes: UnsafeRawBufferPointer

    private struct Block {
        var packedLength: Int
        var checksum: UInt64
    }

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func decode(expecting sha256: String?) throws(MarketDataError) -> Dataset {
        var cursor = ByteCursor(bytes)
        var header = try openHeader(&cursor)
        let stated = Hex.string(try header.take(32, "the content hash"))
        if let sha256, sha256 != stated {
            throw MarketDataError(
                .datasetHash, "the file holds dataset \(stated), not \(sha256)", place: .offset(DatasetFile.prefixLength))
        }
        let directory = try readDirectory(&header)
        var series: [Bars] = []
        for (symbol, rows) in directory { series.append(try readSeries(symbol, rows, &header, &cursor)) }
        guard header.remaining == 0, cursor.remaining == 0 else {
            throw damaged("\(header.remaining + cursor.remaining) bytes too many", at: cursor.offset)
        }
        let dataset: Dataset
        do throws(MarketDataError) {
            dataset = try Dataset(series: series)
        } catch {
            throw damaged("its content breaks a rule: \(error.message)", at: DatasetFile.prefixLength)
        }
        guard dataset.sha256 == stated else {
            throw MarketDataError(
                .datasetHash, "the file says it holds dataset \(stated), but its content hashes to \(dataset.sha256)",
                place: .offset(DatasetFile.prefixLength))
        }
        return dataset
    }

    /// Checks magic, version and checksum, and returns a cursor over the header alone.
    private func openHeader(_ cursor: inout ByteCursor) throws(MarketDataError) -> ByteCursor {
        guard try cursor.take(8, "the magic").elementsEqual(DatasetFile.magic) else {
            throw MarketDataError(
                .datasetFormat, "these bytes are not a Bellwether dataset file", place: .offset(0),
                hint: "import CSV or JSON Lines files first")
        }
        let version: UInt32 = try cursor.integer("the version")
        guard version == DatasetFile.version else {
            throw MarketDataError(
                .datasetVersion, "the dataset file has version \(version); this program reads \(DatasetFile.version)",
                place: .offset(8))
        }
        let length: UInt32 = try cursor.integer("the header's length")
        let checksum: UInt64 = try cursor.integer("the header's checksum")
        let header = try cursor.take(Int(length), "the header")
        guard XXH64.hash(header) == checksum else { throw damaged("the header's checksum does not match", at: 16) }
        return ByteCursor(header)
    }

    private func readDirectory(_ header: inout ByteCursor) throws(MarketDataError) -> [(String, Int)] {
        let count: UInt32 = try header.integer("the number of series")
        guard count > 0, count <= DatasetFile.maximumSeries else { throw damaged("\(count) series", at: header.offset) }
        var directory: [(String, Int)] = []
        var total = 0
        for _ in 0..<count {
            let length: UInt16 = try header.integer("a symbol's length")
            let symbol = String(decoding: try header.take(Int(length), "a symbol"), as: UTF8.self)
            let rows: UInt64 = try header.integer("a number of bars")
            guard rows > 0, rows <= DatasetFile.maximumRows - total else {
                throw damaged("\(rows) bars in a series", at: header.offset)
            }
            total += Int(rows)
            directory.append((symbol, Int(rows)))
        }
        return directory
    }

    private func readSeries(
        _ symbol: String, _ rows: Int, _ header: inout ByteCursor, _ cursor: inout ByteCursor
    ) throws(MarketDataError) -> Bars {
        let time = try readColumn(0, rows, &header, &cursor, as: Int64.self)
        var columns: [[Double]] = []
        for column in 1...6 { columns.append(try readColumn(column, rows, &header, &cursor, as: Double.self)) }
        return Bars(
            unchecked: symbol, time: time, open: columns[0], high: columns[1], low: columns[2], close: columns[3],
            adjustedClose: columns[4], volume: columns[5])
    }

    /// Reads one column of words of type `Word`, which is Int64 or Double.
    private func readColumn<Word: BitwiseCopyable>(
        _ column: Int, _ rows: Int, _ header: inout ByteCursor, _ cursor: inout ByteCursor, as: Word.Type
    ) throws(MarketDataError) -> [Word] {
        let name = DatasetFile.columnNames[column]
        let blocks = try readBlocks(rows, &header, &cursor, name)
        var failure: MarketDataError?
        let values = [Word](unsafeUninitializedCapacity: rows) { buffer, initialized in
            do throws(MarketDataError) {
                try unpack(blocks, rows, column, &cursor, into: UnsafeMutableRawBufferPointer(buffer))
                initialized = rows
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }

    /// The column's entries of the header, checked to be possible and to be there.
    private func readBlocks(
        _ rows: Int, _ header: inout ByteCursor, _ cursor: inout ByteCursor, _ name: String
    ) throws(MarketDataError) -> [Block] {
        let count = BlockCodec.blocks(rows: rows)
        guard count <= header.remaining / 12 else { throw damaged("fewer blocks than its bars need", at: header.offset) }
        var blocks: [Block] = []
        var total = 0
        for number in 0..<count {
            let length: UInt32 = try header.integer("a block's length")
            let checksum: UInt64 = try header.integer("a block's checksum")
            let words = BlockCodec.words(in: number, rows: rows)
            guard Int(length) >= BlockCodec.leastBytes(words: words), Int(length) <= BlockCodec.mostBytes(words: words) else {
                throw damaged("a block of \(length) bytes for \(words) values of \(name)", at: cursor.offset)
            }
            total += Int(length)
            blocks.append(Block(packedLength: Int(length), checksum: checksum))
        }
        guard total <= cursor.remaining else {
            throw damaged("it ends within column \(name): \(total) bytes needed, \(cursor.remaining) left", at: cursor.offset)
        }
        return blocks
    }

    private func unpack(
        _ blocks: [Block], _ rows: Int, _ column: Int, _ cursor: inout ByteCursor,
        into target: UnsafeMutableRawBufferPointer
    ) throws(MarketDataError) {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: BlockCodec.length * 8, alignment: 8)
        defer { scratch.deallocate() }
        for (number, block) in blocks.enumerated() {
            let offset = cursor.offset
            let packed = try cursor.take(block.packedLength, "a block")
            let start = number * BlockCodec.length
            let end = start + BlockCodec.words(in: number, rows: rows)
            let part = UnsafeMutableRawBufferPointer(rebasing: target[start * 8..<end * 8])
            guard XXH64.hash(packed) == block.checksum,
                BlockCodec.unpack(packed, differences: column == 0, into: part, scratch: scratch)
            else {
                throw damaged("block \(number) of column \(DatasetFile.columnNames[column]) is not what was written", at: offset)
            }
        }
    }

    private func damaged(_ reason: String, at offset: Int) -> MarketDataError {
        MarketDataError(
            .datasetFormat, "the dataset file is damaged: \(reason)", place: .offset(offset),
            hint: "import or fetch the dataset again")
    }
}
