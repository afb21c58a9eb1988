import Diagnostics
import FoundationEssentials

/// The safetensors file format, for tensors of doubles.
///
/// Eight bytes with the header's length, little endian; the header, a JSON object that gives each tensor's type, shape and byte
/// range, padded with spaces to a multiple of eight; then the tensors' bytes, little endian. Reading treats the bytes as hostile:
/// the ranges must tile the data exactly, each on a multiple of eight and as long as its shape says.
package enum Safetensors {
    /// The longest header that is read, in bytes.
    package static let maximumHeader = 1 << 20

    /// The file of some tensors, ordered by name: the same tensors always give the same bytes.
    ///
    /// Throws `E_ARTIFACT_FORMAT` when two tensors have one name or a shape does not fit its values.
    package static func encode(_ tensors: [Tensor]) throws(LearningError) -> [UInt8] {
        var header: [String: Entry] = [:]
        var data: [UInt8] = []
        let ordered = tensors.sorted { $0.name < $1.name }
        data.reserveCapacity(8 * ordered.reduce(0) { $0 + $1.values.count })
        for tensor in ordered {
            guard header[tensor.name] == nil, tensor.name != Header.metadata, elements(of: tensor.shape) == tensor.values.count
            else {
                throw LearningError(.artifactFormat, "the tensor '\(tensor.name)' has a name or a shape that cannot be written")
            }
            let start = data.count
            for value in tensor.values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            header[tensor.name] = Entry(dtype: "F64", shape: tensor.shape, data_offsets: [start, data.count])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text: [UInt8]
        do {
            text = try Array(encoder.encode(header))
        } catch {
            throw LearningError(.artifactFormat, "the tensors' header cannot be written: \(error)")
        }
        while !text.count.isMultiple(of: 8) { text.append(UInt8(ascii: " ")) }
        var file: [UInt8] = []
        file.reserveCapacity(8 + text.count + data.count)
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
        return file + text + data
    }

    /// The tensors of a file, ordered by name.
    ///
    /// Throws `E_ARTIFACT_FORMAT` when it is not a safetensors file or holds anything but doubles, and `E_TENSOR_BOUNDS` when
    /// its ranges overlap, leave holes, lie outside the file, are misaligned or contradict a shape.
    package static func decode(_ file: [UInt8]) throws(LearningError) -> [Tensor] {
        guard file.count >= 8 else {
            throw LearningError(
                .artifactFormat, "a file of \(file.count) bytes is too short for a header", place: .offset(file.count))
        }
        var length: UInt64 = 0
        for place in (0..<8).reversed() { length = length << 8 | UInt64(file[place]) }
        guard length <= UInt64(min(maximumHeader, file.count - 8)) else {
            throw LearningError(
                .artifactFormat, "a header of \(length) bytes does not fit a file of \(file.count), or is above \(maximumHeader)",
                place: .offset(0))
        }
        let start = 8 + Int(length)
        guard start.isMultiple(of: 8) else {
            throw bounds("the data begins at byte \(start), which is not a multiple of 8", at: 0)
        }
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(file[8..<start]))
        } catch {
            throw LearningError(.artifactFormat, "the header is not a JSON object of tensors", place: .offset(8))
        }
        var expected = 0
        var tensors: [Tensor] = []
        for (name, entry) in header.entries.sorted(by: { Order($0.value, $0.key) < Order($1.value, $1.key) }) {
            guard entry.dtype == "F64" else {
                throw LearningError(
                    .artifactFormat, "a tensor is of type \(entry.dtype.prefix(16)), but only F64 is read", place: .offset(8))
            }
            guard entry.data_offsets.count == 2 else { throw bounds("a tensor has no byte range", at: 8) }
            let (begin, end) = (entry.data_offsets[0], entry.data_offsets[1])
            guard begin == expected, end >= begin, end <= file.count - start else {
                throw bounds("a tensor's range \(begin)..<\(end) does not follow byte \(expected) or leaves the file", at: 8)
            }
            guard let count = elements(of: entry.shape), count.multipliedReportingOverflow(by: 8) == (end - begin, false) else {
                throw bounds("a tensor's \(end - begin) bytes do not go with its shape", at: 8)
            }
            let values = (0..<count).map { element in number(in: file, at: start + begin + 8 * element) }
            tensors.append(Tensor(name: name, shape: entry.shape, values: values))
            expected = end
        }
        guard expected == file.count - start else {
            throw bounds("\(file.count - start - expected) bytes after the last tensor belong to none", at: start + expected)
        }
        return tensors.sorted { $0.name < $1.name }
    }

    private static func number(in file: [UInt8], at offset: Int) -> Double {
        var bits: UInt64 = 0
        for place in (0..<8).reversed() { bits = bits << 8 | UInt64(file[offset + place]) }
        return Double(bitPattern: bits)
    }

    /// The product of the sizes, or nil when one is negative or the product overflows.
    private static func elements(of shape: [Int]) -> Int? {
        var product = 1
        for size in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else { return nil }
            product = next
        }
        return product
    }

    private static func bounds(_ message: String, at offset: Int) -> LearningError {
        LearningError(.tensorBounds, message, place: .offset(offset))
    }

    /// Tensors in order of their ranges; an empty one comes before the one that starts where it does.
    private struct Order: Comparable {
        let range: [Int]
        let name: String

        init(_ entry: Entry, _ name: String) {
            range = entry.data_offsets
            self.name = name
        }

        static func < (a: Order, b: Order) -> Bool {
            a.range == b.range ? a.name < b.name : a.range.lexicographicallyPrecedes(b.range)
        }
    }

    private struct Entry: Codable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    /// The header: an entry per tensor, and metadata for people, which is not read.
    private struct Header: Decodable {
        static let metadata = "__metadata__"
        var entries: [String: Entry] = [:]

        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for key in container.allKeys where key.stringValue != Self.metadata {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }
}
