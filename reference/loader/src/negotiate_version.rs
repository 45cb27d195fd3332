//! Phase `negotiate_version`: whether the runtime's interface is new enough.

use fayger_contracts::{FaygerError, Phase, RuntimeOffer};

use crate::error;
use crate::verify_signature::SignatureJudged;

/// An artifact that this runtime's interface satisfies.
pub struct Negotiated {
    pub(crate) trusted: SignatureJudged,
}

impl SignatureJudged {
    /// Holds `runtime_interface_min` against what is offered.
    ///
    /// # Errors
    /// `LDR_VERSION_INCOMPATIBLE`.
    pub fn negotiate_version(self, offer: &RuntimeOffer) -> Result<Negotiated, FaygerError> {
        let required = self.intact.structured.parsed.manifest.runtime_interface_min;
        if !offer.runtime_interface.satisfies(required) {
            return Err(error::version(
                Phase::NegotiateVersion,
                "runtime_interface_min",
                required,
                offer.runtime_interface,
            ));
        }
        Ok(Negotiated { trusted: self })
    }
}
