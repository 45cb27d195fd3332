//! What an instance may use of what it declares: pure functions of four sets.

use crate::capability::CapabilitySet;
use crate::error::{ErrorCode, FaygerError};

/// The four sets that meet when an object is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What the object cannot do without.
    pub required: CapabilitySet,
    /// What it would use.
    pub optional: CapabilitySet,
    /// What the operator allows.
    pub granted: CapabilitySet,
    /// What the host can do.
    pub supported: CapabilitySet,
}

/// Why a negotiation fails. A capability can be in both sets; one of them has a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Required, and not granted.
    pub not_granted: CapabilitySet,
    /// Required, and not supported by the host.
    pub not_supported: CapabilitySet,
}

//= ADP-NEGOTIATE-001
/// What the instance may use.
pub fn effective(offer: &Offer) -> CapabilitySet {
    (offer.required | offer.optional) & offer.granted & offer.supported
}

//= ADP-NEGOTIATE-002
/// The effective set, where all that is required is in it.
///
/// # Errors
/// What is missing and why.
pub fn negotiate(offer: &Offer) -> Result<CapabilitySet, Missing> {
    let missing =
        Missing { not_granted: offer.required - offer.granted, not_supported: offer.required - offer.supported };
    if (missing.not_granted | missing.not_supported).is_empty() { Ok(effective(offer)) } else { Err(missing) }
}

impl Missing {
    /// `ADP_CAPABILITY_UNAVAILABLE`, with the names in each set that is not empty.
    pub fn to_error(&self) -> FaygerError {
        let error = FaygerError::new(ErrorCode::AdpCapabilityUnavailable, "a required capability is not to be had");
        [("not_granted", self.not_granted), ("not_supported", self.not_supported)]
            .into_iter()
            .filter(|(_, set)| !set.is_empty())
            .fold(error, |error, (key, set)| error.with(key, set.names()))
    }
}
