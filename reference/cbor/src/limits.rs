//! The two limits that hold inside one CBOR item; those on whole parts are the loader's.

/// Bounds on what [`decode`](crate::decode) and [`validate`](crate::validate) accept, each inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in one text string, map keys included.
    pub text: u64,
    /// Arrays and maps open at once. The type bounds the memory that nesting can cost.
    pub depth: u8,
}

impl Default for Limits {
    /// 4,096 bytes of text and 16 open arrays and maps.
    fn default() -> Self {
        Self { text: 4096, depth: 16 }
    }
}
