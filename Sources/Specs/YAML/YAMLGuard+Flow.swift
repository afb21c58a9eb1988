import Diagnostics

/// What stands in brackets: it may go on over lines, and commas and colons decide where a scalar may be.
extension YAMLGuard {
    /// Reads on inside brackets until they are all closed or the line ends.
    mutating func readFlow() throws(SpecError) {
        repeat {
            skipBlanks()
            if isAtEndOfLine { return }
            switch current {
            case .openBracket, .openBrace: try openFlow()
            case .closeBracket, .closeBrace: try closeFlow()
            case .comma: try takeComma()
            case .colon: try takeColon()
            default:
                try refuseIndicators()
                if current == .question { throw complexKey() }
                if current == .dash, isBlankOrEnd(position + 1) {
                    throw failure("E_YAML_SYNTAX", "a dash has no meaning inside brackets", hint: "separate values with commas")
                }
                try refuseWhenFull()
                let column = columnNumber(position)
                let text = try readScalar(inFlow: true)
                let last = flows.count - 1
                flows[last].scalar = (text, line, column)
                flows[last].isFull = true
            }
        } while !flows.isEmpty
        skipBlanks()
        guard isAtEndOfLine else {
            throw current == .colon
                ? complexKey() : failure("E_YAML_SYNTAX", "text after the closing bracket", hint: "put it on the next line")
        }
        valueIsComplete = true
    }

    private mutating func openFlow() throws(SpecError) {
        try refuseWhenFull()
        flows.append(FlowFrame(isList: current == .openBracket, line: line, column: columnNumber(position)))
        try checkDepth(at: position)
        position += 1
    }

    private mutating func closeFlow() throws(SpecError) {
        guard let frame = flows.last, frame.isList == (current == .closeBracket) else {
            throw failure("E_YAML_SYNTAX", "a closing bracket without its opening one")
        }
        flows.removeLast()
        position += 1
        if !flows.isEmpty {
            flows[flows.count - 1].isFull = true
            flows[flows.count - 1].scalar = nil
        }
    }

    private mutating func takeComma() throws(SpecError) {
        let last = flows.count - 1
        guard flows[last].isFull || flows[last].hasKey else {
            throw failure("E_YAML_SYNTAX", "a comma without a value before it")
        }
        (flows[last].isFull, flows[last].hasKey, flows[last].scalar) = (false, false, nil)
        position += 1
    }

    private mutating func takeColon() throws(SpecError) {
        let last = flows.count - 1
        guard let key = flows[last].scalar, !flows[last].hasKey else { throw complexKey() }
        guard !flows[last].isList else {
            throw failure("E_YAML_SYNTAX", "a key inside [ ]", hint: "write {key: value} for a mapping")
        }
        guard key.line == line else { throw failure("E_YAML_SYNTAX", "a colon must follow its key on the same line") }
        try register(key.text, key.line, key.column, in: &flows[last].keys)
        (flows[last].isFull, flows[last].hasKey, flows[last].scalar) = (false, true, nil)
        position += 1
    }

    private func refuseWhenFull() throws(SpecError) {
        guard flows.last?.isFull == true else { return }
        throw failure(
            "E_YAML_SYNTAX", "expected a comma or a closing bracket",
            hint: "a value stands on one line; put text with signs in quotes")
    }
}
