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
    /// A key is trusted from now on.
    TrustRootAdded {
        /// The key.
        key_id: Digest,
        /// The store's digest before.
        before: Digest,
        /// The store's digest after.
        after: Digest,
    },
    /// A key counts no more.
    TrustRootRevoked {
        /// The key.
        key_id: Digest,
        /// The store's digest before.
        before: Digest,
        /// The store's digest after.
        after: Digest,
    },
    /// A key is forgotten.
    TrustRootRemoved {
        /// The key.
        key_id: Digest,
        /// The store's digest before.
        before: Digest,
        /// The store's digest after.
        after: Digest,
    },
    /// The bus answered `unsupported`, and the instance cannot know why.
    InstructionInvisible {
        /// The number of the category.
        category: u8,
        /// The opcode.
        opcode: u16,
        /// The case that it was.
        reason: Invisible,
    },
}

//= ADP-BUS-003
/// Why an instance cannot use an instruction, in the order in which the cases are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invisible {
    /// The category is a reserved one.
    ReservedCategory,
    /// Neither the registry nor an adapter knows the opcode.
    UnknownOpcode,
    /// The object does not declare what it needs.
    NotDeclared,
    /// The operator does not grant what it needs.
    NotGranted,
    /// No adapter here supports it.
    NotSupported,
}

impl Invisible {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::ReservedCategory, Self::UnknownOpcode, Self::NotDeclared, Self::NotGranted, Self::NotSupported];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReservedCategory => "reserved_category",
            Self::UnknownOpcode => "unknown_opcode",
            Self::NotDeclared => "not_declared",
            Self::NotGranted => "not_granted",
            Self::NotSupported => "not_supported",
        }
    }
}

impl Event {
    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ArtifactSignatureAbsent { .. } => "artifact.signature_absent",
            Self::ArtifactSignatureVerified { .. } => "artifact.signature_verified",
            Self::ArtifactDeprecated { .. } => "artifact.deprecated",
            Self::TrustRootAdded { .. } => "trust.root_added",
            Self::TrustRootRevoked { .. } => "trust.root_revoked",
            Self::TrustRootRemoved { .. } => "trust.root_removed",
            Self::InstructionInvisible { .. } => "instruction.invisible",
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
