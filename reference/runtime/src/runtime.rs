//! The runtime: instances by their ids, and the twelve methods of Runtime_Interface over them.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use fayger_contracts::bus::{InstructionBus, Scope, Token};
use fayger_contracts::capability::CapabilitySet;
use fayger_contracts::instruction::EventRef;
use fayger_contracts::manifest::Manifest;
use fayger_contracts::negotiation::{Missing, Offer, negotiate};
use fayger_contracts::opcode;
use fayger_contracts::runtime::METHODS;
use fayger_contracts::{
    Capability, Clock, Event, FailureInfo, FaygerError, InstanceId, InterfaceVersion, LifecycleCommand, LifecycleState,
    Observer, Quotas, RuntimeDescriptor, RuntimeInterface, Submission,
};

use crate::bodies::{Reading, Wanted};
use crate::code::PAGE_LEN;
use crate::error::{self, Resource};
use crate::ids::IdSource;
use crate::instance::{Instance, Parts, Place};
use crate::machine::{Halt, Machine};
use crate::monitor::Notice;
use crate::ready::ReadyQueue;
use crate::strategy::{ExecutionStrategy, Export};

/// The version of Runtime_Interface that this runtime implements.
pub const RT_VERSION: InterfaceVersion = InterfaceVersion::new(1, 0, 0);

//= RT-TRACE-001
/// What a runtime is given: it has no clock, no chance, no host and no engine of its own.
#[derive(Clone)]
pub struct Environment {
    /// How code is executed.
    pub strategy: Arc<dyn ExecutionStrategy>,
    /// Where instructions go.
    pub bus: Arc<dyn InstructionBus>,
    /// What the time is: the bus's clock too, since the bus tells by it when it gives up a host call.
    pub clock: Arc<dyn Clock>,
    /// What ids are made of.
    pub ids: Arc<dyn IdSource>,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
    /// Fuel that an instance gets before another's turn comes.
    pub slice: u64,
}

/// Runs artifacts. Thread-safe: share it in an [`Arc`].
pub struct Runtime {
    pub(crate) environment: Environment,
    instances: Mutex<HashMap<InstanceId, Known>>,
    pub(crate) ready: Arc<ReadyQueue>,
}

/// What is known of an id.
#[derive(Clone)]
enum Known {
    Instance(Arc<Instance>),
    /// It has been, and ended with this exit status; none where it was terminated. The id stays.
    Terminated(Option<i32>),
}

/// What an instance's turn came to.
pub(crate) enum Turn {
    /// It can go on at once.
    Again,
    /// Nothing is to be done until an event comes.
    Idle,
    /// A host call has no answer yet; the bus gives up at this time, by its clock.
    Waiting(Option<Duration>),
    /// A body has to be read: nobody else reads it.
    WantsBody(Wanted),
    /// It is not running.
    Stopped,
    /// Someone else has it, or reads what it waits for, and puts it in line again.
    Elsewhere,
}

impl Runtime {
    /// A runtime without instances.
    pub fn new(environment: Environment) -> Self {
        Self { environment, instances: Mutex::default(), ready: Arc::default() }
    }

    /// What it says of itself when it is registered under this name.
    pub fn descriptor(&self, name: impl Into<String>) -> RuntimeDescriptor {
        RuntimeDescriptor {
            name: name.into(),
            version: RT_VERSION,
            methods: METHODS.map(str::to_owned).to_vec(),
            capabilities: self.capabilities(),
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<InstanceId, Known>> {
        self.instances.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: InstanceId) -> Result<Known, FaygerError> {
        self.known().get(&id).cloned().ok_or_else(|| error::unknown_instance(id))
    }

    /// The instance, for a command; one that is terminated refuses every command.
    fn for_command(&self, id: InstanceId, command: LifecycleCommand) -> Result<Arc<Instance>, FaygerError> {
        match self.find(id)? {
            Known::Instance(instance) => Ok(instance),
            Known::Terminated(_) => Err(LifecycleState::Terminated.refusal(command)),
        }
    }

    pub(crate) fn instance(&self, id: InstanceId) -> Option<Arc<Instance>> {
        match self.known().get(&id) {
            Some(Known::Instance(instance)) => Some(Arc::clone(instance)),
            _ => None,
        }
    }

    /// What an instance returned or exited with; none where it was terminated, or is not over.
    pub fn exit_status(&self, id: InstanceId) -> Option<i32> {
        match self.known().get(&id) {
            Some(Known::Terminated(status)) => *status,
            _ => None,
        }
    }

    /// Every instance that is not terminated.
    pub(crate) fn ids(&self) -> Vec<InstanceId> {
        let known = self.known();
        known.iter().filter(|(_, known)| matches!(known, Known::Instance(_))).map(|(id, _)| *id).collect()
    }

    /// Gives a machine back to an instance that was not ended meanwhile, and puts the instance in line again where someone wanted it in vain.
    pub(crate) fn give_back(&self, instance: &Instance, mut parts: MutexGuard<'_, Parts>, machine: Box<Machine>) {
        parts.machine = Place::Here(machine);
        let is_missed = std::mem::take(&mut parts.is_missed);
        drop(parts);
        instance.notify();
        if is_missed {
            self.ready.push(instance.id);
        }
    }

    //= RT-OBSERVE-003
    fn tell(&self, event: Event) {
        self.environment.observer.tell(event);
    }

    fn change(&self, instance: &Instance, parts: &mut Parts, to: LifecycleState) {
        let from = std::mem::replace(&mut parts.state, to);
        self.tell(Event::InstanceStateChanged { instance: instance.id, from, to });
    }

    /// Tells what is nearly used up, or was refused, since it was last looked at.
    //= RT-MONITOR-001
    pub(crate) fn tell_usage(&self, instance: &Instance, parts: &mut Parts, machine: &Machine) {
        let notices = parts.monitor.after_run(machine);
        self.tell_notices(instance, notices);
    }

    fn tell_notices(&self, instance: &Instance, notices: impl IntoIterator<Item = Notice>) {
        for notice in notices {
            let instance = instance.id;
            self.tell(match notice {
                Notice::Threshold { resource, used, limit } => {
                    Event::ResourceThreshold { instance, resource: resource.name(), used, limit }
                }
                Notice::Refused { resource, limit } => {
                    Event::ResourceExhausted { instance, resource: resource.name(), limit }
                }
            });
        }
    }

    /// Ends an instance for good. What it holds is released after the lock is.
    fn end(
        &self,
        instance: &Instance,
        mut parts: MutexGuard<'_, Parts>,
        machine: Option<Box<Machine>>,
        status: Option<i32>,
    ) {
        if parts.state != LifecycleState::Terminated {
            self.change(instance, &mut parts, LifecycleState::Terminated);
        }
        parts.queue.clear();
        parts.failure = None;
        if machine.is_some() {
            parts.machine = Place::Gone;
        }
        // Told before anybody can see it.
        self.tell(Event::InstanceTerminated { instance: instance.id, status });
        drop(parts);
        instance.notify();
        //= RT-LIFECYCLE-003
        self.known().insert(instance.id, Known::Terminated(status));
        self.ready.forget(instance.id);
        release(machine);
    }

    /// Ends an instance with a fault, and keeps what there is to know of it.
    //= RT-FAILURE-003
    fn fail(
        &self,
        instance: &Instance,
        mut parts: MutexGuard<'_, Parts>,
        machine: Box<Machine>,
        cause: FaygerError,
    ) -> FaygerError {
        let code = cause.code.name();
        let refused = error::exhausted_resource(&cause);
        self.tell_notices(instance, refused.map(|(resource, limit)| Notice::Refused { resource, limit }));
        let chain = error::instance_failed(cause);
        parts.failure = Some(FailureInfo {
            error: chain.clone(),
            last_instruction: machine.last_instruction(),
            state_before: parts.state,
            at: self.environment.clock.now(),
        });
        parts.is_initializing = false;
        parts.queue.clear();
        parts.machine = Place::Gone;
        self.change(instance, &mut parts, LifecycleState::Failed);
        self.tell(Event::InstanceFailed { instance: instance.id, cause: code });
        drop(parts);
        instance.notify();
        self.ready.forget(instance.id);
        release(Some(machine));
        chain
    }

    /// Gives an instance its turn: one slice, or as far as it gets. `calls`, where it is given, counts host calls down and holds at none.
    pub(crate) fn turn(&self, instance: &Instance, calls: Option<&Cell<u64>>) -> Turn {
        let (mut machine, is_suspended) = {
            let mut parts = instance.lock();
            if !matches!(parts.state, LifecycleState::Running | LifecycleState::Suspended) {
                return Turn::Stopped;
            }
            let machine = if parts.callers == 0 { instance.check_out(&mut parts) } else { None };
            let Some(mut machine) = machine else {
                parts.is_missed = true;
                return Turn::Elsewhere;
            };
            match parts.reading.take() {
                None => {}
                Some((section_id, Ok(body))) => machine.supply(section_id, body),
                //= RT-LAZY-001
                Some((_, Err(cause))) => {
                    self.fail(instance, parts, machine, cause);
                    return Turn::Stopped;
                }
            }
            let is_suspended = parts.state == LifecycleState::Suspended;
            if is_suspended && machine.awaits().is_none() {
                parts.machine = Place::Here(machine);
                return Turn::Stopped;
            }
            if machine.is_idle() && !is_suspended {
                if std::mem::take(&mut parts.begins) {
                    machine.enter(Export::Start, None);
                } else if let Some(event) = parts.queue.pop_front() {
                    let length = i32::try_from(event.len()).unwrap_or(i32::MAX);
                    machine.enter(Export::OnEvent(length), Some(event));
                } else {
                    self.give_back(instance, parts, machine);
                    return Turn::Idle;
                }
            }
            (machine, is_suspended)
        };
        let halt = machine.guard(|machine| {
            // Where the bus gives the call up, the host is told.
            instance.in_host_call(true);
            let ready = machine.ready();
            instance.in_host_call(false);
            match ready {
                Err(halt) => halt,
                //= RT-EXECUTE-004
                // A suspended instance takes the answer that has come, and stays where it is.
                Ok(()) if is_suspended => Halt::Pause,
                Ok(()) => {
                    let Environment { slice, clock, .. } = &self.environment;
                    let in_host_call = |is_in: bool| instance.in_host_call(is_in);
                    machine.run(*slice, clock.as_ref(), &|| instance.is_held(), &in_host_call, calls)
                }
            }
        });
        // Also where it ended in a panic.
        instance.in_host_call(false);
        self.check_in(instance, machine, halt)
    }

    fn check_in(&self, instance: &Instance, machine: Box<Machine>, halt: Halt) -> Turn {
        let mut parts = instance.lock();
        //= RT-EXECUTE-005
        if parts.state == LifecycleState::Terminated {
            // It was terminated meanwhile, and only what it holds is left of it.
            parts.machine = Place::Gone;
            drop(parts);
            instance.notify();
            release(Some(machine));
            return Turn::Stopped;
        }
        self.tell_usage(instance, &mut parts, &machine);
        let is_running = parts.state == LifecycleState::Running;
        let turn = match halt {
            Halt::Fault(cause) => {
                self.fail(instance, parts, machine, cause);
                return Turn::Stopped;
            }
            //= RT-EXECUTE-003
            Halt::Exit(status) => {
                self.end(instance, parts, Some(machine), Some(status));
                return Turn::Stopped;
            }
            //= RT-EXECUTE-002
            Halt::Returned(export, status) if status != 0 || (export == Export::Start && !instance.takes_events) => {
                self.end(instance, parts, Some(machine), Some(status));
                return Turn::Stopped;
            }
            Halt::Waiting => Turn::Waiting(machine.deadline()),
            Halt::WantsBody(_) if is_running && matches!(parts.reading, Reading::UnderWay) => Turn::Elsewhere,
            Halt::WantsBody(section_id) if is_running => {
                parts.reading = Reading::UnderWay;
                Turn::WantsBody(machine.wanted(section_id))
            }
            Halt::Pause | Halt::Returned(..) if is_running => Turn::Again,
            _ => Turn::Stopped,
        };
        self.give_back(instance, parts, machine);
        turn
    }

    /// Reads the body that an instance waits for; its next turn takes it up. Nothing of the instance is locked while it is read.
    pub(crate) fn read_body(&self, instance: &Instance, wanted: &Wanted) {
        let read = wanted.read();
        let mut parts = instance.lock();
        let is_alive = matches!(parts.state, LifecycleState::Running | LifecycleState::Suspended);
        parts.reading = if is_alive { Reading::Done(wanted.section_id, read) } else { Reading::Nothing };
        drop(parts);
        instance.notify();
        self.ready.push(instance.id);
    }

    /// Nobody reads the body that an instance waits for after all: its next turn asks for it again.
    pub(crate) fn leave_body(&self, id: InstanceId) {
        if let Some(instance) = self.instance(id) {
            instance.lock().reading = Reading::Nothing;
            self.ready.push(id);
        }
    }

    /// Runs `init` to its end.
    fn run_init(&self, instance: &Instance, mut machine: Box<Machine>) -> Result<(), FaygerError> {
        if instance.has_init {
            machine.enter(Export::Init, None);
        }
        let mut bad_body = None;
        loop {
            let halt = if let Some(cause) = bad_body.take() {
                Halt::Fault(cause)
            } else if machine.is_idle() {
                Halt::Returned(Export::Init, 0)
            } else {
                let Environment { slice, clock, .. } = &self.environment;
                let in_host_call = |is_in: bool| instance.in_host_call(is_in);
                let run = |machine: &mut Machine| {
                    machine.run(*slice, clock.as_ref(), &|| instance.is_held(), &in_host_call, None)
                };
                machine.guard(run)
            };
            instance.in_host_call(false);
            let mut parts = instance.lock();
            //= RT-INIT-004
            if parts.state == LifecycleState::Terminated {
                parts.machine = Place::Gone;
                drop(parts);
                instance.notify();
                release(Some(machine));
                return Ok(());
            }
            self.tell_usage(instance, &mut parts, &machine);
            match halt {
                Halt::Pause => {}
                Halt::Waiting => {
                    drop(parts);
                    instance.in_host_call(true);
                    machine.would_block();
                    instance.in_host_call(false);
                }
                Halt::WantsBody(section_id) => {
                    drop(parts);
                    instance.in_host_call(true);
                    let read = machine.wanted(section_id).read();
                    instance.in_host_call(false);
                    match read {
                        Ok(body) => machine.supply(section_id, body),
                        // The instance may have been terminated meanwhile.
                        Err(cause) => bad_body = Some(cause),
                    }
                }
                Halt::Returned(_, 0) => {
                    parts.is_initializing = false;
                    self.change(instance, &mut parts, LifecycleState::Initialized);
                    self.give_back(instance, parts, machine);
                    return Ok(());
                }
                //= RT-INIT-002
                Halt::Returned(_, status) => {
                    return Err(self.fail(instance, parts, machine, error::init_refused(status)));
                }
                Halt::Exit(status) => {
                    self.end(instance, parts, Some(machine), Some(status));
                    return Ok(());
                }
                Halt::Fault(cause) => return Err(self.fail(instance, parts, machine, cause)),
            }
        }
    }

    /// Ends an instance that asked for it from outside of its code.
    pub(crate) fn exit(&self, instance: &Instance, status: i32) {
        let mut parts = instance.lock();
        if !parts.state.is_live() {
            return;
        }
        self.change(instance, &mut parts, LifecycleState::Terminated);
        let mut parts = instance.hold(parts);
        let machine = instance.check_out(&mut parts);
        self.end(instance, parts, machine, Some(status));
    }

    //= RT-EXECUTE-001
    /// A command that changes the state and nothing else.
    fn command(&self, id: InstanceId, command: LifecycleCommand) -> Result<(), FaygerError> {
        let instance = self.for_command(id, command)?;
        let mut parts = instance.lock();
        let to = after(&parts, command)?;
        self.change(&instance, &mut parts, to);
        match command {
            LifecycleCommand::Suspend => drop(instance.hold(parts)),
            _ => {
                parts.begins |= command == LifecycleCommand::Start;
                drop(parts);
                self.ready.push(id);
            }
        }
        Ok(())
    }
}

/// Where `command` leads, or why it is not legal. While `init` runs, the state is `Loaded` and only `terminate` is.
//= RT-INIT-001
fn after(parts: &Parts, command: LifecycleCommand) -> Result<LifecycleState, FaygerError> {
    if parts.is_initializing && command != LifecycleCommand::Terminate {
        let only = vec![LifecycleCommand::Terminate.name().to_owned()];
        return Err(parts.state.refusal(command).with("allowed", only));
    }
    parts.state.after(command).ok_or_else(|| parts.state.refusal(command))
}

/// Gives up what an instance holds, outside of every lock: handles are closed on the host.
pub(crate) fn release(machine: Option<Box<Machine>>) {
    if let Some(mut machine) = machine {
        // A panic of the engine or the bus on their way out is nobody's any more.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            machine.session.release();
            drop(machine);
        }));
    }
}

impl RuntimeInterface for Runtime {
    //= RT-INTERFACE-003
    fn rt_version(&self) -> InterfaceVersion {
        RT_VERSION
    }

    //= RT-INTERFACE-004
    fn capabilities(&self) -> Vec<String> {
        self.environment.strategy.capabilities().iter().map(|&name| name.to_owned()).collect()
    }

    //= RT-LOAD-001
    fn load(&self, submission: Submission) -> Result<InstanceId, FaygerError> {
        let Submission { object, granted, quotas } = submission;
        let manifest = object.manifest();
        let (required, unknown) = named(&manifest.capabilities.required);
        let (optional, _) = named(&manifest.capabilities.optional);
        let offer = Offer { required, optional, granted, supported: self.environment.bus.supported() };
        let effective = agreed(&offer, unknown).map_err(error::load_refused)?;
        let quotas = smaller(&quotas, manifest);

        let now = self.environment.clock.now();
        let random = self.environment.ids.random();
        let mut known = self.known();
        //= RT-ID-001
        // Chance that repeats itself is counted up.
        let mut ids = (0..).map(|count: u64| InstanceId::new(now, plus(random, count)));
        let id = ids.find(|id| !known.contains_key(id)).unwrap_or_else(|| InstanceId::new(now, random));
        let ready = Arc::clone(&self.ready);
        let scope = Scope {
            instance: Some(id),
            declared: required | optional,
            granted,
            handles: u32::try_from(quotas.open_handles).unwrap_or(u32::MAX),
        };
        let changed = Arc::new(Condvar::new());
        let wakes = Arc::clone(&changed);
        let waker = move |_token: Token| {
            wakes.notify_all();
            ready.push(id);
        };
        let session = self.environment.bus.open(scope, Box::new(waker));
        let takes_events = manifest.entry.on_event.is_some();
        let has_init = manifest.entry.init.is_some();
        let artifact = manifest.id.clone();
        let machine = Machine::new(object, session, quotas);
        let instance = Instance::new(id, effective, takes_events, has_init, machine, changed);
        known.insert(id, Known::Instance(Arc::new(instance)));
        drop(known);
        self.tell(Event::InstanceLoaded { instance: id, id: artifact });
        Ok(id)
    }

    fn init(&self, id: InstanceId) -> Result<(), FaygerError> {
        let instance = self.for_command(id, LifecycleCommand::Init)?;
        let mut machine = {
            let mut parts = instance.lock();
            after(&parts, LifecycleCommand::Init)?;
            let Some(machine) = instance.check_out(&mut parts) else {
                return Err(parts.state.refusal(LifecycleCommand::Init));
            };
            parts.is_initializing = true;
            machine
        };
        let object = Arc::clone(&machine.object);
        // No guest code runs while it is read and prepared: nobody waits for that.
        instance.in_host_call(true);
        let prepare = || {
            let prepared = self.environment.strategy.prepare(object.as_ref(), &machine.quotas);
            prepared.map(|executable| (executable.usage(), executable))
        };
        let prepared = catch_unwind(AssertUnwindSafe(prepare));
        instance.in_host_call(false);
        match prepared.unwrap_or_else(|_panic| Err(error::panicked("the engine"))) {
            Ok((usage, executable)) => machine.install(executable, usage),
            Err(cause) => {
                let parts = instance.lock();
                if parts.state != LifecycleState::Terminated {
                    return Err(self.fail(&instance, parts, machine, cause));
                }
            }
        }
        self.run_init(&instance, machine)
    }

    fn start(&self, id: InstanceId) -> Result<(), FaygerError> {
        self.command(id, LifecycleCommand::Start)
    }

    fn suspend(&self, id: InstanceId) -> Result<(), FaygerError> {
        self.command(id, LifecycleCommand::Suspend)
    }

    fn resume(&self, id: InstanceId) -> Result<(), FaygerError> {
        self.command(id, LifecycleCommand::Resume)
    }

    fn terminate(&self, id: InstanceId) -> Result<(), FaygerError> {
        let instance = self.for_command(id, LifecycleCommand::Terminate)?;
        let mut parts = instance.lock();
        let to = after(&parts, LifecycleCommand::Terminate)?;
        self.change(&instance, &mut parts, to);
        let mut parts = instance.hold(parts);
        let machine = match std::mem::replace(&mut parts.machine, Place::Gone) {
            Place::Here(machine) => Some(machine),
            // Whoever has it releases what it holds.
            other => {
                parts.machine = other;
                None
            }
        };
        self.end(&instance, parts, machine, None);
        Ok(())
    }

    fn state(&self, id: InstanceId) -> Result<LifecycleState, FaygerError> {
        Ok(match self.find(id)? {
            Known::Instance(instance) => instance.lock().state,
            Known::Terminated(_) => LifecycleState::Terminated,
        })
    }

    fn failure_info(&self, id: InstanceId) -> Result<Option<FailureInfo>, FaygerError> {
        Ok(match self.find(id)? {
            Known::Instance(instance) => instance.lock().failure.clone(),
            Known::Terminated(_) => None,
        })
    }

    //= RT-EMIT-003
    fn emit(&self, id: InstanceId, instruction: &[u8]) -> Result<Vec<u8>, FaygerError> {
        let instance = match self.find(id) {
            Err(_) => return Err(error::emit_rejected("unknown_instance", None)),
            Ok(Known::Terminated(_)) => return Err(error::emit_rejected("state", Some(LifecycleState::Terminated))),
            Ok(Known::Instance(instance)) => instance,
        };
        crate::outside::emit(self, &instance, instruction)
    }

    //= RT-EVENT-001
    fn on_event(&self, id: InstanceId, event: &[u8]) -> Result<(), FaygerError> {
        let instance = match self.find(id)? {
            Known::Instance(instance) => instance,
            Known::Terminated(_) => return Err(error::illegal_state(LifecycleState::Terminated)),
        };
        let mut parts = instance.lock();
        use LifecycleState::{Initialized, Running, Suspended};
        if !matches!(parts.state, Initialized | Running | Suspended) {
            return Err(error::illegal_state(parts.state));
        }
        if !instance.takes_events {
            return Err(error::event_unhandled());
        }
        let decoded = EventRef::decode(event).map_err(error::event_malformed)?;
        if !may_receive(&instance.effective, &decoded) {
            let (category, opcode) = (decoded.category().number(), decoded.opcode());
            drop(parts);
            self.tell(Event::EventDropped { instance: id, category, opcode });
            return Ok(());
        }
        let limit = parts.monitor.quotas().event_queue;
        if parts.queue.len() as u64 >= limit {
            drop(parts);
            self.tell_notices(&instance, [Notice::Refused { resource: Resource::EventQueue, limit }]);
            return Err(error::exhausted(Resource::EventQueue, limit));
        }
        parts.queue.push_back(Bytes::copy_from_slice(event));
        let used = parts.queue.len() as u64;
        let notice = parts.monitor.seen(Resource::EventQueue, used, limit);
        drop(parts);
        self.tell_notices(&instance, notice);
        self.ready.push(id);
        Ok(())
    }
}

/// These random bytes, counted up in the last eight of them, of which an id has 62 bits.
fn plus(random: [u8; 10], count: u64) -> [u8; 10] {
    let [high, low, rest @ ..] = random;
    let [a, b, c, d, e, f, g, h] = u64::from_be_bytes(rest).wrapping_add(count).to_be_bytes();
    [high, low, a, b, c, d, e, f, g, h]
}

/// Whether an event is of a category that the instance can use: a known event needs its own capabilities, any other one of its category.
//= RT-EVENT-002
fn may_receive(effective: &CapabilitySet, event: &EventRef<'_>) -> bool {
    if let Some(known) = opcode::event(event.category(), event.opcode()) {
        return known.capabilities.is_subset(effective);
    }
    let is_usable = |of: &opcode::Opcode| !of.capabilities.is_empty() && of.capabilities.is_subset(effective);
    opcode::opcodes(event.category()).iter().any(is_usable)
}

/// The set of these names, and those that are no names of ours.
fn named(names: &[String]) -> (CapabilitySet, Vec<String>) {
    let mut set = CapabilitySet::EMPTY;
    let mut unknown = Vec::new();
    for name in names {
        match Capability::from_name(name) {
            Some(capability) => set = set.with_number(capability.bit().into()),
            None => unknown.push(name.clone()),
        }
    }
    (set, unknown)
}

/// The effective set. A required capability that nobody here knows is not supported.
fn agreed(offer: &Offer, unknown: Vec<String>) -> Result<CapabilitySet, FaygerError> {
    let missing = match negotiate(offer) {
        Ok(effective) if unknown.is_empty() => return Ok(effective),
        Ok(_) => Missing { not_granted: CapabilitySet::EMPTY, not_supported: CapabilitySet::EMPTY },
        Err(missing) => missing,
    };
    let error = missing.to_error();
    if unknown.is_empty() {
        return Err(error);
    }
    let names = missing.not_supported.names().into_iter().chain(unknown).collect::<Vec<_>>();
    Err(error.with("not_supported", names))
}

/// Of each bound the smaller: the host's or the Manifest's own.
//= RT-QUOTA-002
fn smaller(host: &Quotas, manifest: &Manifest) -> Quotas {
    let own = manifest.resources.as_ref();
    let least = |host: u64, own: Option<u64>| own.map_or(host, |own| own.min(host));
    let memory_bytes = least(host.memory_bytes, own.and_then(|own| own.memory_bytes));
    Quotas {
        // Whole pages.
        memory_bytes: memory_bytes / PAGE_LEN * PAGE_LEN,
        table_elements: least(host.table_elements, own.and_then(|own| own.table_elements)),
        event_queue: least(host.event_queue, own.and_then(|own| own.event_queue)),
        open_handles: least(host.open_handles, own.and_then(|own| own.open_handles)),
        fuel: host.fuel,
        wall_time: host.wall_time,
    }
}
