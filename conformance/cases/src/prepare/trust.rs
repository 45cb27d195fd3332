//! Keys and trust stores on the wire.

use fayger_fcp::{Base64, Event, Hex, KeyInput, PublicKey, TrustAddParams, TrustEntry, TrustKeyParams, TrustRoot};
use fayger_forge::{TestKey, test_key};

use crate::case::{
    ExpectedError, KeyForm, KeyName, Root, Trust, TrustExpectation, TrustKey, TrustRequest, TrustResult, TrustStep,
};

/// One request to a trust store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustCall {
    /// `trust.add`.
    Add(TrustAddParams),
    /// `trust.revoke`.
    Revoke(TrustKeyParams),
    /// `trust.remove`.
    Remove(TrustKeyParams),
    /// `trust.list`.
    List,
}

/// A request, and what it has to come to.
#[derive(Clone, Debug)]
pub struct PreparedStep {
    /// The request.
    pub call: TrustCall,
    /// The error that it has to give; the last step's is the expectation of the case.
    pub err: Option<ExpectedError>,
}

/// What has to come of a trust store.
#[derive(Clone, Debug)]
pub struct ExpectedTrust {
    /// Of a change: the key's id, and whether the store is another than before.
    pub change: Option<(Hex, bool)>,
    /// Of a list: the roots.
    pub roots: Option<Vec<TrustRoot>>,
    /// The store's digest after the last step.
    pub digest: Hex,
    /// The events of all steps, where the case fixes them.
    pub events: Option<Vec<Event>>,
}

/// A key of the store of a load.
pub(super) fn entry(trust: &Trust) -> Result<TrustEntry, String> {
    Ok(TrustEntry { key: key(&trust.key)?, status: trust.status, label: trust.label.clone() })
}

pub(super) fn step(step: &TrustStep) -> Result<PreparedStep, String> {
    let by_id = |name| Ok::<_, String>(TrustKeyParams { key_id: id(name)? });
    let call = match &step.request {
        TrustRequest::Add(form, label) => {
            let key = match form {
                KeyForm::Raw(parts) => KeyInput::Raw(key(parts)?),
                KeyForm::Hex(text) => KeyInput::Hex(text.clone()),
                KeyForm::Pem(text) => KeyInput::Pem(text.clone()),
            };
            TrustCall::Add(TrustAddParams { key, label: label.clone() })
        }
        TrustRequest::Revoke(name) => TrustCall::Revoke(by_id(name)?),
        TrustRequest::Remove(name) => TrustCall::Remove(by_id(name)?),
        TrustRequest::List => TrustCall::List,
    };
    Ok(PreparedStep { call, err: step.err.clone() })
}

pub(super) fn expected(expectation: &TrustExpectation) -> Result<ExpectedTrust, String> {
    let (change, roots) = match &expectation.last {
        TrustResult::Change(name, changed) => (Some((id(name)?, *changed)), None),
        TrustResult::Roots(roots) => (None, Some(roots.iter().map(root).collect::<Result<_, _>>()?)),
    };
    Ok(ExpectedTrust { change, roots, digest: Hex(expectation.digest.clone()), events: expectation.events.clone() })
}

fn root(root: &Root) -> Result<TrustRoot, String> {
    let key = known(&root.key)?;
    Ok(TrustRoot {
        key_id: Hex(key.id().to_vec()),
        algorithm: key.public().algorithm().to_owned(),
        label: root.label.clone(),
        status: root.status,
    })
}

fn id(name: &KeyName) -> Result<Hex, String> {
    Ok(Hex(match name {
        KeyName::Test(name) => known(name)?.id().to_vec(),
        KeyName::Id(id) => id.clone(),
    }))
}

fn known(name: &str) -> Result<TestKey, String> {
    test_key(name).ok_or_else(|| format!("`{name}` is no test key"))
}

fn key(key: &TrustKey) -> Result<PublicKey, String> {
    let parts = match key {
        TrustKey::Test(name) => known(name)?.public(),
        TrustKey::Parts(parts) => parts.clone(),
    };
    Ok(match parts {
        fayger_forge::PublicKey::Ed25519(key) => PublicKey::Ed25519 { public_key: Base64(key) },
        fayger_forge::PublicKey::EcdsaP256(key) => PublicKey::EcdsaP256 { public_key: Base64(key) },
        fayger_forge::PublicKey::RsaPssSha256 { modulus, exponent } => {
            PublicKey::RsaPssSha256 { modulus: Base64(modulus), exponent: Base64(exponent) }
        }
    })
}
