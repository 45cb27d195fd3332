//! The contracts between Fayger's layers: plain data and traits, and nothing that acts on the world.
//!
//! Loader, runtime and adapters see each other only through this crate. A type is here because it crosses a boundary;
//! a layer's trait comes with the layer that implements it. Chapter 6 of the blueprint fixes the error model, chapter 3 the
//! parts of an artifact, chapter 5 instructions and capabilities. An instruction's bytes cross the boundary too, so their encoding is here.

pub mod artifact;
pub mod bus;
pub mod capability;
pub mod clock;
pub mod error;
pub mod event;
pub mod instance;
pub mod instruction;
pub mod lifecycle;
pub mod manifest;
pub mod negotiation;
pub mod object;
pub mod opcode;
pub mod profile;
pub mod runtime;
pub mod source;
pub mod version;

pub use artifact::{
    Digest, FormatVersion, Header, ProfileConstraints, Reader, SectionEntry, SectionKind, Trailer, Visibility,
};
pub use capability::{Capability, CapabilitySet};
pub use clock::{Clock, ManualClock, SystemClock};
pub use error::{Context, ContextValue, ErrorCode, FaygerError, Layer, Phase};
pub use event::{Event, Invisible, Observer};
pub use instance::{FailureInfo, InstanceId, Timestamp};
pub use instruction::{
    Category, EventRef, InstructionRef, Operand, OperandRef, ReplyRef, Status, UniversalEvent, UniversalInstruction,
    UniversalReply,
};
pub use lifecycle::{LifecycleCommand, LifecycleState};
pub use manifest::Manifest;
pub use object::{BufObject, SignatureStatus};
pub use profile::{LoadProfile, LoadStrategy, RuntimeOffer, SignatureMode};
pub use runtime::{Quotas, RuntimeDescriptor, RuntimeInterface, Submission};
pub use source::{BufSource, SourceError, SourceReason};
pub use version::InterfaceVersion;
