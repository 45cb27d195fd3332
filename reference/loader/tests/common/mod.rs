//! An artifact to try things on, written by the serialiser and signed with TEST 1 of RFC 8032 §7.1.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper of tests fails as tests do")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use fayger_cbor::{Map, Value};
use fayger_contracts::{
    Event, FaygerError, InterfaceVersion, LoadProfile, LoadStrategy, Observer, RuntimeOffer, SignatureMode,
};
use fayger_loader::{
    Algorithm, BufBuilder, Draft, DraftSection, KeyStatus, Limits, LoadRequest, LoadedBuf, MemorySource, PublicKey,
    TrustStore, load,
};

/// The secret key of TEST 1, RFC 8032 §7.1.
pub(crate) const ALICE: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5,
    0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

pub(crate) fn map(pairs: &[(&str, Value)]) -> Map {
    pairs.iter().map(|(key, value)| (*key, value.clone())).collect()
}

pub(crate) fn names(names: &[&str]) -> Value {
    Value::Array(names.iter().map(|name| Value::from(*name)).collect())
}

pub(crate) fn section(section_id: u32, kind: u32, constraints: Map, body: &[u8]) -> DraftSection {
    DraftSection {
        section_id,
        kind,
        visibility: 0,
        profile_constraints: constraints.into(),
        input: Box::new(Bytes::copy_from_slice(body)),
    }
}

/// Code, data for drones alone, and an asset; 1, 2 and 7.
pub(crate) fn draft() -> Draft {
    let declared = |id: u64, extra: &[(&str, Value)]| {
        let mut declared = map(extra);
        declared.insert("id", Value::from(id));
        Value::Map(declared)
    };
    let manifest = map(&[
        ("schema_version", Value::from("1.0.0")),
        ("id", Value::from("org.example.sample")),
        ("version", Value::from("1.2.3-rc.1+5")),
        ("runtime_interface_min", Value::from("1.0.0")),
        ("entry", map(&[("section", Value::from(1)), ("start", Value::from("start"))]).into()),
        ("capabilities", map(&[("required", names(&["io.stdio"])), ("optional", names(&["random"]))]).into()),
        (
            "sections",
            Value::Array(vec![
                declared(1, &[("format", Value::from("wasm-core-2"))]),
                declared(2, &[("name", Value::from("map"))]),
                declared(7, &[("media_type", Value::from("text/plain"))]),
            ]),
        ),
        ("x-note", names(&["kept"])),
    ]);
    let drones = map(&[("profiles", names(&["drone"]))]);
    Draft {
        flags: 0,
        manifest,
        sections: vec![
            section(1, 1, Map::new(), b"\0asm\x01\0\0\0"),
            section(2, 2, drones, b"terrain"),
            section(7, 3, Map::new(), b"hello"),
        ],
    }
}

pub(crate) fn written(builder: &BufBuilder) -> Vec<u8> {
    let mut bytes = Vec::new();
    let length = builder.artifact().and_then(|artifact| artifact.write_to(&mut bytes)).expect("written");
    assert_eq!(length, bytes.len() as u64);
    bytes
}

pub(crate) fn unsigned() -> Vec<u8> {
    written(&BufBuilder::new(draft()).expect("a good draft"))
}

pub(crate) fn sign(builder: BufBuilder, secret: &[u8; 32]) -> BufBuilder {
    let secret = SigningKey::from_bytes(secret);
    let key = PublicKey::ed25519(secret.verifying_key().as_bytes()).expect("a good key");
    let waiting = builder.to_sign(Algorithm::Ed25519.name(), key.key_id(), 64).expect("room");
    let value = secret.sign(&waiting.signing_payload().expect("payload")).to_bytes();
    waiting.attach(&value).expect("attached")
}

pub(crate) fn signed() -> Vec<u8> {
    written(&sign(BufBuilder::new(draft()).expect("a good draft"), &ALICE))
}

pub(crate) fn trusting(secret: &[u8; 32], status: KeyStatus) -> TrustStore {
    let mut trust = TrustStore::new();
    let key = PublicKey::ed25519(SigningKey::from_bytes(secret).verifying_key().as_bytes()).expect("a good key");
    let key_id = key.key_id();
    trust.add(key, "alice", &()).expect("new");
    if status == KeyStatus::Revoked {
        trust.revoke(key_id, &()).expect("there");
    }
    trust
}

pub(crate) fn request() -> LoadRequest {
    LoadRequest {
        profile: LoadProfile {
            name: "desktop".into(),
            host: "server".into(),
            capabilities: Vec::new(),
            max_bytes: None,
        },
        strategy: LoadStrategy::Eager,
        mode: SignatureMode::Default,
        trust: trusting(&ALICE, KeyStatus::Active),
        offer: RuntimeOffer {
            runtime_interface: InterfaceVersion::new(1, 0, 0),
            runtime_capabilities: Vec::new(),
            formats: vec!["wasm-core-2".into()],
        },
        expect_id: None,
        limits: Limits::default(),
    }
}

pub(crate) fn load_bytes(bytes: &[u8], request: &LoadRequest) -> Result<LoadedBuf, FaygerError> {
    load(Arc::new(MemorySource::new(bytes.to_vec())), request, &())
}

pub(crate) fn refusal(bytes: &[u8], request: &LoadRequest) -> FaygerError {
    match load_bytes(bytes, request) {
        Ok(_) => panic!("accepted"),
        Err(error) => error,
    }
}

/// An observer that keeps what it saw.
#[derive(Default)]
pub(crate) struct Seen(pub(crate) Mutex<Vec<Event>>);

impl Observer for Seen {
    fn observe(&self, event: Event) {
        self.0.lock().expect("not poisoned").push(event);
    }
}
