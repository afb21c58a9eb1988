import LinearAlgebra

extension TrainingSet {
    /// The rows of several sets, one after the other: one model for several series. `rows` count through all of them.
    ///
    /// Throws `E_TRAIN_SHAPE` when the sets differ in width, or there are none.
    package static func pooled(_ sets: [TrainingSet]) throws(LearningError) -> TrainingSet {
        guard let first = sets.first else { throw LearningError(.trainShape, "there are no rows to fit on") }
        if sets.count == 1 { return first }
        var values: [Double] = []
        var labels: [Double] = []
        for set in sets {
            guard set.x.columns == first.x.columns else { throw LearningError(.trainShape, "the series have different features") }
            values += set.x.values
            labels += set.y
        }
        do {
            return TrainingSet(
                x: try Matrix(rows: labels.count, columns: first.x.columns, values: values), y: labels,
                rows: Array(labels.indices))
        } catch {
            throw LearningError(.trainShape, error.message)
        }
    }

    private init(x: Matrix, y: [Double], rows: [Int]) {
        self.x = x
        self.y = y
        self.rows = rows
    }
}
