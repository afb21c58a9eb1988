import Cluster
import Foundation
import Glibc
import Testing

@Suite struct HomeTests {
    @Test func `the option goes before BELLWETHER_HOME, XDG and the usual place`() {
        let all = ["BELLWETHER_HOME": "/b", "XDG_DATA_HOME": "/x", "HOME": "/h"]
        #expect(Home.resolve("/o/", environment: all).path == "/o")
        #expect(Home.resolve(nil, environment: all).path == "/b")
        #expect(Home.resolve("", environment: all).path == "/b")
        #expect(
            Home.resolve(nil, environment: ["BELLWETHER_HOME": "", "XDG_DATA_HOME": "/x", "HOME": "/h"]).path == "/x/bellwether")
        #expect(Home.resolve(nil, environment: ["XDG_DATA_HOME": "x", "HOME": "/h"]).path == "/h/.local/share/bellwether")
        #expect(Home.resolve(nil, environment: ["HOME": "/h"]).path == "/h/.local/share/bellwether")
    }

    @Test func `a relative folder counts from the current one`() {
        #expect(Home(path: "data").path == FileManager.default.currentDirectoryPath + "/data")
    }

    @Test func `folders are made for their owner alone`() throws {
        let home = Home(path: NSTemporaryDirectory() + "home-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: home.path) }
        try home.prepare([home.datasets, home.logs])
        try home.prepare([home.datasets])
        let mode = try FileManager.default.attributesOfItem(atPath: home.logs)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(throws: HomeError.self) { try Home(path: "/proc/nothing").prepare() }
    }

    @Test func `a head's record is read while its process lives`() throws {
        let home = Home(path: NSTemporaryDirectory() + "home-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: home.path) }
        #expect(HeadRecord.read(in: home) == nil)
        let record = HeadRecord(url: "http://127.0.0.1:1", pid: getpid())
        try record.write(in: home)
        #expect(HeadRecord.read(in: home) == record)
        HeadRecord(url: "http://127.0.0.1:2", pid: getpid()).remove(in: home)
        #expect(HeadRecord.read(in: home) == record)
        record.remove(in: home)
        #expect(HeadRecord.read(in: home) == nil)

        // No process has this number: the largest is 2^22 on Linux.
        try HeadRecord(url: "http://127.0.0.1:1", pid: Int32.max).write(in: home)
        #expect(HeadRecord.read(in: home) == nil)
        for text in ["", "{", #"{"url":1,"pid":1}"#, #"{"url":"x","pid":-1}"#, String(repeating: " ", count: 5000)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: home.headRecord))
            #expect(HeadRecord.read(in: home) == nil)
        }
    }
}
