package import Scheduling
import Specs

extension QueueDefinition {
    /// A queue as the settings write it: its name, then pairs of a word and a value, such as `nightly weight 2 cpu 8 memory 16GiB`.
    /// Without cpu, memory and gpu it has no quota; with one of them it is not limited in the others. Throws `E_SETTING`.
    package init(setting line: String) throws(ClusterError) {
        var words = line.split(separator: " ").map(String.init)[...]
        guard let name = words.popFirst(), name.utf8.count <= 64, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .queueSetting(line, "has no name")
        }
        self.init(name: name)
        var (milliCPU, memory, milliGPU): (Int64?, Int64?, Int64?)
        while let word = words.popFirst() {
            guard let text = words.popFirst() else { throw .queueSetting(line, "has no value after '\(word)'") }
            switch word {
            case "weight":
                guard let number = Int32(text), (1...1_000_000).contains(number) else {
                    throw .queueSetting(line, "has the weight '\(text)', not 1 to 1000000")
                }
                weight = number
            case "cpu":
                guard let cores = Double(text), (0.001...1_000_000).contains(cores) else {
                    throw .queueSetting(line, "has '\(text)' cores, not 0.001 to 1000000")
                }
                milliCPU = Int64(cores * 1_000)
            case "memory":
                guard let bytes = Quantity.byteCount(text), (1...1 << 60).contains(bytes) else {
                    throw .queueSetting(line, "has '\(text)' of memory, which is no size")
                }
                memory = bytes
            case "gpu":
                guard let count = Double(text), (0...1_000_000).contains(count) else {
                    throw .queueSetting(line, "has '\(text)' GPUs, not 0 to 1000000")
                }
                milliGPU = Int64((count * 1_000).rounded())
            default: throw .queueSetting(line, "has the word '\(word)', which is none of weight, cpu, memory and gpu")
            }
        }
        if milliCPU != nil || memory != nil || milliGPU != nil {
            // What is not limited is limited by nothing that workers could have.
            quota = Resources(milliCPU: milliCPU ?? 1 << 50, memory: memory ?? 1 << 60, milliGPU: milliGPU ?? 1 << 50)
        }
    }

    /// All of them. Throws `E_SETTING` also for a name that comes twice.
    package static func queues(settings lines: [String]) throws(ClusterError) -> [QueueDefinition] {
        var queues: [QueueDefinition] = []
        for line in lines {
            let queue = try QueueDefinition(setting: line)
            guard !queues.contains(where: { $0.name == queue.name }) else { throw .queueSetting(line, "comes twice") }
            queues.append(queue)
        }
        return queues
    }
}
