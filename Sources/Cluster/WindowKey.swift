import Registry
package import Specs

/// Names the result of a window by all that it depends on: dataset, costs, limits and what else the job's spec says, the
/// strategy with every number decided, the window's bars, and the version of the code.
package struct WindowKey: Sendable {
    private let prefix: String

    /// Nil for a job whose windows are not kept for others.
    package init?(_ spec: JobSpec, strategy: ResolvedStrategy) {
        guard let context = spec.windowContext else { return nil }
        prefix = [CodeVersion.text, context, strategy.canonicalJSON].joined(separator: "\n")
    }

    /// 64 lower-case hexadecimal digits.
    package func digest(train: Range<Int>, test: Range<Int>) -> String {
        ContentHash.sha256("\(prefix)\n\(train) \(test)".utf8)
    }
}
