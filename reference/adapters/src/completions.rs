//! Answers that come later: to which calls one is awaited, and those that came and were not asked for yet.
//!
//! What nobody waits for is not kept, whoever answers and however often: an instance could else fill the host's memory with calls that it gives up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fayger_contracts::Clock;
use fayger_contracts::bus::{Token, Waker};

use crate::adapter::HostFailure;
use crate::error::HostErrorKind;

/// How a call under way ended without a reply.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    Failure(HostFailure),
    Kind(HostErrorKind),
}

/// An answer, and when it came.
pub(crate) struct Completion {
    token: Token,
    pub(crate) at: Duration,
    pub(crate) result: Result<Vec<u8>, Ending>,
}

/// The answers of one session.
pub(crate) struct Completions {
    /// The call that an adapter is asked just now: it may be answered before the adapter has said that it will be. 0 where there is none. An atomic
    /// of its own, since a call that is answered at once is to cost no lock.
    asked: AtomicU64,
    calls: Mutex<Calls>,
    clock: Arc<dyn Clock>,
    waker: Waker,
}

#[derive(Default)]
struct Calls {
    /// Those that an adapter has promised an answer to.
    awaited: Vec<Token>,
    /// At most one for each of them, and for the one that is asked.
    came: Vec<Completion>,
}

impl Completions {
    pub(crate) fn new(clock: Arc<dyn Clock>, waker: Waker) -> Self {
        Self { asked: AtomicU64::new(0), calls: Mutex::default(), clock, waker }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An adapter is about to be asked.
    pub(crate) fn ask(&self, Token(token): Token) {
        self.asked.store(token, Ordering::Release);
    }

    /// The adapter has answered at once, or failed: what comes now to the call that was asked is nobody's.
    pub(crate) fn answered(&self) {
        self.asked.store(0, Ordering::Release);
    }

    /// The adapter has said that it will answer.
    pub(crate) fn expect(&self, token: Token) {
        let mut calls = self.calls();
        calls.awaited.push(token);
        // Under the lock: whoever answers finds the call in one place or the other.
        self.answered();
    }

    /// Nobody waits for this call any more.
    pub(crate) fn forget(&self, token: Token) {
        let mut calls = self.calls();
        calls.awaited.retain(|other| *other != token);
        calls.came.retain(|answer| answer.token != token);
    }

    /// Nobody waits for anything any more.
    pub(crate) fn forget_all(&self) {
        self.answered();
        *self.calls() = Calls::default();
    }

    /// Takes the answer to a call, where it has come; then nobody waits for it.
    pub(crate) fn take(&self, token: Token) -> Option<Completion> {
        let mut calls = self.calls();
        let at = calls.came.iter().position(|answer| answer.token == token)?;
        calls.awaited.retain(|other| *other != token);
        Some(calls.came.swap_remove(at))
    }

    /// Keeps the first answer to a call that one is awaited for, and says that it is there; but for the call that is asked, of which the bus looks
    /// itself once the adapter is done.
    pub(crate) fn add(&self, token: Token, result: Result<Vec<u8>, Ending>) {
        let answer = Completion { token, at: self.clock.elapsed(), result };
        if self.keep(answer) {
            (self.waker)(token);
        }
    }

    /// Whether someone is to be told.
    fn keep(&self, answer: Completion) -> bool {
        let mut calls = self.calls();
        let Calls { awaited, came } = &mut *calls;
        let asked = Token(self.asked.load(Ordering::Acquire));
        let is_wanted = |token| token == asked || awaited.contains(&token);
        // One can have come beside a reply.
        came.retain(|other| is_wanted(other.token));
        let is_kept = is_wanted(answer.token) && came.iter().all(|other| other.token != answer.token);
        let is_told = is_kept && answer.token != asked;
        if is_kept {
            came.push(answer);
        }
        is_told
    }
}

#[cfg(test)]
mod tests {
    use fayger_contracts::ManualClock;

    use super::*;

    fn completions() -> Completions {
        Completions::new(Arc::new(ManualClock::default()), Box::new(|_| ()))
    }

    fn kept(completions: &Completions) -> usize {
        completions.calls().came.len()
    }

    #[test]
    fn an_answer_is_kept_for_whom_it_is_awaited_and_no_other() {
        let completions = completions();
        completions.expect(Token(1));
        completions.expect(Token(2));
        completions.forget(Token(2));
        for token in [2, 3, 1, 1] {
            completions.add(Token(token), Ok(vec![0; 8]));
        }
        assert_eq!(kept(&completions), 1);
        assert!(completions.take(Token(1)).is_some());
        completions.add(Token(1), Ok(vec![]));
        assert_eq!(kept(&completions), 0);
    }

    #[test]
    fn an_answer_may_come_before_the_adapter_has_said_that_it_will() {
        let completions = completions();
        completions.ask(Token(1));
        completions.add(Token(1), Ok(vec![]));
        completions.expect(Token(1));
        assert!(completions.take(Token(1)).is_some());
    }

    #[test]
    fn an_answer_beside_a_reply_goes_with_the_next() {
        let completions = completions();
        for token in 1..100 {
            completions.ask(Token(token));
            completions.add(Token(token), Ok(vec![]));
            completions.answered();
            completions.add(Token(token), Ok(vec![]));
        }
        assert_eq!(kept(&completions), 0);
    }

    #[test]
    fn with_the_session_every_answer_goes() {
        let completions = completions();
        completions.expect(Token(1));
        completions.add(Token(1), Ok(vec![]));
        completions.forget_all();
        completions.add(Token(1), Ok(vec![]));
        assert_eq!(kept(&completions), 0);
    }
}
