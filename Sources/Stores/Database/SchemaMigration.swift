import Registry

/// One step from a schema version to the next.
struct SchemaMigration: Sendable {
    let version: Int64
    let name: String
    /// The statements of this step in a dialect. Once released they never change: their hash is stored and checked.
    let statements: @Sendable (SQLDialect) -> [String]

    func hash(_ dialect: SQLDialect) -> String {
        ContentHash.sha256(Array(statements(dialect).joined(separator: ";\n").utf8))
    }

    /// All steps, in order, counting from 1.
    static let all: [SchemaMigration] = [
        jobsAndModels, trialErrors, pausedAndDependentJobs, taskRanges, headBeats, prunedTrials, earlierTrials,
    ]
}

extension SchemaMigration {
    static let trialErrors = SchemaMigration(version: 2, name: "why trials failed") { d in
        ["error_code", "error_message"].map { "ALTER TABLE trials ADD COLUMN \($0) \(d.text)" }
    }

    static let jobsAndModels = SchemaMigration(version: 1, name: "jobs and models") { d in
        [
            """
            CREATE TABLE head_lease (
                id \(d.integer) PRIMARY KEY CHECK (id = 1), term \(d.integer) NOT NULL, holder \(d.text) NOT NULL,
                cluster \(d.text) NOT NULL) \(d.table)
            """,
            """
            CREATE TABLE jobs (
                id \(d.integer) PRIMARY KEY, uid \(d.text) NOT NULL UNIQUE, name \(d.text) NOT NULL, kind \(d.text) NOT NULL,
                spec \(d.text) NOT NULL, spec_hash \(d.text) NOT NULL, dataset \(d.text), priority \(d.integer) NOT NULL,
                submitted_at \(d.integer) NOT NULL, state \(d.text), ended_at \(d.integer), result \(d.text),
                error_code \(d.text), error_message \(d.text)) \(d.table)
            """,
            "CREATE INDEX jobs_open ON jobs (id) WHERE state IS NULL",
            "CREATE INDEX jobs_dataset ON jobs (dataset)",
            // No foreign key: checking it row by row halves what Postgres takes, so the journal checks each job once.
            """
            CREATE TABLE tasks (
                job \(d.integer) NOT NULL, idx \(d.integer) NOT NULL, state \(d.text) NOT NULL,
                attempt_term \(d.integer), attempt_number \(d.integer), worker \(d.text) NOT NULL, ran_us \(d.integer) NOT NULL,
                result \(d.bytes) NOT NULL, error_code \(d.text), error_message \(d.text),
                PRIMARY KEY (job, idx)) \(d.orderedTable)
            """,
            """
            CREATE TABLE trials (
                job \(d.integer) NOT NULL REFERENCES jobs (id), number \(d.integer) NOT NULL, state \(d.text) NOT NULL,
                parameters \(d.text) NOT NULL, objective \(d.real), metrics \(d.text) NOT NULL, PRIMARY KEY (job, number))
                \(d.orderedTable)
            """,
            """
            CREATE TABLE datasets (
                id \(d.counter), sha256 \(d.text) NOT NULL, name \(d.text) NOT NULL, rows_count \(d.integer) NOT NULL,
                series \(d.integer) NOT NULL, first_time \(d.integer) NOT NULL, last_time \(d.integer) NOT NULL,
                imported_at \(d.integer) NOT NULL, UNIQUE (name, sha256)) \(d.table)
            """,
            "CREATE INDEX datasets_sha256 ON datasets (sha256)",
            "CREATE TABLE models (name \(d.text) PRIMARY KEY NOT NULL, retrain_spec \(d.text)) \(d.table)",
            """
            CREATE TABLE model_versions (
                model \(d.text) NOT NULL REFERENCES models (name), version \(d.integer) NOT NULL, artifact \(d.text) NOT NULL,
                dataset_hash \(d.text) NOT NULL, spec_hash \(d.text) NOT NULL, code_version \(d.text) NOT NULL,
                seed \(d.text) NOT NULL, trial_count \(d.integer) NOT NULL, parent \(d.integer), job \(d.integer) NOT NULL,
                strategy \(d.text) NOT NULL, metrics \(d.text) NOT NULL, registered_at \(d.integer) NOT NULL,
                PRIMARY KEY (model, version)) \(d.table)
            """,
            "CREATE UNIQUE INDEX model_versions_job ON model_versions (job) WHERE job > 0",
            """
            CREATE TABLE aliases (
                model \(d.text) NOT NULL, alias \(d.text) NOT NULL, version \(d.integer) NOT NULL, PRIMARY KEY (model, alias),
                FOREIGN KEY (model, version) REFERENCES model_versions (model, version)) \(d.table)
            """,
            """
            CREATE TABLE promotions (
                id \(d.counter), model \(d.text) NOT NULL, alias \(d.text) NOT NULL, from_version \(d.integer),
                to_version \(d.integer) NOT NULL, decided_by \(d.text) NOT NULL, reason \(d.text) NOT NULL,
                gate \(d.text) NOT NULL, gate_values \(d.text) NOT NULL, promoted_at \(d.integer) NOT NULL,
                FOREIGN KEY (model, to_version) REFERENCES model_versions (model, version)) \(d.table)
            """,
            "CREATE INDEX promotions_model ON promotions (model, id)",
            """
            CREATE TABLE drift_reports (
                id \(d.counter), model \(d.text) NOT NULL, version \(d.integer) NOT NULL, node \(d.text) NOT NULL,
                rows_count \(d.integer) NOT NULL, drifted \(d.integer) NOT NULL, worst_feature \(d.text) NOT NULL,
                distances \(d.text) NOT NULL, reported_at \(d.integer) NOT NULL) \(d.table)
            """,
            "CREATE INDEX drift_reports_model ON drift_reports (model, id)",
            "CREATE INDEX drift_reports_drifted ON drift_reports (id) WHERE drifted = 1",
        ]
    }

    static let pausedAndDependentJobs = SchemaMigration(version: 3, name: "paused and dependent jobs") { d in
        [
            "ALTER TABLE jobs ADD COLUMN paused \(d.integer) NOT NULL DEFAULT 0",
            // Numbers of jobs, separated by spaces.
            "ALTER TABLE jobs ADD COLUMN after_jobs \(d.text) NOT NULL DEFAULT ''",
            "CREATE INDEX jobs_name ON jobs (name, id)",
        ]
    }
}

extension SchemaMigration {
    /// Which tasks of open jobs have ended, folded into ranges: what a starting head reads instead of the tasks.
    static let taskRanges = SchemaMigration(version: 4, name: "task ranges") { d in
        [
            """
            CREATE TABLE task_ranges (
                job \(d.integer) NOT NULL, first \(d.integer) NOT NULL, tasks \(d.integer) NOT NULL, state \(d.text) NOT NULL,
                PRIMARY KEY (job, first)) \(d.orderedTable)
            """,
            """
            INSERT INTO task_ranges (job, first, tasks, state)
            SELECT tasks.job, tasks.idx, 1, tasks.state FROM tasks JOIN jobs ON jobs.id = tasks.job WHERE jobs.state IS NULL
            """,
        ]
    }

    /// A sign of life of the head, for the one that stands by.
    static let headBeats = SchemaMigration(version: 5, name: "head beats") { d in
        [
            """
            CREATE TABLE head_beats (
                id \(d.integer) PRIMARY KEY CHECK (id = 1), term \(d.integer) NOT NULL, beat \(d.integer) NOT NULL) \(d.table)
            """,
            "INSERT INTO head_beats (id, term, beat) VALUES (1, 0, 0)",
        ]
    }

    /// How many of its steps a trial under a pruner has done, and why it ended before the last.
    static let prunedTrials = SchemaMigration(version: 6, name: "pruned trials") { d in
        ["ALTER TABLE trials ADD COLUMN steps \(d.integer)", "ALTER TABLE trials ADD COLUMN reason \(d.text)"]
    }

    /// How many trials a study's dataset had seen before it.
    static let earlierTrials = SchemaMigration(version: 7, name: "earlier trials") { d in
        ["ALTER TABLE jobs ADD COLUMN earlier_trials \(d.integer) NOT NULL DEFAULT 0"]
    }
}
