import Stores
import Testing

@Suite struct StoreURLTests {
    @Test("Addresses of the three kinds are read")
    func reads() throws {
        #expect(try StoreURL("memory:") == .memory)
        #expect(try StoreURL("sqlite:/var/lib/b.db") == .sqlite("/var/lib/b.db"))
        #expect(try StoreURL("sqlite:///var/lib/b.db") == .sqlite("/var/lib/b.db"))
        #expect(try StoreURL("sqlite:data/b.db") == .sqlite("data/b.db"))
        #expect(try StoreURL("postgres://ann@db:5433/bell") == .postgres("postgres://ann@db:5433/bell"))
        #expect(try StoreURL("postgresql://db/bell?sslmode=require") == .postgres("postgresql://db/bell?sslmode=require"))
        #expect(try StoreURL("postgres:host=/run/postgresql dbname=bell") == .postgres("host=/run/postgresql dbname=bell"))
    }

    @Test(
        "Anything else is E_STORE_URL",
        arguments: [
            "", "memory", "sqlite:", "sqlite://host/b.db", "sqlite:/folder/", "mysql://db/bell", "/var/lib/b.db",
            "postgres://db:notaport/bell?nonsense=1", "postgres:nonsense", "sqlite:/a\u{0}b", "postgres://u:secret@h/db?no=1",
        ])
    func refuses(text: String) {
        let error = #expect(throws: StoreError.self) { try StoreURL(text) }
        #expect(error?.code == "E_STORE_URL")
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test("The password is never shown")
    func redacts() throws {
        for text in ["postgres://ann:s3cret@db:5433/bell", "postgres:host=db user=ann password=s3cret dbname=bell port=5433"] {
            #expect(try StoreURL(text).redacted == "postgres://ann@db:5433/bell")
        }
    }
}
