//! The limits that a testee can declare in `hello` and a load can override, by name.

/// Every limit and its default. All are inclusive.
pub const DEFAULTS: &[(&str, u64)] = &[
    // The Manifest's length in bytes.
    ("manifest_length", 1 << 20),
    // The Section_Index's length in bytes.
    ("section_index_length", 4 << 20),
    // The number of sections.
    ("sections", 16_384),
    // The length of one text in bytes, keys too.
    ("text", 4096),
    // Arrays and maps that are open at once.
    ("depth", 16),
    // The length in bytes of one body (Lazy), or of all selected ones together (Eager).
    ("body", 1 << 30),
];

/// The default of a limit.
#[must_use]
pub fn default_of(name: &str) -> Option<u64> {
    DEFAULTS.iter().find(|(limit, _)| *limit == name).map(|(_, value)| *value)
}
