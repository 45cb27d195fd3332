//! Pairs of operations that become one.

use crate::code::{Op, OpCode};

/// A constant is added to a slot that a branch then looks at, or that is the last thing before a branch.
pub(super) fn step(step: Op, branch: Op) -> Option<Op> {
    let is_of_branch = step.a == branch.a || branch.code == OpCode::Branch;
    if step.code != OpCode::I32AddImm || step.d != step.a || !is_of_branch {
        return None;
    }
    let d = i8::try_from(step.imm.cast_signed()).ok()?.cast_unsigned();
    let (code, b) = match branch.code {
        OpCode::Branch => return Some(Op::new(OpCode::StepI32).with(d, step.a, 0, 0)),
        OpCode::BranchI32NotZero => (OpCode::StepI32NeImm, 0),
        OpCode::BranchI32NeImm => (OpCode::StepI32NeImm, i8::try_from(branch.small()).ok()?.cast_unsigned()),
        OpCode::BranchI32Ne => (OpCode::StepI32Ne, branch.b),
        OpCode::BranchI32LtS => (OpCode::StepI32LtS, branch.b),
        OpCode::BranchI32LtU => (OpCode::StepI32LtU, branch.b),
        _ => return None,
    };
    Some(Op { code, d, b, ..branch })
}

/// A branch on the bits that a slot and a constant have in common.
pub(super) fn test(and: Op, is_true: bool) -> Option<Op> {
    let constant = i16::try_from(and.imm.cast_signed()).ok()?;
    let code = match (and.code, is_true) {
        (OpCode::I32AndImm, true) => OpCode::BranchI32AndNotZero,
        (OpCode::I32AndImm, false) => OpCode::BranchI32AndZero,
        _ => return None,
    };
    Some(Op::new(code).with(0, and.a, 0, 0).with_small(constant))
}

/// A load at the sum of two slots.
pub(super) fn load_sum(sum: Op, load: OpCode, offset: u32) -> Option<Op> {
    let code = match (sum.code, load) {
        (OpCode::I32Add, OpCode::Load8U) => OpCode::Load8USum,
        (OpCode::I32Add, OpCode::Load16U) => OpCode::Load16USum,
        (OpCode::I32Add, OpCode::Load32) => OpCode::Load32Sum,
        (OpCode::I32Add, OpCode::Load64) => OpCode::Load64Sum,
        (OpCode::I32Add, OpCode::I32Load8S) => OpCode::I32Load8SSum,
        (OpCode::I32Add, OpCode::I32Load16S) => OpCode::I32Load16SSum,
        (OpCode::I32Add, OpCode::I64Load8S) => OpCode::I64Load8SSum,
        (OpCode::I32Add, OpCode::I64Load16S) => OpCode::I64Load16SSum,
        (OpCode::I32Add, OpCode::I64Load32S) => OpCode::I64Load32SSum,
        _ => return None,
    };
    Some(Op::new(code).with(0, sum.a, sum.b, offset))
}

/// A store of a slot at the sum of two slots.
pub(super) fn store_sum(sum: Op, store: OpCode, value: u8, offset: u32) -> Option<Op> {
    let code = match (sum.code, store) {
        (OpCode::I32Add, OpCode::Store8) => OpCode::Store8Sum,
        (OpCode::I32Add, OpCode::Store16) => OpCode::Store16Sum,
        (OpCode::I32Add, OpCode::Store32) => OpCode::Store32Sum,
        (OpCode::I32Add, OpCode::Store64) => OpCode::Store64Sum,
        _ => return None,
    };
    Some(Op::new(code).with(value, sum.a, sum.b, offset))
}

/// A store of a constant.
pub(super) fn store_constant(store: OpCode, address: u8, constant: u64, offset: u32) -> Option<Op> {
    let (code, value) = match store {
        OpCode::Store8 => (OpCode::Store8Imm, i64::from((constant as u8).cast_signed())),
        OpCode::Store16 => (OpCode::Store16Imm, i64::from((constant as u16).cast_signed())),
        OpCode::Store32 => (OpCode::Store32Imm, i64::from((constant as u32).cast_signed())),
        OpCode::Store64 => (OpCode::Store64Imm, constant.cast_signed()),
        _ => return None,
    };
    let value = i8::try_from(value).ok()?.cast_unsigned();
    Some(Op::new(code).with(0, address, value, offset))
}

/// The sum of a slot and another one that was shifted.
pub(super) fn add_shifted(shift: Op, a: u8) -> Option<Op> {
    (shift.code == OpCode::I32ShlImm).then(|| Op::new(OpCode::I32AddShl).with(0, a, shift.a, shift.imm))
}

/// The sum of a constant and a slot that was shifted.
pub(super) fn shifted_add(shift: Op, constant: u32) -> Option<Op> {
    let [by, ..] = (shift.imm % 32).to_le_bytes();
    (shift.code == OpCode::I32ShlImm).then(|| Op::new(OpCode::I32ShlAddImm).with(0, shift.a, by, constant))
}
