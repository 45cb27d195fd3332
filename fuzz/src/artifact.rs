//! Any bytes through the loader.

use std::sync::{Arc, LazyLock};

use fayger_contracts::{
    BufObject, Capability, ErrorCode, FaygerError, InterfaceVersion, LoadProfile, LoadStrategy, Phase, Reader,
    RuntimeOffer, SignatureMode,
};
use fayger_loader::{Limits, LoadRequest, LoadedBuf, MemorySource, PublicKey, TrustStore, load};

/// The public key of TEST 1, RFC 8032 §7.1, which signs the suite's artifacts.
const ALICE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// Room for late bodies; small, so that they are dropped too.
const CACHE_BYTES: u64 = 64;

static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = TrustStore::new();
    let added = PublicKey::from_hex(ALICE).and_then(|key| trust.add(key, "alice", &()));
    assert!(added.is_ok(), "a published key is refused");
    trust
});

/// A load ends in an object or in an error with a phase; what is accepted serialises to itself, and eager and lazy agree.
pub fn artifact(data: &[u8]) {
    let eager = checked(data, LoadStrategy::Eager);
    let lazy = checked(data, LoadStrategy::Lazy { cache_bytes: CACHE_BYTES });
    match (eager, lazy) {
        (Ok(eager), Ok(lazy)) => {
            for entry in eager.sections() {
                let bodies = [&eager, &lazy].map(|object| object.body(entry.section_id, Reader::Runtime));
                assert!(matches!(bodies, [Ok(a), Ok(b)] if a == b), "eager and lazy give other bodies");
            }
        }
        // Of several bad bodies Lazy reads the entry section's alone; one that is not the entry section's is found at first use.
        (Err(eager), Err(lazy)) if eager.phase == Some(Phase::ReadSections) => assert_eq!(lazy.phase, eager.phase),
        (Err(eager), Err(lazy)) => assert_eq!(eager, lazy, "eager and lazy refuse differently"),
        (Err(eager), Ok(_)) => assert_eq!(eager.phase, Some(Phase::ReadSections)),
        (Ok(_), Err(lazy)) => panic!("what loads eagerly is refused lazily: {}", lazy.code.name()),
    }
}

fn checked(data: &[u8], strategy: LoadStrategy) -> Result<LoadedBuf, FaygerError> {
    let source = Arc::new(MemorySource::new(data.to_vec()));
    let loaded = load(source, &request(strategy), &());
    match &loaded {
        Ok(object) => {
            let mut bytes = Vec::new();
            match object.serialise(&mut bytes) {
                Ok(_) => assert_eq!(bytes, data, "an accepted artifact has another form"),
                // A body that was not selected may be damaged; nothing else may go wrong.
                Err(error) => assert_eq!(error.code, ErrorCode::LdrDigestMismatch, "{error}"),
            }
        }
        Err(error) => assert!(error.phase.is_some(), "{} has no phase", error.code.name()),
    }
    loaded
}

pub(crate) fn request(strategy: LoadStrategy) -> LoadRequest {
    LoadRequest {
        profile: LoadProfile {
            name: "default".into(),
            host: "server".into(),
            capabilities: Capability::ALL.map(|capability| capability.name().to_owned()).to_vec(),
            max_bytes: None,
        },
        strategy,
        mode: SignatureMode::Default,
        trust: TRUST.clone(),
        offer: RuntimeOffer {
            runtime_interface: InterfaceVersion::new(1, 0, 0),
            runtime_capabilities: Vec::new(),
            formats: vec!["wasm-core-2".into()],
        },
        expect_id: None,
        limits: Limits::default(),
    }
}
