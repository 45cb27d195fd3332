//! The instruction bus: one order of checks, then the adapter, then the judgement of its reply.
//!
//! The checks are numbered as the specification numbers them. The first, that the bytes lie in guest memory, is the runtime's, which has the
//! memory. Nothing of a session changes before the adapter has answered, and of what it changes then nothing is shared with the adapter, so an
//! adapter that panics leaves the session as it was: the reply is cleared, and a number that was offered is not offered again.

mod handles;
mod in_flight;
mod judge;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fayger_contracts::bus::{BusAnswer, BusSession, InstructionBus, Scope, Token, Waker};
use fayger_contracts::instruction::{CAPS_OFFSET, Encoder, InstructionRef, Rule, Status, Unencodable};
use fayger_contracts::opcode::{Opcode, fits, opcode};
use fayger_contracts::{CapabilitySet, Clock, Event, FaygerError, Invisible, Observer};

use self::in_flight::InFlight;
use self::judge::Judged;
use crate::adapter::{Call, HostFailure, InstanceKey, PlatformAdapter, Progress};
use crate::completions::{Completions, Ending};
use crate::error::{HostErrorKind, host_call_failed, malformed};
use crate::registry::AdapterRegistry;

pub use self::handles::HandleTable;

/// The token of a session's first call.
const FIRST_TOKEN: u64 = 1;

/// What a bus is made with.
pub struct BusOptions {
    /// By which host calls are timed.
    pub clock: Arc<dyn Clock>,
    /// Who is told what an instance is not.
    pub observer: Arc<dyn Observer>,
    /// How long a host call may take.
    pub time_out: Duration,
}

/// The bus of one host.
pub struct Bus {
    shared: Arc<Shared>,
}

struct Shared {
    registry: AdapterRegistry,
    options: BusOptions,
    next_instance: AtomicU64,
}

/// The bus for one instance.
pub struct Session {
    shared: Arc<Shared>,
    instance: InstanceKey,
    scope: Scope,
    handles: HandleTable,
    in_flight: Vec<InFlight>,
    completions: Arc<Completions>,
    next_token: u64,
    reply: Vec<u8>,
    is_released: bool,
}

/// What an instruction is, once it is visible to the instance.
struct Known {
    /// None for an experimental one.
    opcode: Option<&'static Opcode>,
    capabilities: CapabilitySet,
    /// Its place in the registry of adapters; none for `proc.exit`.
    adapter: Option<usize>,
}

impl Bus {
    /// A bus over these adapters.
    pub fn new(registry: AdapterRegistry, options: BusOptions) -> Self {
        Self { shared: Arc::new(Shared { registry, options, next_instance: AtomicU64::new(1) }) }
    }

    /// A session for one instance.
    pub fn session(&self, scope: Scope, waker: Waker) -> Session {
        let completions = Completions::new(Arc::clone(&self.shared.options.clock), waker);
        Session {
            shared: Arc::clone(&self.shared),
            instance: InstanceKey(self.shared.next_instance.fetch_add(1, Ordering::Relaxed)),
            scope,
            handles: HandleTable::new(scope.handles),
            in_flight: Vec::new(),
            completions: Arc::new(completions),
            next_token: FIRST_TOKEN,
            reply: Vec::new(),
            is_released: false,
        }
    }
}

impl InstructionBus for Bus {
    fn supported(&self) -> CapabilitySet {
        self.shared.registry.supported()
    }

    fn open(&self, scope: Scope, waker: Waker) -> Box<dyn BusSession> {
        Box::new(self.session(scope, waker))
    }
}

impl BusSession for Session {
    fn emit(&mut self, bytes: &[u8]) -> Result<BusAnswer<'_>, FaygerError> {
        if self.is_released {
            return self.status(Status::Unsupported);
        }
        //= ADP-BUS-001
        // Checks 2 and 3.
        let instruction = InstructionRef::decode(bytes).map_err(malformed)?;
        //= ADP-BUS-002
        //= ADP-BUS-003
        // Check 4.
        let known = match self.visible(&instruction) {
            Ok(known) => known,
            Err(reason) => {
                let (category, opcode) = (instruction.category().number(), instruction.opcode());
                let event = Event::InstructionInvisible { instance: self.scope.instance, category, opcode, reason };
                self.shared.options.observer.tell(event);
                return self.status(Status::Unsupported);
            }
        };
        //= ADP-BUS-004
        // Check 5.
        if *instruction.capabilities() != known.capabilities {
            return Err(malformed(Rule::CapsMismatch.at(CAPS_OFFSET)));
        }
        //= ADP-BUS-005
        // Check 6.
        if known.opcode.is_some_and(|opcode| !fits(instruction.operands(), opcode.operands)) {
            return self.status(Status::Invalid);
        }
        //= ADP-BUS-006
        // Check 7.
        if !self.handles.hold(instruction.operands(), known.opcode) {
            return self.status(Status::BadHandle);
        }
        let Some(adapter) = known.adapter else {
            //= ADP-EXIT-001
            return Ok(BusAnswer::Exit(judge::exit_status(instruction.operands())));
        };
        //= ADP-HANDLE-003
        let offered = match known.opcode.and_then(|opcode| opcode.opens) {
            None => None,
            Some(_) => match self.handles.reserve() {
                None => {
                    self.tell_limit();
                    return self.status(Status::Limit);
                }
                offered => offered,
            },
        };
        self.call(instruction, known.opcode, offered, adapter)
    }

    fn poll(&mut self, token: Token) -> Option<Result<BusAnswer<'_>, FaygerError>> {
        let at = self.in_flight.iter().position(|call| call.token == token)?;
        let deadline = self.in_flight.get(at)?.deadline;
        let result = match self.completions.take(token) {
            //= ADP-CALL-003
            Some(completion) if completion.at <= deadline => completion.result,
            None if self.shared.options.clock.elapsed() <= deadline => return Some(Ok(BusAnswer::Pending(token))),
            _ => Err(Ending::Kind(HostErrorKind::Timeout)),
        };
        let call = self.in_flight.swap_remove(at);
        self.reply.clear();
        Some(match result {
            Ok(reply) => {
                self.reply = reply;
                self.end(&call, Ok(()))
            }
            Err(ending) => {
                if matches!(ending, Ending::Kind(HostErrorKind::Timeout)) {
                    self.give_up(&call);
                }
                self.end(&call, Err(ending))
            }
        })
    }

    fn deadline(&self, token: Token) -> Option<Duration> {
        self.in_flight.iter().find(|call| call.token == token).map(|call| call.deadline)
    }

    fn cancel(&mut self, token: Token) {
        let Some(at) = self.in_flight.iter().position(|call| call.token == token) else { return };
        let call = self.in_flight.swap_remove(at);
        self.give_up(&call);
        self.withdraw(&call);
    }

    fn open_handles(&self) -> usize {
        self.handles.len()
    }

    fn calls(&self) -> u64 {
        // Each has a token of its own, from 1.
        self.next_token.saturating_sub(FIRST_TOKEN)
    }

    //= ADP-HANDLE-004
    fn release(&mut self) {
        if std::mem::replace(&mut self.is_released, true) {
            return;
        }
        self.completions.forget_all();
        for call in std::mem::take(&mut self.in_flight) {
            self.give_up(&call);
        }
        for adapter in 0..self.shared.registry.adapters().len() {
            self.quietly(adapter, |adapter, instance| adapter.release(instance, None));
        }
        self.handles = HandleTable::new(0);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.release();
    }
}

impl Session {
    /// The instance, as adapters know it.
    pub fn instance(&self) -> InstanceKey {
        self.instance
    }

    /// Check 4: what the instruction is, where this instance may use it here.
    fn visible(&self, instruction: &InstructionRef<'_>) -> Result<Known, Invisible> {
        let (category, number) = (instruction.category(), instruction.opcode());
        if category.name().is_none() {
            return Err(Invisible::ReservedCategory);
        }
        let route = self.shared.registry.route(category, number);
        let opcode = opcode(category, number);
        let capabilities = match (opcode, route) {
            (Some(opcode), _) if opcode.is_exit() => {
                return Ok(Known { opcode: Some(opcode), capabilities: opcode.capabilities, adapter: None });
            }
            (Some(opcode), _) => opcode.capabilities,
            //= ADP-EXPERIMENT-001
            (None, Some(route)) => route.capabilities,
            (None, None) => return Err(Invisible::UnknownOpcode),
        };
        if !capabilities.is_subset(&self.scope.declared) {
            return Err(Invisible::NotDeclared);
        }
        if !capabilities.is_subset(&self.scope.granted) {
            return Err(Invisible::NotGranted);
        }
        let adapter = route.map(|route| route.adapter).ok_or(Invisible::NotSupported)?;
        Ok(Known { opcode, capabilities, adapter: Some(adapter) })
    }

    /// Tells that a handle was one too many, where someone's session it is.
    //= RT-OBSERVE-003
    fn tell_limit(&self) {
        if let Some(instance) = self.scope.instance {
            let limit = self.scope.handles.into();
            let event = Event::ResourceExhausted { instance, resource: "open_handles", limit };
            self.shared.options.observer.tell(event);
        }
    }

    /// Check 8: the adapter.
    fn call(
        &mut self,
        instruction: InstructionRef<'_>,
        opcode: Option<&'static Opcode>,
        offered: Option<u32>,
        adapter: usize,
    ) -> Result<BusAnswer<'_>, FaygerError> {
        let token = Token(self.next_token);
        self.next_token = self.next_token.saturating_add(1);
        let clock = &self.shared.options.clock;
        let deadline = clock.elapsed().saturating_add(self.shared.options.time_out);
        let in_flight = InFlight::new(token, &instruction, opcode, offered, adapter, deadline);
        let call =
            Call { instance: self.instance, instruction, opcode, offered, token, completions: &self.completions };
        self.reply.clear();
        let reply = &mut self.reply;
        self.completions.ask(token);
        //= ADP-CALL-002
        let answered = catch_unwind(AssertUnwindSafe(|| {
            let adapter = self.shared.registry.adapters().get(adapter);
            adapter.map_or_else(|| Err(HostFailure::gone()), |adapter| adapter.call(&call, reply))
        }));
        let is_late = clock.elapsed() > deadline;
        let result = match answered {
            Ok(Ok(Progress::Pending)) if !is_late => {
                self.completions.expect(token);
                self.in_flight.push(in_flight);
                // The answer may have come on the way.
                return self.poll(token).unwrap_or(Ok(BusAnswer::Pending(token)));
            }
            Err(_panic) => Err(Ending::Kind(HostErrorKind::Panic)),
            Ok(said) if is_late => {
                if said == Ok(Progress::Pending) {
                    self.give_up(&in_flight);
                }
                Err(Ending::Kind(HostErrorKind::Timeout))
            }
            Ok(Ok(_ready)) => Ok(()),
            Ok(Err(failure)) => Err(Ending::Failure(failure)),
        };
        self.completions.answered();
        self.end(&in_flight, result)
    }

    /// Judges what came of a call, and does what it says to the handles.
    fn end(&mut self, call: &InFlight, result: Result<(), Ending>) -> Result<BusAnswer<'_>, FaygerError> {
        let judged = match result {
            Ok(()) => judge::reply(&self.reply, call, &self.handles),
            Err(Ending::Failure(HostFailure::Unencodable(Unencodable::Size { .. }))) => Ok(Judged::TooLarge),
            Err(ending) => Err(judge::failure(ending)),
        };
        match judged {
            Ok(Judged::Reply(status)) => {
                if status == Status::Ok {
                    self.handles.settle(call);
                } else if let Some(number) = call.offered {
                    self.handles.give_back(number);
                }
                Ok(BusAnswer::Reply(&self.reply))
            }
            //= ADP-REPLY-004
            Ok(Judged::TooLarge) => {
                self.withdraw(call);
                self.status(Status::TooLarge)
            }
            Err((kind, code, message)) => {
                self.reply.clear();
                self.withdraw(call);
                Err(host_call_failed(&call.name(), kind, code, message))
            }
        }
    }

    /// Nobody waits for a call any more.
    fn give_up(&self, call: &InFlight) {
        self.completions.forget(call.token);
        self.quietly(call.adapter, |adapter, instance| adapter.cancel(instance, call.token));
    }

    /// A number that was offered stays unused, and the adapter lets go of what it may have opened under it.
    fn withdraw(&mut self, call: &InFlight) {
        if let Some(number) = call.offered {
            self.handles.withdraw();
            self.quietly(call.adapter, |adapter, instance| adapter.release(instance, Some(number)));
        }
    }

    /// A call of an adapter whose outcome changes nothing; also where it panics.
    fn quietly(&self, adapter: usize, call: impl FnOnce(&dyn PlatformAdapter, InstanceKey)) {
        let Some(adapter) = self.shared.registry.adapters().get(adapter) else { return };
        let instance = self.instance;
        // What it panics with is of no use to anyone.
        let _ = catch_unwind(AssertUnwindSafe(|| call(adapter.as_ref(), instance)));
    }

    /// A reply of a status alone.
    fn status(&mut self, status: Status) -> Result<BusAnswer<'_>, FaygerError> {
        self.reply.clear();
        // Two bytes are never too many.
        let _ = Encoder::reply(&mut self.reply, status).finish();
        Ok(BusAnswer::Reply(&self.reply))
    }
}
