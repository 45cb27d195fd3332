//! The bounds that a loader holds sizes to, before anything of that size is allocated.

/// Bounds on an artifact, each inclusive. Over one: `LDR_LIMIT_EXCEEDED`.
//= ART-LIMIT-001
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the Manifest.
    pub manifest_length: u64,
    /// Bytes of the Section_Index.
    pub section_index_length: u64,
    /// Sections, in the Manifest and in the Section_Index.
    pub sections: u64,
    /// Bytes of one text, and arrays and maps open at once.
    pub cbor: fayger_cbor::Limits,
    /// Bytes of all selected bodies together.
    pub body: u64,
}

impl Default for Limits {
    /// Manifest 1 MiB, Section_Index 4 MiB, 16,384 sections, a text of 4,096 bytes, 16 open arrays and maps, bodies of
    /// 1 GiB.
    fn default() -> Self {
        Self {
            manifest_length: 1 << 20,
            section_index_length: 4 << 20,
            sections: 16_384,
            cbor: fayger_cbor::Limits::default(),
            body: 1 << 30,
        }
    }
}
