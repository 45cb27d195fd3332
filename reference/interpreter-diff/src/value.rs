//! Values and their types, with floats as bits: a NaN equals itself.

use wasmparser::{RefType, ValType};

/// A type of WebAssembly core 2.0 without SIMD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// i32.
    I32,
    /// i64.
    I64,
    /// f32.
    F32,
    /// f64.
    F64,
    /// funcref.
    FuncRef,
    /// externref.
    ExternRef,
}

impl Type {
    /// The type, where it is one of these.
    #[must_use]
    pub fn of(of: ValType) -> Option<Self> {
        Some(match of {
            ValType::I32 => Self::I32,
            ValType::I64 => Self::I64,
            ValType::F32 => Self::F32,
            ValType::F64 => Self::F64,
            ValType::Ref(RefType::FUNCREF) => Self::FuncRef,
            ValType::Ref(RefType::EXTERNREF) => Self::ExternRef,
            ValType::Ref(_) | ValType::V128 => return None,
        })
    }
}

/// A value. References are only told apart by whether they are null: their identity is an engine's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// i32.
    I32(u32),
    /// i64.
    I64(u64),
    /// f32, as bits.
    F32(u32),
    /// f64, as bits.
    F64(u64),
    /// funcref.
    FuncRef {
        /// Whether it is null.
        is_null: bool,
    },
    /// externref.
    ExternRef {
        /// Whether it is null.
        is_null: bool,
    },
}
