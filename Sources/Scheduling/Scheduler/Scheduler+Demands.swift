/// What tasks need, under numbers: each demand and each dataset is compared once, when it first turns up.
extension Scheduler {
    /// The number of a demand that one more job has.
    mutating func demandNumber(_ demand: Demand) -> Int32 {
        let number: Int32
        if let known = demandNumbers[demand] {
            number = known
        } else if let free = freeDemands.popLast() {
            number = free
            demands[Int(number)] = DemandState(demand)
        } else {
            number = Int32(demands.count)
            demands.append(DemandState(demand))
        }
        demandNumbers[demand] = number
        demands[Int(number)].jobs += 1
        return number
    }

    /// One job less has this demand.
    mutating func dropDemand(_ number: Int32) {
        demands[Int(number)].jobs -= 1
        guard demands[Int(number)].jobs == 0 else { return }
        demandNumbers[demands[Int(number)].demand] = nil
        freeDemands.append(number)
    }

    /// How the workers of a kind suit one choice of a demand.
    mutating func fit(_ demand: Int32, _ choice: Int, onKind kind: Int32) -> DemandState.Fit {
        if let known = demands[Int(demand)].known(choice, Int(kind)) { return known }
        return demands[Int(demand)].fit(choice, Int(kind), kinds[Int(kind)])
    }

    /// What the choice comes to on a worker, whether it has room for it or not.
    mutating func charge(_ demand: Int32, _ choice: Int, on worker: Int32) -> Amounts {
        fit(demand, choice, onKind: workerStates[Int(worker)].kind).charge
    }

    // MARK: - Datasets

    /// The most datasets whose holders are remembered, and how many of them for each worker.
    private static let datasetLimit = 65_536
    private static let datasetsPerWorker = 64

    /// The number of a dataset; -1 when there are too many to remember its holders.
    mutating func datasetNumber(_ name: String) -> Int32 {
        if let known = datasetNumbers[name] { return known }
        guard datasets.count < Scheduler.datasetLimit else { return -1 }
        let number = Int32(datasets.count)
        datasetNumbers[name] = number
        datasets.append(DatasetHolders())
        return number
    }

    /// Takes a worker's word for which datasets it holds.
    mutating func setDatasets(_ names: [String], of worker: Int32) {
        forgetDatasets(of: worker)
        for name in names.prefix(Scheduler.datasetsPerWorker) { hold(datasetNumber(name), by: worker) }
    }

    /// From now on the worker has a dataset, or fetches it.
    mutating func hold(_ dataset: Int32, by worker: Int32) {
        guard dataset >= 0, workerStates[Int(worker)].lastDataset != dataset else { return }
        workerStates[Int(worker)].lastDataset = dataset
        guard !workerStates[Int(worker)].datasets.contains(dataset) else { return }
        if workerStates[Int(worker)].datasets.count >= Scheduler.datasetsPerWorker {
            datasets[Int(workerStates[Int(worker)].datasets.removeFirst())].remove(worker)
        }
        workerStates[Int(worker)].datasets.append(dataset)
        datasets[Int(dataset)].add(worker)
    }

    mutating func forgetDatasets(of worker: Int32) {
        for dataset in workerStates[Int(worker)].datasets { datasets[Int(dataset)].remove(worker) }
        workerStates[Int(worker)].datasets = []
        workerStates[Int(worker)].lastDataset = -1
    }
}
