//! Instances that may have something to do, each once, in the order in which that became so.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fayger_contracts::InstanceId;

/// A queue without doubles.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Default)]
struct Waiting {
    order: VecDeque<InstanceId>,
    members: HashSet<InstanceId>,
}

impl ReadyQueue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an instance at the end, where it is not in already.
    pub(crate) fn push(&self, id: InstanceId) {
        let mut waiting = self.lock();
        if waiting.members.insert(id) {
            waiting.order.push_back(id);
            drop(waiting);
            self.came.notify_one();
        }
    }

    /// The first, at once or never.
    pub(crate) fn pop(&self) -> Option<InstanceId> {
        self.lock().pop()
    }

    /// The first, after waiting for `most` where there is none; without end where that is none.
    pub(crate) fn pop_within(&self, most: Option<Duration>) -> Option<InstanceId> {
        let waiting = self.lock();
        let is_empty = |waiting: &mut Waiting| waiting.order.is_empty();
        let mut waiting = match most {
            None => self.came.wait_while(waiting, is_empty).unwrap_or_else(PoisonError::into_inner),
            Some(most) => {
                self.came.wait_timeout_while(waiting, most, is_empty).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        waiting.pop()
    }

    /// How many are in it.
    pub(crate) fn len(&self) -> usize {
        self.lock().order.len()
    }

    /// Wakes everyone who waits.
    pub(crate) fn wake_all(&self) {
        self.came.notify_all();
    }
}

impl Waiting {
    fn pop(&mut self) -> Option<InstanceId> {
        let id = self.order.pop_front()?;
        self.members.remove(&id);
        Some(id)
    }
}
