import Foundation

/// A line of Optuna's journal: an operation, and what it says. Every operation has some of the keys only.
struct OptunaEntry: Decodable {
    /// The kinds of operation that matter here.
    enum Operation: Int {
        case createStudy = 0
        case deleteStudy = 1
        case createTrial = 4
        case setParameter = 5
        case setState = 6
    }

    /// A trial's states.
    enum State: Int {
        case running = 0
        case complete, pruned, failed, waiting
    }

    var opCode: Int
    var studyName: String?
    var directions: [Int]?
    var studyId: Int?
    var trialId: Int?
    var paramName: String?
    var paramValueInternal: Double?
    var distribution: String?
    var state: Int?
    var value: Double?
    var values: [Double]?
    /// Of a trial that is added whole: internal values and distributions by parameter.
    var params: [String: Double]?
    var distributions: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case opCode = "op_code"
        case studyName = "study_name"
        case directions
        case studyId = "study_id"
        case trialId = "trial_id"
        case paramName = "param_name"
        case paramValueInternal = "param_value_internal"
        case distribution, state, value, values, params, distributions
    }

    init(line: Data) throws { self = try JSONDecoder().decode(OptunaEntry.self, from: line) }
}
