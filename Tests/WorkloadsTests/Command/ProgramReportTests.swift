import Testing

@testable import Workloads

@Suite struct ProgramReportTests {
    private func report(_ text: String) -> ProgramReport {
        var report = ProgramReport()
        _ = report.feed(ArraySlice(text.utf8))
        _ = report.finish()
        return report
    }

    @Test func `the last value of a metric counts, and everything else is optional`() {
        let report = report(
            """
            {"metrics": {"loss": 2, "accuracy": 0.5}, "step": 1}

            {"progress": 0.25}
            {"metrics": {"loss": 1.5}}
            """)
        #expect(report.error == nil)
        #expect(report.metrics == ["loss": 1.5, "accuracy": 0.5])
        #expect(report.progress == 0.25)
    }

    @Test func `lines may come in pieces, and checkpoints come when their line is whole`() {
        var report = ProgramReport()
        #expect(report.feed(ArraySlice("{\"check".utf8)).isEmpty)
        #expect(report.feed(ArraySlice("point\": \"a/b.bin\"}\n{\"checkpoint\": \"c\"".utf8)) == ["a/b.bin"])
        #expect(report.feed(ArraySlice("}\n".utf8)) == ["c"])
        #expect(report.error == nil)
    }

    @Test(arguments: [
        ("{\"metrics\": {\"a\": NaN}}", "E_METRIC_VALUE"), ("{\"metrics\": {\"a\": -Infinity}}", "E_METRIC_VALUE"),
        ("{\"metrics\": {\"a\": 1e999}}", "E_REPORT_FORM"), ("{\"metrics\": {\"a\": \"1\"}}", "E_METRIC_TYPE"),
        ("{\"metrics\": {\"a\": true}}", "E_METRIC_TYPE"), ("{\"metrics\": {\"a\": null}}", "E_METRIC_TYPE"),
        ("{\"metrics\": {\"\": 1}}", "E_METRIC_NAME"), ("{\"metrics\": [1]}", "E_METRIC_TYPE"),
        ("{\"progress\": 1.5}", "E_REPORT_FORM"), ("{\"loss\": 1}", "E_REPORT_FORM"), ("[1]", "E_REPORT_FORM"),
        ("loss=1", "E_REPORT_FORM"), ("{\"checkpoint\": \"../x\"}", "E_PATH_ESCAPE"),
        ("{\"checkpoint\": \"/x\"}", "E_PATH_ESCAPE"),
        (String(repeating: "[", count: 60_000), "E_REPORT_FORM"), (String(repeating: " ", count: 70_000), "E_REPORT_FORM"),
        ("\u{FFFD}\u{0}", "E_REPORT_FORM"),
    ])
    func `40: what is no finite metric spoils the report, with its line`(line: String, code: String) {
        let report = report("{\"metrics\": {\"a\": 1}}\n" + line + "\n{\"metrics\": {\"a\": 2}}\n")
        #expect(report.error?.code == code)
        #expect(report.error?.message.contains("line 2") == true)
        #expect(report.metrics == ["a": 1])
    }

    @Test func `40: a million metrics are refused while they come in`() {
        var report = ProgramReport()
        for number in 0..<1_000 { _ = report.feed(ArraySlice("{\"metrics\": {\"m\(number)\": 1}}\n".utf8)) }
        #expect(report.error?.code == "E_METRIC_COUNT")
        #expect(report.metrics.count <= ProgramReport.metricLimit + 1)
    }
}
