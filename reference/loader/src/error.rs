//! One maker a code, so that an error's context has the same keys wherever it arises.
//!
//! The keys and the closed lists of rules and reasons are those of the registry; messages are for people.

use fayger_cbor::{Error as CborError, Kind};
use fayger_contracts::{ContextValue, Digest, ErrorCode, FaygerError, Phase, SourceError, SourceReason};

//= LDR-SOURCE-002
//= LDR-SOURCE-003
/// The source failed at `offset`, or where it was asked for its size.
pub(crate) fn io(phase: Phase, error: &SourceError, offset: Option<u64>) -> FaygerError {
    let mut made = FaygerError::new(ErrorCode::LdrIo, "the source did not deliver")
        .in_phase(phase)
        .with("reason", error.reason.name());
    if let Some(offset) = offset {
        made = made.with("offset", offset);
    }
    match error.reason {
        SourceReason::Native => {
            let native = host_native(&error.message);
            made.caused_by(match error.code {
                Some(code) => native.with(
                    "native_code",
                    u64::try_from(code).map_or_else(|_| code.to_string().into(), ContextValue::from),
                ),
                None => native,
            })
        }
        _ => {
            made.message = error.message.clone();
            made
        }
    }
}

//= ERR-CHAIN-001
/// An error of the machine below, in its own words.
pub(crate) fn host_native(message: &str) -> FaygerError {
    FaygerError::new(ErrorCode::HostNative, message).with("kind", "native")
}

pub(crate) fn bad_magic() -> FaygerError {
    FaygerError::new(ErrorCode::LdrBadMagic, "the first bytes are not `42 55 46 00`").in_phase(Phase::Read)
}

pub(crate) fn truncated(phase: Phase, what: &str, expected: u64, actual: u64) -> FaygerError {
    FaygerError::new(ErrorCode::LdrTruncated, format!("the file ends before {what}"))
        .in_phase(phase)
        .with("expected", expected)
        .with("actual", actual)
}

pub(crate) fn format_major(actual: u16) -> FaygerError {
    FaygerError::new(ErrorCode::LdrFormatVersion, "a format major other than 1")
        .in_phase(Phase::Read)
        .with("subject", "major")
        .with("actual", u64::from(actual))
}

pub(crate) fn critical_flags(bits: u32) -> FaygerError {
    FaygerError::new(ErrorCode::LdrFormatVersion, "a critical flag that format 1.0 does not define")
        .in_phase(Phase::Read)
        .with("subject", "critical_flags")
        .with("bits", bits)
}

/// A broken rule of the layout; the caller adds what triggered it.
pub(crate) fn structure(phase: Phase, rule: &'static str, message: &str) -> FaygerError {
    FaygerError::new(ErrorCode::LdrStructureInvalid, message).in_phase(phase).with("rule", rule)
}

pub(crate) fn limit(phase: Phase, field: &'static str, limit: u64, actual: u64) -> FaygerError {
    FaygerError::new(ErrorCode::LdrLimitExceeded, "larger than the loader's limit")
        .in_phase(phase)
        .with("field", field)
        .with("limit", limit)
        .with("actual", actual)
}

/// An encoding that breaks a rule of deterministic CBOR.
pub(crate) fn cbor(error: &CborError) -> FaygerError {
    let (code, rule, message) = match &error.kind {
        Kind::Malformed(rule) => (ErrorCode::LdrCborMalformed, rule.name(), "not well-formed CBOR"),
        Kind::NotDeterministic(rule) => (ErrorCode::LdrCborNotDeterministic, rule.name(), "not deterministic CBOR"),
        Kind::Limit { field, limit: bound, actual } => {
            return limit(Phase::Parse, field.name(), *bound, *actual);
        }
    };
    FaygerError::new(code, message).in_phase(Phase::Parse).with("rule", rule).with("offset", error.offset)
}

//= LDR-PARSE-005
/// A Manifest whose set of keys is wrong; each list is a sorted list of JSON Pointers and shown where it is not empty.
pub(crate) fn manifest_keys(mut missing: Vec<String>, mut unknown: Vec<String>) -> FaygerError {
    let mut error = FaygerError::new(ErrorCode::LdrManifestInvalid, "the Manifest's keys are not those of its schema")
        .in_phase(Phase::Parse);
    missing.sort_unstable();
    unknown.sort_unstable();
    if !missing.is_empty() {
        error = error.with("missing_fields", missing);
    }
    if !unknown.is_empty() {
        error = error.with("unknown_fields", unknown);
    }
    error
}

//= LDR-PARSE-006
pub(crate) fn manifest_field(field: impl Into<String>, reason: &'static str) -> FaygerError {
    FaygerError::new(ErrorCode::LdrManifestInvalid, "a value of the Manifest is not allowed")
        .in_phase(Phase::Parse)
        .with("field", field.into())
        .with("reason", reason)
}

//= LDR-PARSE-008
/// A Section_Index that is not an array, or one of whose rows is wrong.
pub(crate) fn index(section: Option<u64>, field: impl Into<String>, reason: &'static str) -> FaygerError {
    let error = FaygerError::new(ErrorCode::LdrIndexInvalid, "the Section_Index breaks its schema")
        .in_phase(Phase::Parse)
        .with("field", field.into())
        .with("reason", reason);
    match section {
        Some(section) => error.with("section", section),
        None => error,
    }
}

pub(crate) fn version(
    phase: Phase,
    subject: &'static str,
    required: impl ToString,
    available: impl ToString,
) -> FaygerError {
    FaygerError::new(ErrorCode::LdrVersionIncompatible, "a version that is not to be had here")
        .in_phase(phase)
        .with("subject", subject)
        .with("required", required.to_string())
        .with("available", available.to_string())
}

/// `expected` is what the artifact declares, `actual` what its bytes have.
pub(crate) fn digest(phase: Phase, subject: &'static str, expected: Digest, actual: Digest) -> FaygerError {
    FaygerError::new(ErrorCode::LdrDigestMismatch, "the bytes do not have the digest declared for them")
        .in_phase(phase)
        .with("subject", subject)
        .with("expected", expected.to_string())
        .with("actual", actual.to_string())
}

pub(crate) fn checksum(expected: u32, actual: u32) -> FaygerError {
    FaygerError::new(ErrorCode::LdrChecksumMismatch, "Header or Trailer do not have the Trailer's checksum")
        .in_phase(Phase::VerifyDigest)
        .with("expected", expected)
        .with("actual", actual)
}

pub(crate) fn signature(reason: &'static str) -> FaygerError {
    FaygerError::new(ErrorCode::LdrSignatureFail, "the signature does not make the artifact trusted")
        .in_phase(Phase::VerifySignature)
        .with("reason", reason)
}

/// A profile that cannot be met; the caller adds what triggered it.
pub(crate) fn profile(reason: &'static str, message: &str) -> FaygerError {
    FaygerError::new(ErrorCode::LdrProfileUnsatisfiable, message).in_phase(Phase::SelectSections).with("reason", reason)
}

/// A selection that cannot be run; the caller adds what triggered it.
pub(crate) fn resolve(reason: &'static str, message: &str) -> FaygerError {
    FaygerError::new(ErrorCode::LdrResolveFail, message).in_phase(Phase::Resolve).with("reason", reason)
}

/// A draft that would not be a valid artifact. `field` is a JSON Pointer into the draft.
pub(crate) fn draft(field: impl Into<String>, reason: impl Into<String>) -> FaygerError {
    FaygerError::new(ErrorCode::SerDraftInvalid, "the draft cannot be written")
        .with("field", field.into())
        .with("reason", reason.into())
}

pub(crate) fn input_changed(section_id: u32) -> FaygerError {
    FaygerError::new(
        ErrorCode::SerInputChanged,
        "a section's input gave other bytes than before; what was written is void",
    )
    .with("section_id", section_id)
}

/// An input or the output of the serialiser failed.
pub(crate) fn ser_io(reason: &'static str, error: &std::io::Error) -> FaygerError {
    ser_native(reason, &error.to_string())
}

/// The same, where what failed is not a stream.
//= SER-WRITE-004
pub(crate) fn ser_native(reason: &'static str, message: &str) -> FaygerError {
    FaygerError::new(ErrorCode::SerIo, "an input, the signer or the output failed")
        .with("reason", reason)
        .caused_by(host_native(message))
}

pub(crate) fn trust_key(reason: &'static str) -> FaygerError {
    FaygerError::new(ErrorCode::TrustKeyInvalid, "a public key that may not be trusted").with("reason", reason)
}

pub(crate) fn trust_unknown(key_id: Digest) -> FaygerError {
    FaygerError::new(ErrorCode::TrustKeyUnknown, "the trust store does not have this key")
        .with("key_id", key_id.to_string())
}

/// A trust store that cannot be read; `root` is the ordinal of the root at fault, where it is one root's.
pub(crate) fn trust_store(root: Option<u64>, reason: &'static str) -> FaygerError {
    let error = FaygerError::new(ErrorCode::TrustStoreInvalid, "the trust store cannot be read").with("reason", reason);
    match root {
        Some(root) => error.with("root", root),
        None => error,
    }
}

pub(crate) fn trust_cbor(broken: &CborError) -> FaygerError {
    let rule = match &broken.kind {
        Kind::Malformed(rule) => rule.name(),
        Kind::NotDeterministic(rule) => rule.name(),
        // A store is not nested so deep, and its texts have no limit of their own.
        Kind::Limit { .. } => return trust_store(None, "type"),
    };
    trust_store(None, "cbor").with("rule", rule).with("offset", broken.offset)
}
