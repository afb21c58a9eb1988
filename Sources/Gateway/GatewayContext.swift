import Hummingbird
import Logging
import NIOCore

/// What a handler knows of its request besides the request: the connection it came on.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.channel = source.channel
    }

    /// Closes the connection shortly after the answer was written, so that the rest of an unwanted body is not read.
    func closeSoon() {
        let channel = self.channel
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
