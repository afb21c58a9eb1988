import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// What counts as this machine.
enum Loopback {
    /// Whether `host` is `localhost` or a loopback address, IPv4 (127.0.0.0/8) or IPv6, without brackets.
    static func isAddress(_ host: String) -> Bool {
        if ["localhost", "::1", "0:0:0:0:0:0:0:1"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { $0.count <= 3 && $0.allSatisfy(\.isWholeNumber) && UInt8($0) != nil }
    }

    /// Whether a `Host` header (or the host part of an `Origin`), with or without a port, names this machine. Another name
    /// that resolves to it is how a web page of strangers would reach the API.
    static func isAuthority(_ authority: String) -> Bool {
        var host = Substring(authority)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return false }
            return isAddress(String(host[host.index(after: host.startIndex)..<end]))
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        return isAddress(host.lowercased())
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && UInt16(text.dropFirst()) != nil
    }

    static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case EADDRINUSE: "another program has that port"
        case EACCES: "this user may not use that port"
        case EADDRNOTAVAIL: "this machine does not have that address"
        default: error.description
        }
    }
}
