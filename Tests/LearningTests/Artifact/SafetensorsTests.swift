import Foundation
import Learning
import Statistics
import Testing

@Suite struct SafetensorsTests {
    private let tensors = [Tensor(name: "b", [1, -2.5, .pi]), Tensor(name: "a", [0.1]), Tensor(name: "empty", [])]

    /// A file with a header of one's own.
    private func file(_ header: String, data: Int) -> [UInt8] {
        var text = Array(header.utf8)
        while !text.count.isMultiple(of: 8) { text.append(0x20) }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + [UInt8](repeating: 0, count: data)
    }

    private func code(_ bytes: [UInt8]) throws -> String {
        try #require(throws: LearningError.self) { try Safetensors.decode(bytes) }.code
    }

    @Test("tensors survive, ordered by name, and the order of writing does not matter")
    func roundTrip() throws {
        let bytes = try Safetensors.encode(tensors)
        #expect(try Safetensors.decode(bytes) == tensors.sorted { $0.name < $1.name })
        #expect(try Safetensors.encode(tensors.reversed()) == bytes)
        #expect(bytes.count.isMultiple(of: 8))
        #expect(try Safetensors.decode(Safetensors.encode([])) == [])
    }

    @Test("values keep their bits, those of NaN and minus zero too")
    func bits() throws {
        let values = [-0.0, .nan, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        let read = try Safetensors.decode(Safetensors.encode([Tensor(name: "x", values)]))
        #expect(read[0].values.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test("a file that Python's safetensors wrote is read")
    func python() throws {
        let read = try Safetensors.decode(Array(Data(contentsOf: Fixtures.referenceFile("python.safetensors"))))
        #expect(read.map(\.name) == ["intercept", "weights"])
        #expect(read[0].values == [-0.25] && read[1].values == [0.1, 1e-300, -3])
        #expect(read[0].shape == [1] && read[1].shape == [3])
    }

    @Test("metadata of other writers is passed over")
    func metadata() throws {
        let bytes = file(#"{"__metadata__":{"format":"np"},"x":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]}}"#, data: 16)
        let read = try Safetensors.decode(bytes)
        #expect(read.map(\.name) == ["x"] && read[0].shape == [2, 1] && read[0].values == [0, 0])
    }

    @Test(
        "ranges that overlap, leave holes, leave the file or contradict shapes are out of bounds",
        arguments: [
            (
                #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"y":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}}"#,
                24
            ),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"y":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 8),
            (
                #"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"y":{"dtype":"F64","shape":[1],"data_offsets":[16,24]}}"#,
                24
            ),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#, 16),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}"#, 12),
            (#"{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 16),
            (#"{"x":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}"#, 16),
            (#"{"x":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[-1,-1],"data_offsets":[0,8]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,9223372036854775807]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[-9223372036854775808,9223372036854775807]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[1099511627776,1099511627776],"data_offsets":[0,8]}}"#, 8),
            (#"{"x":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#, 0),
            (#"{"x":{"dtype":"F64","shape":[4611686018427387904,4,0],"data_offsets":[0,8]}}"#, 8),
            (#"{}"#, 8),
        ])
    func bounds(_ header: String, _ data: Int) throws {
        #expect(try code(file(header, data: data)) == "E_TENSOR_BOUNDS")
    }

    @Test("data that does not begin on a multiple of eight is out of bounds")
    func alignment() throws {
        let header = Array(#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#.utf8)
        try #require(!header.count.isMultiple(of: 8))
        let bytes =
            withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + [UInt8](repeating: 0, count: 8)
        #expect(try code(bytes) == "E_TENSOR_BOUNDS")
    }

    @Test(
        "anything but a header of F64 tensors is not the format",
        arguments: [
            "", "null", "[]", "{", #"{"x":1}"#, #"{"x":{"dtype":"F64","shape":[1]}}"#,
            #"{"x":{"dtype":1,"shape":[1],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F64","shape":[1.5],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F64","shape":[1e99],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F64","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
            String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 50_000), "\u{0}\u{1}",
        ])
    func format(_ header: String) throws {
        #expect(try code(file(header, data: 8)) == "E_ARTIFACT_FORMAT")
    }

    @Test("a header that is longer than the file or the limit is refused before it is read")
    func headerLength() throws {
        for length: UInt64 in [.max, 1 << 63, 1 << 20 + 1, 9] {
            #expect(
                try code(withUnsafeBytes(of: length.littleEndian) { Array($0) } + [UInt8](repeating: 0x20, count: 8))
                    == "E_ARTIFACT_FORMAT")
        }
        let long = [UInt8](repeating: 0x20, count: Safetensors.maximumHeader + 8)
        #expect(try code(withUnsafeBytes(of: UInt64(long.count).littleEndian) { Array($0) } + long) == "E_ARTIFACT_FORMAT")
    }

    @Test("names that cannot be written are refused")
    func names() {
        #expect(throws: LearningError.self) { try Safetensors.encode([Tensor(name: "x", [1]), Tensor(name: "x", [2])]) }
        #expect(throws: LearningError.self) { try Safetensors.encode([Tensor(name: "__metadata__", [1])]) }
    }

    @Test("every truncation is refused, and no byte with any bit turned over traps")
    func damage() throws {
        let bytes = try Safetensors.encode(tensors)
        for length in 0..<bytes.count {
            #expect(["E_ARTIFACT_FORMAT", "E_TENSOR_BOUNDS"].contains(try code(Array(bytes[..<length]))), "length \(length)")
        }
        var refused = 0
        for place in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[place] ^= 1 << UInt8(bit)
                do {
                    let read = try Safetensors.decode(damaged)
                    #expect(read.reduce(0) { $0 + $1.values.count } == 4)
                } catch { refused += 1 }
            }
        }
        #expect(refused > 400)
    }

    @Test("random bytes are refused")
    func noise() throws {
        var random = SplitMix64(seed: 5)
        for _ in 0..<3_000 {
            let count = Int(random.integer(below: 200))
            let header = Int(random.integer(below: 64))
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if count > 8 { bytes.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(header).littleEndian) { Array($0) }) }
            #expect(throws: LearningError.self) { try Safetensors.decode(bytes) }
        }
    }
}
