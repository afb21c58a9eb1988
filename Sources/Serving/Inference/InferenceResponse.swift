import Learning
package import NIOCore
import Registry

/// The answer to an inference request: one prediction a row, with the version that made it.
package struct InferenceResponse: Sendable {
    private let head: String
    let predictions: [Double]

    /// Runs the model on every row. Throws `E_INFER_INPUT` when a prediction is not finite.
    package init(_ request: InferenceRequest, model: LoadedModel) throws(ServingError) {
        let width = model.width
        var predictions: [Double] = []
        predictions.reserveCapacity(request.rows)
        for row in 0..<request.rows {
            let prediction = request.values.withUnsafeBufferPointer { values in
                (try? model.artifact.model.predict(UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width])))
                    ?? .nan
            }
            guard prediction.isFinite else {
                throw .input("row \(row) has no finite prediction", key: "/inputs/features/data/\(row)")
            }
            predictions.append(prediction)
        }
        self.predictions = predictions
        let id = request.id.map { "\"id\":\"\($0)\"," } ?? ""
        head = "{\(id)\"model_name\":\"\(model.version.model)\",\"model_version\":\"\(model.version.version)\","
    }

    /// Writes the answer as JSON.
    package func write(into buffer: inout ByteBuffer) {
        buffer.writeString(head)
        buffer.writeString(
            "\"outputs\":[{\"name\":\"prediction\",\"datatype\":\"FP64\",\"shape\":[\(predictions.count)],\"data\":[")
        for (row, prediction) in predictions.enumerated() {
            if row > 0 { buffer.writeStaticString(",") }
            buffer.writeString("\(prediction)")
        }
        buffer.writeStaticString("]}]}")
    }
}
