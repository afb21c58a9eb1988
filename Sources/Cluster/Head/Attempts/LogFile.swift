import Glibc

/// One attempt's output in a file of bounded size: three numbers, the first part as it was written, and a ring for the last.
///
/// The numbers are the end of what is whole from the beginning, and the begin and end of what is whole at the end. They are
/// written after the bytes they speak of.
enum LogFile {
    private struct Extent {
        var firstEnd: Int64 = 0
        var lastBegin: Int64 = 0
        var lastEnd: Int64 = 0
    }

    private static let headerSize = 24
    private static let firstLimit = Int64(TaskOutput.firstLimit)
    private static let ringSize = Int64(TaskOutput.lastLimit)

    /// Adds bytes that begin at `offset` of all that was written. A piece that is there already changes nothing.
    static func add(_ bytes: [UInt8], at offset: Int64, to path: String) throws(AttemptStoreError) {
        guard offset >= 0, offset <= 1 << 60, bytes.count <= TaskOutput.lastLimit else { return }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw AttemptStoreError(path, errno) }
        defer { close(file) }
        var extent = read(file)
        let end = offset + Int64(bytes.count)
        let firstCount = Int(max(0, min(end, firstLimit) - offset))
        if firstCount > 0, offset <= extent.firstEnd, min(end, firstLimit) > extent.firstEnd {
            try write(Array(bytes.prefix(firstCount)), file, at: offset, path)
            extent.firstEnd = min(end, firstLimit)
        }
        let rest = Array(bytes.dropFirst(firstCount))
        let begin = max(offset, firstLimit)
        if !rest.isEmpty, end > extent.lastEnd {
            // After a gap nothing before it is the end any more.
            if begin > extent.lastEnd || extent.lastEnd == 0 { extent.lastBegin = begin }
            let place = (begin - firstLimit) % ringSize
            let beforeWrap = Int(min(Int64(rest.count), ringSize - place))
            try write(Array(rest.prefix(beforeWrap)), file, at: firstLimit + place, path)
            try write(Array(rest.dropFirst(beforeWrap)), file, at: firstLimit, path)
            extent.lastEnd = end
            extent.lastBegin = max(extent.lastBegin, end - ringSize)
        }
        let header = [extent.firstEnd, extent.lastBegin, extent.lastEnd].flatMap {
            withUnsafeBytes(of: $0.littleEndian, Array.init)
        }
        try write(header, file, at: -Int64(headerSize), path)
    }

    /// The parts that are kept: one when they meet, two otherwise.
    static func read(_ path: String) -> [TaskOutput.Piece] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return [] }
        defer { close(file) }
        let extent = read(file)
        var parts = [TaskOutput.Piece(offset: 0, bytes: bytes(file, at: 0, Int(extent.firstEnd)))]
        let count = extent.lastEnd - extent.lastBegin
        if count > 0 {
            let place = (extent.lastBegin - firstLimit) % ringSize
            let beforeWrap = min(count, ringSize - place)
            let last = bytes(file, at: firstLimit + place, Int(beforeWrap)) + bytes(file, at: firstLimit, Int(count - beforeWrap))
            if extent.lastBegin == extent.firstEnd {
                parts[0].bytes += last
            } else {
                parts.append(TaskOutput.Piece(offset: extent.lastBegin, bytes: last))
            }
        }
        return parts.filter { !$0.bytes.isEmpty }
    }

    /// A header that makes no sense is that of an empty file: these files may come back damaged from a crash.
    private static func read(_ file: Int32) -> Extent {
        let header = bytes(file, at: -Int64(headerSize), headerSize)
        guard header.count == headerSize else { return Extent() }
        let numbers = (0..<3).map { index in
            header[(index * 8)..<(index * 8 + 8)].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        let extent = Extent(firstEnd: numbers[0], lastBegin: numbers[1], lastEnd: numbers[2])
        guard (0...firstLimit).contains(extent.firstEnd), extent.lastEnd <= 1 << 61,
            extent.lastEnd == 0 ? extent.lastBegin == 0 : extent.lastBegin >= firstLimit,
            (0...ringSize).contains(extent.lastEnd &- extent.lastBegin)
        else { return Extent() }
        return extent
    }

    /// `offset` counts from the end of the header.
    private static func bytes(_ file: Int32, at offset: Int64, _ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = pread(file, &bytes, count, off_t(offset + Int64(headerSize)))
        return Array(bytes.prefix(max(0, read)))
    }

    private static func write(_ bytes: [UInt8], _ file: Int32, at offset: Int64, _ path: String) throws(AttemptStoreError) {
        guard !bytes.isEmpty else { return }
        guard pwrite(file, bytes, bytes.count, off_t(offset + Int64(headerSize))) == bytes.count else {
            throw AttemptStoreError(path, errno)
        }
    }
}
