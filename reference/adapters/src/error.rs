//! The makers of the adapter layer's errors, one a code, and of the host error below them.

use fayger_contracts::instruction::{Malformed, Rule};
use fayger_contracts::{ContextValue, ErrorCode, FaygerError};

use crate::health::Inconsistency;

/// What kind of error of the host it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostErrorKind {
    /// An error of the machine that no status stands for.
    Native,
    /// The adapter panicked.
    Panic,
    /// It did not answer in time.
    Timeout,
    /// It broke its contract.
    Breach(Breach),
}

/// How an adapter broke its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Its reply is not well-formed.
    Malformed(Rule),
    /// A status that the registry does not list for the opcode.
    Status,
    /// Values that do not fit the opcode.
    Values,
    /// A handle other than the one that it was offered, or one that is not the instance's.
    Handle,
    /// It let go of a call under way without an answer.
    Dropped,
}

impl HostErrorKind {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Panic => "panic",
            Self::Timeout => "timeout",
            Self::Breach(_) => "breach",
        }
    }
}

impl Breach {
    /// What it is called; for people, never compared.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed(rule) => rule.name(),
            Self::Status => "status_not_listed",
            Self::Values => "values",
            Self::Handle => "handle",
            Self::Dropped => "dropped",
        }
    }
}

/// `ADP_INSTRUCTION_MALFORMED`.
pub(crate) fn malformed(what: Malformed) -> FaygerError {
    what.to_error("the instruction is malformed")
}

//= ERR-ADAPTER-002
/// `ADP_HOST_CALL_FAILED` over `HOST_NATIVE`; `name` is the instruction's.
pub(crate) fn host_call_failed(
    name: &str,
    kind: HostErrorKind,
    native_code: Option<i64>,
    message: impl Into<String>,
) -> FaygerError {
    let mut native = FaygerError::new(ErrorCode::HostNative, message).with("kind", kind.name());
    if let Some(code) = native_code {
        // A context has no negative integers; the text of the number is the same to who reads it.
        native = native
            .with("native_code", u64::try_from(code).map_or_else(|_| code.to_string().into(), ContextValue::from));
    }
    if let HostErrorKind::Breach(breach) = kind {
        native = native.with("breach", breach.name());
    }
    FaygerError::new(ErrorCode::AdpHostCallFailed, "the host did not answer as it must")
        .with("instruction", name)
        .caused_by(native)
}

//= ADP-REGISTER-002
/// `ADP_DESCRIPTOR_UNHEALTHY`.
pub(crate) fn unhealthy(inconsistencies: &[Inconsistency]) -> FaygerError {
    let mut names: Vec<String> = inconsistencies.iter().map(Inconsistency::to_string).collect();
    names.sort();
    FaygerError::new(ErrorCode::AdpDescriptorUnhealthy, "the adapter is not what it says of itself")
        .with("inconsistencies", names)
}
