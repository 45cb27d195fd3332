//! What can be wrong with an encoding: the family, the rule and the place.

use std::fmt;

/// The first broken rule of an encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at offset {offset}")]
pub struct Error {
    /// Bytes from the base that the caller named to the head of the offending item; for a map key that is out of order or
    /// doubled, that of the second key; for [`Malformed::Truncated`], the end of the input.
    pub offset: u64,
    /// The family and the rule.
    pub kind: Kind,
}

/// The family of a broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not well-formed by RFC 8949 Appendix C, or bytes after the item.
    Malformed(Malformed),
    /// Well-formed up to here, but barred by the deterministic profile.
    NotDeterministic(NotDeterministic),
    /// Allowed, but larger than the caller's [`Limits`](crate::Limits).
    Limit {
        /// What was too large.
        field: LimitField,
        /// The largest value allowed.
        limit: u64,
        /// The value found.
        actual: u64,
    },
}

/// The rules of RFC 8949 Appendix C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// The input ends inside an item, or before one that was announced.
    Truncated,
    /// Additional information 28 to 30; 31 where no indefinite length exists; or a break outside an indefinite item.
    ReservedInfo,
    /// A simple value below 32 in two bytes (RFC 8949 §3.3).
    SimpleShort,
    /// Bytes after the item.
    Trailing,
}

/// The rules of the deterministic profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotDeterministic {
    /// A head that is longer than its value needs.
    Shortest,
    /// An indefinite length.
    Indefinite,
    /// A map key that sorts before the one in front of it.
    Order,
    /// A map key that equals the one in front of it.
    DuplicateKey,
    /// A text string that is not UTF-8.
    Utf8,
    /// A floating-point number.
    Float,
    /// A tag.
    Tag,
    /// A simple value other than `false`, `true` and `null`.
    Simple,
    /// A map key that is not a text string.
    KeyType,
}

/// What a [`Kind::Limit`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitField {
    /// Bytes of one text string.
    Text,
    /// Open arrays and maps.
    Depth,
}

impl Malformed {
    /// The rule's stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::ReservedInfo => "reserved_info",
            Self::SimpleShort => "simple_short",
            Self::Trailing => "trailing",
        }
    }
}

impl NotDeterministic {
    /// The rule's stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shortest => "shortest",
            Self::Indefinite => "indefinite",
            Self::Order => "order",
            Self::DuplicateKey => "duplicate_key",
            Self::Utf8 => "utf8",
            Self::Float => "float",
            Self::Tag => "tag",
            Self::Simple => "simple",
            Self::KeyType => "key_type",
        }
    }
}

impl LimitField {
    /// The limit's stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Depth => "depth",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(rule) => write!(f, "malformed CBOR: rule `{}`", rule.name()),
            Self::NotDeterministic(rule) => write!(f, "not deterministic CBOR: rule `{}`", rule.name()),
            Self::Limit { field, limit, actual } => {
                write!(f, "`{}` is {actual}, above the limit of {limit}", field.name())
            }
        }
    }
}
