import Diagnostics
import Foundation
import Testing

@testable import MarketData

/// The function of the C library that sets on whose behalf this thread opens files.
private typealias SetFileUser = @convention(c) (UInt32) -> Int32

@Suite struct InputFileTests {
    private let text = "Date,Open,High,Low,Close\n1999-01-04,1,1,1,1\n"

    private func expectRefusal(_ path: String, says: String, location: SourceLocation = #_sourceLocation) {
        let error = failure { try DatasetImport.file(path) }
        #expect(error?.code == "E_DATA_FILE", sourceLocation: location)
        #expect(error?.category == .input, sourceLocation: location)
        #expect(error?.place == .file(path), sourceLocation: location)
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")", sourceLocation: location)
    }

    @Test("70: what is not a regular file is refused at once")
    func notRegular() throws {
        try withFolder { folder in
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/real.csv"))
            try FileManager.default.createSymbolicLink(atPath: folder + "/link.csv", withDestinationPath: folder + "/real.csv")
            #expect(mkfifo(folder + "/pipe.csv", 0o644) == 0)
            expectRefusal(folder + "/link.csv", says: "symbolic link")
            expectRefusal(folder + "/pipe.csv", says: "pipe")
            expectRefusal(folder, says: "folder")
            expectRefusal(folder + "/none.csv", says: "does not exist")
            expectRefusal(folder + "/real.csv/x", says: "not a folder")
            expectRefusal("/dev/zero", says: "device")
            expectRefusal(folder + "/" + String(repeating: "x", count: 300), says: "too long")
            #expect(failure { try DatasetImport.file("") }?.code == "E_DATA_FILE")
            #expect(failure { try DatasetImport.file(folder + "/real.csv\u{0}.txt") }?.code == "E_DATA_FILE")
            #expect(failure { try DatasetImport.file(folder + "/real.csv") } == nil)
        }
    }

    @Test("70: a sparse file of a terabyte is refused before it is read")
    func sparse() throws {
        try withFolder { folder in
            let path = folder + "/sparse.csv"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(truncate(path, 1 << 40) == 0)
            expectRefusal(path, says: "more than the limit")
            #expect(failure { try DatasetImport.file(path, options: ImportOptions(maximumFileBytes: 10)) }?.code == "E_DATA_FILE")
        }
    }

    @Test("70: a file that may not be read is refused")
    func forbidden() throws {
        try withFolder { folder in
            let path = folder + "/secret.csv"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(chmod(folder, 0o755) == 0)
            #expect(chmod(path, 0) == 0)
            // The superuser may read everything, so this thread opens files as somebody else meanwhile.
            let symbol = try #require(dlsym(nil, "setfsuid"))
            let setFileUser = unsafeBitCast(symbol, to: SetFileUser.self)
            let isRoot = geteuid() == 0
            if isRoot { _ = setFileUser(65_534) }
            defer { if isRoot { _ = setFileUser(0) } }
            expectRefusal(path, says: "may not be read")
        }
    }

    @Test("68: a file that grows, shrinks, is touched or replaced while it is read")
    func changed() throws {
        try withFolder { folder in
            let changes: [(String, (String) throws -> Void)] = [
                (
                    "grows",
                    { path in
                        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                        try handle.seekToEnd()
                        try handle.write(contentsOf: Data("1999-01-05,1,1,1,1\n".utf8))
                        try handle.close()
                    }
                ),
                ("shrinks", { path in #expect(truncate(path, 30) == 0) }),
                (
                    "is touched",
                    { path in
                        try FileManager.default.setAttributes(
                            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
                    }
                ),
                (
                    "is replaced",
                    { path in
                        try Data(self.text.utf8).write(to: URL(fileURLWithPath: path + ".new"))
                        #expect(rename(path + ".new", path) == 0)
                    }
                ),
                ("is removed", { path in try FileManager.default.removeItem(atPath: path) }),
            ]
            for (name, change) in changes {
                let path = folder + "/data.csv"
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                let file = try InputFile(path: path, limit: 1 << 30)
                try change(path)
                let error = failure { try DatasetImport.file(file, options: ImportOptions()) }
                #expect(error?.code == "E_DATA_CHANGED", "\(name): \(String(describing: error))")
                #expect(error?.place == .file(path))
            }
        }
    }

    @Test("68: a file cut at the end of a row while it is read is still noticed")
    func cutAtRow() throws {
        try withFolder { folder in
            let path = folder + "/data.csv"
            try Data((text + "1999-01-05,1,1,1,1\n").utf8).write(to: URL(fileURLWithPath: path))
            let file = try InputFile(path: path, limit: 1 << 30)
            #expect(truncate(path, off_t(text.utf8.count)) == 0)
            #expect(failure { try DatasetImport.file(file, options: ImportOptions()) }?.code == "E_DATA_CHANGED")
        }
    }
}
