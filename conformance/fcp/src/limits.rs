//! The limits that a testee declares in `hello` and a load can override, by name. All are inclusive.

/// A limit of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name.
    pub name: &'static str,
    /// What holds where a testee declares nothing else.
    pub default: u64,
    /// The least that a testee may declare.
    pub floor: u64,
    /// The most that a testee may declare.
    pub ceiling: u64,
}

/// Every limit.
pub const LIMITS: &[Limit] = &[
    // The Manifest's length in bytes.
    Limit { name: "manifest_length", default: 1 << 20, floor: 64 << 10, ceiling: 16 << 20 },
    // The Section_Index's length in bytes.
    Limit { name: "section_index_length", default: 4 << 20, floor: 64 << 10, ceiling: 64 << 20 },
    // The number of sections.
    Limit { name: "sections", default: 16_384, floor: 256, ceiling: 65_536 },
    // The length of one text in bytes, keys too.
    Limit { name: "text", default: 4096, floor: 1024, ceiling: 65_536 },
    // Arrays and maps that are open at once.
    Limit { name: "depth", default: 16, floor: 8, ceiling: 64 },
    // The length in bytes of one body (Lazy), or of all selected ones together (Eager).
    Limit { name: "body", default: 1 << 30, floor: 1 << 20, ceiling: 1 << 40 },
];

/// The limit of this name.
#[must_use]
pub fn limit(name: &str) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.name == name)
}
