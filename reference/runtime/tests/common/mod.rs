//! A runtime over scripts: code that does what a list says, and a bus that answers what a list says.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper of tests fails as tests do")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use fayger_cbor::Map;
use fayger_contracts::bus::{BusAnswer, BusSession, InstructionBus, Scope, Token, Waker};
use fayger_contracts::manifest::{CapabilityDeclaration, Entry};
use fayger_contracts::{
    BufObject, CapabilitySet, Clock, Digest, ErrorCode, Event, FaygerError, FormatVersion, InstanceId,
    InterfaceVersion, Manifest, Observer, Quotas, Reader, RuntimeInterface, SectionEntry, SignatureStatus, Submission,
    Timestamp,
};
use fayger_runtime::{
    Environment, Executable, ExecutionContext, ExecutionStrategy, Export, IdSource, Runtime, Step, StepResult, Usage,
};

/// An object with an entry and nothing else.
pub(crate) struct Object {
    manifest: Manifest,
    pub(crate) bodies: Mutex<Result<Option<Bytes>, FaygerError>>,
    /// Its source panics.
    pub(crate) is_broken: bool,
}

impl Object {
    pub(crate) fn new(init: bool, on_event: bool) -> Self {
        let declaration =
            CapabilityDeclaration { required: vec![], optional: vec!["io.stdio".into()], other: Map::default() };
        let manifest = Manifest {
            schema_version: InterfaceVersion::new(1, 0, 0),
            id: "org.example.scripted".into(),
            version: "1.0.0".into(),
            runtime_interface_min: InterfaceVersion::new(1, 0, 0),
            entry: Entry {
                section: 1,
                start: "start".into(),
                init: init.then(|| "init".into()),
                on_event: on_event.then(|| "on_event".into()),
                other: Map::default(),
            },
            capabilities: declaration,
            sections: vec![],
            index_digest: Digest([0; 32]),
            name: None,
            description: None,
            vendor: None,
            runtime_capabilities: None,
            resources: None,
            deprecation_notice: None,
            signature: None,
            other: Map::default(),
        };
        Self { manifest, bodies: Mutex::new(Ok(None)), is_broken: false }
    }

    pub(crate) fn manifest_mut(&mut self) -> &mut Manifest {
        &mut self.manifest
    }
}

impl BufObject for Object {
    fn format_version(&self) -> FormatVersion {
        FormatVersion { major: 1, minor: 0 }
    }
    fn flags(&self) -> u32 {
        0
    }
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    fn sections(&self) -> &[SectionEntry] {
        &[]
    }
    fn is_selected(&self, _section_id: u32) -> bool {
        false
    }
    fn signature(&self) -> &SignatureStatus {
        &SignatureStatus::Absent
    }
    fn body(&self, _section_id: u32, _reader: Reader) -> Result<Option<Bytes>, FaygerError> {
        if self.is_broken {
            panics()
        }
        self.bodies.lock().expect("bodies").clone()
    }
}

/// What scripted code does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Uses this much fuel.
    Compute(u64),
    /// Emits these bytes.
    Emit(Vec<u8>),
    /// Comes to this.
    Come(StepResult),
    /// Panics, and from then on whatever the code is asked.
    Panic,
}

/// A script for each export; an event handler takes the next each time, and returns 0 where there is none.
#[derive(Clone, Default)]
pub(crate) struct Script {
    pub(crate) init: Vec<Act>,
    pub(crate) start: Vec<Act>,
    pub(crate) on_event: Vec<Vec<Act>>,
}

pub(crate) struct Scripted {
    pub(crate) script: Script,
    /// Every reply, in hexadecimal, that the code was given.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl ExecutionStrategy for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }
    fn capabilities(&self) -> &'static [&'static str] {
        &["runtime.fuel-exact"]
    }
    fn prepare(&self, _object: &dyn BufObject, _quotas: &Quotas) -> Result<Box<dyn Executable>, FaygerError> {
        Ok(Box::new(Code {
            script: self.script.clone(),
            acts: VecDeque::new(),
            emitted: false,
            is_broken: false,
            seen: Arc::clone(&self.seen),
        }))
    }
}

struct Code {
    script: Script,
    acts: VecDeque<Act>,
    emitted: bool,
    is_broken: bool,
    seen: Arc<Mutex<Vec<String>>>,
}

pub(crate) fn panics() -> ! {
    // What is meant to panic does not print where.
    std::panic::resume_unwind(Box::new("as the script says"))
}

impl Executable for Code {
    fn enter(&mut self, export: Export) {
        assert!(self.acts.is_empty(), "one export at a time");
        let acts = match export {
            Export::Init => self.script.init.clone(),
            Export::Start => self.script.start.clone(),
            Export::OnEvent(_) if self.script.on_event.is_empty() => vec![],
            Export::OnEvent(_) => self.script.on_event.remove(0),
        };
        self.acts = acts.into();
    }

    fn step(&mut self, fuel: u64, context: &mut ExecutionContext) -> Step {
        if std::mem::take(&mut self.emitted) {
            let reply = context.reply.as_ref().expect("a reply");
            let text = reply.iter().map(|byte| format!("{byte:02x}")).collect();
            self.seen.lock().expect("seen").push(text);
        }
        let mut used = 0;
        loop {
            match self.acts.front_mut() {
                None => return Step { result: StepResult::Returned(0), fuel: used },
                Some(Act::Compute(left)) => {
                    let now = (*left).min(fuel - used);
                    *left -= now;
                    used += now;
                    if *left > 0 {
                        return Step { result: StepResult::OutOfFuel, fuel: used };
                    }
                    self.acts.pop_front();
                }
                Some(Act::Emit(bytes)) => {
                    context.instruction.clone_from(bytes);
                    self.emitted = true;
                    self.acts.pop_front();
                    return Step { result: StepResult::HostCall, fuel: used };
                }
                Some(Act::Panic) => {
                    self.is_broken = true;
                    panics()
                }
                Some(Act::Come(result)) => {
                    let result = *result;
                    self.acts.pop_front();
                    if !matches!(result, StepResult::WantSection(_)) {
                        self.acts.clear();
                    }
                    return Step { result, fuel: used };
                }
            }
        }
    }

    fn usage(&self) -> Usage {
        if self.is_broken { panics() } else { Usage::default() }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        if self.is_broken {
            panics()
        }
    }
}

/// What the scripted bus says.
#[derive(Clone)]
pub(crate) enum Says {
    Reply(Vec<u8>),
    Pending(Token),
    Exit(i32),
    Error(ErrorCode),
}

type Hook = Box<dyn FnMut(&[u8]) + Send>;

/// A bus whose answers are a list; `0000` where it has ended.
#[derive(Default)]
pub(crate) struct Bus {
    pub(crate) answers: Arc<Mutex<VecDeque<Says>>>,
    pub(crate) late: Arc<Mutex<VecDeque<(Token, Says)>>>,
    pub(crate) emitted: Arc<Mutex<Vec<Vec<u8>>>>,
    pub(crate) released: Arc<Mutex<u32>>,
    pub(crate) cancelled: Arc<Mutex<Vec<Token>>>,
    /// Called within every host call.
    pub(crate) hook: Arc<Mutex<Option<Hook>>>,
    pub(crate) supported: Mutex<Option<CapabilitySet>>,
}

impl InstructionBus for Bus {
    fn supported(&self) -> CapabilitySet {
        self.supported.lock().expect("supported").unwrap_or(CapabilitySet::ALL)
    }

    fn open(&self, _scope: Scope, _waker: Waker) -> Box<dyn BusSession> {
        Box::new(Session {
            answers: Arc::clone(&self.answers),
            late: Arc::clone(&self.late),
            emitted: Arc::clone(&self.emitted),
            released: Arc::clone(&self.released),
            cancelled: Arc::clone(&self.cancelled),
            hook: Arc::clone(&self.hook),
            buffer: Vec::new(),
        })
    }
}

struct Session {
    answers: Arc<Mutex<VecDeque<Says>>>,
    late: Arc<Mutex<VecDeque<(Token, Says)>>>,
    emitted: Arc<Mutex<Vec<Vec<u8>>>>,
    released: Arc<Mutex<u32>>,
    cancelled: Arc<Mutex<Vec<Token>>>,
    hook: Arc<Mutex<Option<Hook>>>,
    buffer: Vec<u8>,
}

impl Session {
    fn say(&mut self, says: Says) -> Result<BusAnswer<'_>, FaygerError> {
        match says {
            Says::Reply(bytes) => {
                self.buffer = bytes;
                Ok(BusAnswer::Reply(&self.buffer))
            }
            Says::Pending(token) => Ok(BusAnswer::Pending(token)),
            Says::Exit(status) => Ok(BusAnswer::Exit(status)),
            Says::Error(code) => Err(FaygerError::new(code, "scripted")),
        }
    }
}

impl BusSession for Session {
    fn emit(&mut self, instruction: &[u8]) -> Result<BusAnswer<'_>, FaygerError> {
        self.emitted.lock().expect("emitted").push(instruction.to_vec());
        if let Some(hook) = self.hook.lock().expect("hook").as_mut() {
            hook(instruction);
        }
        let says = self.answers.lock().expect("answers").pop_front().unwrap_or(Says::Reply(vec![0, 0]));
        self.say(says)
    }

    fn poll(&mut self, token: Token) -> Option<Result<BusAnswer<'_>, FaygerError>> {
        let says = {
            let mut late = self.late.lock().expect("late");
            match late.iter().position(|(of, _)| *of == token) {
                Some(at) => late.remove(at).map(|(_, says)| says)?,
                None => Says::Pending(token),
            }
        };
        Some(self.say(says))
    }

    fn deadline(&self, _token: Token) -> Option<Duration> {
        None
    }

    fn cancel(&mut self, token: Token) {
        self.cancelled.lock().expect("cancelled").push(token);
    }

    fn open_handles(&self) -> usize {
        0
    }

    fn calls(&self) -> u64 {
        self.emitted.lock().expect("emitted").len() as u64
    }

    fn release(&mut self) {
        *self.released.lock().expect("released") += 1;
    }
}

/// A clock that stands still.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(Duration::from_secs(1))
    }
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// Ids that count up.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl IdSource for Counting {
    fn random(&self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        [0, 0, a, b, c, d, e, f, g, h]
    }
}

/// Chance that is the same each time, at its highest.
pub(crate) struct Stuck;

impl IdSource for Stuck {
    fn random(&self) -> [u8; 10] {
        [0xff; 10]
    }
}

#[derive(Default)]
pub(crate) struct Told(pub(crate) Mutex<Vec<Event>>, pub(crate) AtomicBool);

impl Observer for Told {
    /// Keeps it, and panics where it is told to.
    fn observe(&self, event: Event) {
        self.0.lock().expect("events").push(event);
        if self.1.load(Ordering::Relaxed) {
            panics()
        }
    }
}

/// A runtime over scripts, and what goes with it.
pub(crate) struct Stage {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) bus: Arc<Bus>,
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
    pub(crate) told: Arc<Told>,
}

pub(crate) fn stage(script: Script) -> Stage {
    let (bus, seen, told) = (Arc::new(Bus::default()), Arc::default(), Arc::new(Told::default()));
    let strategy = Arc::new(Scripted { script, seen: Arc::clone(&seen) });
    let runtime = Runtime::new(Environment {
        strategy,
        bus: Arc::clone(&bus) as Arc<dyn InstructionBus>,
        clock: Arc::new(Still),
        ids: Arc::new(Stuck),
        observer: Arc::clone(&told) as Arc<dyn Observer>,
        slice: 1000,
    });
    Stage { runtime: Arc::new(runtime), bus, seen, told }
}

impl Stage {
    pub(crate) fn load(&self, object: Object) -> InstanceId {
        self.load_within(object, Quotas::default())
    }

    pub(crate) fn load_within(&self, object: Object, quotas: Quotas) -> InstanceId {
        let submission = Submission { object: Arc::new(object), granted: CapabilitySet::ALL, quotas };
        self.runtime.load(submission).expect("loaded")
    }

    /// An instance that runs.
    pub(crate) fn running(&self, object: Object) -> InstanceId {
        let id = self.load(object);
        self.runtime.init(id).expect("initialized");
        self.runtime.start(id).expect("started");
        id
    }
}
