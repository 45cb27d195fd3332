//! A million commands at random against a model of the design's table: no other state, no other answer, and nothing left behind.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod common;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Counting, Object, Still};
use fayger_contracts::bus::{BusAnswer, BusSession, InstructionBus, Scope, Token, Waker};
use fayger_contracts::lifecycle::LifecycleState::{self, Failed, Initialized, Loaded, Running, Suspended, Terminated};
use fayger_contracts::{
    BufObject, CapabilitySet, ErrorCode, FaygerError, InstanceId, LifecycleCommand, Quotas, RuntimeInterface as _,
    Submission,
};
use fayger_runtime::{
    Driver, Environment, Executable, ExecutionContext, ExecutionStrategy, Export, Runtime, Step, StepResult, Stopped,
    TrapKind, Usage,
};

/// Commands in all. Enough for every state, command and way to end, thousands of times each.
const COMMANDS: u32 = 1_000_000;
/// Instances that are not over at once.
const LIVE: usize = 40;
/// Events that may wait.
const QUEUE: usize = 3;

/// What an export does. Each code of an instruction to the bus below stands for what the bus answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Return(i32),
    Trap,
    /// Uses up the fuel.
    Loop,
    /// Emits this, and then returns 0 where it comes back.
    Emit(u8),
}

const REPLY: u8 = 0;
const LATER: u8 = 1;
const LATER_AN_ERROR: u8 = 2;
const ERROR: u8 = 3;
const EXIT: u8 = 4;

const DOES: [Does; 9] = [
    Does::Return(0),
    Does::Return(7),
    Does::Trap,
    Does::Loop,
    Does::Emit(REPLY),
    Does::Emit(LATER),
    Does::Emit(LATER_AN_ERROR),
    Does::Emit(ERROR),
    Does::Emit(EXIT),
];

/// The code of an instance: what each export does, where the entry names it.
#[derive(Clone, Copy, Debug)]
struct Behaviour {
    init: Option<Does>,
    start: Does,
    on_event: Option<Does>,
}

impl Behaviour {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        let optional = || std::iter::once(None).chain(DOES.map(Some));
        for init in optional() {
            for start in DOES {
                all.extend(optional().map(|on_event| Self { init, start, on_event }));
            }
        }
        all
    }
}

/// An engine that does what the object's id says.
struct Engine(Arc<Vec<Behaviour>>);

struct Code {
    behaviour: Behaviour,
    does: Option<Does>,
}

impl ExecutionStrategy for Engine {
    fn name(&self) -> &'static str {
        "modelled"
    }
    fn capabilities(&self) -> &'static [&'static str] {
        &[]
    }
    fn prepare(&self, object: &dyn BufObject, _quotas: &Quotas) -> Result<Box<dyn Executable>, FaygerError> {
        let number: usize = object.manifest().id.strip_prefix("a.b").and_then(|n| n.parse().ok()).expect("a number");
        Ok(Box::new(Code { behaviour: self.0[number], does: None }))
    }
}

impl Executable for Code {
    fn enter(&mut self, export: Export) {
        assert_eq!(self.does, None, "one export at a time");
        self.does = match export {
            Export::Init => self.behaviour.init,
            Export::Start => Some(self.behaviour.start),
            Export::OnEvent(_) => self.behaviour.on_event,
        };
    }

    fn step(&mut self, fuel: u64, context: &mut ExecutionContext) -> Step {
        let (result, next) = match self.does.expect("an export is entered") {
            Does::Return(value) => (StepResult::Returned(value), None),
            Does::Trap => (StepResult::Trap(TrapKind::Unreachable), None),
            Does::Loop => return Step { result: StepResult::OutOfFuel, fuel },
            Does::Emit(code) => {
                context.instruction.clear();
                context.instruction.push(code);
                (StepResult::HostCall, Some(Does::Return(0)))
            }
        };
        self.does = next;
        Step { result, fuel: 0 }
    }

    fn usage(&self) -> Usage {
        Usage::default()
    }
}

/// A bus that answers by the code, and counts its sessions.
#[derive(Default)]
struct Bus {
    open: Arc<AtomicUsize>,
    /// Which instances' open calls are answered.
    answered: Arc<Mutex<HashMap<InstanceId, bool>>>,
}

struct Session {
    open: Arc<AtomicUsize>,
    answered: Arc<Mutex<HashMap<InstanceId, bool>>>,
    instance: InstanceId,
    pending: Option<u8>,
    /// Instructions that reached an adapter.
    calls: u64,
    is_released: bool,
}

impl InstructionBus for Bus {
    fn supported(&self) -> CapabilitySet {
        CapabilitySet::ALL
    }
    fn open(&self, scope: Scope, _waker: Waker) -> Box<dyn BusSession> {
        self.open.fetch_add(1, Ordering::Relaxed);
        Box::new(Session {
            open: Arc::clone(&self.open),
            answered: Arc::clone(&self.answered),
            instance: scope.instance.expect("an instance"),
            pending: None,
            calls: 0,
            is_released: false,
        })
    }
}

fn host_error() -> FaygerError {
    FaygerError::new(ErrorCode::AdpHostCallFailed, "modelled")
}

impl BusSession for Session {
    fn emit(&mut self, instruction: &[u8]) -> Result<BusAnswer<'_>, FaygerError> {
        self.calls += u64::from(instruction[0] != EXIT);
        match instruction[0] {
            REPLY => Ok(BusAnswer::Reply(&[0, 0])),
            EXIT => Ok(BusAnswer::Exit(3)),
            ERROR => Err(host_error()),
            code => {
                self.pending = Some(code);
                Ok(BusAnswer::Pending(Token(1)))
            }
        }
    }
    fn poll(&mut self, token: Token) -> Option<Result<BusAnswer<'_>, FaygerError>> {
        let code = self.pending?;
        if self.answered.lock().expect("answered").remove(&self.instance).is_none() {
            return Some(Ok(BusAnswer::Pending(token)));
        }
        self.pending = None;
        Some(if code == LATER { Ok(BusAnswer::Reply(&[0, 0])) } else { Err(host_error()) })
    }
    fn deadline(&self, _token: Token) -> Option<Duration> {
        None
    }
    fn cancel(&mut self, _token: Token) {
        self.pending = None;
    }
    fn open_handles(&self) -> usize {
        0
    }
    fn calls(&self) -> u64 {
        self.calls
    }
    fn release(&mut self) {
        assert!(!std::mem::replace(&mut self.is_released, true), "released once");
        self.pending = None;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The model of one instance.
#[derive(Clone, Debug)]
struct Model {
    behaviour: Behaviour,
    state: LifecycleState,
    begins: bool,
    queue: usize,
    /// The call that an export waits in.
    open_call: Option<u8>,
    is_answered: bool,
    /// An export is on the stack, which the answer has come to and which will return 0.
    is_within: bool,
    within_start: bool,
    cause: Option<ErrorCode>,
}

impl Model {
    fn fail(&mut self, cause: ErrorCode) {
        self.end(Failed);
        self.cause = Some(cause);
    }

    fn end(&mut self, state: LifecycleState) {
        (self.state, self.queue, self.open_call, self.is_within, self.begins, self.cause) =
            (state, 0, None, false, false, None);
    }

    fn init(&mut self) -> Result<(), ErrorCode> {
        let outcome = match self.behaviour.init {
            None | Some(Does::Return(0) | Does::Emit(REPLY | LATER | LATER_AN_ERROR)) => {
                self.state = Initialized;
                Ok(())
            }
            Some(Does::Emit(EXIT)) => {
                self.end(Terminated);
                Ok(())
            }
            Some(Does::Return(_)) => Err(ErrorCode::RtInitRefused),
            Some(Does::Trap) => Err(ErrorCode::RtTrap),
            Some(Does::Loop) => Err(ErrorCode::RtResourceExhausted),
            Some(Does::Emit(_)) => Err(ErrorCode::AdpHostCallFailed),
        };
        outcome.inspect_err(|cause| self.fail(*cause))
    }

    fn returns(&mut self, value: i32) {
        self.is_within = false;
        if value != 0 || (self.within_start && self.behaviour.on_event.is_none()) {
            self.end(Terminated);
        }
    }

    /// What a run comes to.
    fn run(&mut self) -> Stopped {
        loop {
            match self.state {
                Failed => return Stopped::Failed,
                Terminated => return Stopped::Ended,
                Loaded | Initialized => return Stopped::NotRunning,
                Running | Suspended => {}
            }
            if let Some(code) = self.open_call {
                if !self.is_answered {
                    return if self.state == Suspended { Stopped::Suspended } else { Stopped::Waiting };
                }
                (self.open_call, self.is_answered) = (None, false);
                if code != LATER {
                    self.fail(ErrorCode::AdpHostCallFailed);
                }
                continue;
            }
            if self.state == Suspended {
                return Stopped::Suspended;
            }
            if self.is_within {
                self.returns(0);
                continue;
            }
            let does = if std::mem::take(&mut self.begins) {
                self.within_start = true;
                self.behaviour.start
            } else if self.queue > 0 {
                self.queue -= 1;
                self.within_start = false;
                self.behaviour.on_event.expect("it takes events")
            } else {
                return Stopped::Idle;
            };
            self.is_within = true;
            match does {
                Does::Return(value) => self.returns(value),
                Does::Trap => self.fail(ErrorCode::RtTrap),
                Does::Loop => self.fail(ErrorCode::RtResourceExhausted),
                Does::Emit(REPLY) => self.returns(0),
                Does::Emit(EXIT) => self.end(Terminated),
                Does::Emit(ERROR) => self.fail(ErrorCode::AdpHostCallFailed),
                Does::Emit(code) => self.open_call = Some(code),
            }
        }
    }
}

/// xorshift64* (Vigna): the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).expect("31 bits") % bound
    }
}

struct Play {
    runtime: Arc<Runtime>,
    open: Arc<AtomicUsize>,
    answered: Arc<Mutex<HashMap<InstanceId, bool>>>,
    objects: Vec<Arc<Object>>,
    behaviours: Arc<Vec<Behaviour>>,
    random: Random,
    live: Vec<(InstanceId, Model)>,
    over: Vec<InstanceId>,
    /// How often each command was legal and not.
    seen: HashMap<(LifecycleState, &'static str, bool), u64>,
}

impl Play {
    fn new(seed: u64) -> Self {
        let behaviours = Arc::new(Behaviour::all());
        let object = |(number, behaviour): (usize, &Behaviour)| {
            let mut object = Object::new(behaviour.init.is_some(), behaviour.on_event.is_some());
            object.manifest_mut().id = format!("a.b{number}");
            Arc::new(object)
        };
        let bus = Bus::default();
        let (open, answered) = (Arc::clone(&bus.open), Arc::clone(&bus.answered));
        let runtime = Arc::new(Runtime::new(Environment {
            strategy: Arc::new(Engine(Arc::clone(&behaviours))),
            bus: Arc::new(bus),
            clock: Arc::new(Still),
            ids: Arc::new(Counting::default()),
            observer: Arc::new(()),
            slice: 100,
        }));
        let objects = behaviours.iter().enumerate().map(object).collect();
        let (live, over, seen) = (Vec::new(), Vec::new(), HashMap::new());
        Self { runtime, open, answered, objects, behaviours, random: Random(seed), live, over, seen }
    }

    fn load(&mut self) {
        let number = self.random.below(self.behaviours.len());
        let quotas = Quotas { fuel: Some(250), event_queue: QUEUE as u64, ..Quotas::default() };
        let object = Arc::clone(&self.objects[number]) as Arc<dyn BufObject>;
        let id = self.runtime.load(Submission { object, granted: CapabilitySet::ALL, quotas }).expect("loaded");
        let model = Model {
            behaviour: self.behaviours[number],
            state: Loaded,
            begins: false,
            queue: 0,
            open_call: None,
            is_answered: false,
            is_within: false,
            within_start: false,
            cause: None,
        };
        self.live.push((id, model));
    }

    /// One command to one instance, and what it came to beside what the model says.
    fn command(&mut self) {
        if self.live.len() < LIVE {
            self.load();
        }
        let at = self.random.below(self.live.len());
        let what = self.random.below(11);
        let (id, model) = &mut self.live[at];
        let (id, before) = (*id, model.state);
        let runtime = &self.runtime;
        let mut count = |name, is_legal| *self.seen.entry((before, name, is_legal)).or_default() += 1;
        match what {
            0..=4 => {
                let command = LifecycleCommand::ALL[what];
                let said = match command {
                    LifecycleCommand::Init => runtime.init(id),
                    LifecycleCommand::Start => runtime.start(id),
                    LifecycleCommand::Suspend => runtime.suspend(id),
                    LifecycleCommand::Resume => runtime.resume(id),
                    LifecycleCommand::Terminate => runtime.terminate(id),
                };
                let to = before.after(command);
                count(command.name(), to.is_some());
                match (to, command) {
                    (None, _) => assert_eq!(said, Err(before.refusal(command))),
                    (Some(_), LifecycleCommand::Init) => {
                        let said = said.map_err(|error| {
                            assert_eq!(error.code, ErrorCode::RtInstanceFailed);
                            error.cause.expect("a cause").code
                        });
                        assert_eq!(said, model.init());
                    }
                    (Some(to), _) => {
                        assert_eq!(said, Ok(()));
                        model.begins |= command == LifecycleCommand::Start;
                        if to == Terminated { model.end(to) } else { model.state = to }
                    }
                }
            }
            5 | 6 => assert_eq!(runtime.run(id, None), Ok(model.run()), "{model:?}"),
            7 | 8 => {
                // An event of an opcode that nobody knows; the instance may use its category.
                let said = runtime.on_event(id, &[0x00, 0x00, 0x90]).map_err(|error| error.code);
                let expected = match before {
                    Loaded | Failed | Terminated => Err(ErrorCode::RtIllegalState),
                    _ if model.behaviour.on_event.is_none() => Err(ErrorCode::RtEventUnhandled),
                    _ if model.queue == QUEUE => Err(ErrorCode::RtResourceExhausted),
                    _ => {
                        model.queue += 1;
                        Ok(())
                    }
                };
                count("on_event", expected == Ok(()));
                assert_eq!(said, expected);
            }
            9 => {
                let code = [REPLY, ERROR, EXIT][self.random.below(3)];
                let said = runtime.emit(id, &[code]).map_err(|error| error.code);
                let expected = match code {
                    _ if before != Running => Err(ErrorCode::AdpEmitRejected),
                    ERROR => Err(ErrorCode::AdpHostCallFailed),
                    EXIT => {
                        model.end(Terminated);
                        Ok(vec![0, 0])
                    }
                    _ => Ok(vec![0, 0]),
                };
                count("emit", before == Running);
                assert_eq!(said, expected);
            }
            _ => {
                if model.open_call.is_some() && !model.is_answered {
                    model.is_answered = true;
                    self.answered.lock().expect("answered").insert(id, true);
                }
            }
        }
        let model = &self.live[at].1;
        assert_eq!(self.runtime.state(id), Ok(model.state), "after {what} in {before}: {model:?}");
        let info = self.runtime.failure_info(id).expect("known");
        assert_eq!(info.map(|info| info.error.cause.expect("a cause").code), model.cause);
        // One that is over gets some commands more, and then makes room.
        if model.state == Terminated && self.random.below(8) == 0 {
            self.live.swap_remove(at);
            self.answered.lock().expect("answered").remove(&id);
            self.over.push(id);
        }
    }
}

#[test]
fn a_million_commands_at_random_leave_the_table_of_the_design_and_nothing_else() {
    let mut play = Play::new(0x5eed_0001);
    for _ in 0..COMMANDS {
        play.command();
    }
    // Every state saw every command.
    for state in LifecycleState::ALL {
        for command in LifecycleCommand::ALL {
            let times = play.seen.get(&(state, command.name(), state.after(command).is_some()));
            assert!(times.is_some_and(|times| *times > 1000), "{state} {} {times:?}", command.name());
        }
    }
    // What is over stays known, and of what it held there is nothing left.
    assert!(play.over.len() > 10_000);
    for id in &play.over {
        assert_eq!(play.runtime.state(*id), Ok(Terminated));
        assert_eq!(play.runtime.terminate(*id), Err(Terminated.refusal(LifecycleCommand::Terminate)));
    }
    let held = |play: &Play| play.objects.iter().map(|object| Arc::strong_count(object) - 1).sum::<usize>();
    let alive = |play: &Play| play.live.iter().filter(|(_, model)| model.state.is_live()).count();
    assert_eq!((held(&play), play.open.load(Ordering::Relaxed)), (alive(&play), alive(&play)));
    for (id, _) in std::mem::take(&mut play.live) {
        // An instance that is over already says so.
        let _ = play.runtime.terminate(id);
    }
    assert_eq!((held(&play), play.open.load(Ordering::Relaxed)), (0, 0));
}

#[test]
fn from_several_threads_at_once_nothing_is_stuck_and_nothing_is_left() {
    const THREADS: u64 = 4;
    const EACH: u32 = 25_000;
    let mut play = Play::new(0x5eed_0002);
    let ids: Vec<InstanceId> = (0..2000)
        .map(|_| {
            play.load();
            play.live.pop().expect("loaded").0
        })
        .collect();
    let driver = Driver::start(Arc::clone(&play.runtime), 2).expect("threads");
    let refusals = [ErrorCode::RtIllegalTransition, ErrorCode::RtIllegalState, ErrorCode::RtEventUnhandled];
    let refused = |error: FaygerError| assert!(refusals.contains(&error.code), "{error:?}");
    std::thread::scope(|scope| {
        for seed in 1..=THREADS {
            let (runtime, answered, ids) = (&play.runtime, &play.answered, &ids);
            scope.spawn(move || {
                let mut random = Random(seed);
                for number in 0..EACH {
                    // All threads go through the instances together, so that they meet.
                    let around = usize::try_from(number / 12).expect("small") % ids.len();
                    let id = ids[(around + random.below(3)) % ids.len()];
                    match random.below(11) {
                        0 | 1 => match runtime.init(id) {
                            Err(error) if error.code != ErrorCode::RtInstanceFailed => refused(error),
                            _ => {}
                        },
                        2 | 3 => runtime.start(id).unwrap_or_else(refused),
                        4 => runtime.suspend(id).unwrap_or_else(refused),
                        5 | 6 => runtime.resume(id).unwrap_or_else(refused),
                        7 => match runtime.on_event(id, &[0x00, 0x00, 0x90]) {
                            Err(error) if error.code != ErrorCode::RtResourceExhausted => refused(error),
                            _ => {}
                        },
                        8 => drop(answered.lock().expect("answered").insert(id, true)),
                        9 => match runtime.emit(id, &[[REPLY, ERROR, EXIT][random.below(3)]]) {
                            Ok(reply) => assert_eq!(reply, [0, 0]),
                            Err(error) => {
                                let codes = [ErrorCode::AdpEmitRejected, ErrorCode::AdpHostCallFailed];
                                assert!(codes.contains(&error.code), "{error:?}");
                            }
                        },
                        _ if random.below(20) == 0 => runtime.terminate(id).unwrap_or_else(refused),
                        _ => assert!(runtime.run(id, Some(1)).is_ok()),
                    }
                }
            });
        }
    });
    for id in &ids {
        match play.runtime.terminate(*id) {
            Ok(()) => {}
            Err(error) => assert_eq!(error, Terminated.refusal(LifecycleCommand::Terminate)),
        }
        assert_eq!(play.runtime.state(*id), Ok(Terminated));
    }
    drop(driver);
    let held: usize = play.objects.iter().map(|object| Arc::strong_count(object) - 1).sum();
    assert_eq!((held, play.open.load(Ordering::Relaxed)), (0, 0));
}
