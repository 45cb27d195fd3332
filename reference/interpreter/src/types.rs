//! Types (WebAssembly core 2.0, section 2.3), and the matching of imports (section 4.5.2).

use std::fmt::{self, Display as _};

/// The type of a value (section 2.3.4), vectors left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// 32 bits, an integer of either sign.
    I32,
    /// 64 bits, an integer of either sign.
    I64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
    /// A function, or null.
    FuncRef,
    /// A host's reference, or null.
    ExternRef,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        })
    }
}

/// The type of a function (section 2.3.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FunctionType {
    /// What it takes.
    pub parameters: Vec<ValueType>,
    /// What it returns.
    pub results: Vec<ValueType>,
}

impl fmt::Display for FunctionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.parameters)?;
        f.write_str(" -> ")?;
        write_list(f, &self.results)
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, types: &[ValueType]) -> fmt::Result {
    f.write_str("(")?;
    for (at, value_type) in types.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        value_type.fmt(f)?;
    }
    f.write_str(")")
}

/// The size range of a memory, in pages of 64 KiB, or of a table, in elements (section 2.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeLimits {
    /// At least, and at first.
    pub minimum: u32,
    /// At most.
    pub maximum: Option<u32>,
}

impl SizeLimits {
    /// Whether something that is `self` may be given where `wanted` is imported (section 4.5.2).
    #[must_use]
    pub fn matches(self, wanted: Self) -> bool {
        let is_bounded = match (self.maximum, wanted.maximum) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(has), Some(wants)) => has <= wants,
        };
        self.minimum >= wanted.minimum && is_bounded
    }
}

/// The type of a table (section 2.3.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableType {
    /// `FuncRef` or `ExternRef`.
    pub element: ValueType,
    /// Elements.
    pub limits: SizeLimits,
}

/// The type of a global (section 2.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobalType {
    /// Of its value.
    pub value: ValueType,
    /// Whether it can be set.
    pub is_mutable: bool,
}

/// The type of an import or export (section 2.3.11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternType {
    /// A function.
    Function(FunctionType),
    /// A table.
    Table(TableType),
    /// A memory, in pages of 64 KiB.
    Memory(SizeLimits),
    /// A global.
    Global(GlobalType),
}
