//! The features that a testee can declare in `hello`. A name that is not listed here is ignored by this version of the runner.

/// Deterministic CBOR on its own: `cbor.decode`, `cbor.encode`.
pub const CBOR: &str = "cbor";
/// The loading chain over bytes in memory: `loader.load`, `loader.read_section`.
pub const LOADER: &str = "loader";
/// Bodies are read at first use: strategy `lazy` of `loader.load`.
pub const LOADER_LAZY: &str = "loader.lazy";
/// Artifacts are read from a source that the runner plays: the testee's `source.read`.
pub const LOADER_SOURCES: &str = "loader.sources";
/// Building and writing artifacts: `serializer.build`, `serializer.signing_payload`, `serializer.serialize`.
pub const SERIALIZER: &str = "serializer";
/// Ed25519 signatures are verified.
pub const SIGNATURE_ED25519: &str = "signature.ed25519";
/// ECDSA signatures over P-256 are verified.
pub const SIGNATURE_ECDSA_P256: &str = "signature.ecdsa-p256";
/// RSA-PSS signatures with SHA-256 are verified.
pub const SIGNATURE_RSA_PSS_SHA256: &str = "signature.rsa-pss-sha256";
/// A trust store that can be changed: `trust.add`, `trust.revoke`, `trust.remove`, `trust.list`.
pub const TRUST: &str = "trust";
/// Observability events: `events.drain`.
pub const EVENTS: &str = "events";
/// Instructions, events and replies on their own: `instruction.decode`, `instruction.encode`, and the same for events and replies.
pub const INSTRUCTION: &str = "instruction";
/// Negotiation of capabilities: `capability.negotiate`.
pub const CAPABILITY: &str = "capability";
/// The instruction bus over a host that the runner plays: `bus.open`, `bus.emit`.
pub const BUS: &str = "bus";
/// The check of an adapter's descriptor: `registry.check`.
pub const REGISTRY: &str = "registry";
/// Registry and instances of runtimes over a host that the runner plays: the methods `runtime.*`, and the testee's `host.call`.
pub const RUNTIME: &str = "runtime";
/// A host call can stay without an answer while others run: `host.complete`.
pub const RUNTIME_PARK: &str = "runtime.park";
/// Every NaN that is produced is the canonical one.
pub const RUNTIME_NAN_CANONICAL: &str = "runtime.nan-canonical";
/// Fuel is counted by executed instructions.
pub const RUNTIME_FUEL_EXACT: &str = "runtime.fuel-exact";
