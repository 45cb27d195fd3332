//! Executions: a call of a function, made in steps.

use crate::address::FunctionAddress;
use crate::code::Code;
use crate::error::CallError;
use crate::limits::Limits;
use crate::machine::frame::{self, Frame};
use crate::machine::{Exit, NEAR, run};
use crate::store::{Body, Store};
use crate::trap::Trap;
use crate::types::ValueType;
use crate::value::Value;

/// A call under way, or none. It belongs to one store, can be stepped from any thread, and may be used again for the next call.
///
/// Nothing of a call is on the host's stack: between two steps everything about it stands here and in the store.
#[derive(Debug, Default)]
pub struct Execution {
    /// Callers of the present frame, and room for more.
    pub(crate) frames: Vec<Frame>,
    /// Callers that there are.
    pub(crate) depth: usize,
    /// Slots of all frames. A callee's frame begins in its caller's, at the arguments.
    pub(crate) stack: Vec<u64>,
    /// The present frame, where a function of the store's instances is running.
    pub(crate) frame: Frame,
    /// What is left of a step's fuel, while it is made.
    pub(crate) fuel: i64,
    pub(crate) host_call: Option<HostCall>,
    state: State,
    /// Fuel that was given and could not be used, as the next operation costs more.
    credit: u64,
    results: Vec<ValueType>,
    has_returned: bool,
}

/// Fuel of one step at most: sums of it do not overflow.
const MOST_FUEL: u64 = 1 << 61;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing is on the stack.
    #[default]
    Idle,
    Running,
    /// The call itself is of a function of the host's.
    Host,
    /// The first frame has no room.
    Overflown,
}

/// A call of the host that is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostCall {
    pub(crate) function: FunctionAddress,
    /// The slot of its first argument, and of its first result.
    pub(crate) base: usize,
}

/// A step that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it came to.
    pub result: StepResult,
    /// Fuel that it used, at most what it was given: 1 for each instruction but `block`, `loop`, `else`, `end` and `nop`. An instruction may write
    /// much for it: `memory.fill` a memory, a call its frame.
    pub fuel: u64,
}

/// What a step comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// The fuel is used up; the next step goes on.
    OutOfFuel,
    /// This function of the host's is called: see [`Execution::arguments`], and answer by [`Execution::resume`].
    HostCall(FunctionAddress),
    /// The call is over: see [`Execution::results`].
    Returned,
    /// The call is over, and nothing of it is left.
    Trapped(Trap),
    /// There is no call.
    Idle,
}

impl Execution {
    /// No call yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a call of a function; nothing runs yet.
    ///
    /// # Errors
    /// Where the arguments are not of its type, there is no such function, or a call is under way.
    pub fn call(&mut self, store: &Store, function: FunctionAddress, arguments: &[Value]) -> Result<(), CallError> {
        if self.state != State::Idle {
            return Err(CallError::Busy);
        }
        let known = store.functions.get(function.0 as usize).ok_or(CallError::UnknownFunction)?;
        let function_type = store.types.get(known.function_type).ok_or(CallError::UnknownFunction)?;
        check(&function_type.parameters, arguments)?;
        self.results.clone_from(&function_type.results);
        self.depth = 0;
        self.host_call = None;
        self.credit = 0;
        self.has_returned = false;
        let needed = match known.body {
            Body::Host => {
                self.state = State::Host;
                self.host_call = Some(HostCall { function, base: 0 });
                arguments.len().max(function_type.results.len())
            }
            Body::Code { instance, code } => {
                self.state = State::Running;
                self.frame = Frame { instance, code, pc: 0, base: 0 };
                frame::code(&store.instances, self.frame).map_or(0, |code| code.slots)
            }
        };
        // Room that an earlier call had, in another store perhaps, is not this one's.
        let limit = store.limits.slots;
        self.stack.truncate(limit);
        self.frames.truncate(store.limits.frames.saturating_sub(1));
        if needed.max(NEAR) > limit || store.limits.frames == 0 {
            self.host_call = None;
            self.state = State::Overflown;
            return Ok(());
        }
        if self.stack.len() < needed.max(NEAR) {
            self.stack.resize(needed.max(NEAR), 0);
        }
        self.write(0, arguments);
        Ok(())
    }

    /// Goes on with the call, for so much fuel at most, and at most 2^61.
    ///
    /// However the fuel is divided over steps, what happens and what is used in all is the same. With a host call open nothing happens.
    #[inline]
    pub fn step(&mut self, store: &mut Store, fuel: u64) -> Step {
        if let Some(open) = self.host_call {
            return Step { result: StepResult::HostCall(open.function), fuel: 0 };
        }
        let fuel = fuel.min(MOST_FUEL);
        let given = self.credit.saturating_add(fuel);
        match self.state {
            State::Idle => return Step { result: StepResult::Idle, fuel: 0 },
            // The host's function was called directly, and has answered.
            State::Host => {
                self.state = State::Idle;
                self.has_returned = true;
                return Step { result: StepResult::Returned, fuel: 0 };
            }
            State::Overflown => {
                self.state = State::Idle;
                return Step { result: StepResult::Trapped(Trap::StackOverflow), fuel: 0 };
            }
            State::Running => {}
        }
        self.fuel = given.cast_signed();
        let exit = run(self, store);
        let left = u64::try_from(self.fuel).unwrap_or_default();
        let (result, state) = match exit {
            Exit::OutOfFuel => {
                self.credit = left;
                return Step { result: StepResult::OutOfFuel, fuel };
            }
            Exit::HostCall => match self.host_call {
                Some(open) => (StepResult::HostCall(open.function), State::Running),
                None => (StepResult::Idle, State::Idle),
            },
            Exit::Returned => {
                self.has_returned = true;
                (StepResult::Returned, State::Idle)
            }
            Exit::Trap(trap) => {
                self.depth = 0;
                (StepResult::Trapped(trap), State::Idle)
            }
        };
        self.state = state;
        self.credit = 0;
        Step { result, fuel: fuel.saturating_sub(left) }
    }

    /// Ends the call where it is; nothing more of it runs.
    pub fn abandon(&mut self) {
        self.state = State::Idle;
        self.has_returned = false;
        self.depth = 0;
        self.host_call = None;
    }

    /// The arguments of the host call that is open.
    #[inline]
    pub fn arguments<'a>(&'a self, store: &'a Store) -> impl ExactSizeIterator<Item = Value> + 'a {
        let open = self.host_call.and_then(|open| Some((open.base, store.function_type(open.function)?)));
        let (base, types) = open.map_or((0, [].as_slice()), |(base, known)| (base, known.parameters.as_slice()));
        self.read(base, types)
    }

    /// Answers the host call that is open; the next step goes on after it.
    ///
    /// # Errors
    /// Where no host call is open, or the results are not of its type: then it stays open.
    #[inline]
    pub fn resume(&mut self, store: &Store, results: &[Value]) -> Result<(), CallError> {
        let open = self.host_call.ok_or(CallError::NoHostCall)?;
        let function_type = store.function_type(open.function).ok_or(CallError::UnknownFunction)?;
        check(&function_type.results, results)?;
        self.write(open.base, results);
        self.host_call = None;
        Ok(())
    }

    /// The results of the call, once it has returned; none before, and none of a call that ended otherwise.
    #[inline]
    pub fn results(&self) -> impl ExactSizeIterator<Item = Value> + '_ {
        self.read(0, if self.has_returned { &self.results } else { &[] })
    }

    /// Calls that are open: 0 where there is none, 1 within the function that was called.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self.state {
            State::Idle | State::Overflown => 0,
            State::Host | State::Running => self.depth + 1,
        }
    }

    #[inline]
    fn read<'a>(&'a self, base: usize, types: &'a [ValueType]) -> impl ExactSizeIterator<Item = Value> + 'a {
        let slots = self.stack.get(base..).unwrap_or_default();
        slots.iter().zip(types).map(|(slot, value_type)| Value::from_slot(*slot, *value_type))
    }

    #[inline]
    fn write(&mut self, base: usize, values: &[Value]) {
        let slots = self.stack.get_mut(base..).unwrap_or_default();
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot = value.to_slot();
        }
    }

    /// Opens a frame above the caller's: whether there is room for it.
    pub(crate) fn open(&mut self, caller: Frame, base: usize, callee: &Code, limits: &Limits) -> bool {
        let needed = base + callee.slots;
        if self.depth + 1 >= limits.frames || (needed > self.stack.len() && !self.make_room(needed, limits)) {
            return false;
        }
        if self.depth >= self.frames.len() {
            let length = (self.depth + 1).saturating_mul(2).min(limits.frames - 1);
            self.frames.resize(length, Frame::default());
        }
        let Some(frame) = self.frames.get_mut(self.depth) else { return false };
        *frame = caller;
        self.depth += 1;
        true
    }

    #[cold]
    fn make_room(&mut self, needed: usize, limits: &Limits) -> bool {
        if needed > limits.slots {
            return false;
        }
        let length = needed.max(self.stack.len().saturating_mul(2)).min(limits.slots);
        self.stack.resize(length, 0);
        true
    }
}

#[inline]
fn check(types: &[ValueType], values: &[Value]) -> Result<(), CallError> {
    let has_types = types.iter().zip(values).all(|(value_type, value)| *value_type == value.value_type());
    if types.len() == values.len() && has_types { Ok(()) } else { Err(CallError::ValueTypes) }
}
