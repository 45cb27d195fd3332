//! The error model of blueprint chapter 6: a stable code, the layer and phase it comes from, the context that triggered it, and the
//! error below it.

use std::collections::BTreeMap;
use std::fmt;

/// An error of any layer.
///
/// It is made close to its source. An upper layer wraps it as `cause` and never rewrites it, so walking the causes
/// gives the layers from the top down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaygerError {
    /// The stable, documented code.
    pub code: ErrorCode,
    //= ERR-MODEL-002
    //= ERR-MODEL-003
    /// The step of the loading chain, for `LDR_` codes.
    pub phase: Option<Phase>,
    /// Short text for people; never compared, never repeats the code.
    pub message: String,
    //= ERR-CONTEXT-001
    //= ERR-CONTEXT-002
    /// What triggered it, by key.
    pub context: Context,
    /// The error of a lower layer that led to this one.
    pub cause: Option<Box<FaygerError>>,
}

/// The fields that triggered an error, by name.
pub type Context = BTreeMap<&'static str, ContextValue>;

/// One field of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A name, a version, a digest in hexadecimal.
    Text(String),
    /// A count, an offset, an id.
    Integer(u64),
    /// Several names.
    Names(Vec<String>),
}

/// The layer that an error was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Reading, checking, writing artifacts.
    Loader,
    /// Running them.
    Runtime,
    /// Translating instructions.
    Adapter,
    /// The machine below.
    Host,
}

/// A step of the loading chain, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Header and the bytes of Manifest, Section_Index and Trailer.
    Read,
    /// CBOR and shapes.
    Parse,
    /// Offsets, lengths, agreement.
    VerifyStructural,
    /// Digests and checksum of what was read.
    VerifyDigest,
    /// The signature.
    VerifySignature,
    /// The Runtime_Interface.
    NegotiateVersion,
    /// Which sections.
    SelectSections,
    /// Whether what is selected can be run.
    Resolve,
    /// Bodies.
    ReadSections,
    /// The object is whole.
    HandOff,
}

/// Every code that this project gives out. A code is never reused and its meaning never changes (blueprint 8.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    /// The source did not deliver.
    LdrIo,
    /// The first bytes are not those of a BuF.
    LdrBadMagic,
    /// The file ends too early.
    LdrTruncated,
    /// A format major or a critical flag that this loader does not know.
    LdrFormatVersion,
    /// The layout breaks a rule.
    LdrStructureInvalid,
    /// Something is larger than the loader's limit.
    LdrLimitExceeded,
    /// Not well-formed CBOR.
    LdrCborMalformed,
    /// Well-formed CBOR that the deterministic profile bars.
    LdrCborNotDeterministic,
    /// The Manifest breaks its schema.
    LdrManifestInvalid,
    /// The Section_Index breaks its schema.
    LdrIndexInvalid,
    /// A schema major or a Runtime_Interface that is not to be had here.
    LdrVersionIncompatible,
    /// Bytes that do not have the digest declared for them.
    LdrDigestMismatch,
    /// The checksum of the Trailer is wrong.
    LdrChecksumMismatch,
    /// The signature is absent where one is enforced, or is not to be trusted.
    LdrSignatureFail,
    /// The profile selects too little or too much.
    LdrProfileUnsatisfiable,
    /// What is selected cannot be run here.
    LdrResolveFail,
    /// A draft that the serialiser cannot write.
    SerDraftInvalid,
    /// A section's input changed between the two passes.
    SerInputChanged,
    /// An input or the output failed while writing.
    SerIo,
    /// A public key that may not enter a trust store.
    TrustKeyInvalid,
    /// A key that the trust store does not have.
    TrustKeyUnknown,
    /// A trust store that cannot be read.
    TrustStoreInvalid,
    /// An instance is ended by a fault; the cause says by which.
    RtInstanceFailed,
    /// The object cannot become an instance here.
    RtLoadRefused,
    /// An id that no instance has or had.
    RtUnknownInstance,
    /// A command that is not legal in the state.
    RtIllegalTransition,
    /// An event for an instance that takes none now.
    RtIllegalState,
    /// A code section that cannot be executed.
    RtCodeInvalid,
    /// The `init` export returned another value than 0.
    RtInitRefused,
    /// The code trapped.
    RtTrap,
    /// A quota is used up.
    RtResourceExhausted,
    /// An event for an instance without `on_event`.
    RtEventUnhandled,
    /// Bytes that are no event.
    RtEventMalformed,
    /// A runtime implementation that lacks methods.
    RtMethodsMissing,
    /// A runtime implementation of a name and version that is there already.
    RtDuplicateImplementation,
    /// No runtime implementation that can take the object.
    RtNoImplementation,
    /// Bytes that are no instruction, or capabilities that are not the opcode's.
    AdpInstructionMalformed,
    /// A capability that is required is not granted or not supported.
    AdpCapabilityUnavailable,
    /// The host did not answer an instruction as it must.
    AdpHostCallFailed,
    /// An adapter does not do what it says of itself.
    AdpDescriptorUnhealthy,
    /// An instruction from outside for an instance that takes none now.
    AdpEmitRejected,
    /// An error of the machine below, as it gave it.
    HostNative,
}

impl ErrorCode {
    /// Every code, in the order of the registry.
    pub const ALL: [Self; 42] = [
        Self::LdrIo,
        Self::LdrBadMagic,
        Self::LdrTruncated,
        Self::LdrFormatVersion,
        Self::LdrStructureInvalid,
        Self::LdrLimitExceeded,
        Self::LdrCborMalformed,
        Self::LdrCborNotDeterministic,
        Self::LdrManifestInvalid,
        Self::LdrIndexInvalid,
        Self::LdrVersionIncompatible,
        Self::LdrDigestMismatch,
        Self::LdrChecksumMismatch,
        Self::LdrSignatureFail,
        Self::LdrProfileUnsatisfiable,
        Self::LdrResolveFail,
        Self::SerDraftInvalid,
        Self::SerInputChanged,
        Self::SerIo,
        Self::TrustKeyInvalid,
        Self::TrustKeyUnknown,
        Self::TrustStoreInvalid,
        Self::RtInstanceFailed,
        Self::RtLoadRefused,
        Self::RtUnknownInstance,
        Self::RtIllegalTransition,
        Self::RtIllegalState,
        Self::RtCodeInvalid,
        Self::RtInitRefused,
        Self::RtTrap,
        Self::RtResourceExhausted,
        Self::RtEventUnhandled,
        Self::RtEventMalformed,
        Self::RtMethodsMissing,
        Self::RtDuplicateImplementation,
        Self::RtNoImplementation,
        Self::AdpInstructionMalformed,
        Self::AdpCapabilityUnavailable,
        Self::AdpHostCallFailed,
        Self::AdpDescriptorUnhealthy,
        Self::AdpEmitRejected,
        Self::HostNative,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::LdrIo => "LDR_IO",
            Self::LdrBadMagic => "LDR_BAD_MAGIC",
            Self::LdrTruncated => "LDR_TRUNCATED",
            Self::LdrFormatVersion => "LDR_FORMAT_VERSION",
            Self::LdrStructureInvalid => "LDR_STRUCTURE_INVALID",
            Self::LdrLimitExceeded => "LDR_LIMIT_EXCEEDED",
            Self::LdrCborMalformed => "LDR_CBOR_MALFORMED",
            Self::LdrCborNotDeterministic => "LDR_CBOR_NOT_DETERMINISTIC",
            Self::LdrManifestInvalid => "LDR_MANIFEST_INVALID",
            Self::LdrIndexInvalid => "LDR_INDEX_INVALID",
            Self::LdrVersionIncompatible => "LDR_VERSION_INCOMPATIBLE",
            Self::LdrDigestMismatch => "LDR_DIGEST_MISMATCH",
            Self::LdrChecksumMismatch => "LDR_CHECKSUM_MISMATCH",
            Self::LdrSignatureFail => "LDR_SIGNATURE_FAIL",
            Self::LdrProfileUnsatisfiable => "LDR_PROFILE_UNSATISFIABLE",
            Self::LdrResolveFail => "LDR_RESOLVE_FAIL",
            Self::SerDraftInvalid => "SER_DRAFT_INVALID",
            Self::SerInputChanged => "SER_INPUT_CHANGED",
            Self::SerIo => "SER_IO",
            Self::TrustKeyInvalid => "TRUST_KEY_INVALID",
            Self::TrustKeyUnknown => "TRUST_KEY_UNKNOWN",
            Self::TrustStoreInvalid => "TRUST_STORE_INVALID",
            Self::RtInstanceFailed => "RT_INSTANCE_FAILED",
            Self::RtLoadRefused => "RT_LOAD_REFUSED",
            Self::RtUnknownInstance => "RT_UNKNOWN_INSTANCE",
            Self::RtIllegalTransition => "RT_ILLEGAL_TRANSITION",
            Self::RtIllegalState => "RT_ILLEGAL_STATE",
            Self::RtCodeInvalid => "RT_CODE_INVALID",
            Self::RtInitRefused => "RT_INIT_REFUSED",
            Self::RtTrap => "RT_TRAP",
            Self::RtResourceExhausted => "RT_RESOURCE_EXHAUSTED",
            Self::RtEventUnhandled => "RT_EVENT_UNHANDLED",
            Self::RtEventMalformed => "RT_EVENT_MALFORMED",
            Self::RtMethodsMissing => "RT_METHODS_MISSING",
            Self::RtDuplicateImplementation => "RT_DUPLICATE_IMPLEMENTATION",
            Self::RtNoImplementation => "RT_NO_IMPLEMENTATION",
            Self::AdpInstructionMalformed => "ADP_INSTRUCTION_MALFORMED",
            Self::AdpCapabilityUnavailable => "ADP_CAPABILITY_UNAVAILABLE",
            Self::AdpHostCallFailed => "ADP_HOST_CALL_FAILED",
            Self::AdpDescriptorUnhealthy => "ADP_DESCRIPTOR_UNHEALTHY",
            Self::AdpEmitRejected => "ADP_EMIT_REJECTED",
            Self::HostNative => "HOST_NATIVE",
        }
    }

    //= ERR-MODEL-001
    /// The layer that makes errors with this code.
    pub fn layer(self) -> Layer {
        match self {
            Self::HostNative => Layer::Host,
            Self::AdpInstructionMalformed
            | Self::AdpCapabilityUnavailable
            | Self::AdpHostCallFailed
            | Self::AdpDescriptorUnhealthy
            | Self::AdpEmitRejected => Layer::Adapter,
            Self::RtInstanceFailed
            | Self::RtLoadRefused
            | Self::RtUnknownInstance
            | Self::RtIllegalTransition
            | Self::RtIllegalState
            | Self::RtCodeInvalid
            | Self::RtInitRefused
            | Self::RtTrap
            | Self::RtResourceExhausted
            | Self::RtEventUnhandled
            | Self::RtEventMalformed
            | Self::RtMethodsMissing
            | Self::RtDuplicateImplementation
            | Self::RtNoImplementation => Layer::Runtime,
            _ => Layer::Loader,
        }
    }
}

impl Layer {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loader => "loader",
            Self::Runtime => "runtime",
            Self::Adapter => "adapter",
            Self::Host => "host",
        }
    }
}

impl Phase {
    /// All phases, in the order of the chain.
    pub const ALL: [Self; 10] = [
        Self::Read,
        Self::Parse,
        Self::VerifyStructural,
        Self::VerifyDigest,
        Self::VerifySignature,
        Self::NegotiateVersion,
        Self::SelectSections,
        Self::Resolve,
        Self::ReadSections,
        Self::HandOff,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::VerifyStructural => "verify_structural",
            Self::VerifyDigest => "verify_digest",
            Self::VerifySignature => "verify_signature",
            Self::NegotiateVersion => "negotiate_version",
            Self::SelectSections => "select_sections",
            Self::Resolve => "resolve",
            Self::ReadSections => "read_sections",
            Self::HandOff => "hand_off",
        }
    }
}

impl FaygerError {
    /// An error without context or cause.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, phase: None, message: message.into(), context: Context::new(), cause: None }
    }

    /// The same, in a phase of the loading chain.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = Some(phase);
        self
    }

    /// The same, with one more field of context.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<ContextValue>) -> Self {
        self.context.insert(key, value.into());
        self
    }

    /// The same, over the error that led to it.
    #[must_use]
    pub fn caused_by(mut self, cause: FaygerError) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// The layer that made it, which its code tells.
    pub fn source_layer(&self) -> Layer {
        self.code.layer()
    }
}

impl fmt::Display for FaygerError {
    /// `message (key value, …)`: what people read; code and phase are theirs to show beside it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for (position, (key, value)) in self.context.iter().enumerate() {
            f.write_str(if position == 0 { " (" } else { ", " })?;
            write!(f, "{key} {value}")?;
        }
        if !self.context.is_empty() {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl std::error::Error for FaygerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl fmt::Display for ContextValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "`{}`", text.escape_debug()),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Names(names) => {
                for (position, name) in names.iter().enumerate() {
                    write!(f, "{}`{}`", if position == 0 { "" } else { " " }, name.escape_debug())?;
                }
                Ok(())
            }
        }
    }
}

impl From<String> for ContextValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for ContextValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for ContextValue {
    fn from(n: u64) -> Self {
        Self::Integer(n)
    }
}

impl From<u32> for ContextValue {
    fn from(n: u32) -> Self {
        Self::Integer(n.into())
    }
}

impl From<Vec<String>> for ContextValue {
    fn from(names: Vec<String>) -> Self {
        Self::Names(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_message_and_the_context_and_leaves_code_and_phase_to_the_caller() {
        let error = FaygerError::new(ErrorCode::LdrTruncated, "the file ends in its header")
            .in_phase(Phase::Read)
            .with("expected", 48_u64)
            .with("actual", 20_u64);
        assert_eq!(error.to_string(), "the file ends in its header (actual 20, expected 48)");
    }

    #[test]
    fn keeps_the_layers_of_a_chain_from_the_top_down() {
        let native = FaygerError::new(ErrorCode::HostNative, "permission denied");
        let error = FaygerError::new(ErrorCode::LdrIo, "the source failed").caused_by(native);
        let cause = error.cause.as_ref().expect("cause");
        assert_eq!([error.source_layer(), cause.source_layer()], [Layer::Loader, Layer::Host]);
    }
}
