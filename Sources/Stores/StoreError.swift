package import Diagnostics

/// What can go wrong with a store, whichever database is behind it. Never contains a password or a row's content.
package struct StoreError: DiagnosticError, Hashable {
    /// The kind of failure, one stable code each.
    package enum Kind: String, Sendable, Hashable {
        /// Another head owns the SQLite file, or a lock could not be had in time.
        case locked = "E_DB_LOCKED"
        /// The file system cannot hold an SQLite database safely.
        case fileSystem = "E_DB_FS"
        /// The database's own pages or a stored row are damaged.
        case corrupt = "E_DB_CORRUPT"
        /// The database does not answer, or the connection broke. What was under way may or may not have happened.
        case unavailable = "E_DB_UNAVAILABLE"
        /// The database took longer than the statement's limit.
        case timeout = "E_DB_TIMEOUT"
        /// No space is left for the database.
        case full = "E_DB_FULL"
        /// Another transaction was in the way; the same transaction may succeed when repeated.
        case contention = "E_DB_CONTENTION"
        /// A server setting would lose acknowledged facts in a crash.
        case settings = "E_DB_SETTINGS"
        /// The database takes no writes: a standby, or read-only.
        case readOnly = "E_DB_READ_ONLY"
        /// The role may not do this, or may not log in.
        case privilege = "E_DB_PRIVILEGE"
        /// A row refers to another that does not exist, or repeats a unique one.
        case constraint = "E_DB_CONSTRAINT"
        /// The schema is newer, older, half migrated or not Bellwether's.
        case schemaVersion = "E_SCHEMA_VERSION"
        /// Another head has raised the term.
        case fencedHead = "E_FENCED_HEAD"
        /// Two heads cannot share this kind of store.
        case standby = "E_STANDBY_STORE"
        /// A client key names another job already.
        case uidConflict = "E_UID_CONFLICT"
        /// Records speak of a job that is not stored.
        case unknownJob = "E_DB_UNKNOWN_JOB"
        /// The store's address cannot be read.
        case address = "E_STORE_URL"
        /// The database refused a statement.
        case statement = "E_DB"
    }

    package var kind: Kind
    package var message: String
    package var place: Place?
    package var hint: String?

    package init(_ kind: Kind, _ message: String, place: Place? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.place = place
        self.hint = hint
    }

    package var code: String { kind.rawValue }

    package var category: DiagnosticCategory {
        switch kind {
        case .locked, .unavailable, .timeout, .full, .contention: .unavailable
        case .corrupt, .statement, .constraint, .unknownJob: .integrity
        case .fileSystem, .settings, .readOnly, .privilege, .schemaVersion, .fencedHead, .uidConflict: .refused
        case .address, .standby: .input
        }
    }
}
