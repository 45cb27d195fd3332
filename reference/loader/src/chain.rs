//! The whole chain, phase by phase.

use std::sync::Arc;

use fayger_contracts::{BufSource, FaygerError, LoadProfile, LoadStrategy, Observer, RuntimeOffer, SignatureMode};

use crate::hand_off::LoadedBuf;
use crate::limits::Limits;
use crate::read::Read;
use crate::trust::TrustStore;

/// What a load depends on besides the bytes.
#[derive(Clone, Debug)]
pub struct LoadRequest {
    /// Which sections are wanted.
    pub profile: LoadProfile,
    /// When bodies are read.
    pub strategy: LoadStrategy,
    /// What to do about the signature.
    pub mode: SignatureMode,
    /// The keys that count.
    pub trust: TrustStore,
    /// What the runtime can do.
    pub offer: RuntimeOffer,
    /// The artifact id that the caller expects, if any.
    pub expect_id: Option<String>,
    /// Bounds on sizes.
    pub limits: Limits,
}

/// Loads an artifact. Under `Eager` every selected body is read and verified before the object is handed over; under `Lazy` the entry
/// section's is, and every other at first use.
///
/// # Errors
/// The first check to fail, in the order of the chain, with its phase.
//= LDR-CHAIN-001
pub fn load(
    source: Arc<dyn BufSource>,
    request: &LoadRequest,
    observer: &dyn Observer,
) -> Result<LoadedBuf, FaygerError> {
    let read = Read::from_source(source, request.limits)?;
    let parsed = read.parse()?;
    let structured = parsed.verify_structural()?;
    let intact = structured.verify_digest()?;
    let trusted = intact.verify_signature(&request.trust, request.mode, observer)?;
    let negotiated = trusted.negotiate_version(&request.offer)?;
    let selected = negotiated.select_sections(&request.profile, request.strategy)?;
    let resolved = selected.resolve(&request.offer, request.expect_id.as_deref())?;
    let bodies = resolved.read_sections(request.strategy)?;
    Ok(bodies.hand_off(observer))
}
