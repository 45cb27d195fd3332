//! What happens inside, told to whoever watches. An event never changes an outcome.

use crate::artifact::Digest;

/// Something worth telling an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The artifact bears no signature, and the mode allows that.
    ArtifactSignatureAbsent {
        /// Id of the artifact.
        id: String,
    },
    /// The signature verified.
    ArtifactSignatureVerified {
        /// Id of the artifact.
        id: String,
        /// The algorithm that was used.
        algorithm: &'static str,
        /// The key that it verified with.
        key_id: Digest,
    },
    /// The artifact asks not to be used any more; the load goes on.
    ArtifactDeprecated {
        /// Id of the artifact.
        id: String,
        /// Its deprecation_notice.
        notice: String,
    },
}

impl Event {
    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ArtifactSignatureAbsent { .. } => "artifact.signature_absent",
            Self::ArtifactSignatureVerified { .. } => "artifact.signature_verified",
            Self::ArtifactDeprecated { .. } => "artifact.deprecated",
        }
    }
}

/// Someone who watches. Called on the thread where the event happens, so it returns soon.
pub trait Observer: Send + Sync {
    /// Takes one event.
    fn observe(&self, event: Event);
}

/// Watching nothing.
impl Observer for () {
    fn observe(&self, _event: Event) {}
}
