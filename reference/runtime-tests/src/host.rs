//! A host that is played: an adapter that supports every instruction and answers each as a test says.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use fayger_adapters::{
    AdapterRegistry, Call, Completer, Descriptor, HostFailure, HostKind, InstanceKey, PlatformAdapter, Progress,
    SupportedInstruction, ThreadedAdapter, Threads,
};
use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode;

/// How the host answers a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// With this reply.
    Reply(Vec<u8>),
    /// Later, by [`Host::complete`], or never.
    Pending,
    /// With an error of the machine.
    Failure(i64),
    /// It panics.
    Panic,
    /// With `ok` and nothing, once [`Host::unblock`] is called: until then the call does not return.
    Block,
}

/// Status `ok` and these values.
pub fn ok(values: &[u8]) -> Answer {
    Answer::Reply([&[0, 0], values].concat())
}

type Play = Box<dyn FnMut(InstanceKey, &[u8], Option<u32>) -> Answer + Send>;
type Cancelled = Arc<dyn Fn(InstanceKey, Token) + Send + Sync>;

/// The adapter, and what it saw.
pub struct Host {
    descriptor: Descriptor,
    play: Mutex<Play>,
    cancelled: Mutex<Cancelled>,
    seen: Mutex<Seen>,
    blocked: Mutex<Blocked>,
    unblocked: Condvar,
}

#[derive(Default)]
struct Blocked {
    calls: usize,
    is_over: bool,
}

#[derive(Default)]
struct Seen {
    calls: Vec<(InstanceKey, Vec<u8>)>,
    pending: Vec<Completer>,
    released: Vec<InstanceKey>,
    cancelled: Vec<(InstanceKey, Token)>,
}

impl Host {
    /// A host that answers so: asked with the instance, the instruction, and the handle that it may open.
    pub fn new(play: impl FnMut(InstanceKey, &[u8], Option<u32>) -> Answer + Send + 'static) -> Arc<Self> {
        let instructions = Category::ALL
            .into_iter()
            .flat_map(opcode::opcodes)
            .filter(|opcode| !opcode.is_exit())
            .map(SupportedInstruction::registered)
            .collect();
        let descriptor = Descriptor::new("played", HostKind::Server, instructions);
        Arc::new(Self {
            descriptor,
            play: Mutex::new(Box::new(play)),
            cancelled: Mutex::new(Arc::new(|_, _| ())),
            seen: Mutex::default(),
            blocked: Mutex::default(),
            unblocked: Condvar::new(),
        })
    }

    /// A registry with this host alone, on threads of its own or not.
    pub(crate) fn registry(self: &Arc<Self>, is_threaded: bool) -> AdapterRegistry {
        let mut registry = AdapterRegistry::default();
        let adapter: Arc<dyn PlatformAdapter> = if is_threaded {
            Arc::new(ThreadedAdapter::new(Arc::clone(self), |_, _| false, Threads { of_one: 4, of_all: 64 }))
        } else {
            Arc::clone(self) as _
        };
        registry.register(adapter).expect("a healthy adapter");
        registry
    }

    /// Lets every call return that blocks, now and later.
    pub fn unblock(&self) {
        self.blocked.lock().unwrap_or_else(PoisonError::into_inner).is_over = true;
        self.unblocked.notify_all();
    }

    /// Returns once a call blocks.
    pub fn await_blocked(&self) {
        let blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.unblocked.wait_while(blocked, |blocked| blocked.calls == 0).unwrap_or_else(PoisonError::into_inner));
    }

    /// Does not return before [`Host::unblock`] is called.
    pub fn block(&self) {
        let mut blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        blocked.calls += 1;
        self.unblocked.notify_all();
        drop(self.unblocked.wait_while(blocked, |blocked| !blocked.is_over).unwrap_or_else(PoisonError::into_inner));
    }

    /// Plays on in another way.
    pub fn play(&self, play: impl FnMut(InstanceKey, &[u8], Option<u32>) -> Answer + Send + 'static) {
        *self.play.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(play);
    }

    /// Does this, too, when it is told that nobody waits for a call.
    pub fn when_cancelled(&self, act: impl Fn(InstanceKey, Token) + Send + Sync + 'static) {
        *self.cancelled.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(act);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The instructions that reached it, of all instances.
    pub fn calls(&self) -> Vec<Vec<u8>> {
        self.seen().calls.iter().map(|(_, instruction)| instruction.clone()).collect()
    }

    /// The instructions that reached it, with whose they are.
    pub fn calls_of(&self) -> Vec<(InstanceKey, Vec<u8>)> {
        self.seen().calls.clone()
    }

    /// Instances that it was told to let go of, each once.
    pub fn released(&self) -> Vec<InstanceKey> {
        self.seen().released.clone()
    }

    /// Calls that it was told nobody waits for.
    pub fn cancelled(&self) -> usize {
        self.seen().cancelled.len()
    }

    /// Calls that have no answer.
    pub fn pending(&self) -> usize {
        self.seen().pending.len()
    }

    /// Answers the first call that has no answer.
    pub fn complete(&self, result: Result<Vec<u8>, HostFailure>) {
        let completer = self.seen().pending.remove(0);
        completer.complete(result);
    }
}

impl PlatformAdapter for Host {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
        Ok(())
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        let instruction = call.instruction().bytes().to_vec();
        let answer = {
            let mut play = self.play.lock().unwrap_or_else(PoisonError::into_inner);
            play(call.instance(), &instruction, call.offered_handle())
        };
        self.seen().calls.push((call.instance(), instruction));
        match answer {
            Answer::Reply(bytes) => {
                reply.extend_from_slice(&bytes);
                Ok(Progress::Ready)
            }
            Answer::Pending => {
                self.seen().pending.push(call.completer());
                Ok(Progress::Pending)
            }
            Answer::Block => {
                self.block();
                reply.extend_from_slice(&[0, 0]);
                Ok(Progress::Ready)
            }
            Answer::Failure(code) => Err(HostFailure::Native { code: Some(code), message: "played".into() }),
            Answer::Panic => {
                // What is meant to panic does not print where.
                std::panic::resume_unwind(Box::new("as the test says"))
            }
        }
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        let dropped: Vec<_> = {
            let mut seen = self.seen();
            seen.cancelled.push((instance, token));
            seen.pending.extract_if(.., |completer| completer.is_of(instance, token)).collect()
        };
        drop(dropped);
        let act = Arc::clone(&self.cancelled.lock().unwrap_or_else(PoisonError::into_inner));
        act(instance, token);
    }

    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        if handle.is_none() {
            self.seen().released.push(instance);
        }
    }
}
