//! The machine: one loop over frames, within which operations follow each other by themselves.
//!
//! Fuel is counted where control is transferred. Let `rest` be the cost of everything from an operation to the end of its function: what is left of
//! the fuel is always *slack* + `rest` of the next operation, and in straight code neither has to be touched. A branch adds what it passes over,
//! which is negative where it goes back; a call adds what it leaves behind in its function and takes all of its callee's, and a return gives back
//! what it leaves out of that and takes what was left behind. As long as the slack is not negative, the code up to the next branch back, call or
//! return is paid for. Where it is not, the loop runs one operation at a time, and looks before each whether it is paid for.

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

use std::hint::cold_path;

use self::frame::{Frame, rest};
use self::operation::{Flow, Machine, TURNS, behind};
use self::slots::Window;
use crate::code::{Op, OpCode};
use crate::execution::Execution;
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
const NO_SUCH_CASE: Flow = Flow::Trap(Trap::Unreachable);

/// Runs until something else has to be done.
pub(crate) fn run(execution: &mut Execution, store: &mut Store) -> Exit {
    loop {
        let exit = match run_instance(execution, store) {
            Flow::ReturnedElsewhere => {
                go_back(execution);
                None
            }
            Flow::OutOfFuel => Some(Exit::OutOfFuel),
            Flow::HostCall => Some(Exit::HostCall),
            Flow::CallReturned => Some(Exit::Returned),
            Flow::Trap(trap) => Some(Exit::Trap(trap)),
            Flow::NeedsStore => act(execution, store),
            Flow::Straight | Flow::Branched | Flow::FrameReturned => Some(Exit::Trap(Trap::Unreachable)),
        };
        if let Some(exit) = exit {
            return exit;
        }
    }
}

/// Runs as long as one instance does, and its memory is the same.
fn run_instance(execution: &mut Execution, store: &mut Store) -> Flow {
    let Store { functions, tables, memories, globals, instances, segments, quotas, .. } = store;
    let Execution { frames, depth, stack, frame, fuel, host_call, .. } = execution;
    let (here, segments) = (instances.get(frame.instance as usize), segments.get_mut(frame.instance as usize));
    let (Some(instance), Some(segments)) = (here, segments) else { return NO_SUCH_CASE };
    let parts = &*instance.parts;
    let Some(code) = parts.codes.get(frame.code as usize) else { return NO_SUCH_CASE };
    let memory = instance.memory.and_then(|address| memories.get_mut(address as usize));
    let pc = frame.pc as usize;
    let mut machine = Machine {
        slack: *fuel - i64::from(rest(code, pc)),
        turns: 0,
        pc,
        base: frame.base as usize,
        code,
        ops: &code.ops,
        frames,
        depth: *depth,
        host_call,
        memory: memory.map_or(Default::default(), Memory::bytes_mut),
        globals,
        tables,
        functions,
        here: frame.instance,
        instance,
        parts,
        codes: &parts.codes,
        segments,
        table_quota: &mut quotas.table,
    };
    let flow = run_frames(&mut machine, stack);
    // Where the code is left for good, nothing of it is to be paid for, and its place is of no use.
    let is_over = matches!(flow, Flow::CallReturned | Flow::ReturnedElsewhere);
    *fuel = machine.slack + if is_over { 0 } else { i64::from(rest(machine.code, machine.pc)) };
    *depth = machine.depth;
    *frame =
        Frame { instance: machine.here, code: machine.code.number, pc: machine.pc as u32, base: machine.base as u32 };
    flow
}

/// Runs until it cannot go on by itself.
fn run_frames(machine: &mut Machine<'_>, stack: &mut [u64]) -> Flow {
    let Some(mut ops) = machine.ops.get(machine.pc..) else { return NO_SUCH_CASE };
    loop {
        let Some(slots) = stack.get_mut(machine.base..) else { return NO_SUCH_CASE };
        let flow = if machine.slack >= 0 {
            machine.turns = TURNS;
            machine.next(Window(slots), ops)
        } else {
            run_one(machine, Window(slots), ops)
        };
        if flow == Flow::FrameReturned {
            let Some(depth) = machine.depth.checked_sub(1) else { return Flow::CallReturned };
            let Some(caller) = machine.frames.get(depth) else { return NO_SUCH_CASE };
            if caller.instance != machine.here {
                return Flow::ReturnedElsewhere;
            }
            let Some(code) = machine.codes.get(caller.code as usize) else { return NO_SUCH_CASE };
            let Some([fuel, next @ ..]) = code.ops.get(caller.pc as usize..) else { return NO_SUCH_CASE };
            machine.depth = depth;
            machine.base = caller.base as usize;
            debug_assert_eq!(fuel.code, OpCode::Fuel);
            machine.slack -= i64::from(fuel.imm);
            machine.set_code(code);
            ops = next;
        } else if matches!(flow, Flow::Straight | Flow::Branched) {
            cold_path();
            let Some(next) = machine.ops.get(machine.pc..) else { return NO_SUCH_CASE };
            ops = next;
        } else {
            cold_path();
            return flow;
        }
    }
}

/// Carries out one operation, where fuel is scarce, if it is paid for. A `Pause` behind a copy of it makes it the only one; what calls or returns
/// looks at its true place, and goes back to the loop by itself.
fn run_one(machine: &mut Machine<'_>, window: Window<'_>, ops: &[Op]) -> Flow {
    let behind = behind(machine.ops, ops);
    let Some(op) = ops.first().filter(|_| machine.slack + i64::from(rest(machine.code, behind)) >= 0) else {
        machine.pc = behind - 1;
        return Flow::OutOfFuel;
    };
    machine.turns = 1;
    if op.code.is_call_or_return() {
        return machine.next(window, ops);
    }
    let flow = machine.next(window, &[*op, Op::new(OpCode::Pause)]);
    if flow != Flow::Branched {
        machine.pc = behind;
    }
    flow
}

/// Goes back to a caller of another instance.
fn go_back(execution: &mut Execution) {
    execution.depth = execution.depth.saturating_sub(1);
    execution.frame = execution.frames.get(execution.depth).copied().unwrap_or_default();
    execution.frame.pc = frame::behind_fuel(execution.frame.pc as usize) as u32;
}

/// Does what an operation cannot do by itself, as it moves the stack or the memory, or goes to another instance.
fn act(execution: &mut Execution, store: &mut Store) -> Option<Exit> {
    let Store { functions, tables, memories, instances, quotas, limits, .. } = store;
    let at = execution.frame;
    let (Some(instance), Some(code)) = (instances.get(at.instance as usize), frame::code(instances, at)) else {
        return Some(Exit::Trap(Trap::Unreachable));
    };
    let Some(op) = code.ops.get((at.pc as usize).wrapping_sub(1)) else { return Some(Exit::Trap(Trap::Unreachable)) };
    let slot = |slot: u8| execution.stack.get(at.base as usize + usize::from(slot)).copied().unwrap_or_default();
    let body = |(address, base)| (functions.get(address as usize).map(|function| function.body), base);
    let called = match op.code {
        OpCode::MemoryGrow => {
            let more = u32::from_slot(slot(op.a));
            let memory = instance.memory.and_then(|address| memories.get_mut(address as usize));
            let before = memory.and_then(|memory| memory.grow(more, &mut quotas.memory));
            if let Some(slot) = execution.stack.get_mut(at.base as usize + usize::from(op.d)) {
                *slot = before.unwrap_or(u32::MAX).into();
            }
            return None;
        }
        OpCode::Call => Ok((Some(Body::Code { instance: at.instance, code: op.imm }), op.wide())),
        OpCode::CallImported => control::imported(instance, op).map(body),
        OpCode::CallIndirect => {
            control::indirect((instance, functions, tables), code, op, u32::from_slot(slot(op.a))).map(body)
        }
        _ => Err(Trap::Unreachable),
    };
    let (instance, callee, base) = match called {
        Ok((Some(Body::Code { instance, code }), base)) => (instance, code, at.base as usize + base),
        Ok(_) => return Some(Exit::Trap(Trap::Unreachable)),
        Err(trap) => return Some(Exit::Trap(trap)),
    };
    let to = Frame { instance, code: callee, pc: 0, base: base as u32 };
    let Some(called) = frame::code(instances, to) else { return Some(Exit::Trap(Trap::Unreachable)) };
    if !execution.open(at, base, called, limits) {
        return Some(Exit::Trap(Trap::StackOverflow));
    }
    execution.frame = to;
    None
}
