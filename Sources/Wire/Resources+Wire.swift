package import Scheduling
import SwiftProtobuf

extension NamedAmounts {
    /// Of a name that comes twice the last amount counts.
    init(_ amounts: [ProtoNamedAmount]) { self.init(amounts.map { (name: $0.name, milli: $0.milli) }) }

    var messages: [ProtoNamedAmount] { list.map { amount in .with { ($0.name, $0.milli) = (amount.name, amount.milli) } } }
}

extension ProtoRegister {
    /// What the worker says that it has; nobody has looked yet whether it is plausible.
    package var capacity: Resources {
        get { Resources(milliCPU: milliCpu, memory: memoryBytes, milliGPU: milliGpu, others: NamedAmounts(others)) }
        set {
            (milliCpu, memoryBytes, milliGpu) = (newValue.milliCPU, newValue.memory, newValue.milliGPU)
            others = newValue.others.messages
        }
    }

    package var workerLabels: [Scheduling.WorkerLabel] {
        get { labels.map { Scheduling.WorkerLabel($0.key, $0.value) } }
        set { labels = newValue.map { label in .with { ($0.key, $0.value) = (label.key, label.value) } } }
    }

    /// Which of their job's choices held attempts take, where it is not the first.
    package var heldChoices: [TaskAttempt: Int] {
        get { Dictionary(choices.map { ($0.attempt.taskAttempt, Int($0.choice)) }) { $1 } }
        set {
            // In the order of `holding`, so that the same inventory is the same message.
            choices = holding.compactMap { name in
                newValue[name.taskAttempt].map { choice in .with { ($0.attempt, $0.choice) = (name, UInt32(clamping: choice)) } }
            }
        }
    }
}

extension ProtoJobBody {
    /// What a task may ask for, the first choice first.
    package var choices: [Resources] {
        get {
            let first = Resources(milliCPU: milliCpu, memory: memoryBytes, milliGPU: milliGpu, others: NamedAmounts(others))
            let rest = alternatives.map {
                Resources(milliCPU: $0.milliCpu, memory: $0.memoryBytes, milliGPU: $0.milliGpu, others: NamedAmounts($0.others))
            }
            return [first] + rest
        }
        set {
            guard let first = newValue.first else { return }
            (milliCpu, memoryBytes, milliGpu) = (first.milliCPU, first.memory, first.milliGPU)
            others = first.others.messages
            alternatives = newValue.dropFirst().map { choice in
                .with {
                    ($0.milliCpu, $0.memoryBytes, $0.milliGpu) = (choice.milliCPU, choice.memory, choice.milliGPU)
                    $0.others = choice.others.messages
                }
            }
        }
    }
}
