//! An adapter that answers from a list: for tests, and for a host that is played from outside.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Category;

use crate::adapter::{Call, Completer, HostFailure, InstanceKey, PlatformAdapter, Progress};
use crate::descriptor::Descriptor;

/// One answer of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptedAnswer {
    /// These bytes as the reply, right or wrong.
    Reply(Vec<u8>),
    /// A failure.
    Failure(HostFailure),
    /// A panic.
    Panic,
    /// An answer that comes by [`ScriptedAdapter::complete`], or never.
    Pending,
}

/// Answers the first call by the first of its answers, the next by the next; where none is left, by an error of the machine.
pub struct ScriptedAdapter {
    descriptor: Descriptor,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    answers: VecDeque<ScriptedAnswer>,
    pending: Vec<Completer>,
    released: Vec<(InstanceKey, Option<u32>)>,
    cancelled: Vec<(InstanceKey, Token)>,
}

impl ScriptedAdapter {
    /// An adapter that says this of itself, and answers so.
    pub fn new(descriptor: Descriptor, answers: impl IntoIterator<Item = ScriptedAnswer>) -> Self {
        let state = State { answers: answers.into_iter().collect(), ..State::default() };
        Self { descriptor, state: Mutex::new(state) }
    }

    /// One answer more, after the others.
    pub fn push(&self, answer: ScriptedAnswer) {
        self.state().answers.push_back(answer);
    }

    /// Forgets the answers that no call has had yet; how many there were.
    pub fn clear(&self) -> usize {
        std::mem::take(&mut self.state().answers).len()
    }

    /// Answers an instance's call that is under way; whether there is one of this token.
    pub fn complete(&self, instance: InstanceKey, token: Token, result: Result<Vec<u8>, HostFailure>) -> bool {
        let completer = {
            let mut state = self.state();
            let at = state.pending.iter().position(|completer| completer.is_of(instance, token));
            at.map(|at| state.pending.swap_remove(at))
        };
        completer.map(|completer| completer.complete(result)).is_some()
    }

    /// What it was told to let go of, in order.
    pub fn released(&self) -> Vec<(InstanceKey, Option<u32>)> {
        self.state().released.clone()
    }

    /// What it was told that nobody waits for, in order.
    pub fn cancelled(&self) -> Vec<(InstanceKey, Token)> {
        self.state().cancelled.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PlatformAdapter for ScriptedAdapter {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
        Ok(())
    }

    #[expect(clippy::panic, reason = "a script can ask for a panic, which the bus has to survive")]
    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        // The lock is let go of before a panic.
        let answer = self.state().answers.pop_front();
        match answer {
            Some(ScriptedAnswer::Reply(bytes)) => {
                reply.extend_from_slice(&bytes);
                Ok(Progress::Ready)
            }
            Some(ScriptedAnswer::Failure(failure)) => Err(failure),
            Some(ScriptedAnswer::Panic) => panic!("as the script says"),
            Some(ScriptedAnswer::Pending) => {
                let completer = call.completer();
                self.state().pending.push(completer);
                Ok(Progress::Pending)
            }
            None => Err(HostFailure::Native { code: None, message: "the script has ended".into() }),
        }
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        let dropped: Vec<_> = {
            let mut state = self.state();
            state.cancelled.push((instance, token));
            state.pending.extract_if(.., |completer| completer.is_of(instance, token)).collect()
        };
        // A completer wakes someone when it is dropped: not under the lock.
        drop(dropped);
    }

    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        self.state().released.push((instance, handle));
    }
}
