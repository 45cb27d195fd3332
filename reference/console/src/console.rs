//! The adapter: what it is made of, and how a call finds who answers it.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};

use cap_std::fs::Dir;
use fayger_adapters::{
    Call, Descriptor, HostFailure, HostKind, InstanceKey, PlatformAdapter, Progress, SupportedInstruction,
    ThreadedAdapter, Threads,
};
use fayger_contracts::Clock;
use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Category;

use crate::answer;
use crate::files::Files;
use crate::stdin::Stdin;
use crate::table::{self, Needs};
use crate::timers::Timers;

/// Host calls that may wait at once. An instance has one, and in time those that it gave up; what opens, reads and writes files seldom hangs.
const THREADS: Threads = Threads { of_one: 4, of_all: 64 };

/// Takes encoded events for an instance. Called on the thread of the timers.
pub type EventSink = Box<dyn Fn(InstanceKey, &[u8]) + Send + Sync>;

/// What a console is made of.
pub struct Options {
    /// What `io.stdin_read` reads.
    pub stdin: Box<dyn Read + Send>,
    /// What `io.stdout_write` writes to.
    pub stdout: Box<dyn Write + Send>,
    /// What `io.stderr_write` writes to.
    pub stderr: Box<dyn Write + Send>,
    /// What `proc.arguments` gives.
    pub arguments: Vec<String>,
    /// The root of all paths. Without one there are no files: neither `fs.read` nor `fs.write` is supported.
    pub directory: Option<Dir>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where events of timers go.
    pub events: EventSink,
}

/// The adapter of a process.
pub struct Console {
    descriptor: Descriptor,
    pub(crate) stdin: Stdin,
    pub(crate) stdout: Mutex<Box<dyn Write + Send>>,
    pub(crate) stderr: Mutex<Box<dyn Write + Send>>,
    pub(crate) arguments: Vec<String>,
    pub(crate) files: Option<Files>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timers: Timers,
}

impl Console {
    /// A console.
    ///
    /// # Errors
    /// Where the thread of the timers cannot be started.
    pub fn new(options: Options) -> io::Result<Self> {
        let has_files = options.directory.is_some();
        let supported = table::ENTRIES
            .iter()
            .filter(|entry| has_files || entry.needs != Needs::Files)
            .map(|entry| SupportedInstruction::registered(&entry.opcode))
            .collect();
        Ok(Self {
            descriptor: Descriptor::new("console", HostKind::Server, supported),
            stdin: Stdin::new(options.stdin),
            stdout: Mutex::new(options.stdout),
            stderr: Mutex::new(options.stderr),
            arguments: options.arguments,
            files: options.directory.map(Files::new),
            timers: Timers::start(Arc::clone(&options.clock), options.events)?,
            clock: options.clock,
        })
    }

    /// The same, with a thread for each call that may wait.
    pub fn on_threads(self) -> ThreadedAdapter<Self> {
        let is_prompt = |category, opcode| table::find(category, opcode).is_none_or(|entry| entry.is_prompt);
        ThreadedAdapter::new(Arc::new(self), is_prompt, THREADS)
    }
}

impl PlatformAdapter for Console {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, category: Category, opcode: u16) -> Result<(), String> {
        let Some(entry) = table::find(category, opcode) else { return Err("nobody answers it".into()) };
        match (&entry.needs, &self.files) {
            (Needs::Nothing, _) => Ok(()),
            (Needs::Chance, _) => getrandom::fill(&mut [0]).map_err(|error| error.to_string()),
            (Needs::Files, Some(files)) => files.check().map_err(|error| error.to_string()),
            (Needs::Files, None) => Err("there is no directory".into()),
        }
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        let instruction = call.instruction();
        match table::find(instruction.category(), instruction.opcode()) {
            Some(entry) => {
                let answered = (entry.answer)(self, call, reply);
                answer::settle(answered, &entry.opcode, reply)
            }
            // The bus asks for what the descriptor lists.
            None => Err(HostFailure::Native { code: None, message: "nobody answers it".into() }),
        }
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        self.timers.cancel_sleep(instance, token);
        self.stdin.cancel(instance, token);
    }

    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        self.timers.release(instance, handle);
        if let Some(files) = &self.files {
            files.release(instance, handle);
        }
    }
}
