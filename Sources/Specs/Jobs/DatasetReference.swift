import Registry

/// The dataset a job reads: a name, and the hash of its content once it is pinned.
package struct DatasetReference: Sendable, Hashable, Codable {
    package var name: String
    /// SHA-256 of the content, 64 lower-case hexadecimal digits; nil means whatever the name stands for at submission.
    package var sha256: String?
    package init(name: String, sha256: String? = nil) {
        self.name = name
        self.sha256 = sha256
    }

    /// `spx-daily` or `{name: spx-daily, sha256: 1c4d...}`.
    static func decode(_ cursor: Cursor) -> DatasetReference? {
        guard case .map = cursor.node.content else { return cursor.registryName("dataset").map { DatasetReference(name: $0) } }
        guard let map = cursor.map(["name", "sha256"], what: "a dataset") else { return nil }
        let name = map.required("name")?.registryName("dataset")
        var sha256: String?
        if let hash = map["sha256"] {
            // A hash of digits only would read as a number; it is meant as text whatever it looks like.
            guard case .scalar(let text, _) = hash.node.content, ContentHash.isWellFormed(text) else {
                hash.mismatch("a SHA-256 of 64 lower-case hexadecimal digits")
                return nil
            }
            sha256 = text
        }
        return name.map { DatasetReference(name: $0, sha256: sha256) }
    }

    func json(_ hash: String?) -> JSONValue {
        .members(["name": .string(name), "sha256": (hash ?? sha256).map(JSONValue.string)])
    }
}
