//! What can be wrong with the bytes of an instruction, reply or event: a closed list, and where.

use crate::error::{ErrorCode, FaygerError};

/// Bytes that are no instruction, no reply or no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule `{}` is broken at byte {offset}", .rule.name())]
pub struct Malformed {
    /// Bytes from the first; each rule says of what.
    pub offset: usize,
    /// The rule that is broken.
    pub rule: Rule,
}

/// The rules of the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    //= ADP-FRAME-001
    //= ADP-FRAME-002
    /// Too many bytes, at the first too many; or too many operands, at the first too many.
    Size,
    //= ADP-FRAME-003
    /// The bytes end within a field; at the end of the part that is too short.
    Truncated,
    //= ADP-FRAME-004
    /// The high nibble of the first byte is not zero; at 0.
    Flags,
    //= ADP-FRAME-005
    /// No status has this number; at 0.
    Status,
    //= ADP-TLV-001
    /// No type has this number; at the type.
    Type,
    //= ADP-TLV-002
    /// The extension segment is not the first TLV of an instruction; at the type.
    ExtensionPlace,
    //= ADP-TLV-003
    /// Lists nest too deep; at the type of the list too many.
    Depth,
    //= ADP-TLV-004
    /// A length of more than five bytes, or beyond 2^32 − 1; at its first byte.
    LengthOverflow,
    //= ADP-TLV-005
    /// A length with a byte more than it needs; at its first byte.
    LengthMinimal,
    //= ADP-TLV-006
    /// A length that no value of this type has; at its first byte.
    Length,
    //= ADP-VALUE-001
    //= ADP-VALUE-002
    /// An integer with a byte more than it needs; at the value's first byte.
    IntegerMinimal,
    //= ADP-VALUE-003
    /// Text that is not UTF-8; at the value's first byte.
    Utf8,
    //= ADP-VALUE-004
    /// A bool other than 0 and 1; at its byte.
    Bool,
    //= ADP-VALUE-005
    /// A NaN other than the canonical one; at the value's first byte.
    Nan,
    //= ADP-VALUE-006
    /// An extension segment that ends in a zero byte; at the value's first byte.
    ExtensionMinimal,
    //= ADP-BUS-004
    /// Capabilities other than the opcode's; at the bitmap. The bus alone knows it.
    CapsMismatch,
}

impl Malformed {
    //= ERR-ADAPTER-001
    /// `ADP_INSTRUCTION_MALFORMED`.
    pub fn to_error(&self, message: &str) -> FaygerError {
        let offset = u64::try_from(self.offset).unwrap_or(u64::MAX);
        FaygerError::new(ErrorCode::AdpInstructionMalformed, message)
            .with("offset", offset)
            .with("rule", self.rule.name())
    }
}

impl Rule {
    /// All of them, in the order of the registry.
    pub const ALL: [Self; 16] = [
        Self::Size,
        Self::Truncated,
        Self::Flags,
        Self::Status,
        Self::Type,
        Self::ExtensionPlace,
        Self::Depth,
        Self::LengthOverflow,
        Self::LengthMinimal,
        Self::Length,
        Self::IntegerMinimal,
        Self::Utf8,
        Self::Bool,
        Self::Nan,
        Self::ExtensionMinimal,
        Self::CapsMismatch,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Truncated => "truncated",
            Self::Flags => "flags",
            Self::Status => "status",
            Self::Type => "type",
            Self::ExtensionPlace => "extension_place",
            Self::Depth => "depth",
            Self::LengthOverflow => "length_overflow",
            Self::LengthMinimal => "length_minimal",
            Self::Length => "length",
            Self::IntegerMinimal => "integer_minimal",
            Self::Utf8 => "utf8",
            Self::Bool => "bool",
            Self::Nan => "nan",
            Self::ExtensionMinimal => "extension_minimal",
            Self::CapsMismatch => "caps_mismatch",
        }
    }

    /// The rule broken at `offset`.
    pub const fn at(self, offset: usize) -> Malformed {
        Malformed { offset, rule: self }
    }
}
