//! What happens inside, told to whoever watches. An event never changes an outcome.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::artifact::Digest;
use crate::error::ContextValue;
use crate::instance::InstanceId;
use crate::lifecycle::LifecycleState;

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
        /// The instance; none where whoever opened the session named none.
        instance: Option<InstanceId>,
        /// The number of the category.
        category: u8,
        /// The opcode.
        opcode: u16,
        /// The case that it was.
        reason: Invisible,
    },
    /// An object has become an instance.
    InstanceLoaded {
        /// The instance.
        instance: InstanceId,
        /// Id of its artifact.
        id: String,
    },
    /// An instance is in another state.
    InstanceStateChanged {
        /// The instance.
        instance: InstanceId,
        /// The state before.
        from: LifecycleState,
        /// The state now.
        to: LifecycleState,
    },
    /// A fault has ended an instance.
    InstanceFailed {
        /// The instance.
        instance: InstanceId,
        /// The code of what it was: the cause of `RT_INSTANCE_FAILED`.
        cause: &'static str,
    },
    /// An instance is over.
    InstanceTerminated {
        /// The instance.
        instance: InstanceId,
        /// What it returned or exited with; none where it was terminated from outside.
        status: Option<i32>,
    },
    /// An event was not queued: the instance may not use its category.
    EventDropped {
        /// The instance.
        instance: InstanceId,
        /// The number of the event's category.
        category: u8,
        /// The event's opcode.
        opcode: u16,
    },
    /// A quota is nearly used up.
    ResourceThreshold {
        /// The instance.
        instance: InstanceId,
        /// What it is.
        resource: &'static str,
        /// How much is used.
        used: u64,
        /// How much there may be.
        limit: u64,
    },
    /// More of something was asked for than the quota allows.
    ResourceExhausted {
        /// The instance.
        instance: InstanceId,
        /// What it is.
        resource: &'static str,
        /// How much there may be.
        limit: u64,
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
            Self::InstanceLoaded { .. } => "instance.loaded",
            Self::InstanceStateChanged { .. } => "instance.state_changed",
            Self::InstanceFailed { .. } => "instance.failed",
            Self::InstanceTerminated { .. } => "instance.terminated",
            Self::EventDropped { .. } => "event.dropped",
            Self::ResourceThreshold { .. } => "resource.threshold",
            Self::ResourceExhausted { .. } => "resource.exhausted",
        }
    }

    /// The instance that it is about; none for what happens before there is one.
    //= RT-OBSERVE-004
    pub fn instance(&self) -> Option<InstanceId> {
        match self {
            Self::InstanceLoaded { instance, .. }
            | Self::InstanceStateChanged { instance, .. }
            | Self::InstanceFailed { instance, .. }
            | Self::InstanceTerminated { instance, .. }
            | Self::EventDropped { instance, .. }
            | Self::ResourceThreshold { instance, .. }
            | Self::ResourceExhausted { instance, .. } => Some(*instance),
            Self::InstructionInvisible { instance, .. } => *instance,
            _ => None,
        }
    }

    /// Its fields by their names, as the registry of events has them; the instance is not among them.
    pub fn fields(&self) -> Vec<(&'static str, ContextValue)> {
        match self {
            Self::ArtifactSignatureAbsent { id } | Self::InstanceLoaded { id, .. } => vec![("id", id.clone().into())],
            Self::ArtifactSignatureVerified { id, algorithm, key_id } => {
                vec![
                    ("id", id.clone().into()),
                    ("algorithm", (*algorithm).into()),
                    ("key_id", key_id.to_string().into()),
                ]
            }
            Self::ArtifactDeprecated { id, notice } => {
                vec![("id", id.clone().into()), ("notice", notice.clone().into())]
            }
            Self::TrustRootAdded { key_id, before, after }
            | Self::TrustRootRevoked { key_id, before, after }
            | Self::TrustRootRemoved { key_id, before, after } => vec![
                ("key_id", key_id.to_string().into()),
                ("before", before.to_string().into()),
                ("after", after.to_string().into()),
            ],
            Self::InstructionInvisible { category, opcode, reason, .. } => vec![
                ("category", u32::from(*category).into()),
                ("opcode", u32::from(*opcode).into()),
                ("reason", reason.name().into()),
            ],
            Self::InstanceStateChanged { from, to, .. } => vec![("from", from.name().into()), ("to", to.name().into())],
            Self::InstanceFailed { cause, .. } => vec![("cause", (*cause).into())],
            Self::InstanceTerminated { status, .. } => {
                // A context has no negative integers, nor nulls: an absent key is an absent status.
                status.iter().map(|status| ("status", status.to_string().into())).collect()
            }
            Self::EventDropped { category, opcode, .. } => {
                vec![("category", u32::from(*category).into()), ("opcode", u32::from(*opcode).into())]
            }
            Self::ResourceThreshold { resource, used, limit, .. } => {
                vec![("resource", (*resource).into()), ("used", (*used).into()), ("limit", (*limit).into())]
            }
            Self::ResourceExhausted { resource, limit, .. } => {
                vec![("resource", (*resource).into()), ("limit", (*limit).into())]
            }
        }
    }
}

/// Someone who watches. Called on the thread where the event happens, maybe under a lock of the layer that tells, so it returns soon and calls no layer.
pub trait Observer: Send + Sync {
    /// Takes one event.
    fn observe(&self, event: Event);

    /// Has it take one event, and goes on whatever comes of that: a panic of who watches is not to be that of what is watched.
    fn tell(&self, event: Event) {
        // What it panics with is of no use to anyone.
        let _ = catch_unwind(AssertUnwindSafe(|| self.observe(event)));
    }
}

/// Watching nothing.
impl Observer for () {
    fn observe(&self, _event: Event) {}
}
