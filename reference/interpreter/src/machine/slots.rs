//! The slots of a frame that operations name, and how operations read and write them.

use super::NEAR;
use crate::code::Op;
use crate::numeric::int::Int;
use crate::trap::Trap;
use crate::value::Slot;

/// The slots of a frame and of all that may come above it.
pub(super) struct Window<'a>(pub(super) &'a mut [u64]);

impl Window<'_> {
    /// Those that operations name; none where there are fewer, which does not happen.
    #[inline(always)]
    pub(super) fn near(&mut self) -> Option<Slots<'_>> {
        self.0.first_chunk_mut().map(Slots)
    }
}

/// The first 256 slots of a frame: a byte cannot name another.
pub(super) struct Slots<'a>(pub(super) &'a mut [u64; NEAR]);

/// An integer as a constant of an operation.
pub(super) trait Immediate: Slot + Int {
    /// 32 bits, extended with their sign.
    fn immediate(op: &Op) -> Self;
    /// 16 bits, extended with their sign.
    fn small(op: &Op) -> Self;
}

impl Immediate for u32 {
    #[inline(always)]
    fn immediate(op: &Op) -> Self {
        op.imm
    }

    #[inline(always)]
    fn small(op: &Op) -> Self {
        i32::from(op.small()).cast_unsigned()
    }
}

impl Immediate for u64 {
    #[inline(always)]
    fn immediate(op: &Op) -> Self {
        i64::from(op.imm.cast_signed()).cast_unsigned()
    }

    #[inline(always)]
    fn small(op: &Op) -> Self {
        i64::from(op.small()).cast_unsigned()
    }
}

impl Slots<'_> {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    pub(super) fn get<T: Slot>(&self, slot: u8) -> T {
        T::from_slot(self.0[usize::from(slot)])
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    pub(super) fn set<T: Slot>(&mut self, slot: u8, value: T) {
        self.0[usize::from(slot)] = value.to_slot();
    }

    /// d := f(a)
    #[inline(always)]
    pub(super) fn unary<T: Slot, U: Slot>(&mut self, op: &Op, f: impl FnOnce(T) -> U) {
        self.set(op.d, f(self.get(op.a)));
    }

    /// d := f(a), which may trap
    #[inline(always)]
    pub(super) fn try_unary<T: Slot, U: Slot>(
        &mut self,
        op: &Op,
        f: impl FnOnce(T) -> Result<U, Trap>,
    ) -> Result<(), Trap> {
        self.set(op.d, f(self.get(op.a))?);
        Ok(())
    }

    /// d := f(a, b)
    #[inline(always)]
    pub(super) fn binary<T: Slot, U: Slot>(&mut self, op: &Op, f: impl FnOnce(T, T) -> U) {
        self.set(op.d, f(self.get(op.a), self.get(op.b)));
    }

    /// d := f(a, b), which may trap
    #[inline(always)]
    pub(super) fn try_binary<T: Slot>(&mut self, op: &Op, f: impl FnOnce(T, T) -> Result<T, Trap>) -> Result<(), Trap> {
        self.set(op.d, f(self.get(op.a), self.get(op.b))?);
        Ok(())
    }

    /// d := f(a, imm)
    #[inline(always)]
    pub(super) fn constant<T: Immediate, U: Slot>(&mut self, op: &Op, f: impl FnOnce(T, T) -> U) {
        self.set(op.d, f(self.get(op.a), T::immediate(op)));
    }

    /// d := f(a, imm), which may trap
    #[inline(always)]
    pub(super) fn try_constant<T: Immediate>(
        &mut self,
        op: &Op,
        f: impl FnOnce(T, T) -> Result<T, Trap>,
    ) -> Result<(), Trap> {
        self.set(op.d, f(self.get(op.a), T::immediate(op))?);
        Ok(())
    }

    /// Whether f(a, b)
    #[inline(always)]
    pub(super) fn holds<T: Slot>(&self, op: &Op, f: impl FnOnce(T, T) -> bool) -> bool {
        f(self.get(op.a), self.get(op.b))
    }

    /// Whether f(a, the small constant)
    #[inline(always)]
    pub(super) fn holds_for<T: Immediate>(&self, op: &Op, f: impl FnOnce(T, T) -> bool) -> bool {
        f(self.get(op.a), T::small(op))
    }

    /// a := a + the step: what it is then.
    #[inline(always)]
    pub(super) fn step(&mut self, op: &Op) -> u32 {
        let stepped = self.get::<u32>(op.a).wrapping_add(op.step());
        self.set(op.a, stepped);
        stepped
    }
}
