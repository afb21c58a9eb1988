import Diagnostics
import Foundation
import Learning
import NIOCore
import Statistics
import Testing

@testable import Serving

@Suite struct InferenceRequestTests {
    private let model: LoadedModel

    init() throws { model = try ServingFixture.loaded() }

    private static let single = """
        {"id":"r-1","inputs":[{"name":"features","shape":[2,3],"datatype":"FP64","data":[0.01,-0.02,0.1,[1e-2,2,-3.5E-1]]}],"x":{"y":[null,true]}}
        """

    private func failure(_ text: String) -> ServingError? {
        do throws(ServingError) {
            _ = try InferenceRequest(text: text, for: model)
            return nil
        } catch {
            return error
        }
    }

    @Test func `one tensor of rows is read in row order, nested or flat`() throws {
        let request = try InferenceRequest(text: Self.single, for: model)
        #expect(request.id == "r-1" && request.rows == 2)
        #expect(request.values == [0.01, -0.02, 0.1, 0.01, 2, -0.35])
        let row = try InferenceRequest(
            text:
                #" { "inputs" : [ { "data" : [ 1 , 2 , 3 ] , "datatype" : "INT64" , "shape" : [ 3 ] , "name" : "features" } ] } "#,
            for: model)
        #expect(row.id == nil && row.rows == 1 && row.values == [1, 2, 3])
    }

    @Test func `one input a feature is put in the model's order`() throws {
        let request = try InferenceRequest(
            text: #"""
                {"inputs":[{"name":"volatility_20","shape":[2],"datatype":"FP32","data":[5,6]},
                {"name":"return_1","shape":[2,1],"datatype":"FP64","data":[1,2]},
                {"name":"return_5","shape":[1,2],"datatype":"FP64","data":[[3,4]]}]}
                """#, for: model)
        #expect(request.rows == 2 && request.values == [1, 3, 5, 2, 4, 6])
    }

    @Test(arguments: [
        (#"{"inputs":[]}"#, "/inputs"), ("{}", "/inputs"),
        (#"{"inputs":[{"name":"features","shape":[2,2],"datatype":"FP64","data":[1,2,3,4]}]}"#, "/inputs/features/shape"),
        (#"{"inputs":[{"name":"features","shape":[1,1,3],"datatype":"FP64","data":[1,2,3]}]}"#, "/inputs/features/shape"),
        (#"{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP64","data":[1,2,3]}]}"#, "/inputs/features/data"),
        (#"{"inputs":[{"name":"features","shape":[0,3],"datatype":"FP64","data":[]}]}"#, "/inputs/features/data"),
        (#"{"inputs":[{"name":"features","shape":[9007199254740992,3],"datatype":"FP64","data":[1]}]}"#, "/inputs/features/data"),
        (#"{"inputs":[{"name":"features","shape":[1.5,3],"datatype":"FP64","data":[1]}]}"#, "/inputs/shape"),
        (#"{"inputs":[{"name":"features","shape":[-1,3],"datatype":"FP64","data":[1]}]}"#, "/inputs/shape"),
        (#"{"inputs":[{"name":"features","shape":[1e300,3],"datatype":"FP64","data":[1]}]}"#, "/inputs/shape"),
        (#"{"inputs":[{"name":"features","shape":[3],"datatype":"BYTES","data":[1,2,3]}]}"#, "/inputs/features"),
        (#"{"inputs":[{"name":"features","shape":[3],"data":[1,2,3]}]}"#, "/inputs/features"),
        (#"{"inputs":[{"name":"features","datatype":"FP64","data":[1,2,3]}]}"#, "/inputs/features"),
        (#"{"inputs":[{"name":"features","datatype":"FP64","shape":[3]}]}"#, "/inputs/features"),
        (#"{"inputs":[{"name":"return_1","shape":[1],"datatype":"FP64","data":[1]}]}"#, "/inputs"),
    ])
    func `what is not for this model is refused with its place`(text: String, key: String) {
        let error = failure(text)
        #expect(error?.code == "E_INFER_INPUT")
        #expect(error?.place == .key(key))
        #expect(error?.category == .input)
    }

    @Test func `inputs a feature are each there once and of one length`() {
        func inputs(_ names: [String], _ sizes: [Int]) -> String {
            let inputs = zip(names, sizes).map { name, size in
                let data = Array(repeating: "1", count: size).joined(separator: ",")
                return #"{"name":"\#(name)","shape":[\#(size)],"datatype":"FP64","data":[\#(data)]}"#
            }
            return #"{"inputs":[\#(inputs.joined(separator: ","))]}"#
        }
        #expect(failure(inputs(ServingFixture.features, [2, 2, 2])) == nil)
        #expect(failure(inputs(["return_1", "return_1", "return_5"], [1, 1, 1]))?.code == "E_INFER_INPUT")
        #expect(failure(inputs(["return_1", "return_5", "nothing"], [1, 1, 1]))?.code == "E_INFER_INPUT")
        #expect(failure(inputs(ServingFixture.features, [1, 2, 1]))?.code == "E_INFER_INPUT")
        #expect(failure(inputs(ServingFixture.features, [0, 0, 0]))?.code == "E_INFER_INPUT")
        #expect(failure(inputs(Array(repeating: "x", count: 600), Array(repeating: 1, count: 600)))?.code == "E_INFER_INPUT")
    }

    @Test(arguments: [
        "NaN", "Infinity", "-inf", "1e999", "-1e999", "nan", "0x10", "+1", "--1", "null", "\"1\"", "", ",1", "true", "{}",
    ])
    func `what is no finite number is refused with its offset`(number: String) {
        let start = #"{"inputs":[{"name":"features","shape":[3],"datatype":"FP64","data":[1,2,"#
        let error = failure(start + number + "]}]}")
        #expect(error?.code == "E_INFER_JSON")
        guard case .offset(let offset) = error?.place else {
            Issue.record("no offset")
            return
        }
        #expect((start.utf8.count...start.utf8.count + number.utf8.count).contains(offset))
    }

    @Test(arguments: [
        "", " ", "[]", "1", "null", "{", #"{"#, #"{"a""#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1}}"#, #"{"a":1} x"#, #"{"a":tru}"#,
        #"{"a":"\"#,
        #"{"a":"\u12"#, #"{a:1}"#, #"{"inputs":{}}"#, #"{"inputs":[1]}"#, #"{"inputs":[{"name":"\u0041"}]}"#, #"{"id":1}"#,
        #"{"id":"a\nb"}"#, "{\"id\":\"a\nb\"}", #"{"inputs":[{"name":"x","data":[[[[[1]]]]]}]}"#,
        #"{"inputs":[{"name":"x","shape":[1,2,3,4,5]}]}"#,
    ])
    func `what is not the protocol's JSON is refused`(text: String) {
        let error = failure(text)
        #expect(error?.code == "E_INFER_JSON")
        guard case .offset(let offset) = error?.place else {
            Issue.record("no offset")
            return
        }
        #expect((0...text.utf8.count).contains(offset))
    }

    @Test func `escapes in what is skipped are passed over`() throws {
        let text = Self.single.replacing(#""x":"#, with: #""p":"a\"b\\","q":"\u00e9","x":"#)
        #expect(try InferenceRequest(text: text, for: model).rows == 2)
    }

    @Test func `a long id is refused`() {
        let text = Self.single.replacing("r-1", with: String(repeating: "a", count: 129))
        #expect(failure(text)?.place == .key("/id"))
    }

    @Test func `nesting a hundred thousand deep is refused, not followed`() {
        for open in ["[", #"{"a":"#] {
            let deep = String(repeating: open, count: 100_000)
            #expect(failure(#"{"x":"# + deep)?.code == "E_INFER_JSON")
            #expect(failure(#"{"inputs":"# + deep)?.code == "E_INFER_JSON")
            #expect(failure(#"{"inputs":[{"data":"# + deep)?.code == "E_INFER_JSON")
        }
    }

    @Test func `more than a million numbers are refused`() {
        let data = String(repeating: "1,", count: InferenceRequest.valuesLimit) + "1"
        let text = #"{"inputs":[{"name":"features","shape":[3],"datatype":"FP64","data":["# + data + "]}]}"
        #expect(failure(text)?.code == "E_INFER_JSON")
    }

    @Test func `a request cut at any byte is refused`() {
        let bytes = Array(Self.single.utf8)
        for length in 0..<bytes.count {
            do throws(ServingError) {
                _ = try InferenceRequest(bytes: Array(bytes[..<length]), for: model)
                Issue.record("\(length) bytes were read")
            } catch {
                #expect(error.code == "E_INFER_JSON")
            }
        }
    }

    @Test func `damaged and random bytes are read or refused`() {
        let whole = Array(Self.single.utf8)
        for seed in 0..<5_000 {
            var random = SplitMix64(seed: UInt64(seed))
            var bytes = whole
            for _ in 0..<4 { bytes[Int(random.integer(below: UInt64(whole.count)))] = UInt8(truncatingIfNeeded: random.next()) }
            do throws(ServingError) {
                let request = try InferenceRequest(bytes: bytes, for: model)
                #expect(request.values.count == request.rows * 3 && request.values.allSatisfy(\.isFinite))
            } catch {
                #expect(error.code == "E_INFER_JSON" || error.code == "E_INFER_INPUT")
            }
        }
    }

    @Test func `the answer has the model's predictions, number for number`() throws {
        struct Answer: Decodable {
            struct Output: Decodable {
                var name, datatype: String
                var shape: [Int]
                var data: [Double]
            }
            var id: String?
            var model_name, model_version: String
            var outputs: [Output]
        }
        let request = try InferenceRequest(text: Self.single, for: model)
        var buffer = ByteBuffer()
        try InferenceResponse(request, model: model).write(into: &buffer)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(buffer.readableBytesView))
        #expect(answer.id == "r-1" && answer.model_name == "m" && answer.model_version == "1")
        #expect(answer.outputs.count == 1 && answer.outputs[0].name == "prediction" && answer.outputs[0].shape == [2])
        let trained = model.artifact.model
        #expect(try answer.outputs[0].data == [trained.predict([0.01, -0.02, 0.1]), trained.predict([0.01, 2, -0.35])])
    }

    @Test func `a prediction that is not finite is refused with its row`() throws {
        let text = #"{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP64","data":[0,0,0,1e308,-1e308,1e308]}]}"#
        let request = try InferenceRequest(text: text, for: model)
        let predictions = try (0..<2).map { try model.artifact.model.predict(Array(request.values[$0 * 3..<$0 * 3 + 3])) }
        if predictions.allSatisfy(\.isFinite) {
            #expect(try InferenceResponse(request, model: model).predictions == predictions)
        } else {
            let error = #expect(throws: ServingError.self) { try InferenceResponse(request, model: model) }
            #expect(error?.place == .key("/inputs/features/data/1"))
        }
    }
}
