//! The fixed-size parts of a BuF and the rows of its Section_Index (format 1.0).

use std::fmt;

use fayger_cbor::{Map, Value};

/// The first four bytes of every BuF.
pub const MAGIC: [u8; 4] = *b"BUF\0";
/// Bytes of the Header.
pub const HEADER_LEN: u64 = 48;
/// Bytes of the Trailer.
pub const TRAILER_LEN: u64 = 44;
/// The format major that this project defines.
pub const FORMAT_MAJOR: u16 = 1;
/// The schema major that this project defines.
pub const SCHEMA_MAJOR: u32 = 1;
/// The newest schema minor that this project defines.
pub const SCHEMA_MINOR: u32 = 0;
/// The bits of `flags` that a loader must know; 1.0 defines none of them.
pub const CRITICAL_FLAGS: u32 = 0x0000_ffff;

/// The Header, 48 bytes, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// At 4: the format version.
    pub format_version: FormatVersion,
    /// At 8: bits 0–15 critical, bits 16–31 ancillary.
    pub flags: u32,
    /// At 16: 48.
    pub manifest_offset: u64,
    /// At 24: bytes of the Manifest.
    pub manifest_length: u64,
    /// At 32: 48 and the Manifest's length.
    pub section_index_offset: u64,
    /// At 40: bytes of the Section_Index.
    pub section_index_length: u64,
}

/// The version of the container's layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatVersion {
    /// 1; another is refused.
    pub major: u16,
    //= ART-HEADER-002
    /// Any is accepted and kept.
    pub minor: u16,
}

/// One row of the Section_Index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionEntry {
    /// Unique and ascending.
    pub section_id: u32,
    /// What the body is.
    pub kind: SectionKind,
    /// Bytes from the first byte after the Section_Index to the body.
    pub offset: u64,
    /// Bytes of the body.
    pub length: u64,
    /// SHA-256 of the body.
    pub digest: Digest,
    /// Who may read the body.
    pub visibility: Visibility,
    /// When the section is selected.
    pub profile_constraints: ProfileConstraints,
}

/// What a section holds; any number from 1 to 255, known or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionKind(pub u8);

impl SectionKind {
    /// Code in the `format` that the Manifest names.
    pub const CODE: Self = Self(1);
    /// Data for the Fay.
    pub const DATA: Self = Self(2);
    /// Assets for the embedding application or the Fay.
    pub const ASSETS: Self = Self(3);
    /// Reserved for signatures; never selected in 1.0.
    pub const SIGNATURE: Self = Self(4);

    /// The name of a kind that 1.0 defines.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::CODE => Some("code"),
            Self::DATA => Some("data"),
            Self::ASSETS => Some("assets"),
            Self::SIGNATURE => Some("signature"),
            Self(128..) => Some("custom"),
            Self(_) => None,
        }
    }
}

/// Who may read a section's body; any number from 0 to 255, known or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visibility(pub u8);

impl Visibility {
    /// Only the runtime.
    pub const INTERNAL: Self = Self(0);
    /// The Fay's own code too.
    pub const INSTANCE: Self = Self(1);
    /// The embedding application too.
    pub const EXPORTED: Self = Self(2);

    /// Whether `reader` may read the body. A number that is not known is as internal as can be.
    //= LDR-OBJECT-001
    pub fn admits(self, reader: Reader) -> bool {
        match reader {
            Reader::Runtime => true,
            Reader::Instance => matches!(self, Self::INSTANCE | Self::EXPORTED),
            Reader::Application => self == Self::EXPORTED,
        }
    }

    /// The name of a visibility that 1.0 defines.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::INTERNAL => Some("internal"),
            Self::INSTANCE => Some("instance"),
            Self::EXPORTED => Some("exported"),
            Self(_) => None,
        }
    }
}

/// Who asks for a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The runtime itself.
    Runtime,
    /// The Fay's own code.
    Instance,
    /// The embedding application.
    Application,
}

/// When a section is selected. An absent list holds for every profile; a present one is never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileConstraints {
    /// Names of profiles, one of which must be the profile's.
    pub profiles: Option<Vec<String>>,
    /// Names of hosts, one of which must be the profile's.
    pub hosts: Option<Vec<String>>,
    /// Names of capabilities, all of which the profile must have.
    pub capabilities: Option<Vec<String>>,
    /// Constraints that a newer schema minor defines; with one of these the section is never selected.
    pub other: Map,
}

impl ProfileConstraints {
    /// The constraints as the map that they are encoded from.
    pub fn to_map(&self) -> Map {
        let mut map = self.other.clone();
        let lists = [("profiles", &self.profiles), ("hosts", &self.hosts), ("capabilities", &self.capabilities)];
        for (key, list) in lists {
            if let Some(names) = list {
                map.insert(key, Value::Array(names.iter().map(|name| Value::from(name.as_str())).collect()));
            }
        }
        map
    }
}

/// The Trailer, 44 bytes, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// At 0: bytes of the whole file.
    pub total_length: u64,
    /// At 8: SHA-256 of the Manifest.
    pub manifest_digest: Digest,
    /// At 40: CRC-32 (IEEE) of Header, Manifest, Section_Index and the 40 bytes before this field.
    pub crc32: u32,
}

/// A SHA-256 digest; shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}
