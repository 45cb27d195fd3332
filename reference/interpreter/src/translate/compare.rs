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
    let branch = match of_slots(op.code) {
        Some(code) => Op::new(code).with(0, op.a, op.b, 0),
        None => {
            let constant = i16::try_from(op.imm.cast_signed()).ok()?;
            Op::new(of_constant(op.code)?).with(0, op.a, 0, 0).with_small(constant)
        }
    };
    if is_true { Some(branch) } else { opposite(branch) }
}

/// The branch where two slots compare so.
fn of_slots(code: OpCode) -> Option<OpCode> {
    use OpCode as C;
    Some(match code {
        C::I32Eq => C::BranchI32Eq,
        C::I32Ne => C::BranchI32Ne,
        C::I32LtS => C::BranchI32LtS,
        C::I32LtU => C::BranchI32LtU,
        C::I32LeS => C::BranchI32LeS,
        C::I32LeU => C::BranchI32LeU,
        C::I64Eq => C::BranchI64Eq,
        C::I64Ne => C::BranchI64Ne,
        C::I64LtS => C::BranchI64LtS,
        C::I64LtU => C::BranchI64LtU,
        C::I64LeS => C::BranchI64LeS,
        C::I64LeU => C::BranchI64LeU,
        _ => return None,
    })
}

/// The branch where a slot and a constant compare so.
fn of_constant(code: OpCode) -> Option<OpCode> {
    use OpCode as C;
    Some(match code {
        C::I32EqImm => C::BranchI32EqImm,
        C::I32NeImm => C::BranchI32NeImm,
        C::I32LtSImm => C::BranchI32LtSImm,
        C::I32LtUImm => C::BranchI32LtUImm,
        C::I32GtSImm => C::BranchI32GtSImm,
        C::I32GtUImm => C::BranchI32GtUImm,
        C::I64EqImm => C::BranchI64EqImm,
        C::I64NeImm => C::BranchI64NeImm,
        C::I64LtSImm => C::BranchI64LtSImm,
        C::I64LtUImm => C::BranchI64LtUImm,
        C::I64GtSImm => C::BranchI64GtSImm,
        C::I64GtUImm => C::BranchI64GtUImm,
        _ => return None,
    })
}

/// The branch that is taken where this one is not.
pub(super) fn opposite(branch: Op) -> Option<Op> {
    use OpCode as C;
    let same = |code| Some(Op { code, ..branch });
    // Not (a < b) is b <= a.
    let exchanged = |code| Some(Op { code, a: branch.b, b: branch.a, ..branch });
    // Not (a < c) is a > c - 1; beyond the least or the largest integer there is none.
    let signed = |code, by: i16| Some(Op { code, ..branch }.with_small(branch.small().checked_add(by)?));
    let unsigned = |code, by: i16| {
        let last = if by < 0 { 0 } else { -1 };
        if branch.small() == last { None } else { signed(code, by) }
    };
    match branch.code {
        C::BranchI32Zero => same(C::BranchI32NotZero),
        C::BranchI32NotZero => same(C::BranchI32Zero),
        C::BranchI32AndZero => same(C::BranchI32AndNotZero),
        C::BranchI32AndNotZero => same(C::BranchI32AndZero),
        C::BranchI32Eq => same(C::BranchI32Ne),
        C::BranchI32Ne => same(C::BranchI32Eq),
        C::BranchI32LtS => exchanged(C::BranchI32LeS),
        C::BranchI32LtU => exchanged(C::BranchI32LeU),
        C::BranchI32LeS => exchanged(C::BranchI32LtS),
        C::BranchI32LeU => exchanged(C::BranchI32LtU),
        C::BranchI64Eq => same(C::BranchI64Ne),
        C::BranchI64Ne => same(C::BranchI64Eq),
        C::BranchI64LtS => exchanged(C::BranchI64LeS),
        C::BranchI64LtU => exchanged(C::BranchI64LeU),
        C::BranchI64LeS => exchanged(C::BranchI64LtS),
        C::BranchI64LeU => exchanged(C::BranchI64LtU),
        C::BranchI32EqImm => same(C::BranchI32NeImm),
        C::BranchI32NeImm => same(C::BranchI32EqImm),
        C::BranchI32LtSImm => signed(C::BranchI32GtSImm, -1),
        C::BranchI32LtUImm => unsigned(C::BranchI32GtUImm, -1),
        C::BranchI32GtSImm => signed(C::BranchI32LtSImm, 1),
        C::BranchI32GtUImm => unsigned(C::BranchI32LtUImm, 1),
        C::BranchI64EqImm => same(C::BranchI64NeImm),
        C::BranchI64NeImm => same(C::BranchI64EqImm),
        C::BranchI64LtSImm => signed(C::BranchI64GtSImm, -1),
        C::BranchI64LtUImm => unsigned(C::BranchI64GtUImm, -1),
        C::BranchI64GtSImm => signed(C::BranchI64LtSImm, 1),
        C::BranchI64GtUImm => unsigned(C::BranchI64LtUImm, 1),
        _ => None,
    }
}
