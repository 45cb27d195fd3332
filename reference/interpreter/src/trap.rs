//! Why code cannot go on (WebAssembly core 2.0, section 4.1): a closed list.

use std::fmt;

/// A trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[error("{}", self.name())]
pub enum Trap {
    /// `unreachable` was reached.
    Unreachable,
    /// An integer was divided by zero.
    DivideByZero,
    /// The smallest integer was divided by -1, or a float does not fit the integer that it is truncated to.
    IntegerOverflow,
    /// NaN was truncated to an integer.
    InvalidConversion,
    /// An access outside of a memory.
    MemoryOutOfBounds,
    /// An access outside of a table.
    TableOutOfBounds,
    /// `call_indirect` found a function of another type.
    IndirectTypeMismatch,
    /// `call_indirect` found no function.
    NullElement,
    /// Calls nest too deep, see [`Limits`](crate::Limits).
    StackOverflow,
}

impl Trap {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::DivideByZero => "divide_by_zero",
            Self::IntegerOverflow => "integer_overflow",
            Self::InvalidConversion => "invalid_conversion",
            Self::MemoryOutOfBounds => "memory_out_of_bounds",
            Self::TableOutOfBounds => "table_out_of_bounds",
            Self::IndirectTypeMismatch => "indirect_type_mismatch",
            Self::NullElement => "null_element",
            Self::StackOverflow => "stack_overflow",
        }
    }
}

/// What is limited (WebAssembly core 2.0, appendix A.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Bytes of all memories of a store.
    Memory,
    /// Elements of all tables of a store.
    Table,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Table => "table",
        })
    }
}
