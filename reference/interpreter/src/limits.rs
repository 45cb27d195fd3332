//! What a store and its executions may use.

/// The quotas of a store, and the depth of its executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all memories together. A page that does not fit whole is not given.
    pub memory: u64,
    /// Elements of all tables together.
    pub table: u64,
    /// Frames of one execution: calls that are open at once.
    pub frames: usize,
    /// Slots of 8 bytes of one execution: locals and operands of all its frames.
    pub slots: usize,
}

impl Default for Limits {
    /// 4 GiB of memory, 10 million elements, 65,536 frames, and 8 MiB of locals and operands.
    fn default() -> Self {
        Self { memory: 1 << 32, table: 10_000_000, frames: 1 << 16, slots: 1 << 20 }
    }
}
