//! What executes: code, its side of the bus, and what both see. Whoever runs an instance holds its machine, and nobody else does.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fayger_contracts::bus::{BusAnswer, BusSession, Token};
use fayger_contracts::instruction::InstructionRef;
use fayger_contracts::{BufObject, Clock, ErrorCode, FaygerError, Quotas};

use crate::bodies::Wanted;
use crate::error::{self, Resource};
use crate::strategy::{Executable, ExecutionContext, Export, Step, StepResult, Usage};
use crate::watch::{InUse, Watch};

/// Code, bus and context of one instance.
pub(crate) struct Machine {
    pub(crate) object: Arc<dyn BufObject>,
    pub(crate) session: Box<dyn BusSession>,
    pub(crate) quotas: Quotas,
    executable: Option<Box<dyn Executable>>,
    context: ExecutionContext,
    /// The export on the stack.
    activity: Option<Export>,
    /// The same, where the code has not been told yet.
    entered: Option<Export>,
    /// The code stands in a host call that is not made yet: what happened before it is told first.
    is_calling: bool,
    wait: Wait,
    /// The last instruction that could be decoded; empty before the first.
    last_instruction: Vec<u8>,
    in_use: InUse,
    watch: Watch,
}

/// What an export on the stack waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    Nothing,
    Reply(Token),
    Body(u32),
}

/// Why a machine stands still.
#[derive(Debug)]
pub(crate) enum Halt {
    /// It was told to, or its slice is used up; it can go on.
    Pause,
    /// A host call has no answer yet.
    Waiting,
    /// A body has to be read.
    WantsBody(u32),
    /// The export returned.
    Returned(Export, i32),
    /// The instance asked to end.
    Exit(i32),
    /// A fault.
    Fault(FaygerError),
}

impl Machine {
    pub(crate) fn new(object: Arc<dyn BufObject>, session: Box<dyn BusSession>, quotas: Quotas) -> Self {
        let context = ExecutionContext::of(object.as_ref());
        Self {
            object,
            session,
            quotas,
            executable: None,
            context,
            activity: None,
            entered: None,
            is_calling: false,
            wait: Wait::Nothing,
            last_instruction: Vec::new(),
            in_use: InUse::default(),
            watch: Watch::new(&quotas),
        }
    }

    /// Takes the code that its strategy has prepared, and what that uses.
    pub(crate) fn install(&mut self, executable: Box<dyn Executable>, usage: Usage) {
        self.executable = Some(executable);
        self.in_use.code = usage;
    }

    /// Whether no export is on the stack.
    pub(crate) fn is_idle(&self) -> bool {
        self.activity.is_none()
    }

    /// The token of the host call that it waits for.
    pub(crate) fn awaits(&self) -> Option<Token> {
        match self.wait {
            Wait::Reply(token) => Some(token),
            Wait::Nothing | Wait::Body(_) => None,
        }
    }

    /// When the bus gives up the host call that it waits for, by the bus's clock.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.awaits().and_then(|token| self.session.deadline(token))
    }

    /// Begins an export.
    pub(crate) fn enter(&mut self, export: Export, event: Option<Bytes>) {
        (self.activity, self.entered) = (Some(export), Some(export));
        self.context.event = event;
    }

    pub(crate) fn last_instruction(&self) -> Option<Bytes> {
        (!self.last_instruction.is_empty()).then(|| Bytes::copy_from_slice(&self.last_instruction))
    }

    pub(crate) fn usage(&self) -> Usage {
        self.in_use.code
    }

    pub(crate) fn fuel_used(&self) -> u64 {
        self.in_use.fuel
    }

    pub(crate) fn time_used(&self) -> Duration {
        self.in_use.time
    }

    /// What has to be read of its object.
    pub(crate) fn wanted(&self, section_id: u32) -> Wanted {
        Wanted { object: Arc::clone(&self.object), section_id }
    }

    /// Puts in the body that was wanted.
    pub(crate) fn supply(&mut self, section_id: u32, body: Bytes) {
        if self.wait == Wait::Body(section_id) {
            self.context.body = Some((section_id, body));
            self.wait = Wait::Nothing;
        }
    }

    /// Looks whether what it waits for has come.
    pub(crate) fn ready(&mut self) -> Result<(), Halt> {
        match self.wait {
            Wait::Nothing => Ok(()),
            Wait::Body(section_id) => Err(Halt::WantsBody(section_id)),
            Wait::Reply(token) => match self.session.poll(token) {
                // The bus knows no such call any more: it would never be answered.
                None => Err(Halt::Fault(lost_call())),
                Some(answer) => take(answer, &mut self.context, &mut self.wait),
            },
        }
    }

    /// Under `init`, nothing is waited for: the call is given up and answered `would_block`.
    //= RT-INIT-003
    pub(crate) fn would_block(&mut self) {
        if let Wait::Reply(token) = self.wait {
            self.session.cancel(token);
            let reply = self.context.reply.get_or_insert_default();
            reply.clear();
            reply.extend_from_slice(&fayger_contracts::Status::WouldBlock.number().to_le_bytes());
            self.wait = Wait::Nothing;
        }
    }

    /// Acts, and takes a panic of the engine, or of anything else that is given to the runtime, for a fault: of its instance alone, and nothing of the
    /// engine is used again.
    //= RT-FAILURE-003
    pub(crate) fn guard(&mut self, act: impl FnOnce(&mut Self) -> Halt) -> Halt {
        catch_unwind(AssertUnwindSafe(|| act(self))).unwrap_or_else(|_panic| {
            let executable = self.executable.take();
            // It may panic once more when it goes.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(executable)));
            Halt::Fault(error::panicked("the engine"))
        })
    }

    /// Executes until `slice` fuel is used, something has to happen, or `hold` says so. `in_host_call` is told when a host call begins and ends.
    /// `calls`, where it is given, counts down what reaches an adapter, and holds at none.
    pub(crate) fn run(
        &mut self,
        slice: u64,
        clock: &dyn Clock,
        hold: &dyn Fn() -> bool,
        in_host_call: &dyn Fn(bool),
        calls: Option<&Cell<u64>>,
    ) -> Halt {
        let Some(export) = self.activity else { return Halt::Pause };
        // Without fuel nothing would ever come about.
        let mut left = slice.max(1);
        loop {
            if self.wait != Wait::Nothing || left == 0 || hold() || calls.is_some_and(|calls| calls.get() == 0) {
                return Halt::Pause;
            }
            if std::mem::take(&mut self.is_calling) {
                match self.call(in_host_call, calls) {
                    Ok(()) => continue,
                    Err(halt) => return halt,
                }
            }
            let step = match self.step(left, clock) {
                Ok(step) => step,
                Err(halt) => return halt,
            };
            left = left.saturating_sub(step.fuel.max(1));
            match step.result {
                StepResult::OutOfFuel => match self.quotas.fuel {
                    //= RT-QUOTA-005
                    Some(limit) if self.in_use.fuel >= limit => {
                        return Halt::Fault(error::exhausted(Resource::Fuel, limit));
                    }
                    _ if step.fuel == 0 => return Halt::Pause,
                    _ => {}
                },
                StepResult::HostCall => {
                    self.is_calling = true;
                    self.in_use.open_handles = self.session.open_handles() as u64;
                    if self.watch.has_news(&self.in_use) {
                        return Halt::Pause;
                    }
                }
                StepResult::WantSection(section_id) => {
                    self.wait = Wait::Body(section_id);
                    return Halt::WantsBody(section_id);
                }
                StepResult::Returned(value) => {
                    self.activity = None;
                    self.context.event = None;
                    return Halt::Returned(export, value);
                }
                StepResult::Trap(kind) => return Halt::Fault(error::trap(kind)),
            }
        }
    }

    /// Lets the code run once, with at most this much fuel.
    fn step(&mut self, most: u64, clock: &dyn Clock) -> Result<Step, Halt> {
        let Some(executable) = &mut self.executable else { return Err(Halt::Fault(error::panicked("the engine"))) };
        if let Some(export) = self.entered.take() {
            executable.enter(export);
        }
        let fuel = self.quotas.fuel.map_or(most, |limit| most.min(limit.saturating_sub(self.in_use.fuel)));
        //= RT-QUOTA-007
        // What is not between these two looks at the clock is no execution: host calls, and everything outside of a run.
        let began = self.quotas.wall_time.map(|_| clock.elapsed());
        let step = executable.step(fuel, &mut self.context);
        self.in_use.code = executable.usage();
        self.in_use.fuel = self.in_use.fuel.saturating_add(step.fuel);
        if let (Some(began), Some(limit)) = (began, self.quotas.wall_time) {
            self.in_use.time = self.in_use.time.saturating_add(clock.elapsed().saturating_sub(began));
            //= RT-QUOTA-006
            if self.in_use.time > limit {
                let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
                return Err(Halt::Fault(error::exhausted(Resource::WallTime, limit)));
            }
        }
        Ok(step)
    }

    /// Makes the host call that the code stands in.
    fn call(&mut self, in_host_call: &dyn Fn(bool), calls: Option<&Cell<u64>>) -> Result<(), Halt> {
        in_host_call(true);
        let before = self.session.calls();
        let answer = self.session.emit(&self.context.instruction);
        let taken = note(answer, &mut self.context, &mut self.wait, &mut self.last_instruction);
        in_host_call(false);
        //= RT-RUN-002
        if let Some(calls) = calls {
            let made = self.session.calls().saturating_sub(before);
            calls.set(calls.get().saturating_sub(made));
        }
        taken
    }
}

/// Takes the first answer to an instruction, and keeps the instruction where it could be decoded.
fn note(
    answer: Result<BusAnswer<'_>, FaygerError>,
    context: &mut ExecutionContext,
    wait: &mut Wait,
    last: &mut Vec<u8>,
) -> Result<(), Halt> {
    let is_undecoded = matches!(&answer, Err(error) if error.code == ErrorCode::AdpInstructionMalformed)
        && InstructionRef::decode(&context.instruction).is_err();
    let taken = take(answer, context, wait);
    //= RT-FAILURE-002
    if !is_undecoded {
        std::mem::swap(last, &mut context.instruction);
    }
    taken
}

/// Takes an answer of the bus.
fn take(
    answer: Result<BusAnswer<'_>, FaygerError>,
    context: &mut ExecutionContext,
    wait: &mut Wait,
) -> Result<(), Halt> {
    match answer {
        Ok(BusAnswer::Reply(bytes)) => {
            let reply = context.reply.get_or_insert_default();
            reply.clear();
            reply.extend_from_slice(bytes);
            *wait = Wait::Nothing;
            Ok(())
        }
        Ok(BusAnswer::Pending(token)) => {
            *wait = Wait::Reply(token);
            Err(Halt::Waiting)
        }
        Ok(BusAnswer::Exit(status)) => Err(Halt::Exit(status)),
        //= RT-EMIT-005
        Err(error) => Err(Halt::Fault(error)),
    }
}

/// A call that the bus has lost breaks its contract.
fn lost_call() -> FaygerError {
    let native =
        FaygerError::new(ErrorCode::HostNative, "the bus does not know the call any more").with("kind", "breach");
    FaygerError::new(ErrorCode::AdpHostCallFailed, "a host call failed").caused_by(native)
}
