import Cluster
import Diagnostics
import Foundation
import Glibc
import MarketData
import Registry
import Specs

/// Sends one job: its key is kept on disk first, its dataset follows when the head lacks it.
struct Submission {
    let text: String
    let spec: JobSpec
    let file: String
    let uid: String
    let home: Home

    /// `uid` is the caller's key, or a fresh one.
    init(file: String, uid: String?, home: Home) throws {
        let read = try SpecFile.read(file)
        spec = try SpecFiles.taken(into: read.spec, besides: file)
        // With its files a spec travels in its canonical form.
        text = spec == read.spec ? read.text : spec.canonicalJSON()
        self.file = file
        self.uid = uid ?? UUID().uuidString.lowercased()
        self.home = home
    }

    /// Sends it; `sharesHome` says that the head reads datasets from this machine's own folder.
    func send(to client: HeadClient, sharesHome: Bool) async throws -> (job: JobView, isNew: Bool) {
        if !sharesHome { try await deliverDataset(client) }
        try record(client.url)
        return try await client.submit(SubmitRequest(uid: uid, spec: text, file: file))
    }

    /// Uploads the dataset that the spec names, when this machine has it and the head has not.
    private func deliverDataset(_ client: HeadClient) async throws {
        guard let wanted = spec.dataset else { return }
        let catalogue = Catalogue(root: home.path)
        // What is not here either is the head's to refuse.
        guard let entry = try? catalogue.resolve(name: wanted.name), wanted.sha256 == nil || wanted.sha256 == entry.sha256 else {
            return
        }
        let known = try await client.datasets()
        guard !known.contains(where: { $0.sha256 == entry.sha256 && ($0.name == wanted.name || wanted.sha256 != nil) }) else {
            return
        }
        Terminal.note("uploading dataset \(entry.name), \(Text.bytes(Int64(entry.bytes)))")
        _ = try await client.upload(dataset: catalogue.path(of: entry.sha256), sha256: entry.sha256, name: entry.name)
    }

    /// Appends the key to the log of submissions and waits for the disk. Throws `E_HOME`.
    private func record(_ url: String) throws {
        try home.prepare()
        let time = WallClock.milliseconds
        let line = "\(ISOTime.string(time))\t\(uid)\t\(url)\t\(Text.clean(file))\n"
        let descriptor = open(home.submissions, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { if descriptor >= 0 { close(descriptor) } }
        let bytes = Array(line.utf8)
        guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw CommandError(
                "E_HOME", .unavailable, "the job's key cannot be kept: \(String(cString: strerror(errno)))",
                place: .file(home.submissions),
                hint: "set BELLWETHER_HOME to a folder that can be written")
        }
    }
}
