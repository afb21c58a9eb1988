import Foundation
import Search
import Statistics
import Testing

/// Gaussian processes against numpy; `Reference/make_gp.py` wrote the numbers.
@Suite struct GaussianProcessTests {
    private struct Reference: Decodable {
        struct Case: Decodable {
            let form: String
            let shape: String
            let points: [[Double]]
            let values: [Double]
            let weights: [Double]
            let scales: [Double]
            let noise: Double
            let covariance: [[Double]]
            let loss: Double
            let probes: [[Double]]
            let means: [Double]
            let variances: [Double]

            var isChoice: [Bool] { weights.indices.map { $0 == weights.count - 1 } }
            var kernelForm: CovarianceKernel.Form { form == "joint" ? .joint : .additive }
            var kernelShape: CovarianceKernel.Shape { shape == "matern" ? .matern : .gaussian }
            var kernel: CovarianceKernel {
                CovarianceKernel(form: kernelForm, shape: kernelShape, isChoice: isChoice, weights: weights, scales: scales)
            }
            var process: GaussianProcess? {
                GaussianProcess(kernel: kernel, noise: noise, rows: points.flatMap { $0 }, values: values)
            }
            var evidence: KernelEvidence {
                KernelEvidence(
                    form: kernelForm, shape: kernelShape, isChoice: isChoice, rows: points.flatMap { $0 }, values: values)
            }
            var parameters: [Double] { (weights + scales + [noise - KernelEvidence.leastNoise]).map { log($0) } }
        }
        let cases: [Case]
        let improvements: [[Double]]
    }

    private let reference: Reference

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Reference/gp.json")
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    @Test func `covariances, means and variances are those of the definition`() throws {
        #expect(reference.cases.count == 4)
        for example in reference.cases {
            for (i, row) in example.covariance.enumerated() {
                for (j, entry) in row.enumerated() {
                    let noise = i == j ? example.noise : 0
                    #expect(abs(example.kernel(example.points[i], example.points[j]) + noise - entry) < 1e-13)
                }
            }
            let process = try #require(example.process)
            for (index, probe) in example.probes.enumerated() {
                let (means, variance) = process.posterior(probe)
                #expect(abs(means[0] - example.means[index]) < 1e-9, "\(example.form)")
                #expect(abs(variance - example.variances[index]) < 1e-9, "\(example.form)")
            }
        }
    }

    @Test func `evidence and prior are those of the definition, and their gradient is that of differences`() {
        for example in reference.cases {
            let (value, gradient) = example.evidence.loss(example.parameters)
            #expect(abs(value - example.loss) < 1e-9)
            for k in gradient.indices {
                let step = 1e-5
                var (up, down) = (example.parameters, example.parameters)
                up[k] += step
                down[k] -= step
                let difference = (example.evidence.loss(up).value - example.evidence.loss(down).value) / (2 * step)
                // Central differences are exact to about step² and rounding over step.
                #expect(abs(difference - gradient[k]) < 1e-6 * max(1, abs(gradient[k])), "\(example.form) \(k)")
            }
        }
    }

    @Test func `a fit finds hyperparameters that explain the values better than where it began`() {
        for example in reference.cases {
            let evidence = example.evidence
            let (parameters, loss) = evidence.fit()
            #expect(evidence.starts.allSatisfy { evidence.loss($0).value > loss })
            #expect(evidence.loss(parameters).value == loss)
            #expect(loss < example.loss)
        }
    }

    @Test func `one value after the other gives what all at once give`() throws {
        for example in reference.cases {
            let whole = try #require(example.process)
            var grown = try #require(
                GaussianProcess(
                    kernel: example.kernel, noise: example.noise, rows: example.points.prefix(5).flatMap { $0 },
                    values: Array(example.values.prefix(5))))
            for index in 5..<example.values.count {
                let isNews = grown.append(example.points[index], value: example.values[index])
                #expect(isNews)
            }
            #expect(abs(whole.logEvidence - grown.logEvidence) < 1e-10)
            for probe in example.probes {
                #expect(abs(whole.posterior(probe).means[0] - grown.posterior(probe).means[0]) < 1e-10)
            }
        }
    }

    @Test func `an imagined value is a draw from what the process expects there`() throws {
        let example = reference.cases[0]
        var process = try #require(example.process)
        var told = process
        let draws = [[0.3, -1.2, 0.8], [-2, 0.1, 0.4]]
        // The first scenario by hand: each value from the posterior given all before it.
        var values: [Double] = []
        for (probe, draw) in zip(example.probes, draws[0]) {
            let (means, variance) = told.posterior(probe)
            values.append(means[0] + (variance + example.noise).squareRoot() * draw)
            _ = told.append(probe, value: values[values.count - 1])
        }
        let least = process.imagine(Array(example.probes.prefix(3)), draws: draws)
        #expect(abs(least[0] - (values.min() ?? 0)) < 1e-10)
        let (means, variance) = process.posterior(example.probes[5])
        let (expected, expectedVariance) = told.posterior(example.probes[5])
        #expect(abs(means[0] - expected[0]) < 1e-10)
        #expect(abs(variance - expectedVariance) < 1e-12)
        #expect(means.count == 2)
    }

    @Test func `the logarithm of the expected improvement is exact far into its tail`() {
        #expect(reference.improvements.count == 14)
        for pair in reference.improvements {
            let value = LogImprovement.standard(pair[0])
            #expect(abs(value - pair[1]) < 1e-9 * max(1, abs(pair[1])), "\(pair[0])")
            let difference = (LogImprovement.standard(pair[0] + 1e-5) - LogImprovement.standard(pair[0] - 1e-5)) / 2e-5
            #expect(abs(LogImprovement.slope(pair[0], standard: value) - difference) < 1e-5 * max(1, abs(difference)))
        }
    }

    @Test func `a scale of losses keeps their order and standardises them`() {
        let losses = [3.0, 1e6, 2.5, 90, 2.6, 700, 14]
        for scale in LossScale.allCases {
            let (values, density) = scale.values(losses)
            let order = losses.indices.sorted { losses[$0] < losses[$1] }
            #expect(values.indices.sorted { values[$0] < values[$1] } == order)
            #expect(abs(values.reduce(0, +)) < 1e-12)
            #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 7 - 1) < 1e-12)
            // The density is the logarithm of the derivative of each value by its loss.
            guard scale == .linear else { continue }
            let slope = (values[1] - values[0]) / (losses[1] - losses[0])
            #expect(abs(density - 7 * log(slope)) < 1e-9)
        }
        #expect(LossScale.logarithmic.values([2, 2, 2]).values == [0, 0, 0])
    }
}
