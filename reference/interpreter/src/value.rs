//! Values (WebAssembly core 2.0, section 4.2.1), and the slot of 64 bits that holds any of them while code runs.

use crate::address::FunctionAddress;
use crate::types::ValueType;

/// A value. Floats are given as their bits, so that a NaN keeps its payload wherever it passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// An integer of 32 bits.
    I32(i32),
    /// An integer of 64 bits.
    I64(i64),
    /// The bits of an `f32`.
    F32(u32),
    /// The bits of an `f64`.
    F64(u64),
    /// A function of the store, or null.
    FuncRef(Option<FunctionAddress>),
    /// The host's number for a thing of its own, or null.
    ExternRef(Option<u32>),
}

impl Value {
    /// Its type.
    #[must_use]
    pub const fn value_type(self) -> ValueType {
        match self {
            Self::I32(_) => ValueType::I32,
            Self::I64(_) => ValueType::I64,
            Self::F32(_) => ValueType::F32,
            Self::F64(_) => ValueType::F64,
            Self::FuncRef(_) => ValueType::FuncRef,
            Self::ExternRef(_) => ValueType::ExternRef,
        }
    }

    /// The value of that type that a slot holds.
    #[must_use]
    #[inline]
    pub fn from_slot(slot: u64, value_type: ValueType) -> Self {
        match value_type {
            ValueType::I32 => Self::I32(u32::from_slot(slot).cast_signed()),
            ValueType::I64 => Self::I64(slot.cast_signed()),
            ValueType::F32 => Self::F32(u32::from_slot(slot)),
            ValueType::F64 => Self::F64(slot),
            ValueType::FuncRef => Self::FuncRef(reference(slot).map(FunctionAddress)),
            ValueType::ExternRef => Self::ExternRef(reference(slot)),
        }
    }

    /// The slot that holds it.
    #[must_use]
    #[inline]
    pub fn to_slot(self) -> u64 {
        match self {
            Self::I32(value) => value.cast_unsigned().to_slot(),
            Self::I64(value) => value.cast_unsigned(),
            Self::F32(bits) => bits.to_slot(),
            Self::F64(bits) => bits,
            Self::FuncRef(address) => reference_slot(address.map(|address| address.0)),
            Self::ExternRef(number) => reference_slot(number),
        }
    }
}

/// Null is zero, so that locals and tables begin as null (section 4.2.1, default values); anything else is one more than its number.
pub(crate) fn reference_slot(number: Option<u32>) -> u64 {
    number.map_or(0, |number| u64::from(number) + 1)
}

/// The number in a slot, or null.
pub(crate) fn reference(slot: u64) -> Option<u32> {
    slot.checked_sub(1).map(u32::from_slot)
}

/// What can stand in a slot. 32 bits stand in the low half, and the high half is zero.
pub(crate) trait Slot: Copy {
    fn from_slot(slot: u64) -> Self;
    fn to_slot(self) -> u64;
}

impl Slot for u32 {
    #[inline(always)]
    fn from_slot(slot: u64) -> Self {
        (slot & u64::from(Self::MAX)) as Self
    }

    #[inline(always)]
    fn to_slot(self) -> u64 {
        u64::from(self)
    }
}

impl Slot for u64 {
    #[inline(always)]
    fn from_slot(slot: u64) -> Self {
        slot
    }

    #[inline(always)]
    fn to_slot(self) -> u64 {
        self
    }
}

impl Slot for f32 {
    #[inline(always)]
    fn from_slot(slot: u64) -> Self {
        Self::from_bits(u32::from_slot(slot))
    }

    #[inline(always)]
    fn to_slot(self) -> u64 {
        self.to_bits().to_slot()
    }
}

impl Slot for f64 {
    #[inline(always)]
    fn from_slot(slot: u64) -> Self {
        Self::from_bits(slot)
    }

    #[inline(always)]
    fn to_slot(self) -> u64 {
        self.to_bits()
    }
}

impl Slot for bool {
    #[inline(always)]
    fn from_slot(slot: u64) -> Self {
        u32::from_slot(slot) != 0
    }

    #[inline(always)]
    fn to_slot(self) -> u64 {
        u64::from(self)
    }
}
