//! Integer comparisons, and the branches that they become part of.

use super::Translator;
use super::frame::Scratch;
use super::fuse;
use super::operands::Operand;
use crate::code::{Op, OpCode};

/// The width of what is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    W32,
    W64,
}

/// An integer comparison (section 4.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Eq,
    Ne,
    LtS,
    LtU,
    GtS,
    GtU,
    LeS,
    LeU,
    GeS,
    GeU,
}

impl Relation {
    /// The same with its operands exchanged.
    fn exchanged(self) -> Self {
        match self {
            Self::Eq => Self::Eq,
            Self::Ne => Self::Ne,
            Self::LtS => Self::GtS,
            Self::LtU => Self::GtU,
            Self::GtS => Self::LtS,
            Self::GtU => Self::LtU,
            Self::LeS => Self::GeS,
            Self::LeU => Self::GeU,
            Self::GeS => Self::LeS,
            Self::GeU => Self::LeU,
        }
    }

    /// With two slots: there is no greater, as its operands are exchanged.
    fn of_slots(self, width: Width) -> Option<OpCode> {
        use OpCode as C;
        Some(match (self, width) {
            (Self::Eq, Width::W32) => C::I32Eq,
            (Self::Ne, Width::W32) => C::I32Ne,
            (Self::LtS, Width::W32) => C::I32LtS,
            (Self::LtU, Width::W32) => C::I32LtU,
            (Self::LeS, Width::W32) => C::I32LeS,
            (Self::LeU, Width::W32) => C::I32LeU,
            (Self::Eq, Width::W64) => C::I64Eq,
            (Self::Ne, Width::W64) => C::I64Ne,
            (Self::LtS, Width::W64) => C::I64LtS,
            (Self::LtU, Width::W64) => C::I64LtU,
            (Self::LeS, Width::W64) => C::I64LeS,
            (Self::LeU, Width::W64) => C::I64LeU,
            (Self::GtS | Self::GtU | Self::GeS | Self::GeU, _) => return None,
        })
    }

    /// With a slot and a constant: there is no "or equal", as it is "than" with the next constant.
    fn of_constant(self, width: Width) -> Option<OpCode> {
        use OpCode as C;
        Some(match (self, width) {
            (Self::Eq, Width::W32) => C::I32EqImm,
            (Self::Ne, Width::W32) => C::I32NeImm,
            (Self::LtS, Width::W32) => C::I32LtSImm,
            (Self::LtU, Width::W32) => C::I32LtUImm,
            (Self::GtS, Width::W32) => C::I32GtSImm,
            (Self::GtU, Width::W32) => C::I32GtUImm,
            (Self::Eq, Width::W64) => C::I64EqImm,
            (Self::Ne, Width::W64) => C::I64NeImm,
            (Self::LtS, Width::W64) => C::I64LtSImm,
            (Self::LtU, Width::W64) => C::I64LtUImm,
            (Self::GtS, Width::W64) => C::I64GtSImm,
            (Self::GtU, Width::W64) => C::I64GtUImm,
            (Self::LeS | Self::LeU | Self::GeS | Self::GeU, _) => return None,
        })
    }

    /// The relation without "or equal" that is the same with another constant, and that constant; none where it would not be an integer of
    /// that width.
    fn without_equal(self, constant: u64, width: Width) -> Option<(Self, u64)> {
        let signed = |relation, by: i64| {
            let value = signed_of(constant, width).checked_add(by)?;
            let slot = slot_of(value, width);
            (signed_of(slot, width) == value).then_some((relation, slot))
        };
        match self {
            Self::LeS => signed(Self::LtS, 1),
            Self::GeS => signed(Self::GtS, -1),
            Self::LeU => (constant != largest(width)).then(|| (Self::LtU, constant.wrapping_add(1))),
            Self::GeU => Some((Self::GtU, constant.checked_sub(1)?)),
            relation => Some((relation, constant)),
        }
    }
}

fn largest(width: Width) -> u64 {
    match width {
        Width::W32 => u32::MAX.into(),
        Width::W64 => u64::MAX,
    }
}

/// The integer with a sign in a slot of that width.
pub(super) fn signed_of(slot: u64, width: Width) -> i64 {
    match width {
        Width::W32 => i64::from((slot as u32).cast_signed()),
        Width::W64 => slot.cast_signed(),
    }
}

fn slot_of(value: i64, width: Width) -> u64 {
    match width {
        Width::W32 => u64::from(value as u32),
        Width::W64 => value.cast_unsigned(),
    }
}

/// A constant as an operation carries it, where it fits: 32 bits, which are extended with their sign.
pub(super) fn immediate(slot: u64, width: Width) -> Option<u32> {
    i32::try_from(signed_of(slot, width)).ok().map(i32::cast_unsigned)
}

impl Translator<'_> {
    /// `eqz` and `ref.is_null`
    pub(super) fn compare_with_zero(&mut self, width: Width) -> Option<()> {
        self.operands.push(Operand::Constant(0));
        self.compare(Relation::Eq, width)
    }

    pub(super) fn compare(&mut self, relation: Relation, width: Width) -> Option<()> {
        let height = self.operands.height().checked_sub(2)?;
        let (second, first) = (self.operands.pop()?, self.operands.pop()?);
        let (relation, first, second, is_exchanged) = match (first, second) {
            (Operand::Constant(_), Operand::Local(_) | Operand::Computed(_)) => {
                (relation.exchanged(), second, first, true)
            }
            _ => (relation, first, second, false),
        };
        let (at_first, at_second) = if is_exchanged { (height + 1, height) } else { (height, height + 1) };
        if let Operand::Constant(constant) = second
            && let Some((relation, constant)) = relation.without_equal(constant, width)
            && let Some(code) = relation.of_constant(width)
            && let Some(imm) = immediate(constant, width)
        {
            let a = self.read(first, at_first, Scratch::First);
            return self.produce(Op::new(code).with(0, a, 0, imm));
        }
        let a = self.read(first, at_first, Scratch::First);
        let b = self.read(second, at_second, Scratch::Second);
        let op = match relation.of_slots(width) {
            Some(code) => Op::new(code).with(0, a, b, 0),
            None => Op::new(relation.exchanged().of_slots(width)?).with(0, b, a, 0),
        };
        self.produce(op)
    }

    /// Pops a condition: the operation that branches where it is (or is not) true. A comparison that was just made becomes the branch.
    pub(super) fn condition(&mut self, is_true: bool) -> Option<Op> {
        let operand = self.operands.pop()?;
        if let Some(op) = self.just_made(operand)
            && let Some(branch) = fused(op, is_true).or_else(|| fuse::test(op, is_true))
        {
            self.emitter.take_back();
            return Some(branch);
        }
        let a = self.read(operand, self.operands.height(), Scratch::First);
        let code = if is_true { OpCode::BranchI32NotZero } else { OpCode::BranchI32Zero };
        Some(Op::new(code).with(0, a, 0, 0))
    }
}

/// The branch that a comparison becomes.
fn fused(op: Op, is_true: bool) -> Option<Op> {
    if let Some((when_true, when_false)) = fused_slots(op.code) {
        // Not (a < b) is b <= a.
        return Some(match (is_true, when_false) {
            (true, _) => Op::new(when_true).with(0, op.a, op.b, 0),
            (false, (code, false)) => Op::new(code).with(0, op.a, op.b, 0),
            (false, (code, true)) => Op::new(code).with(0, op.b, op.a, 0),
        });
    }
    let (when_true, when_false) = fused_constant(op.code)?;
    let constant = i16::try_from(op.imm.cast_signed()).ok()?;
    let branch = |code, constant| Op::new(code).with(0, op.a, 0, 0).with_small(constant);
    if is_true {
        return Some(branch(when_true, constant));
    }
    match when_false {
        Opposite::Same(code) => Some(branch(code, constant)),
        Opposite::Signed(code, by) => Some(branch(code, constant.checked_add(by)?)),
        // Without a sign, what is beyond 0 or the largest integer is no integer.
        Opposite::Unsigned(code, by) if constant != if by < 0 { 0 } else { -1 } => {
            Some(branch(code, constant.checked_add(by)?))
        }
        Opposite::Unsigned(..) => None,
    }
}

/// The branch where it holds, and the branch where it does not, with its operands exchanged or not.
fn fused_slots(code: OpCode) -> Option<(OpCode, (OpCode, bool))> {
    use OpCode as C;
    Some(match code {
        C::I32Eq => (C::BranchI32Eq, (C::BranchI32Ne, false)),
        C::I32Ne => (C::BranchI32Ne, (C::BranchI32Eq, false)),
        C::I32LtS => (C::BranchI32LtS, (C::BranchI32LeS, true)),
        C::I32LtU => (C::BranchI32LtU, (C::BranchI32LeU, true)),
        C::I32LeS => (C::BranchI32LeS, (C::BranchI32LtS, true)),
        C::I32LeU => (C::BranchI32LeU, (C::BranchI32LtU, true)),
        C::I64Eq => (C::BranchI64Eq, (C::BranchI64Ne, false)),
        C::I64Ne => (C::BranchI64Ne, (C::BranchI64Eq, false)),
        C::I64LtS => (C::BranchI64LtS, (C::BranchI64LeS, true)),
        C::I64LtU => (C::BranchI64LtU, (C::BranchI64LeU, true)),
        C::I64LeS => (C::BranchI64LeS, (C::BranchI64LtS, true)),
        C::I64LeU => (C::BranchI64LeU, (C::BranchI64LtU, true)),
        _ => return None,
    })
}

/// What holds where a comparison with a constant does not.
enum Opposite {
    Same(OpCode),
    /// With another constant: `not (a < c)` is `a > c - 1`.
    Signed(OpCode, i16),
    Unsigned(OpCode, i16),
}

/// The branch where it holds, and where it does not.
fn fused_constant(code: OpCode) -> Option<(OpCode, Opposite)> {
    use OpCode as C;
    Some(match code {
        C::I32EqImm => (C::BranchI32EqImm, Opposite::Same(C::BranchI32NeImm)),
        C::I32NeImm => (C::BranchI32NeImm, Opposite::Same(C::BranchI32EqImm)),
        C::I32LtSImm => (C::BranchI32LtSImm, Opposite::Signed(C::BranchI32GtSImm, -1)),
        C::I32LtUImm => (C::BranchI32LtUImm, Opposite::Unsigned(C::BranchI32GtUImm, -1)),
        C::I32GtSImm => (C::BranchI32GtSImm, Opposite::Signed(C::BranchI32LtSImm, 1)),
        C::I32GtUImm => (C::BranchI32GtUImm, Opposite::Unsigned(C::BranchI32LtUImm, 1)),
        C::I64EqImm => (C::BranchI64EqImm, Opposite::Same(C::BranchI64NeImm)),
        C::I64NeImm => (C::BranchI64NeImm, Opposite::Same(C::BranchI64EqImm)),
        C::I64LtSImm => (C::BranchI64LtSImm, Opposite::Signed(C::BranchI64GtSImm, -1)),
        C::I64LtUImm => (C::BranchI64LtUImm, Opposite::Unsigned(C::BranchI64GtUImm, -1)),
        C::I64GtSImm => (C::BranchI64GtSImm, Opposite::Signed(C::BranchI64LtSImm, 1)),
        C::I64GtUImm => (C::BranchI64GtUImm, Opposite::Unsigned(C::BranchI64LtUImm, 1)),
        _ => return None,
    })
}
