//! Any bytes through the loader.

use std::sync::Arc;

use fayger_contracts::{Capability, InterfaceVersion, LoadProfile, LoadStrategy, RuntimeOffer, SignatureMode};
use fayger_loader::{Limits, LoadRequest, MemorySource, PublicKey, TrustStore, load};

/// The public key of TEST 1, RFC 8032 §7.1, which signs the suite's artifacts.
const ALICE: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72,
    0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// A load ends in an object or in an error with a phase; what is accepted serialises to itself.
pub fn artifact(data: &[u8]) {
    let source = Arc::new(MemorySource::new(data.to_vec()));
    match load(source, &request(), &()) {
        Ok(object) => {
            let mut bytes = Vec::new();
            // A body that was not selected may be damaged; then there is nothing to compare.
            if object.serialise(&mut bytes).is_ok() {
                assert_eq!(bytes, data, "an accepted artifact has another form");
            }
        }
        Err(error) => assert!(error.phase.is_some(), "{} has no phase", error.code.name()),
    }
}

fn request() -> LoadRequest {
    let mut trust = TrustStore::new();
    if let Err(error) = PublicKey::ed25519(&ALICE).and_then(|key| trust.add(key, "alice", &())) {
        panic!("a published key is refused: {error}");
    }
    LoadRequest {
        profile: LoadProfile {
            name: "default".into(),
            host: "server".into(),
            capabilities: Capability::ALL.map(|capability| capability.name().to_owned()).to_vec(),
            max_bytes: None,
        },
        strategy: LoadStrategy::Eager,
        mode: SignatureMode::Default,
        trust,
        offer: RuntimeOffer {
            runtime_interface: InterfaceVersion::new(1, 0, 0),
            runtime_capabilities: Vec::new(),
            formats: vec!["wasm-core-2".into()],
        },
        expect_id: None,
        limits: Limits::default(),
    }
}
