// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every Swift target.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A Swift library target; its folder is `Sources/<name>`.
func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// A program; its folder is `Sources/<name>`.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of the targets named first in `dependencies`; the folder is `Tests/<name>`.
/// Its `Reference` folder, if there is one, holds numbers made by other programs and the scripts that made them.
func tests(_ name: String, _ dependencies: [Target.Dependency], reference: Bool = false) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["Diagnostics", "TestSupport"], exclude: reference ? ["Reference"] : [],
        swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "bellwether",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bellwether", targets: ["bellwether"]),
        .executable(name: "bellwether-head", targets: ["bellwether-head"]),
        .executable(name: "bellwether-worker", targets: ["bellwether-worker"]),
        .executable(name: "bellwether-serve", targets: ["bellwether-serve"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["JSON", "YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries: a module map and a shim each, imported by exactly one Swift target.
        .systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),

        // What Swift cannot do safely between fork and exec.
        .target(name: "CProcess"),

        // Leaves.
        library("Diagnostics"),
        library("Settings", ["Diagnostics", argumentParser, configuration]),
        library("Scheduling"),
        library("Statistics"),
        library("LinearAlgebra", ["COpenBLAS"]),

        // Domain.
        library("Search", ["Diagnostics", "Statistics"]),
        library("Registry", ["Diagnostics", crypto]),
        library("MarketData", ["CLZ4", "Diagnostics", "Statistics", crypto]),
        library("Learning", ["Diagnostics", "MarketData", "LinearAlgebra", "Statistics", crypto]),
        library("Backtest", ["Diagnostics", "MarketData", "Statistics", crypto]),
        library("Specs", ["Diagnostics", "Search", "MarketData", "Backtest", "Registry", "Scheduling", yams, crypto]),

        // Edges.
        library("Transport", ["CZeroMQ", "Diagnostics"]),
        library("Wire", ["Diagnostics", "Scheduling", "Search", protobuf], exclude: ["bellwether.proto"]),
        library("Stores", ["CPostgres", "Diagnostics", "Scheduling", "Search", "Registry", grdb]),

        // Shells.
        library(
            "Cluster",
            [
                "Diagnostics", "Scheduling", "Search", "Registry", "Specs", "MarketData", "Backtest", "Statistics", "Wire",
                "Transport", protobuf, logging, asyncHTTPClient,
            ] + nio),
        library(
            "Gateway",
            [
                "Diagnostics", "Cluster", "MarketData", "Registry", "Scheduling", "Specs", hummingbird, logging,
                serviceLifecycle,
            ] + nio),
        library(
            "Workloads",
            [
                "CProcess", "Diagnostics", "Wire", "MarketData", "Learning", "Backtest", "Registry", "Search", "Specs",
                "Statistics", "Cluster", protobuf,
            ]),
        library("Serving", ["Diagnostics", "Learning", "MarketData", "Registry", hummingbird, logging, serviceLifecycle] + nio),

        // Programs.
        program(
            "bellwether",
            [
                "Cluster", "MarketData", "Backtest", "Registry", "Scheduling", "Settings", "Specs", "Diagnostics",
                argumentParser,
            ]),
        program(
            "bellwether-head",
            [
                "Stores", "Gateway", "Cluster", "Transport", "Registry", "Scheduling", "MarketData", "Diagnostics", "Settings",
                argumentParser, serviceLifecycle, logging,
            ]),
        program(
            "bellwether-worker",
            [
                "Workloads", "Cluster", "Transport", "Scheduling", "Diagnostics", "Settings", argumentParser,
                serviceLifecycle, logging,
            ]),
        program(
            "bellwether-serve",
            [
                "Serving", "Stores", "Registry", "Learning", "Diagnostics", "Settings", argumentParser, serviceLifecycle,
                logging,
            ] + nio),
        // What scripts/bench measures in the pure modules.
        program("bellwether-bench", ["Backtest", "MarketData", "Scheduling", "Search", "Statistics"]),

        // Tests mirror Sources; TestSupport holds the fakes and the servers that tests start.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        tests("SchedulingTests", ["Scheduling"]),
        tests("SimulationTests", ["Scheduling"]),
        tests("StatisticsTests", ["Statistics"], reference: true),
        tests("LinearAlgebraTests", ["LinearAlgebra"], reference: true),
        tests("SearchTests", ["Search", "Statistics", "bellwether-bench"], reference: true),
        tests("RegistryTests", ["Registry"]),
        tests("MarketDataTests", ["MarketData", "Statistics"], reference: true),
        tests("LearningTests", ["Learning", "MarketData", "LinearAlgebra", "Statistics"], reference: true),
        tests("BacktestTests", ["Backtest", "MarketData", "Statistics"], reference: true),
        tests("SpecsTests", ["Specs", "Search", "MarketData", "Backtest", "Registry", "Scheduling"]),
        tests("TransportTests", ["Transport"]),
        tests("WireTests", ["Wire", "Scheduling", "Search", "Statistics", protobuf]),
        tests("StoresTests", ["Stores", "Scheduling", "Search", "Registry"]),
        tests(
            "ClusterTests",
            [
                "Cluster", "Wire", "Transport", "Scheduling", "Specs", "Stores", "Search", "Registry", "MarketData",
                "Backtest", "Statistics", protobuf, logging,
            ]),
        tests(
            "GatewayTests", ["Gateway", "Cluster", "MarketData", "Registry", "Scheduling", "Specs", logging, serviceLifecycle]),
        tests(
            "WorkloadsTests",
            [
                "Workloads", "Wire", "MarketData", "Learning", "Backtest", "Cluster", "Specs", "Statistics", "Registry",
                protobuf,
            ]),
        tests(
            "ServingTests",
            [
                "Serving", "Learning", "MarketData", "Registry", "Statistics", "Stores", asyncHTTPClient, serviceLifecycle,
                logging,
            ] + nio),
        tests(
            "CommandLineTests", ["bellwether", "Backtest", "Cluster", "MarketData", "Specs", argumentParser], reference: true),
        tests(
            "IntegrationTests",
            [
                "Cluster", "Registry", "Scheduling", asyncHTTPClient, "bellwether", "bellwether-head", "bellwether-worker",
                "bellwether-serve",
            ] + nio),
    ]
)
