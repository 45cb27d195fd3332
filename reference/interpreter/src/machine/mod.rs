//! The machine: one loop over the operations, and nothing of the host's on its stack.
//!
//! Fuel is counted where control is transferred. Let `rest` be the cost of everything from an operation to the end of its function: what is left of
//! the fuel is always *slack* + `rest` of the next operation, and in straight code neither has to be touched. A branch adds what it passes over,
//! which is negative where it goes back. As long as the slack is not negative, the code up to the next branch back, call or return is paid for. Where
//! it is not, the same loop runs with `METERED`, which looks before each operation whether it is paid for.

pub(crate) mod bulk;
mod control;
pub(crate) mod frame;
mod memory;
mod slots;
pub(crate) mod table;
mod variable;

use std::hint::cold_path;

use self::control::{arrive, jump};
use self::frame::Frame;
use self::slots::Slots;
use crate::address::FunctionAddress;
use crate::code::OpCode;
use crate::execution::{Execution, HostCall};
use crate::memory::{Memory, PAGE};
use crate::numeric::{convert, float, int};
use crate::store::{Body, Store};
use crate::trap::Trap;
use crate::value::reference_slot;

/// Slots that a byte names.
pub(crate) const NEAR: usize = 256;

/// Why the loop is left.
pub(crate) enum Exit {
    /// The next operation is not paid for.
    OutOfFuel,
    /// The other way of counting has to go on.
    Switch,
    /// A function of the host's is called.
    HostCall,
    /// The outermost frame returned.
    Returned,
    Trap(Trap),
}

/// What does not happen: translated code names only what there is, and ends with a return.
const NO_SUCH_CASE: Exit = Exit::Trap(Trap::Unreachable);

/// Why the operations of a frame are left.
enum Transfer {
    Leave(Exit),
    /// The stack was written beyond what operations see.
    Frame,
    /// The memory grows by so many pages; what comes of it goes to this slot.
    MemoryGrow(u8, u32),
    /// This function of the store is called, whose frame begins at this slot of the present one.
    Function(u32, usize),
}

/// Runs until something else has to be done.
#[expect(clippy::too_many_lines, clippy::cognitive_complexity, reason = "one arm an operation, and one loop for speed")]
pub(crate) fn run<const METERED: bool>(execution: &mut Execution, store: &mut Store) -> Exit {
    let Store { functions, tables, memories, globals, instances, segments, quotas, limits, .. } = store;
    let Frame { instance: mut at_instance, code: mut at_code, mut pc, mut base } = execution.frame;
    let mut slack = execution.slack;
    let exit = 'instance: loop {
        let (Some(instance), Some(segments)) = (instances.get(at_instance), segments.get_mut(at_instance)) else {
            break NO_SUCH_CASE;
        };
        let parts = &*instance.parts;
        let memory = instance.memory.and_then(|address| memories.get_mut(address as usize));
        let bytes = memory.map_or(Default::default(), Memory::bytes_mut);
        'frame: loop {
            let Some(code) = parts.codes.get(at_code) else { break 'instance NO_SUCH_CASE };
            let window = execution.stack.get_mut(base..).unwrap_or_default();
            let Some((near, far)) = window.split_first_chunk_mut() else { break 'instance NO_SUCH_CASE };
            let mut slots = Slots(near);
            let ops = code.ops.as_slice();
            let mut next = ops.get(pc..).unwrap_or_default().iter();
            let transfer = 'ops: loop {
                if METERED && slack + frame::rest(code, ops.len() - next.len() + 1) < 0 {
                    break Transfer::Leave(Exit::OutOfFuel);
                }
                let Some(op) = next.next() else { break Transfer::Leave(NO_SUCH_CASE) };
                match op.code {
                    // Constants and moves (sections 4.4.4 and 4.4.5).
                    OpCode::Copy => slots.unary(op, |a: u64| a),
                    OpCode::Constant => slots.set(op.d, op.imm),
                    OpCode::LongConstant => {
                        slots.set(op.d, code.side().constants.get(op.imm as usize).copied().unwrap_or_default())
                    }
                    OpCode::CopyMany | OpCode::ZeroMany => {
                        if let Some(slots) = code.side().moves.get(op.imm as usize) {
                            frame::move_slots(&mut execution.stack, base, *slots, op.code == OpCode::ZeroMany);
                        }
                        break 'ops Transfer::Frame;
                    }
                    OpCode::FarGet => slots.set(op.d, far.get(op.imm as usize).copied().unwrap_or_default()),
                    OpCode::FarSet => {
                        if let Some(far) = far.get_mut(op.imm as usize) {
                            *far = slots.get(op.a);
                        }
                    }
                    OpCode::Select => {
                        let chosen = if slots.get(op.third()) { op.a } else { op.b };
                        slots.set(op.d, slots.get::<u64>(chosen));
                    }
                    OpCode::GlobalGet => slots.set(op.d, variable::get(globals, instance, op.imm)),
                    OpCode::GlobalSet => variable::set(globals, instance, op.imm, slots.get(op.a)),
                    OpCode::RefFunc => {
                        slots.set(op.d, reference_slot(instance.functions.get(op.imm as usize).copied()))
                    }

                    // Control (section 4.4.8).
                    OpCode::Unreachable => break 'ops Transfer::Leave(Exit::Trap(Trap::Unreachable)),
                    OpCode::Fuel => {}
                    OpCode::Branch => {
                        if jump::<METERED>(op, ops, &mut next, &mut slack) {
                            break 'ops Transfer::Leave(Exit::Switch);
                        }
                    }
                    OpCode::BranchI32Zero => {
                        if !slots.get::<bool>(op.a) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32NotZero => {
                        if slots.get(op.a) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32Eq => {
                        if slots.holds(op, int::eq::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32Ne => {
                        if slots.holds(op, int::ne::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32LtS => {
                        if slots.holds(op, int::lt_s::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32LtU => {
                        if slots.holds(op, int::lt_u::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32LeS => {
                        if slots.holds(op, int::le_s::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32LeU => {
                        if slots.holds(op, int::le_u::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32EqImm => {
                        if slots.holds_for(op, int::eq::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32NeImm => {
                        if slots.holds_for(op, int::ne::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32LtSImm => {
                        if slots.holds_for(op, int::lt_s::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32LtUImm => {
                        if slots.holds_for(op, int::lt_u::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32GtSImm => {
                        if slots.holds_for(op, int::gt_s::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32GtUImm => {
                        if slots.holds_for(op, int::gt_u::<u32>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64Eq => {
                        if slots.holds(op, int::eq::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64Ne => {
                        if slots.holds(op, int::ne::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64LtS => {
                        if slots.holds(op, int::lt_s::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64LtU => {
                        if slots.holds(op, int::lt_u::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64LeS => {
                        if slots.holds(op, int::le_s::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64LeU => {
                        if slots.holds(op, int::le_u::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64EqImm => {
                        if slots.holds_for(op, int::eq::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64NeImm => {
                        if slots.holds_for(op, int::ne::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64LtSImm => {
                        if slots.holds_for(op, int::lt_s::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64LtUImm => {
                        if slots.holds_for(op, int::lt_u::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64GtSImm => {
                        if slots.holds_for(op, int::gt_s::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI64GtUImm => {
                        if slots.holds_for(op, int::gt_u::<u64>) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32AndZero => {
                        if !slots.holds_for(op, control::have_common_bit) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::BranchI32AndNotZero => {
                        if slots.holds_for(op, control::have_common_bit) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::StepI32 => {
                        slots.step(op);
                        if jump::<METERED>(op, ops, &mut next, &mut slack) {
                            break 'ops Transfer::Leave(Exit::Switch);
                        }
                    }
                    OpCode::StepI32NeImm => {
                        if slots.step(op) != op.limit() {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::StepI32Ne => {
                        if slots.step(op) != slots.get::<u32>(op.b) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::StepI32LtS => {
                        if int::lt_s(slots.step(op), slots.get(op.b)) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::StepI32LtU => {
                        if int::lt_u(slots.step(op), slots.get(op.b)) {
                            if jump::<METERED>(op, ops, &mut next, &mut slack) {
                                break 'ops Transfer::Leave(Exit::Switch);
                            }
                        } else {
                            cold_path();
                        }
                    }
                    OpCode::FarBranch => {
                        let Some(branch) = code.side().far_branches.get(op.imm as usize) else { continue };
                        if control::is_taken(&branch.op, &mut slots)
                            && arrive::<METERED>(branch.target, ops, &mut next, &mut slack)
                        {
                            break 'ops Transfer::Leave(Exit::Switch);
                        }
                    }
                    OpCode::BranchTable => {
                        let Some(target) = control::table_target(code, op, slots.get(op.a)) else {
                            break 'ops Transfer::Leave(NO_SUCH_CASE);
                        };
                        if arrive::<METERED>(target, ops, &mut next, &mut slack) {
                            break 'ops Transfer::Leave(Exit::Switch);
                        }
                    }
                    OpCode::Call => {
                        let Some(callee) = parts.codes.get(op.imm as usize) else {
                            break 'ops Transfer::Leave(NO_SUCH_CASE);
                        };
                        pc = ops.len() - next.len();
                        let caller = Frame { instance: at_instance, code: at_code, pc, base };
                        if !execution.open(caller, base + op.wide(), callee, limits) {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::StackOverflow));
                        }
                        slack += frame::rest(code, pc) - frame::rest(callee, 0);
                        (at_code, pc, base) = (op.imm as usize, 0, base + op.wide());
                        if METERED != (slack < 0) {
                            break 'instance Exit::Switch;
                        }
                        continue 'frame;
                    }
                    OpCode::CallImported => match control::imported(instance, op) {
                        Some(function) => break 'ops Transfer::Function(function, op.wide()),
                        None => break 'ops Transfer::Leave(NO_SUCH_CASE),
                    },
                    OpCode::CallIndirect => {
                        match control::indirect(instance, functions, tables, code, op, slots.get(op.a)) {
                            Ok((function, base)) => break 'ops Transfer::Function(function, base),
                            Err(trap) => break 'ops Transfer::Leave(Exit::Trap(trap)),
                        }
                    }
                    OpCode::Return | OpCode::ReturnOne => {
                        if op.code == OpCode::ReturnOne {
                            slots.set(0, slots.get::<u64>(op.a));
                        }
                        let Some(caller) = execution.frames.pop() else { break 'ops Transfer::Leave(Exit::Returned) };
                        slack += frame::rest(code, ops.len() - next.len());
                        let is_same = caller.instance == at_instance;
                        let parts = if is_same { Some(parts) } else { frame::parts(instances, caller.instance) };
                        Frame { instance: at_instance, code: at_code, pc, base } = caller;
                        let Some(code) = parts.and_then(|parts| parts.codes.get(at_code)) else {
                            break 'instance NO_SUCH_CASE;
                        };
                        slack -= frame::rest(code, pc);
                        if METERED != (slack < 0) {
                            break 'instance Exit::Switch;
                        }
                        if is_same {
                            continue 'frame;
                        }
                        continue 'instance;
                    }

                    // Integers (section 4.3.2).
                    OpCode::I32Clz => slots.unary(op, int::clz::<u32>),
                    OpCode::I32Ctz => slots.unary(op, int::ctz::<u32>),
                    OpCode::I32Popcnt => slots.unary(op, int::popcnt::<u32>),
                    OpCode::I32Extend8S => slots.unary(op, int::extend8_s::<u32>),
                    OpCode::I32Extend16S => slots.unary(op, int::extend16_s::<u32>),
                    OpCode::I32Add => slots.binary(op, int::add::<u32>),
                    OpCode::I32Sub => slots.binary(op, int::sub::<u32>),
                    OpCode::I32Mul => slots.binary(op, int::mul::<u32>),
                    OpCode::I32DivS => {
                        if let Err(trap) = slots.try_binary(op, int::div_s::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32DivU => {
                        if let Err(trap) = slots.try_binary(op, int::div_u::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32RemS => {
                        if let Err(trap) = slots.try_binary(op, int::rem_s::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32RemU => {
                        if let Err(trap) = slots.try_binary(op, int::rem_u::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32And => slots.binary(op, int::and::<u32>),
                    OpCode::I32Or => slots.binary(op, int::or::<u32>),
                    OpCode::I32Xor => slots.binary(op, int::xor::<u32>),
                    OpCode::I32Shl => slots.binary(op, int::shl::<u32>),
                    OpCode::I32ShrS => slots.binary(op, int::shr_s::<u32>),
                    OpCode::I32ShrU => slots.binary(op, int::shr_u::<u32>),
                    OpCode::I32Rotl => slots.binary(op, int::rotl::<u32>),
                    OpCode::I32Rotr => slots.binary(op, int::rotr::<u32>),
                    OpCode::I32AddImm => slots.constant(op, int::add::<u32>),
                    OpCode::I32MulImm => slots.constant(op, int::mul::<u32>),
                    OpCode::I32DivSImm => {
                        if let Err(trap) = slots.try_constant(op, int::div_s::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32DivUImm => {
                        if let Err(trap) = slots.try_constant(op, int::div_u::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32RemSImm => {
                        if let Err(trap) = slots.try_constant(op, int::rem_s::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32RemUImm => {
                        if let Err(trap) = slots.try_constant(op, int::rem_u::<u32>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32AndImm => slots.constant(op, int::and::<u32>),
                    OpCode::I32OrImm => slots.constant(op, int::or::<u32>),
                    OpCode::I32XorImm => slots.constant(op, int::xor::<u32>),
                    OpCode::I32ShlImm => slots.constant(op, int::shl::<u32>),
                    OpCode::I32ShrSImm => slots.constant(op, int::shr_s::<u32>),
                    OpCode::I32ShrUImm => slots.constant(op, int::shr_u::<u32>),
                    OpCode::I32RotlImm => slots.constant(op, int::rotl::<u32>),
                    OpCode::I32AddShl => {
                        let shifted = int::shl(slots.get::<u32>(op.b), op.imm);
                        slots.set(op.d, int::add(slots.get(op.a), shifted));
                    }
                    OpCode::I32ShlAddImm => {
                        let shifted = int::shl(slots.get::<u32>(op.a), u32::from(op.b));
                        slots.set(op.d, int::add(shifted, op.imm));
                    }
                    OpCode::I32Eq => slots.binary(op, int::eq::<u32>),
                    OpCode::I32Ne => slots.binary(op, int::ne::<u32>),
                    OpCode::I32LtS => slots.binary(op, int::lt_s::<u32>),
                    OpCode::I32LtU => slots.binary(op, int::lt_u::<u32>),
                    OpCode::I32LeS => slots.binary(op, int::le_s::<u32>),
                    OpCode::I32LeU => slots.binary(op, int::le_u::<u32>),
                    OpCode::I32EqImm => slots.constant(op, int::eq::<u32>),
                    OpCode::I32NeImm => slots.constant(op, int::ne::<u32>),
                    OpCode::I32LtSImm => slots.constant(op, int::lt_s::<u32>),
                    OpCode::I32LtUImm => slots.constant(op, int::lt_u::<u32>),
                    OpCode::I32GtSImm => slots.constant(op, int::gt_s::<u32>),
                    OpCode::I32GtUImm => slots.constant(op, int::gt_u::<u32>),
                    OpCode::I64Clz => slots.unary(op, int::clz::<u64>),
                    OpCode::I64Ctz => slots.unary(op, int::ctz::<u64>),
                    OpCode::I64Popcnt => slots.unary(op, int::popcnt::<u64>),
                    OpCode::I64Extend8S => slots.unary(op, int::extend8_s::<u64>),
                    OpCode::I64Extend16S => slots.unary(op, int::extend16_s::<u64>),
                    OpCode::I64Extend32S => slots.unary(op, int::extend32_s::<u64>),
                    OpCode::I64Add => slots.binary(op, int::add::<u64>),
                    OpCode::I64Sub => slots.binary(op, int::sub::<u64>),
                    OpCode::I64Mul => slots.binary(op, int::mul::<u64>),
                    OpCode::I64DivS => {
                        if let Err(trap) = slots.try_binary(op, int::div_s::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64DivU => {
                        if let Err(trap) = slots.try_binary(op, int::div_u::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64RemS => {
                        if let Err(trap) = slots.try_binary(op, int::rem_s::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64RemU => {
                        if let Err(trap) = slots.try_binary(op, int::rem_u::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64And => slots.binary(op, int::and::<u64>),
                    OpCode::I64Or => slots.binary(op, int::or::<u64>),
                    OpCode::I64Xor => slots.binary(op, int::xor::<u64>),
                    OpCode::I64Shl => slots.binary(op, int::shl::<u64>),
                    OpCode::I64ShrS => slots.binary(op, int::shr_s::<u64>),
                    OpCode::I64ShrU => slots.binary(op, int::shr_u::<u64>),
                    OpCode::I64Rotl => slots.binary(op, int::rotl::<u64>),
                    OpCode::I64Rotr => slots.binary(op, int::rotr::<u64>),
                    OpCode::I64AddImm => slots.constant(op, int::add::<u64>),
                    OpCode::I64MulImm => slots.constant(op, int::mul::<u64>),
                    OpCode::I64DivSImm => {
                        if let Err(trap) = slots.try_constant(op, int::div_s::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64DivUImm => {
                        if let Err(trap) = slots.try_constant(op, int::div_u::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64RemSImm => {
                        if let Err(trap) = slots.try_constant(op, int::rem_s::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64RemUImm => {
                        if let Err(trap) = slots.try_constant(op, int::rem_u::<u64>) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64AndImm => slots.constant(op, int::and::<u64>),
                    OpCode::I64OrImm => slots.constant(op, int::or::<u64>),
                    OpCode::I64XorImm => slots.constant(op, int::xor::<u64>),
                    OpCode::I64ShlImm => slots.constant(op, int::shl::<u64>),
                    OpCode::I64ShrSImm => slots.constant(op, int::shr_s::<u64>),
                    OpCode::I64ShrUImm => slots.constant(op, int::shr_u::<u64>),
                    OpCode::I64RotlImm => slots.constant(op, int::rotl::<u64>),
                    OpCode::I64Eq => slots.binary(op, int::eq::<u64>),
                    OpCode::I64Ne => slots.binary(op, int::ne::<u64>),
                    OpCode::I64LtS => slots.binary(op, int::lt_s::<u64>),
                    OpCode::I64LtU => slots.binary(op, int::lt_u::<u64>),
                    OpCode::I64LeS => slots.binary(op, int::le_s::<u64>),
                    OpCode::I64LeU => slots.binary(op, int::le_u::<u64>),
                    OpCode::I64EqImm => slots.constant(op, int::eq::<u64>),
                    OpCode::I64NeImm => slots.constant(op, int::ne::<u64>),
                    OpCode::I64LtSImm => slots.constant(op, int::lt_s::<u64>),
                    OpCode::I64LtUImm => slots.constant(op, int::lt_u::<u64>),
                    OpCode::I64GtSImm => slots.constant(op, int::gt_s::<u64>),
                    OpCode::I64GtUImm => slots.constant(op, int::gt_u::<u64>),

                    // Floats (section 4.3.3).
                    OpCode::F32Abs => slots.unary(op, float::abs::<f32>),
                    OpCode::F32Neg => slots.unary(op, float::neg::<f32>),
                    OpCode::F32Ceil => slots.unary(op, float::ceil::<f32>),
                    OpCode::F32Floor => slots.unary(op, float::floor::<f32>),
                    OpCode::F32Trunc => slots.unary(op, float::trunc::<f32>),
                    OpCode::F32Nearest => slots.unary(op, float::nearest::<f32>),
                    OpCode::F32Sqrt => slots.unary(op, float::sqrt::<f32>),
                    OpCode::F32Add => slots.binary(op, float::add::<f32>),
                    OpCode::F32Sub => slots.binary(op, float::sub::<f32>),
                    OpCode::F32Mul => slots.binary(op, float::mul::<f32>),
                    OpCode::F32Div => slots.binary(op, float::div::<f32>),
                    OpCode::F32Min => slots.binary(op, float::min::<f32>),
                    OpCode::F32Max => slots.binary(op, float::max::<f32>),
                    OpCode::F32Copysign => slots.binary(op, float::copysign::<f32>),
                    OpCode::F32Eq => slots.binary(op, float::eq::<f32>),
                    OpCode::F32Ne => slots.binary(op, float::ne::<f32>),
                    OpCode::F32Lt => slots.binary(op, float::lt::<f32>),
                    OpCode::F32Le => slots.binary(op, float::le::<f32>),
                    OpCode::F64Abs => slots.unary(op, float::abs::<f64>),
                    OpCode::F64Neg => slots.unary(op, float::neg::<f64>),
                    OpCode::F64Ceil => slots.unary(op, float::ceil::<f64>),
                    OpCode::F64Floor => slots.unary(op, float::floor::<f64>),
                    OpCode::F64Trunc => slots.unary(op, float::trunc::<f64>),
                    OpCode::F64Nearest => slots.unary(op, float::nearest::<f64>),
                    OpCode::F64Sqrt => slots.unary(op, float::sqrt::<f64>),
                    OpCode::F64Add => slots.binary(op, float::add::<f64>),
                    OpCode::F64Sub => slots.binary(op, float::sub::<f64>),
                    OpCode::F64Mul => slots.binary(op, float::mul::<f64>),
                    OpCode::F64Div => slots.binary(op, float::div::<f64>),
                    OpCode::F64Min => slots.binary(op, float::min::<f64>),
                    OpCode::F64Max => slots.binary(op, float::max::<f64>),
                    OpCode::F64Copysign => slots.binary(op, float::copysign::<f64>),
                    OpCode::F64Eq => slots.binary(op, float::eq::<f64>),
                    OpCode::F64Ne => slots.binary(op, float::ne::<f64>),
                    OpCode::F64Lt => slots.binary(op, float::lt::<f64>),
                    OpCode::F64Le => slots.binary(op, float::le::<f64>),

                    // Conversions (section 4.3.4).
                    OpCode::I32WrapI64 => slots.unary(op, convert::wrap),
                    OpCode::I64ExtendI32S => slots.unary(op, convert::extend_s),
                    OpCode::I32TruncF32S => {
                        if let Err(trap) = slots.try_unary(op, |a| convert::trunc_i32_s(convert::widen(a))) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32TruncF32U => {
                        if let Err(trap) = slots.try_unary(op, |a| convert::trunc_i32_u(convert::widen(a))) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32TruncF64S => {
                        if let Err(trap) = slots.try_unary(op, convert::trunc_i32_s) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32TruncF64U => {
                        if let Err(trap) = slots.try_unary(op, convert::trunc_i32_u) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64TruncF32S => {
                        if let Err(trap) = slots.try_unary(op, |a| convert::trunc_i64_s(convert::widen(a))) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64TruncF32U => {
                        if let Err(trap) = slots.try_unary(op, |a| convert::trunc_i64_u(convert::widen(a))) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64TruncF64S => {
                        if let Err(trap) = slots.try_unary(op, convert::trunc_i64_s) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64TruncF64U => {
                        if let Err(trap) = slots.try_unary(op, convert::trunc_i64_u) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32TruncSatF32S => slots.unary(op, |a| convert::trunc_sat_i32_s(convert::widen(a))),
                    OpCode::I32TruncSatF32U => slots.unary(op, |a| convert::trunc_sat_i32_u(convert::widen(a))),
                    OpCode::I32TruncSatF64S => slots.unary(op, convert::trunc_sat_i32_s),
                    OpCode::I32TruncSatF64U => slots.unary(op, convert::trunc_sat_i32_u),
                    OpCode::I64TruncSatF32S => slots.unary(op, |a| convert::trunc_sat_i64_s(convert::widen(a))),
                    OpCode::I64TruncSatF32U => slots.unary(op, |a| convert::trunc_sat_i64_u(convert::widen(a))),
                    OpCode::I64TruncSatF64S => slots.unary(op, convert::trunc_sat_i64_s),
                    OpCode::I64TruncSatF64U => slots.unary(op, convert::trunc_sat_i64_u),
                    OpCode::F32ConvertI32S => slots.unary(op, convert::f32_convert_i32_s),
                    OpCode::F32ConvertI32U => slots.unary(op, convert::f32_convert_i32_u),
                    OpCode::F32ConvertI64S => slots.unary(op, convert::f32_convert_i64_s),
                    OpCode::F32ConvertI64U => slots.unary(op, convert::f32_convert_i64_u),
                    OpCode::F64ConvertI32S => slots.unary(op, convert::f64_convert_i32_s),
                    OpCode::F64ConvertI32U => slots.unary(op, convert::f64_convert_i32_u),
                    OpCode::F64ConvertI64S => slots.unary(op, convert::f64_convert_i64_s),
                    OpCode::F64ConvertI64U => slots.unary(op, convert::f64_convert_i64_u),
                    OpCode::F32DemoteF64 => slots.unary(op, convert::demote),
                    OpCode::F64PromoteF32 => slots.unary(op, convert::promote),

                    // Memory (section 4.4.7).
                    OpCode::Load8U => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, |[byte]| u32::from(byte)) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load16U => {
                        if let Err(trap) =
                            memory::load(bytes, op, &mut slots, |bytes| u32::from(u16::from_le_bytes(bytes)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load32 => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, u32::from_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load64 => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, u64::from_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32Load8S => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, |[byte]| int::extend8_s(u32::from(byte)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32Load16S => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, |bytes| {
                            int::extend16_s(u32::from(u16::from_le_bytes(bytes)))
                        }) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64Load8S => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, |[byte]| int::extend8_s(u64::from(byte)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64Load16S => {
                        if let Err(trap) = memory::load(bytes, op, &mut slots, |bytes| {
                            int::extend16_s(u64::from(u16::from_le_bytes(bytes)))
                        }) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64Load32S => {
                        if let Err(trap) =
                            memory::load(bytes, op, &mut slots, |bytes| convert::extend_s(u32::from_le_bytes(bytes)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load8USum => {
                        if let Err(trap) = memory::load_sum(bytes, op, &mut slots, |[byte]| u32::from(byte)) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load16USum => {
                        if let Err(trap) =
                            memory::load_sum(bytes, op, &mut slots, |bytes| u32::from(u16::from_le_bytes(bytes)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load32Sum => {
                        if let Err(trap) = memory::load_sum(bytes, op, &mut slots, u32::from_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Load64Sum => {
                        if let Err(trap) = memory::load_sum(bytes, op, &mut slots, u64::from_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32Load8SSum => {
                        if let Err(trap) =
                            memory::load_sum(bytes, op, &mut slots, |[byte]| int::extend8_s(u32::from(byte)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I32Load16SSum => {
                        if let Err(trap) = memory::load_sum(bytes, op, &mut slots, |bytes| {
                            int::extend16_s(u32::from(u16::from_le_bytes(bytes)))
                        }) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64Load8SSum => {
                        if let Err(trap) =
                            memory::load_sum(bytes, op, &mut slots, |[byte]| int::extend8_s(u64::from(byte)))
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64Load16SSum => {
                        if let Err(trap) = memory::load_sum(bytes, op, &mut slots, |bytes| {
                            int::extend16_s(u64::from(u16::from_le_bytes(bytes)))
                        }) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::I64Load32SSum => {
                        if let Err(trap) = memory::load_sum(bytes, op, &mut slots, |bytes| {
                            convert::extend_s(u32::from_le_bytes(bytes))
                        }) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store8 => {
                        if let Err(trap) = memory::store(bytes, op, &slots, |value| [(value & 0xff) as u8]) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store16 => {
                        if let Err(trap) =
                            memory::store(bytes, op, &slots, |value| ((value & 0xffff) as u16).to_le_bytes())
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store32 => {
                        if let Err(trap) = memory::store(bytes, op, &slots, |value| convert::wrap(value).to_le_bytes())
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store64 => {
                        if let Err(trap) = memory::store(bytes, op, &slots, u64::to_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store8Imm => {
                        if let Err(trap) = memory::store_constant(bytes, op, &slots, |value| [(value & 0xff) as u8]) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store16Imm => {
                        if let Err(trap) =
                            memory::store_constant(bytes, op, &slots, |value| ((value & 0xffff) as u16).to_le_bytes())
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store32Imm => {
                        if let Err(trap) =
                            memory::store_constant(bytes, op, &slots, |value| convert::wrap(value).to_le_bytes())
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store64Imm => {
                        if let Err(trap) = memory::store_constant(bytes, op, &slots, u64::to_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store8Sum => {
                        if let Err(trap) = memory::store_sum(bytes, op, &slots, |value| [(value & 0xff) as u8]) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store16Sum => {
                        if let Err(trap) =
                            memory::store_sum(bytes, op, &slots, |value| ((value & 0xffff) as u16).to_le_bytes())
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store32Sum => {
                        if let Err(trap) =
                            memory::store_sum(bytes, op, &slots, |value| convert::wrap(value).to_le_bytes())
                        {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::Store64Sum => {
                        if let Err(trap) = memory::store_sum(bytes, op, &slots, u64::to_le_bytes) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::MemorySize => slots.set(op.d, (bytes.len() as u64 / PAGE) as u32),
                    OpCode::MemoryGrow => break 'ops Transfer::MemoryGrow(op.d, slots.get(op.a)),
                    OpCode::MemoryFill => {
                        if memory::fill(bytes, op, &slots).is_none() {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::MemoryOutOfBounds));
                        }
                    }
                    OpCode::MemoryCopy => {
                        if memory::copy(bytes, op, &slots).is_none() {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::MemoryOutOfBounds));
                        }
                    }
                    OpCode::MemoryInit => {
                        if memory::init(bytes, parts, segments, op, &slots).is_none() {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::MemoryOutOfBounds));
                        }
                    }
                    OpCode::DataDrop => {
                        if let Some(is_dropped) = segments.is_data_dropped.get_mut(op.imm as usize) {
                            *is_dropped = true;
                        }
                    }

                    // Tables (section 4.4.6).
                    OpCode::TableGet => {
                        if let Err(trap) = table::get(tables, instance, op, &mut slots) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::TableSet => {
                        if let Err(trap) = table::set(tables, instance, op, &slots) {
                            break 'ops Transfer::Leave(Exit::Trap(trap));
                        }
                    }
                    OpCode::TableSize => slots.set(op.d, table::size(tables, instance, op)),
                    OpCode::TableGrow => slots.set(op.d, table::grow(tables, instance, op, &slots, &mut quotas.table)),
                    OpCode::TableFill => {
                        if table::fill(tables, instance, op, &slots).is_none() {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::TableOutOfBounds));
                        }
                    }
                    OpCode::TableCopy => {
                        if table::copy(tables, instance, code, op, &slots).is_none() {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::TableOutOfBounds));
                        }
                    }
                    OpCode::TableInit => {
                        if table::init(tables, instance, segments, code, op, &slots).is_none() {
                            break 'ops Transfer::Leave(Exit::Trap(Trap::TableOutOfBounds));
                        }
                    }
                    OpCode::ElemDrop => {
                        if let Some(elements) = segments.elements.get_mut(op.imm as usize) {
                            *elements = Vec::new();
                        }
                    }
                }
            };
            pc = ops.len() - next.len();
            let (address, offset) = match transfer {
                Transfer::Leave(exit) => break 'instance exit,
                Transfer::Frame => continue 'frame,
                Transfer::MemoryGrow(slot, more) => {
                    let memory = instance.memory.and_then(|address| memories.get_mut(address as usize));
                    let before = memory.and_then(|memory| memory.grow(more, &mut quotas.memory));
                    if let Some(slot) = execution.stack.get_mut(base + usize::from(slot)) {
                        *slot = before.unwrap_or(u32::MAX).into();
                    }
                    continue 'instance;
                }
                Transfer::Function(address, offset) => (address, offset),
            };
            let Some(function) = functions.get(address as usize) else { break 'instance NO_SUCH_CASE };
            let Body::Code { instance: to, code: own } = function.body else {
                execution.host_call = Some(HostCall { function: FunctionAddress(address), base: base + offset });
                break 'instance Exit::HostCall;
            };
            let (to, own) = (to as usize, own as usize);
            let is_same = to == at_instance;
            let parts = if is_same { Some(parts) } else { frame::parts(instances, to) };
            let Some(callee) = parts.and_then(|parts| parts.codes.get(own)) else { break 'instance NO_SUCH_CASE };
            let caller = Frame { instance: at_instance, code: at_code, pc, base };
            if !execution.open(caller, base + offset, callee, limits) {
                break 'instance Exit::Trap(Trap::StackOverflow);
            }
            slack += frame::rest(code, pc) - frame::rest(callee, 0);
            Frame { instance: at_instance, code: at_code, pc, base } =
                Frame { instance: to, code: own, pc: 0, base: base + offset };
            if METERED != (slack < 0) {
                break 'instance Exit::Switch;
            }
            if !is_same {
                continue 'instance;
            }
        }
    };
    execution.frame = Frame { instance: at_instance, code: at_code, pc, base };
    execution.slack = slack;
    exit
}
