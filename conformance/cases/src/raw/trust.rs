//! Keys and trust stores in a case file.

use fayger_fcp::KeyStatus;
use fayger_forge::{PublicKey, test_key};
use serde::Deserialize;

use super::{RawErr, RawEvent, RawExpect, error, events, expectation, hex};
use crate::case::{
    Action, Expect, ExpectedOk, KeyForm, KeyName, Root, Trust, TrustExpectation, TrustKey, TrustRequest, TrustResult,
    TrustStep,
};

/// An entry of the store of a load: a test key's name, or a key with what the store says of it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawTrust {
    Name(String),
    Entry(RawEntry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    key: Option<String>,
    algorithm: Option<String>,
    public_key: Option<String>,
    modulus: Option<String>,
    exponent: Option<String>,
    #[serde(default = "active")]
    status: KeyStatus,
    label: Option<String>,
}

fn active() -> KeyStatus {
    KeyStatus::Active
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSteps {
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    add: Option<RawKey>,
    hex: Option<String>,
    pem: Option<String>,
    revoke: Option<String>,
    remove: Option<String>,
    list: Option<bool>,
    label: Option<String>,
    err: Option<RawErr>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawKey {
    Name(String),
    Parts(RawParts),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParts {
    algorithm: Option<String>,
    public_key: Option<String>,
    modulus: Option<String>,
    exponent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOk {
    key: Option<String>,
    changed: Option<bool>,
    roots: Option<Vec<RawRoot>>,
    digest: String,
    events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRoot {
    key: String,
    #[serde(default)]
    label: String,
    #[serde(default = "active")]
    status: KeyStatus,
}

pub(super) fn entry(raw: RawTrust) -> Result<Trust, String> {
    let raw = match raw {
        RawTrust::Name(name) => {
            return Ok(Trust { key: TrustKey::Test(name), status: KeyStatus::Active, label: None });
        }
        RawTrust::Entry(entry) => entry,
    };
    let parts =
        RawParts { algorithm: raw.algorithm, public_key: raw.public_key, modulus: raw.modulus, exponent: raw.exponent };
    let key = match raw.key {
        None => TrustKey::Parts(parts_of(&parts)?),
        Some(_) if parts.public_key.is_some() || parts.modulus.is_some() || parts.algorithm.is_some() => {
            return Err("a trusted key is named by `key` or given in its parts".to_owned());
        }
        Some(name) => TrustKey::Test(name),
    };
    Ok(Trust { key, status: raw.status, label: raw.label })
}

/// `algorithm` is `ed25519` where it is absent.
fn parts_of(raw: &RawParts) -> Result<PublicKey, String> {
    match (raw.algorithm.as_deref().unwrap_or("ed25519"), &raw.public_key, &raw.modulus, &raw.exponent) {
        ("ed25519", Some(key), None, None) => Ok(PublicKey::Ed25519(hex(key)?)),
        ("ecdsa-p256", Some(key), None, None) => Ok(PublicKey::EcdsaP256(hex(key)?)),
        ("rsa-pss-sha256", None, Some(modulus), Some(exponent)) => {
            Ok(PublicKey::RsaPssSha256 { modulus: hex(modulus)?, exponent: hex(exponent)? })
        }
        (algorithm, ..) => Err(format!("a key of `{algorithm}` does not have these parts")),
    }
}

pub(super) fn case(raw: RawSteps, expect: RawExpect) -> Result<(Action, Expect), String> {
    let expect = expectation(expect, |ok: RawOk| {
        let last = match (ok.key, ok.changed, ok.roots) {
            (Some(key), Some(changed), None) => TrustResult::Change(name(key)?, changed),
            (None, None, Some(roots)) => TrustResult::Roots(roots.into_iter().map(root).collect()),
            _ => return Err("`expect.ok` of `trust` has `key` and `changed`, or `roots`".to_owned()),
        };
        Ok(ExpectedOk::Trust(TrustExpectation { last, digest: hex(&ok.digest)?, events: events(ok.events) }))
    })?;
    let steps: Vec<_> = raw.steps.into_iter().map(step).collect::<Result<_, _>>()?;
    match steps.last() {
        None => Err("`trust` has no step".to_owned()),
        Some(TrustStep { err: Some(_), .. }) => Err("the last step's error stands in `expect.err`".to_owned()),
        Some(_) => Ok((Action::Trust(steps), expect)),
    }
}

fn root(raw: RawRoot) -> Root {
    Root { key: raw.key, label: raw.label, status: raw.status }
}

fn step(raw: RawStep) -> Result<TrustStep, String> {
    let label = raw.label.unwrap_or_default();
    let request = match (raw.add, raw.hex, raw.pem, raw.revoke, raw.remove, raw.list) {
        (Some(RawKey::Name(name)), None, None, None, None, None) => {
            TrustRequest::Add(KeyForm::Raw(TrustKey::Test(name)), label)
        }
        (Some(RawKey::Parts(parts)), None, None, None, None, None) => {
            TrustRequest::Add(KeyForm::Raw(TrustKey::Parts(parts_of(&parts)?)), label)
        }
        (None, Some(text), None, None, None, None) => TrustRequest::Add(KeyForm::Hex(text), label),
        (None, None, Some(text), None, None, None) => TrustRequest::Add(KeyForm::Pem(text), label),
        (None, None, None, Some(key), None, None) => TrustRequest::Revoke(name(key)?),
        (None, None, None, None, Some(key), None) => TrustRequest::Remove(name(key)?),
        (None, None, None, None, None, Some(true)) => TrustRequest::List,
        _ => return Err("a step has exactly one of `add`, `hex`, `pem`, `revoke`, `remove`, `list`".to_owned()),
    };
    Ok(TrustStep { request, err: raw.err.map(error) })
}

/// A test key's name, or a key id in hex.
fn name(text: String) -> Result<KeyName, String> {
    match test_key(&text) {
        Some(_) => Ok(KeyName::Test(text)),
        None => hex(&text).map(KeyName::Id).map_err(|_| format!("`{text}` is neither a test key nor hex")),
    }
}
