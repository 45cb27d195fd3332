//! The trust store's file form: what goes in comes out, and what is not a store is refused by its reason.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod common;

use common::*;
use fayger_cbor::{Map, Value, encode};
use fayger_contracts::{ContextValue, ErrorCode, FaygerError};
use fayger_loader::{KeyStatus, PublicKey, TrustStore};

/// The public keys of TEST 1 and TEST 2, RFC 8032 §7.1, whose ids begin with `c4` and `1c`.
const KEYS: [[u8; 32]; 2] = [
    [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
        0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ],
    [
        0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98,
        0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c,
    ],
];

fn record(key: &[u8]) -> Value {
    Value::Bytes(encode(&Value::Array(vec![Value::from("ed25519"), Value::Bytes(key.to_vec())])))
}

fn root(key: Value, label: &str, status: &str) -> Map {
    map(&[("key", key), ("label", Value::from(label)), ("status", Value::from(status))])
}

fn refused(store: &Value) -> FaygerError {
    refused_bytes(&encode(store))
}

fn refused_bytes(bytes: &[u8]) -> FaygerError {
    let error = TrustStore::from_bytes(bytes).expect_err("a bad store");
    assert_eq!((error.code, error.phase), (ErrorCode::TrustStoreInvalid, None));
    error
}

fn context(error: &FaygerError) -> Vec<(&str, ContextValue)> {
    error.context.iter().map(|(key, value)| (*key, value.clone())).collect()
}

#[test]
fn a_store_comes_back_as_it_was_written() {
    let mut store = TrustStore::new();
    for (key, label) in KEYS.iter().zip(["alice", ""]) {
        store.add(PublicKey::ed25519(key).expect("good"), label, &()).expect("new");
    }
    let revoked = PublicKey::ed25519(&KEYS[1]).expect("good").key_id();
    store.revoke(revoked, &()).expect("there");
    let read = TrustStore::from_bytes(&store.to_bytes()).expect("its own form");
    assert_eq!((read.digest(), read.to_bytes()), (store.digest(), store.to_bytes()));
    assert_eq!(read.get(revoked).map(|root| root.status), Some(KeyStatus::Revoked));
    assert_eq!(TrustStore::from_bytes(&[0x80]).expect("an empty store"), TrustStore::new());
}

#[test]
fn refuses_a_store_that_breaks_a_rule() {
    let good = || root(record(&KEYS[0]), "alice", "active");
    let with = |key: &str, value: Value| {
        let mut root = good();
        root.insert(key, value);
        Value::Map(root)
    };
    let without = |key: &str| {
        let mut root = good();
        root.remove(key);
        Value::Map(root)
    };
    let second = |root: Value| Value::Array(vec![Value::Map(bob()), root]);
    for (store, reason, at) in [
        (Value::Map(good()), "type", None),
        (Value::Array(vec![Value::from("alice")]), "type", Some(0_u64)),
        (second(without("label")), "shape", Some(1)),
        (second(without("key")), "shape", Some(1)),
        (second(with("note", Value::from(""))), "shape", Some(1)),
        (second(with("label", Value::from(1))), "shape", Some(1)),
        (second(with("status", Value::from("Active"))), "status", Some(1)),
        (second(with("key", record(&[0; 32]))), "key", Some(1)),
        (second(with("key", Value::Bytes(KEYS[0].to_vec()))), "key", Some(1)),
        (Value::Array(vec![Value::Map(good()), Value::Map(good())]), "order", Some(1)),
        (Value::Array(vec![Value::Map(good()), Value::Map(bob())]), "order", Some(1)),
    ] {
        let mut expected = vec![("reason", ContextValue::from(reason))];
        expected.extend(at.map(|at| ("root", ContextValue::from(at))));
        assert_eq!(context(&refused(&store)), expected, "{reason}");
    }
    // A bad key says why, below.
    let error = refused(&second(with("key", record(&[0; 32]))));
    let cause = error.cause.expect("the key's own judgement");
    assert_eq!((cause.code, &cause.context["reason"]), (ErrorCode::TrustKeyInvalid, &"small_order".into()));
    // One more byte than the item.
    let error = refused_bytes(&[0x80, 0x80]);
    assert_eq!(context(&error), [("offset", 1_u64.into()), ("reason", "cbor".into()), ("rule", "trailing".into())]);
}

/// TEST 2, whose id is below that of TEST 1.
fn bob() -> Map {
    root(record(&KEYS[1]), "bob", "revoked")
}
