//! The machine: one loop over frames, within which operations follow each other by themselves.
//!
//! Fuel is counted where control is transferred. Let `rest` be the cost of everything from an operation to the end of its function: what is left of
//! the fuel is always *slack* + `rest` of the next operation, and in straight code neither has to be touched. A branch adds what it passes over,
//! which is negative where it goes back. As long as the slack is not negative, the code up to the next branch back, call or return is paid for. Where
//! it is not, the loop runs one operation at a time, and looks before each whether it is paid for.

pub(crate) mod bulk;
mod constant;
mod control;
mod conversion;
mod float;
pub(crate) mod frame;
mod integer;
mod memory;
mod operation;
mod slots;
pub(crate) mod table;
mod variable;

use self::frame::Frame;
use self::operation::{Flow, Here, Machine, TURNS, World};
use self::slots::Slots;
use crate::address::FunctionAddress;
use crate::code::{Op, OpCode};
use crate::execution::{Execution, HostCall};
use crate::memory::Memory;
use crate::store::{Body, Store};
use crate::trap::Trap;
use crate::value::Slot as _;

/// Slots that a byte names.
pub(crate) const NEAR: usize = 256;

/// Why the loop is left.
pub(crate) enum Exit {
    /// The next operation is not paid for.
    OutOfFuel,
    /// A function of the host's is called.
    HostCall,
    /// The outermost frame returned.
    Returned,
    Trap(Trap),
}

/// What does not happen: translated code names only what there is, and ends with a return.
const NO_SUCH_CASE: Exit = Exit::Trap(Trap::Unreachable);

/// Runs until something else has to be done.
pub(crate) fn run(execution: &mut Execution, store: &mut Store) -> Exit {
    let Store { functions, tables, memories, globals, instances, segments, quotas, limits, .. } = store;
    let mut at = execution.frame;
    let mut slack = execution.slack;
    let exit = 'instance: loop {
        let (here, segments) = (instances.get(at.instance as usize), segments.get_mut(at.instance as usize));
        let (Some(instance), Some(segments)) = (here, segments) else { break NO_SUCH_CASE };
        let parts = &*instance.parts;
        let memory = instance.memory.and_then(|address| memories.get_mut(address as usize));
        let memory = memory.map_or(Default::default(), Memory::bytes_mut);
        let (globals, tables, table_quota) = (&mut *globals, &mut *tables, &mut quotas.table);
        let mut world = World { memory, globals, tables, instance, parts, segments, table_quota };
        let Some(mut code) = parts.codes.get(at.code as usize) else { break NO_SUCH_CASE };
        'frame: loop {
            let window = execution.stack.get_mut(at.base as usize..).unwrap_or_default();
            let Some((near, far)) = window.split_first_chunk_mut() else { break 'instance NO_SUCH_CASE };
            let ops = code.ops.as_slice();
            let mut here = Here { slack, turns: 0, ops, code, place: 0, far };
            let flow = loop {
                let flow = if here.slack >= 0 {
                    here.turns = TURNS;
                    let rest = ops.get(at.pc as usize..).unwrap_or_default();
                    let flow = Machine { frame: &mut here, world: &mut world }.next(Slots(near), rest);
                    at.pc = match flow {
                        Flow::Branched => here.place,
                        _ => (ops.len() + 1).wrapping_sub(here.place),
                    } as u32;
                    flow
                } else {
                    // Fuel is scarce: one operation at a time.
                    at.pc += 1;
                    let paid = here.slack + i64::from(frame::rest(code, at.pc as usize));
                    let op = ops.get(at.pc as usize - 1).filter(|_| paid >= 0);
                    let Some(op) = op else {
                        at.pc -= 1;
                        slack = here.slack;
                        break 'instance Exit::OutOfFuel;
                    };
                    let single = [*op, Op::new(OpCode::Pause)];
                    let mut alone = Here { slack: here.slack, turns: 1, ops, code, place: 0, far: here.far };
                    let flow = Machine { frame: &mut alone, world: &mut world }.next(Slots(near), &single);
                    if flow == Flow::Branched {
                        at.pc = alone.place as u32;
                    }
                    here.slack = alone.slack;
                    flow
                };
                if !matches!(flow, Flow::Straight | Flow::Branched) {
                    break flow;
                }
            };
            slack = here.slack;
            if flow == Flow::Return {
                let Some(caller) = execution.frames.pop() else {
                    // What comes after it counts as left, as everywhere.
                    slack -= i64::from(frame::rest(code, at.pc as usize));
                    break 'instance Exit::Returned;
                };
                slack -= i64::from(caller.rest);
                let is_same = caller.instance == at.instance;
                at = caller;
                if is_same && let Some(own) = parts.codes.get(at.code as usize) {
                    code = own;
                    continue 'frame;
                }
                continue 'instance;
            }
            if let Flow::Trap(trap) = flow {
                break 'instance Exit::Trap(trap);
            }
            let Some(op) = ops.get((at.pc as usize).wrapping_sub(1)) else { break 'instance NO_SUCH_CASE };
            at.rest = frame::rest(code, at.pc as usize);
            let slot = |slot: u8| near.get(usize::from(slot)).copied().map_or(0, u32::from_slot);
            let (to, callee, base) = match op.code {
                OpCode::Call => (at.instance, op.imm, op.wide()),
                OpCode::CopyMany | OpCode::ZeroMany => {
                    if let Some(slots) = code.side().moves.get(op.imm as usize) {
                        frame::move_slots(&mut execution.stack, at.base, *slots, op.code == OpCode::ZeroMany);
                    }
                    continue 'frame;
                }
                OpCode::MemoryGrow => {
                    let more = slot(op.a);
                    let memory = instance.memory.and_then(|address| memories.get_mut(address as usize));
                    let before = memory.and_then(|memory| memory.grow(more, &mut quotas.memory));
                    if let Some(slot) = near.get_mut(usize::from(op.d)) {
                        *slot = before.unwrap_or(u32::MAX).into();
                    }
                    continue 'instance;
                }
                OpCode::CallImported | OpCode::CallIndirect => {
                    let called = if op.code == OpCode::CallImported {
                        control::imported(instance, op)
                    } else {
                        control::indirect(instance, functions, world.tables, code, op, slot(op.a))
                    };
                    let (address, base) = match called {
                        Ok(called) => called,
                        Err(trap) => break 'instance Exit::Trap(trap),
                    };
                    match functions.get(address as usize).map(|function| function.body) {
                        Some(Body::Code { instance, code }) => (instance, code, base),
                        _ => {
                            let base = at.base as usize + base;
                            execution.host_call = Some(HostCall { function: FunctionAddress(address), base });
                            break 'instance Exit::HostCall;
                        }
                    }
                }
                _ => break 'instance NO_SUCH_CASE,
            };
            let is_same = to == at.instance;
            let known = if is_same { Some(&instance.parts) } else { instances.get(to as usize).map(|to| &to.parts) };
            let Some(called) = known.and_then(|parts| parts.codes.get(callee as usize)) else {
                break 'instance NO_SUCH_CASE;
            };
            if !execution.open(at, at.base as usize + base, called, limits) {
                break 'instance Exit::Trap(Trap::StackOverflow);
            }
            slack += i64::from(at.rest) - i64::from(frame::rest(called, 0));
            at = Frame { instance: to, code: callee, pc: 0, base: at.base + base as u32, rest: 0 };
            if !is_same {
                continue 'instance;
            }
            code = called;
        }
    };
    execution.frame = at;
    execution.slack = slack;
    exit
}
