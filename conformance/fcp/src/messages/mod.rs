//! The parameters and results of every method.

mod adapter;
mod cbor;
mod events;
mod loader;
mod runtime;
mod serializer;
mod session;
mod trust;

pub use adapter::{
    BusEmitOk, BusEmitParams, BusOpenParams, CheckDescriptorParams, DescribedInstruction, Descriptor, Encoded,
    EventForm, HostAnswer, HostError, HostErrorKind, InstructionForm, NegotiateOk, NegotiateParams, Operand, ReplyForm,
};
pub use cbor::{CborDecodeOk, CborDecodeParams, CborEncodeOk, CborEncodeParams};
pub use events::{Event, EventsDrainOk};
pub use loader::{
    FormatVersion, KeyStatus, LoadOk, LoadParams, LoadedSection, LoadedSignature, Offer, Profile, PublicKey,
    ReadSectionOk, ReadSectionParams, Reader, SerialiseParams, SignatureMode, Strategy, TrustEntry,
};
pub use runtime::{
    ClockAdvanceParams, EmitOk, EmitParams, FailureInfo, FailureInfoOk, HostCallAnswer, HostCompleteParams, Instance,
    OnEventParams, Quotas, ResolveOk, ResolveParams, RunOk, RunParams, RuntimeDescriptor, RuntimeLoadParams, STATES,
    StateOk, Stopped,
};
pub use serializer::{Artifact, BuildParams, Draft, DraftSection, SignaturePlan, SignatureValue, SigningPayloadParams};
pub use session::{Empty, HelloOk, HelloParams, Implementation};
pub use trust::{KeyInput, TrustAddParams, TrustChangeOk, TrustKeyParams, TrustListOk, TrustRoot};
