//! An instruction from outside on an instance's behalf: the same bus, the same session, no guest memory.
//!
//! It begins in Running alone. Once the host has it, it is its caller's, who waits on also while the instance is suspended; where the
//! instance ends, the bus gives up the call with all others.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::MutexGuard;
use std::thread;
use std::time::Duration;

use fayger_contracts::bus::{BusAnswer, Token};
use fayger_contracts::{FaygerError, LifecycleState};

use crate::error;
use crate::instance::{Instance, Parts, Place};
use crate::machine::Machine;
use crate::runtime::{Runtime, release};

/// How long a call under way is left before it is looked at again, where nothing wakes sooner: nothing does when the bus gives up.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// What the bus said first.
enum Said {
    Reply(Vec<u8>),
    Pending(Token),
    Exit(i32),
}

//= RT-EMIT-004
/// Has the instruction answered, waiting as long as the bus lets it. An error of the bus is the caller's, not the instance's.
pub(crate) fn emit(runtime: &Runtime, instance: &Instance, instruction: &[u8]) -> Result<Vec<u8>, FaygerError> {
    use LifecycleState::{Running, Suspended};
    let begin = |machine: &mut Machine| machine.session.emit(instruction).map(Said::from);
    let mut said = with_machine(runtime, instance, &[Running], begin)??;
    loop {
        match said {
            Said::Reply(reply) => return Ok(reply),
            Said::Exit(status) => {
                //= RT-EXECUTE-003
                runtime.exit(instance, status);
                return Ok(fayger_contracts::Status::Ok.number().to_le_bytes().to_vec());
            }
            Said::Pending(token) => {
                drop(instance.wait_for(instance.lock(), LOOK_AGAIN));
                let poll = |machine: &mut Machine| machine.session.poll(token).map(|answer| answer.map(Said::from));
                said = match with_machine(runtime, instance, &[Running, Suspended], poll)? {
                    Some(answer) => answer?,
                    // The instance has ended meanwhile, and the call with it.
                    None => return Err(rejected(instance.lock().state)),
                };
            }
        }
    }
}

impl From<BusAnswer<'_>> for Said {
    fn from(answer: BusAnswer<'_>) -> Self {
        match answer {
            BusAnswer::Reply(bytes) => Self::Reply(bytes.to_vec()),
            BusAnswer::Pending(token) => Self::Pending(token),
            BusAnswer::Exit(status) => Self::Exit(status),
        }
    }
}

/// Takes the machine of an instance in one of these states, waiting for whoever has it, and gives it back.
fn with_machine<T>(
    runtime: &Runtime,
    instance: &Instance,
    states: &[LifecycleState],
    work: impl FnOnce(&mut Machine) -> T,
) -> Result<T, FaygerError> {
    let mut machine = taken(runtime, instance, states)?;
    let result = catch_unwind(AssertUnwindSafe(|| work(&mut machine)));
    let mut parts = instance.lock();
    if parts.state == LifecycleState::Terminated {
        parts.machine = Place::Gone;
        drop(parts);
        instance.notify();
        release(Some(machine));
    } else {
        runtime.tell_usage(instance, &mut parts, &machine);
        runtime.give_back(instance, parts, machine);
    }
    // A panic of the bus is its caller's; the instance has its machine back.
    Ok(result.unwrap_or_else(|panic| resume_unwind(panic)))
}

fn taken(runtime: &Runtime, instance: &Instance, states: &[LifecycleState]) -> Result<Box<Machine>, FaygerError> {
    let me = thread::current().id();
    let mut parts: MutexGuard<'_, Parts> = instance.lock();
    // So that the next turn is this caller's.
    parts.callers = parts.callers.saturating_add(1);
    let taken = loop {
        if !states.contains(&parts.state) {
            break Err(rejected(parts.state));
        }
        if let Some(machine) = instance.check_out(&mut parts) {
            // Whoever looks takes this for a host call: no guest code runs.
            parts.machine = Place::InHostCall(me);
            break Ok(machine);
        }
        // From within the instance's own host call it would never come.
        if parts.is_mine() {
            break Err(rejected(parts.state));
        }
        parts = instance.wait(parts);
    };
    parts.callers = parts.callers.saturating_sub(1);
    // Whoever gave way to this caller in vain is not given the machine back.
    if taken.is_err() && std::mem::take(&mut parts.is_missed) {
        drop(parts);
        runtime.ready.push(instance.id);
    }
    taken
}

fn rejected(state: LifecycleState) -> FaygerError {
    error::emit_rejected("state", Some(state))
}
