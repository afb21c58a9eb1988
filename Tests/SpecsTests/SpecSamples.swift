import Diagnostics
import Specs
import Testing

/// Specs that tests start from, and what parsing makes of variants.
enum SpecSamples {
    /// A small study; each line can be replaced.
    static let study = """
        job: study
        name: small
        dataset: spx-daily
        strategy:
          features: [return_1, rsi_14]
          label: {forwardReturn: 5}
          model: {kind: ridge, l2: {float: [0.001, 100.0], log: true}}
          position: {kind: sign, threshold: {float: [0.0, 0.5]}}
        walkForward: {train: 500, test: 63}
        search: {sampler: tpe, trials: 20, seed: 3}
        objective: {maximize: sharpe}
        """

    static let drill = """
        job: drill
        name: d
        tasks: 5
        """

    /// The study with a piece of its text replaced; the piece must be there.
    static func study(_ piece: String, _ replacement: String, location: SourceLocation = #_sourceLocation) -> String {
        #expect(study.contains(piece), "the sample lacks \(piece)", sourceLocation: location)
        return study.replacing(piece, with: replacement)
    }

    /// The mistakes in a text.
    static func errors(_ text: String) -> [SpecError] {
        do {
            _ = try JobSpec.parse(text: text, file: "job.yaml")
            return []
        } catch {
            return error.errors
        }
    }

    /// Checks that the text has exactly one mistake, with this code, at this line and column and key.
    static func expect(
        _ text: String, _ code: String, at line: Int, _ column: Int, key: String = "", mentions: [String] = [],
        location: SourceLocation = #_sourceLocation
    ) {
        let errors = errors(text)
        #expect(errors.map(\.code) == [code], "\(errors)", sourceLocation: location)
        guard let error = errors.first else { return }
        #expect(error.place == .text(file: "job.yaml", line: line, column: column), "\(error)", sourceLocation: location)
        #expect(error.pointer == key, "\(error)", sourceLocation: location)
        #expect(error.category == .input, sourceLocation: location)
        for word in mentions {
            #expect(error.description.contains(word), "\(error) does not mention \(word)", sourceLocation: location)
        }
    }
}

extension SpecSamples {
    /// A value was not of the kind that a test had asked for.
    struct Unexpected: Error {}
}
