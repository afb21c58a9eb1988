import Testing

@testable import Cluster

@Suite struct TaskOutputTests {
    private func bytes(_ text: String) -> ArraySlice<UInt8> { ArraySlice(text.utf8) }

    private func drain(_ output: inout TaskOutput) -> [TaskOutput.Piece] {
        var pieces: [TaskOutput.Piece] = []
        while let piece = output.take(all: true) { pieces.append(piece) }
        return pieces
    }

    @Test func `what fits is handed over whole, in pieces that join`() {
        var output = TaskOutput()
        let text = String(repeating: "a line of output\n", count: 20_000)
        output.append(bytes(text))
        let pieces = drain(&output)
        #expect(pieces.flatMap(\.bytes) == Array(text.utf8))
        var end: Int64 = 0
        for piece in pieces {
            #expect(piece.offset == end && piece.bytes.count <= TaskOutput.pieceLimit)
            end += Int64(piece.bytes.count)
        }
        #expect(output.isEmpty && output.take() == nil)
    }

    @Test func `42: of a flood the first and the last part stay, at their places, in bounded memory`() {
        var output = TaskOutput()
        let line = "0123456789abcde\n"
        let count = 4 << 20
        for _ in 0..<count / 64 { output.append(bytes(String(repeating: line, count: 64))) }
        let pieces = drain(&output)
        let kept = pieces.reduce(0) { $0 + $1.bytes.count }
        #expect(
            kept <= TaskOutput.firstLimit + TaskOutput.lastLimit && kept >= TaskOutput.firstLimit + TaskOutput.lastLimit - 64 * 16
        )
        #expect(pieces.first?.offset == 0)
        #expect(pieces.last.map { $0.offset + Int64($0.bytes.count) } == Int64(count * line.utf8.count))
        for piece in pieces {
            #expect(piece.bytes.first == UInt8(ascii: "0") || piece.offset % 16 != 0)
            #expect(piece.bytes.enumerated().allSatisfy { Array(line.utf8)[Int((piece.offset + Int64($0)) % 16)] == $1 })
        }
    }

    @Test func `a character is not cut in two while more may come`() {
        var output = TaskOutput()
        let euro = Array("€".utf8)
        output.append([UInt8(ascii: "x")] + euro[..<2])
        #expect(output.take()?.bytes == [UInt8(ascii: "x")])
        #expect(output.take() == nil)
        output.append(euro[2...])
        #expect(output.take()?.bytes == euro)
        output.append(euro[..<1])
        #expect(output.take() == nil)
        #expect(output.take(all: true)?.bytes == Array(euro[..<1]))
    }

    @Test func `bytes that are no text at all are handed over too`() {
        var output = TaskOutput()
        let noise = (0..<200_000).map { UInt8(truncatingIfNeeded: 0x80 | $0) }
        output.append(noise[...])
        #expect(drain(&output).flatMap(\.bytes) == noise)
    }
}
