import Diagnostics
import Foundation

/// The datasets on this machine: content-addressed files and the names that point at them.
///
/// Under `root` there are `datasets/<sha256>.bwd`, one file per content, and `datasets/names/<name>.json`, one small file per
/// name. Each is written to a temporary file, synced and renamed, so that two processes can use one root: the later name
/// wins, and a reader never sees half a file. Calls block.
package struct Catalogue: Sendable {
    package let root: String

    /// The catalogue under `root`, which is made by the first `add`.
    package init(root: String) { self.root = root }

    private var folder: String { "\(root)/datasets" }
    private var names: String { "\(folder)/names" }

    // MARK: Adding

    /// Stores `dataset` and points `name` at it. Throws `E_NAME`, `E_DATA_WRITE`, `E_DATA_TOO_LARGE`.
    ///
    /// A file of that content that is there already is kept when it is sound and replaced when it is damaged.
    @discardableResult
    package func add(
        _ dataset: Dataset, name: String, importedAt: Int64
    ) throws(MarketDataError) -> CatalogueEntry {
        try DatasetName.check(name)
        try AtomicFile.makeFolder(names)
        let path = try path(of: dataset.sha256)
        let bytes: Int
        if contains(sha256: dataset.sha256), (try? DatasetFile.read(path, expecting: dataset.sha256)) != nil {
            bytes = try size(of: path)
        } else {
            bytes = try DatasetFile.write(dataset, to: path)
        }
        let entry = CatalogueEntry(
            name: name, sha256: dataset.sha256, rows: dataset.rows, series: dataset.series.count,
            firstTime: dataset.firstTime, lastTime: dataset.lastTime, bytes: bytes, importedAt: importedAt)
        try write(entry)
        return entry
    }

    /// Stores the bytes of a dataset file that came from elsewhere and returns what they hold; no name points at it yet.
    ///
    /// The bytes are decoded and hashed first. Throws `E_DATA_HASH` (`sha256` is not a hash), `E_DATASET_FORMAT`,
    /// `E_DATASET_VERSION`, `E_DATASET_HASH`, `E_DATA_WRITE`.
    @discardableResult
    package func insertFile(_ bytes: [UInt8], sha256: String) throws(MarketDataError) -> Dataset {
        let path = try path(of: sha256)
        let dataset = try DatasetFile.decode(bytes, expecting: sha256)
        try AtomicFile.makeFolder(folder)
        try AtomicFile.write(bytes, to: path)
        return dataset
    }

    /// Removes `name`; the content stays. Throws `E_DATASET_UNKNOWN`, `E_NAME`, `E_DATA_WRITE`.
    package func remove(name: String) throws(MarketDataError) {
        _ = try resolve(name: name)
        do {
            try FileManager.default.removeItem(atPath: namePath(name))
        } catch {
            throw MarketDataError(.dataWrite, "could not remove the name \(name)", place: .file(namePath(name)))
        }
    }

    // MARK: Finding

    /// All names in ascending order. Throws `E_DATASET_FORMAT` when an index file is damaged.
    package func list() throws(MarketDataError) -> [CatalogueEntry] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: names)) ?? []
        var entries: [CatalogueEntry] = []
        for file in files.sorted() where file.hasSuffix(".json") && !file.hasPrefix(".") {
            if let entry = try entry(String(file.dropLast(5))) { entries.append(entry) }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// What `name` points at. Throws `E_NAME`, `E_DATASET_UNKNOWN`, and `E_DATA_HASH` when a pinned `sha256` is given and the
    /// name points at other content by now.
    package func resolve(name: String, expecting sha256: String? = nil) throws(MarketDataError) -> CatalogueEntry {
        try DatasetName.check(name)
        guard let entry = try entry(name) else {
            let near = Suggestion.nearest(to: name, in: ((try? list()) ?? []).map(\.name))
            throw MarketDataError(
                .datasetUnknown, "there is no dataset named \(name)", place: .key("/dataset"),
                hint: near.map { "did you mean \($0)?" } ?? "import one with: bellwether data import FILE --name \(name)")
        }
        if let sha256, sha256 != entry.sha256 {
            throw MarketDataError(
                .dataHash, "dataset \(name) is \(entry.sha256), not the pinned \(sha256)", place: .key("/dataset/sha256"),
                hint: "import the data that was pinned, or pin this hash")
        }
        return entry
    }

    /// The path of the file for `sha256`, whether it is there or not. Throws `E_DATA_HASH` when that is not a hash.
    package func path(of sha256: String) throws(MarketDataError) -> String {
        try DatasetName.check(sha256: sha256)
        return "\(folder)/\(sha256).bwd"
    }

    /// Whether there is a file for `sha256`; it is not read.
    package func contains(sha256: String) -> Bool {
        DatasetName.isHash(sha256) && FileManager.default.fileExists(atPath: "\(folder)/\(sha256).bwd")
    }

    /// The hashes for which there is a file, in order.
    package var contents: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".bwd") }.map { String($0.dropLast(4)) }.filter(DatasetName.isHash).sorted()
    }

    // MARK: Reading

    /// Reads and verifies the dataset. Throws `E_DATASET_UNKNOWN`, `E_DATA_HASH` (not a hash), `E_DATASET_FORMAT`,
    /// `E_DATASET_VERSION`, `E_DATASET_HASH`, `E_DATA_FILE`.
    package func load(sha256: String) throws(MarketDataError) -> Dataset {
        let path = try path(of: sha256)
        guard contains(sha256: sha256) else {
            throw MarketDataError(
                .datasetUnknown, "there is no dataset \(sha256) here", place: .file(path), hint: "import or fetch it again")
        }
        return try DatasetFile.read(path, expecting: sha256)
    }

    /// The bytes of the dataset's file as they are, to be sent elsewhere; the receiver verifies them. Throws
    /// `E_DATASET_UNKNOWN`, `E_DATA_HASH` (not a hash), `E_DATA_FILE`.
    package func fileBytes(sha256: String) throws(MarketDataError) -> [UInt8] {
        let path = try path(of: sha256)
        guard contains(sha256: sha256) else {
            throw MarketDataError(.datasetUnknown, "there is no dataset \(sha256) here", place: .file(path))
        }
        return try InputFile(path: path, limit: 1 << 36).readAll(samePath: false)
    }

    /// Reads everything the name points at and compares it with the entry; throws as `resolve` and `load` do, and
    /// `E_DATASET_FORMAT` when the entry says something else than the content.
    @discardableResult
    package func verify(name: String) throws(MarketDataError) -> CatalogueEntry {
        let entry = try resolve(name: name)
        let dataset = try load(sha256: entry.sha256)
        let agrees =
            entry.rows == dataset.rows && entry.series == dataset.series.count && entry.firstTime == dataset.firstTime
            && entry.lastTime == dataset.lastTime
        guard agrees else {
            throw MarketDataError(
                .datasetFormat, "the index entry of \(name) does not describe its content", place: .file(namePath(name)),
                hint: "import the dataset again")
        }
        return entry
    }

    // MARK: Names

    /// Points `name` at content that is here already, for example one that `insertFile` stored. Throws as `load` does, and
    /// `E_NAME`, `E_DATA_WRITE`.
    @discardableResult
    package func setName(_ name: String, to sha256: String, importedAt: Int64) throws(MarketDataError) -> CatalogueEntry {
        try add(load(sha256: sha256), name: name, importedAt: importedAt)
    }

    private func namePath(_ name: String) -> String { "\(names)/\(name).json" }

    private func write(_ entry: CatalogueEntry) throws(MarketDataError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(entry) else {
            throw MarketDataError(.dataWrite, "the entry of \(entry.name) could not be written as JSON")
        }
        try AtomicFile.write(Array(data), to: namePath(entry.name))
    }

    private func entry(_ name: String) throws(MarketDataError) -> CatalogueEntry? {
        let path = namePath(name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try InputFile(path: path, limit: 1 << 16).readAll(samePath: false)
        guard let entry = try? JSONDecoder().decode(CatalogueEntry.self, from: Data(bytes)), entry.name == name,
            DatasetName.isHash(entry.sha256)
        else {
            throw MarketDataError(
                .datasetFormat, "the index entry of \(name) is damaged", place: .file(path), hint: "import the dataset again")
        }
        return entry
    }

    private func size(of path: String) throws(MarketDataError) -> Int {
        try InputFile(path: path, limit: 1 << 36).size
    }
}
