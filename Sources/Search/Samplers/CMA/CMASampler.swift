import Statistics

/// The covariance matrix adaptation evolution strategy over the space mapped to the unit cube.
///
/// It starts in the middle with a sixth of the range as step size; where it is spent it starts again from a random point with
/// twice the population. Every result counts, also one that an older distribution or another sampler proposed, so nothing is
/// wasted when many trials run at once. Discrete parameters have a margin; choices are drawn by the density of the good
/// trials, one by one.
package struct CMASampler: Sampler {
    private var run: Run?
    private var restarts = 0
    /// Completed trials that are folded into the run, and opened ones whose draw is noted.
    private var folded = 0
    private var noted = 0
    /// Draws of the trials from number `firstDraw` on.
    private var draws: [Draw] = []
    private var firstDraw = 0
    /// The solutions of the generation so far, and which completed trials they are.
    private var pool: [EvolutionStrategy.Solution] = []
    private var folds: [Int] = []

    private struct Run: Sendable {
        var strategy: EvolutionStrategy
        var margin: DiscreteMargin
    }

    /// The strategy's draw for a trial, whether the trial took it or not.
    private struct Draw: Sendable {
        let point: [Double]
        let spread: [Double]
        let generation: Int
        let restarts: Int
    }

    package init() {}

    package var readsHistory: Bool { true }

    package mutating func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        catchUp(history, seed: seed)
        let searched = Self.searched(history)
        var values = history.axes.map { $0.value(at: $0.low) }
        if let draw = draw(number, history, searched, seed) {
            for (index, share) in zip(searched, draw.spread) { values[index] = history.axes[index].nearestValue(toShare: share) }
        }
        let split = TrialSplit(history)
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number), 2))
        for index in history.axes.indices {
            guard case .categorical = history.axes[index].kind else { continue }
            values[index] = history.axes[index].value(at: split.good(axes: [index]).draw(using: &generator)[0])
        }
        return history.space.isFeasible(values) ? values : RandomSampler().suggest(trial: number, history: history, seed: seed)
    }

    /// The numeric parameters that have more than one value.
    private static func searched(_ history: TrialHistory) -> [Int] {
        history.axes.indices.filter { index in
            switch history.axes[index].kind {
            case .fixed, .categorical: false
            case .continuous, .discrete: true
            }
        }
    }

    /// Repeats in order what has happened: draws for the trials that opened, updates with the results that became known.
    private mutating func catchUp(_ history: TrialHistory, seed: UInt64) {
        let searched = Self.searched(history)
        guard !searched.isEmpty else { return }
        if run == nil { start(searched.map { history.axes[$0] }, mean: searched.map { _ in 0.5 }) }
        while true {
            while noted < history.known.count, Int(history.known[noted]) == folded {
                if let draw = draw(noted, history, searched, seed) { draws.append(draw) }
                noted += 1
            }
            guard folded < history.count else { break }
            fold(history, searched, seed: seed)
            folded += 1
        }
    }

    private mutating func fold(_ history: TrialHistory, _ searched: [Int], seed: UInt64) {
        guard var run = run else { return }
        let number = Int(history.numbers[folded])
        draws.removeFirst(min(draws.count, number - firstDraw))
        firstDraw = number
        guard let draw = draws.first else { return }
        let actual = searched.map { history.columns[$0][folded] }
        let took = zip(searched, actual).enumerated().allSatisfy { position, pair in
            let axis = history.axes[pair.0]
            return axis.coordinate(of: axis.nearestValue(toShare: draw.spread[position])) == pair.1
        }
        let point = took ? draw.point : zip(searched, actual).map { history.axes[$0].share(of: $1) }
        pool.append(
            .init(
                point: point, loss: history.losses[folded],
                isOwn: took && draw.generation == run.strategy.generation && draw.restarts == restarts))
        folds.append(folded)
        guard pool.count == run.strategy.rates.population else { return }
        run.strategy.update(
            zip(pool, history.steeringLosses(folds)).map { .init(point: $0.point, loss: $1, isOwn: $0.isOwn) })
        folds = []
        run.margin.correct(&run.strategy)
        self.run = run
        pool = []
        guard run.strategy.isSpent else { return }
        restarts += 1
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(restarts), 3))
        start(
            searched.map { history.axes[$0] }, mean: searched.map { _ in generator.uniform() },
            population: min(1 << 10, 2 * run.strategy.rates.population))
    }

    private mutating func start(_ axes: [Axis], mean: [Double], population: Int? = nil) {
        let strategy = EvolutionStrategy(mean: mean, sigma: 1.0 / 6, population: population)
        run = Run(strategy: strategy, margin: DiscreteMargin(axes: axes, population: strategy.rates.population))
    }

    /// The draw for trial `number` from the distribution as it is: drawn again while it lies outside the cube, at last clipped.
    private func draw(_ number: Int, _ history: TrialHistory, _ searched: [Int], _ seed: UInt64) -> Draw? {
        guard let run else { return nil }
        let n = searched.count
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number), 1))
        var point: [Double] = []
        for _ in 0..<(10 * n) {
            point = run.strategy.point((0..<n).map { _ in generator.gaussian() })
            let isInside = zip(searched, point).allSatisfy { index, share in
                if case .discrete = history.axes[index].kind { return true }
                return share >= 0 && share <= 1
            }
            if isInside, history.space.constraints.isEmpty || isFeasible(point, run, history, searched) { break }
        }
        for (position, index) in searched.enumerated() {
            if case .continuous = history.axes[index].kind { point[position] = min(1, max(0, point[position])) }
        }
        return Draw(
            point: point, spread: run.margin.spread(point, around: run.strategy.mean), generation: run.strategy.generation,
            restarts: restarts)
    }

    /// Whether the values at `point` satisfy the conditions, which speak of numbers only.
    private func isFeasible(_ point: [Double], _ run: Run, _ history: TrialHistory, _ searched: [Int]) -> Bool {
        var values = history.axes.map { $0.value(at: $0.low) }
        for (index, share) in zip(searched, run.margin.spread(point, around: run.strategy.mean)) {
            values[index] = history.axes[index].nearestValue(toShare: share)
        }
        return history.space.isFeasible(values)
    }
}
