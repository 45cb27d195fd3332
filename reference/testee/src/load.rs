//! `loader.load`: the request's parts, and the object's normal form.

use fayger_contracts::{
    BufObject, Capability, FaygerError, InterfaceVersion, LoadProfile, LoadStrategy, RuntimeOffer, SectionEntry,
    SignatureMode, SignatureStatus,
};
use fayger_fcp as fcp;
use fayger_fcp::{Decimal, Hex, Outcome, RpcError};
use fayger_loader::{Limits, LoadRequest, LoadedBuf, PublicKey, TrustStore};

use crate::convert;

/// Room for bodies that are read late: enough for what a case can hold.
const CACHE_BYTES: u64 = 64 << 20;

/// What the loader is asked; a key that may not be trusted, and what the reference cannot do yet, end the request here.
pub(crate) fn request(params: &fcp::LoadParams) -> Result<Outcome<LoadRequest>, RpcError> {
    let trust = match trust(&params.trust) {
        Ok(trust) => trust,
        Err(error) => return Ok(Outcome::Err(convert::error_to_wire(&error))),
    };
    let Some(limits) = limits(params) else {
        return Ok(Outcome::Skipped("a limit by this name or of this size cannot be set".into()));
    };
    let runtime_interface =
        InterfaceVersion::parse(&params.offer.runtime_interface).map_err(RpcError::invalid_params)?;
    Ok(Outcome::Ok(LoadRequest {
        profile: profile(params.profile.as_ref()),
        strategy: match params.strategy {
            fcp::Strategy::Eager => LoadStrategy::Eager,
            fcp::Strategy::Lazy => LoadStrategy::Lazy { cache_bytes: CACHE_BYTES },
        },
        mode: match params.mode {
            fcp::SignatureMode::Default => SignatureMode::Default,
            fcp::SignatureMode::Enforce => SignatureMode::Enforce,
        },
        trust,
        offer: RuntimeOffer {
            runtime_interface,
            runtime_capabilities: params.offer.runtime_capabilities.clone(),
            formats: params.offer.formats.clone(),
        },
        expect_id: params.expect_id.clone(),
        limits,
    }))
}

fn profile(profile: Option<&fcp::Profile>) -> LoadProfile {
    match profile {
        Some(profile) => LoadProfile {
            name: profile.name.clone(),
            host: profile.host.clone(),
            capabilities: profile.capabilities.clone(),
            max_bytes: profile.max_bytes.map(|Decimal(bytes)| bytes),
        },
        None => LoadProfile {
            name: "default".into(),
            host: "server".into(),
            capabilities: Capability::ALL.map(|capability| capability.name().to_owned()).to_vec(),
            max_bytes: None,
        },
    }
}

fn trust(entries: &[fcp::TrustEntry]) -> Result<TrustStore, FaygerError> {
    let mut trust = TrustStore::new();
    for entry in entries {
        let key = public_key(&entry.key)?;
        let key_id = key.key_id();
        trust.add(key, entry.label.as_deref().unwrap_or_default(), &())?;
        if entry.status == fcp::KeyStatus::Revoked {
            trust.revoke(key_id, &())?;
        }
    }
    Ok(trust)
}

/// A key in its parts, judged.
pub(crate) fn public_key(key: &fcp::PublicKey) -> Result<PublicKey, FaygerError> {
    match key {
        fcp::PublicKey::Ed25519 { public_key } => PublicKey::ed25519(&public_key.0),
        fcp::PublicKey::EcdsaP256 { public_key } => PublicKey::ecdsa_p256(&public_key.0),
        fcp::PublicKey::RsaPssSha256 { modulus, exponent } => PublicKey::rsa_pss_sha256(&modulus.0, &exponent.0),
    }
}

fn limits(params: &fcp::LoadParams) -> Option<Limits> {
    let mut limits = Limits::default();
    for (name, &Decimal(value)) in &params.limits {
        match name.as_str() {
            "manifest_length" => limits.manifest_length = value,
            "section_index_length" => limits.section_index_length = value,
            "sections" => limits.sections = value,
            "text" => limits.cbor.text = value,
            "depth" => limits.cbor.depth = u8::try_from(value).ok()?,
            "body" => limits.body = value,
            _ => return None,
        }
    }
    Some(limits)
}

/// The object as the protocol shows it.
pub(crate) fn normal_form(handle: String, object: &LoadedBuf) -> fcp::LoadOk {
    let version = object.format_version();
    fcp::LoadOk {
        object: handle,
        format_version: fcp::FormatVersion { major: version.major, minor: version.minor },
        flags: object.flags(),
        manifest: convert::map_to_wire(&object.manifest().to_map()),
        sections: object.sections().iter().map(|entry| section(entry, object)).collect(),
        signature: match object.signature() {
            SignatureStatus::Absent => fcp::LoadedSignature::Absent,
            SignatureStatus::Verified { algorithm, key_id } => {
                fcp::LoadedSignature::Verified { algorithm: (*algorithm).to_owned(), key_id: Hex(key_id.0.to_vec()) }
            }
        },
    }
}

fn section(entry: &SectionEntry, object: &LoadedBuf) -> fcp::LoadedSection {
    fcp::LoadedSection {
        section_id: entry.section_id,
        kind: entry.kind.0.into(),
        offset: Decimal(entry.offset),
        length: Decimal(entry.length),
        digest: Hex(entry.digest.0.to_vec()),
        visibility: entry.visibility.0.into(),
        profile_constraints: convert::map_to_wire(&entry.profile_constraints.to_map()),
        selected: object.is_selected(entry.section_id),
    }
}
