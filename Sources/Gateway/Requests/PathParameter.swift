import Hummingbird
import Registry
import Scheduling

/// Reads the variable parts of a path.
enum PathParameter {
    /// A number in plain decimal digits: no sign, no space, no leading zero. Nil otherwise, and when it does not fit.
    static func integer<Number: FixedWidthInteger>(_ text: String, as type: Number.Type) -> Number? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard text == "0" || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return Number(text)
    }
}

extension GatewayContext {
    /// Throws `E_PARAMETER`.
    func jobID() throws -> JobID { JobID(try number("id", as: Int64.self)) }

    /// Throws `E_PARAMETER`.
    func number<Number: FixedWidthInteger>(_ name: String, as type: Number.Type) throws -> Number {
        let text = parameters.get(name) ?? ""
        guard let number = PathParameter.integer(text, as: type) else {
            throw GatewayError.parameter(name, text, "a whole number from 0 to \(Number.max)")
        }
        return number
    }

    /// A name of the registry. Throws `E_NAME`.
    func name(_ parameter: String) throws -> String {
        try RegistryName.check(parameters.get(parameter) ?? "", of: parameter)
    }

    /// Throws `E_PARAMETER`.
    func sha256() throws -> String {
        let text = parameters.get("sha256") ?? ""
        guard ContentHash.isWellFormed(text) else {
            throw GatewayError.parameter("sha256", text, "64 lower-case hexadecimal digits")
        }
        return text
    }
}
