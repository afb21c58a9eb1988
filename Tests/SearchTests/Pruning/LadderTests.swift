import Search
import Testing

@Suite struct LadderTests {
    /// Feeds a rung in order and says after each result who is promoted.
    private func promotions(_ ladder: inout some Ladder, rung: Int, _ losses: [Double?], from first: Int = 0) -> [[RungRun]] {
        losses.enumerated().map { offset, loss in
            ladder.take(RungRun(trial: first + offset, rung: rung), loss: loss)
            var promoted: [RungRun] = []
            while let run = ladder.promotion() { promoted.append(run) }
            return promoted
        }
    }

    @Test func `halving promotes the best third of those that have come so far, as soon as they are known`() {
        var ladder = HalvingLadder(rungs: 3, reduction: 3)
        let runs = promotions(&ladder, rung: 0, [5, 3, 4, 2, 1, 9, 8, 0, 7])
        func up(_ trial: Int) -> [RungRun] { [RungRun(trial: trial, rung: 1)] }
        // Of three the best is trial 1; of six the best two are 4 and 3; of nine the best three are 7, 4 and 3.
        #expect(runs == [[], [], up(1), up(3), up(4), [], [], up(7), []])
        #expect(promotions(&ladder, rung: 1, [3, 1, 2], from: 0).last == [RungRun(trial: 1, rung: 2)])
        #expect(promotions(&ladder, rung: 2, [0, 0, 0]).allSatisfy { $0.isEmpty })
    }

    @Test func `the highest rung with a trial to promote comes first`() {
        var ladder = HalvingLadder(rungs: 3, reduction: 2)
        for (trial, loss) in [4.0, 3, 2, 1].enumerated() { ladder.take(RungRun(trial: trial, rung: 0), loss: loss) }
        for (trial, loss) in [(10, 1.0), (11, 2)] { ladder.take(RungRun(trial: trial, rung: 1), loss: loss) }
        #expect(ladder.promotion() == RungRun(trial: 10, rung: 2))
        #expect(ladder.promotion() == RungRun(trial: 3, rung: 1))
        #expect(ladder.promotion() == RungRun(trial: 2, rung: 1))
        #expect(ladder.promotion() == nil)
    }

    @Test func `of equals the lower number goes on, and one that failed never does`() {
        var ladder = HalvingLadder(rungs: 2, reduction: 2)
        #expect(promotions(&ladder, rung: 0, [1, 1]).last == [RungRun(trial: 0, rung: 1)])
        var failing = HalvingLadder(rungs: 2, reduction: 2)
        #expect(promotions(&failing, rung: 0, [nil, nil, nil, nil]).allSatisfy { $0.isEmpty })
        #expect(promotions(&failing, rung: 0, [7], from: 4) == [[RungRun(trial: 4, rung: 1)]])
    }

    @Test func `halving agrees with sorting everything anew`() {
        var (ladder, taken, promoted) = (HalvingLadder(rungs: 2, reduction: 4), [(Double, Int)](), Set<Int>())
        var state: UInt64 = 1
        for trial in 0..<500 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let loss = Double(state >> 54)
            taken.append((loss, trial))
            ladder.take(RungRun(trial: trial, rung: 0), loss: loss)
            let best = taken.sorted { $0 < $1 }.prefix(taken.count / 4).map(\.1).first { !promoted.contains($0) }
            let run = ladder.promotion()
            #expect(run?.trial == best)
            if let run { promoted.insert(run.trial) }
        }
        #expect(promoted.count > 125)
    }

    @Test func `Hyperband's brackets are those of the paper for 81 steps and a reduction of 3`() {
        let ladder = HyperbandLadder(rungs: 5, reduction: 3, trials: 143)
        #expect(ladder.sizes == [81, 34, 15, 8, 5])
        let firsts = (0..<143).map(ladder.firstRung)
        #expect((0..<5).map { rung in firsts.filter { $0 == rung }.count } == [81, 34, 15, 8, 5])
        #expect(firsts == firsts.sorted())
        #expect(ladder.firstRung(of: 143) == 0)
    }

    @Test func `a bracket promotes when its stage is complete, each stage a third of the one before`() {
        var ladder = HyperbandLadder(rungs: 5, reduction: 3, trials: 143)
        var (waiting, counts) = ((0..<81).map { RungRun(trial: $0, rung: 0) }, [Int]())
        while !waiting.isEmpty {
            counts.append(waiting.count)
            for run in waiting.dropLast() { ladder.take(run, loss: Double(run.trial * 37 % 83)) }
            #expect(ladder.promotion() == nil)
            waiting.last.map { ladder.take($0, loss: Double($0.trial * 37 % 83)) }
            let best = waiting.map(\.trial).sorted { $0 * 37 % 83 < $1 * 37 % 83 }.prefix(waiting.count / 3)
            let rung = waiting[0].rung + 1
            waiting = []
            while let run = ladder.promotion() { waiting.append(run) }
            #expect(waiting == best.map { RungRun(trial: $0, rung: rung) })
        }
        #expect(counts == [81, 27, 9, 3, 1])
    }

    @Test func `a stage with failures goes on with fewer, and a last bracket is as large as the trials left`() {
        var ladder = HyperbandLadder(rungs: 3, reduction: 3, trials: 11)
        #expect(ladder.sizes == [9, 5, 3])
        for trial in 0..<9 { ladder.take(RungRun(trial: trial, rung: 0), loss: trial < 7 ? nil : Double(trial)) }
        #expect(ladder.promotion() == RungRun(trial: 7, rung: 1))
        #expect(ladder.promotion() == RungRun(trial: 8, rung: 1))
        #expect(ladder.promotion() == nil)
        ladder.take(RungRun(trial: 7, rung: 1), loss: 2)
        ladder.take(RungRun(trial: 8, rung: 1), loss: 1)
        #expect(ladder.promotion() == RungRun(trial: 8, rung: 2))
        // The second bracket has only two of its five trials.
        ladder.take(RungRun(trial: 9, rung: 1), loss: 1)
        #expect(ladder.promotion() == nil)
        ladder.take(RungRun(trial: 10, rung: 1), loss: 1)
        #expect(ladder.promotion() == nil)
    }
}
