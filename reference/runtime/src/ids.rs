//! Chance, given to the runtime from outside: what ids are made of.

/// Where the random part of an instance's id comes from.
pub trait IdSource: Send + Sync {
    /// Ten random bytes.
    fn random(&self) -> [u8; 10];
}
