//! Instances that may have something to do, each once, in the order in which that became so; and those that wait for the bus to give up.
//!
//! Without a driver nobody would take anything out, so nothing is put in.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fayger_contracts::{Clock, InstanceId};

/// The bus gives up after its time, not at it.
const NANOSECOND: Duration = Duration::from_nanos(1);

/// A queue without doubles, and a list of times.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Default)]
struct Waiting {
    drivers: usize,
    order: VecDeque<InstanceId>,
    members: HashSet<InstanceId>,
    /// From when on the bus gives up the host call that an instance waits for, by the runtime's clock.
    parked: HashMap<InstanceId, Duration>,
    by_time: BTreeSet<(Duration, InstanceId)>,
}

impl ReadyQueue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A driver is there from now on.
    pub(crate) fn open(&self) {
        let mut waiting = self.lock();
        waiting.drivers = waiting.drivers.saturating_add(1);
    }

    /// A driver is there no more; with the last one everything is forgotten.
    pub(crate) fn close(&self) {
        let mut waiting = self.lock();
        waiting.drivers = waiting.drivers.saturating_sub(1);
        if waiting.drivers == 0 {
            *waiting = Waiting::default();
        }
    }

    /// Puts an instance at the end, where it is not in already.
    pub(crate) fn push(&self, id: InstanceId) {
        let mut waiting = self.lock();
        if waiting.drivers > 0 && waiting.push(id) {
            drop(waiting);
            self.came.notify_one();
        }
    }

    /// Lets an instance wait until `deadline`, or until it is pushed.
    pub(crate) fn park(&self, id: InstanceId, deadline: Duration) {
        let mut waiting = self.lock();
        // What was pushed meanwhile comes first.
        if waiting.members.contains(&id) {
            return;
        }
        waiting.unpark(id);
        let due = deadline.saturating_add(NANOSECOND);
        waiting.parked.insert(id, due);
        waiting.by_time.insert((due, id));
        if waiting.by_time.first() == Some(&(due, id)) {
            drop(waiting);
            // Whoever sleeps longer has to look again.
            self.came.notify_one();
        }
    }

    /// An instance has ended: nobody has to come for it. Where it is in line, it is passed over.
    pub(crate) fn forget(&self, id: InstanceId) {
        self.lock().unpark(id);
    }

    /// The first, at once or never.
    pub(crate) fn pop(&self, clock: &dyn Clock) -> Option<InstanceId> {
        let mut waiting = self.lock();
        waiting.wake(clock.elapsed());
        waiting.pop()
    }

    /// The first, as soon as there is one; none once it is [over](Self::end).
    pub(crate) fn pop_waiting(&self, clock: &dyn Clock, over: &AtomicBool) -> Option<InstanceId> {
        let mut waiting = self.lock();
        loop {
            if over.load(Ordering::Relaxed) {
                return None;
            }
            let now = clock.elapsed();
            let woken = waiting.wake(now);
            if let Some(id) = waiting.pop() {
                if woken > 1 {
                    // Whoever else sleeps was told of none of these.
                    self.came.notify_all();
                }
                return Some(id);
            }
            waiting = match waiting.by_time.first() {
                None => self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some((due, _)) => {
                    let most = due.saturating_sub(now);
                    self.came.wait_timeout(waiting, most).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// How many are in it.
    pub(crate) fn len(&self, clock: &dyn Clock) -> usize {
        let mut waiting = self.lock();
        waiting.wake(clock.elapsed());
        waiting.order.len()
    }

    /// How long until the first that waits is due.
    pub(crate) fn next_due(&self, clock: &dyn Clock) -> Option<Duration> {
        let (due, _) = self.lock().by_time.first().copied()?;
        Some(due.saturating_sub(clock.elapsed()))
    }

    /// Ends the waits of those with this flag, also those to come.
    pub(crate) fn end(&self, over: &AtomicBool) {
        let waiting = self.lock();
        over.store(true, Ordering::Relaxed);
        drop(waiting);
        self.came.notify_all();
    }
}

impl Waiting {
    fn push(&mut self, id: InstanceId) -> bool {
        self.unpark(id);
        let is_new = self.members.insert(id);
        if is_new {
            self.order.push_back(id);
        }
        is_new
    }

    fn pop(&mut self) -> Option<InstanceId> {
        let id = self.order.pop_front()?;
        self.members.remove(&id);
        Some(id)
    }

    fn unpark(&mut self, id: InstanceId) {
        if let Some(due) = self.parked.remove(&id) {
            self.by_time.remove(&(due, id));
        }
    }

    /// Moves over what is due: how many.
    fn wake(&mut self, now: Duration) -> usize {
        let mut woken: usize = 0;
        while let Some((_, id)) = self.by_time.first().copied().filter(|(due, _)| *due <= now) {
            self.push(id);
            woken = woken.saturating_add(1);
        }
        woken
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use fayger_contracts::{ManualClock, SystemClock, Timestamp};

    use super::*;

    fn id(number: u8) -> InstanceId {
        InstanceId::new(Timestamp::default(), [number; 10])
    }

    #[test]
    fn each_is_in_line_once_and_in_order() {
        let (queue, clock) = (ReadyQueue::default(), ManualClock::default());
        queue.push(id(9));
        queue.open();
        [1, 2, 1].into_iter().for_each(|number| queue.push(id(number)));
        let popped: Vec<_> = std::iter::from_fn(|| queue.pop(&clock)).collect();
        assert_eq!(popped, [id(1), id(2)]);
    }

    #[test]
    fn what_waits_comes_when_it_is_pushed_or_when_its_time_is_past() {
        let (queue, clock) = (ReadyQueue::default(), ManualClock::default());
        let second = Duration::from_secs(1);
        queue.open();
        queue.park(id(1), second);
        queue.park(id(2), second * 2);
        queue.push(id(2));
        assert_eq!((queue.pop(&clock), queue.pop(&clock)), (Some(id(2)), None));
        // The bus gives up after its time, not at it.
        assert_eq!(queue.next_due(&clock), Some(second + NANOSECOND));
        clock.advance(second);
        assert_eq!(queue.pop(&clock), None);
        assert_eq!(queue.next_due(&clock), Some(NANOSECOND));
        clock.advance(NANOSECOND);
        assert_eq!((queue.pop(&clock), queue.next_due(&clock)), (Some(id(1)), None));
    }

    #[test]
    fn nobody_comes_again_for_what_is_forgotten() {
        let (queue, clock) = (ReadyQueue::default(), ManualClock::default());
        queue.open();
        queue.park(id(1), Duration::ZERO);
        queue.forget(id(1));
        assert_eq!(queue.next_due(&clock), None);
    }

    #[test]
    fn of_several_that_are_due_at_once_each_wakes_someone() {
        let (queue, clock) = (Arc::new(ReadyQueue::default()), Arc::new(SystemClock::default()));
        queue.open();
        let over = Arc::new(AtomicBool::new(false));
        let due = clock.elapsed() + Duration::from_millis(50);
        [1, 2].into_iter().for_each(|number| queue.park(id(number), due));
        // Neither of the two looks again by itself after the first that it gets.
        let sleepers = [(); 2].map(|()| {
            let (queue, clock, over) = (Arc::clone(&queue), Arc::clone(&clock), Arc::clone(&over));
            thread::spawn(move || queue.pop_waiting(clock.as_ref(), &over))
        });
        let mut woken = sleepers.map(|sleeper| sleeper.join().expect("no panic"));
        woken.sort();
        assert_eq!(woken, [Some(id(1)), Some(id(2))]);
    }

    #[test]
    fn with_the_last_driver_everything_is_forgotten() {
        let (queue, clock) = (ReadyQueue::default(), ManualClock::default());
        queue.open();
        queue.push(id(1));
        queue.park(id(2), Duration::ZERO);
        queue.close();
        queue.open();
        clock.advance(Duration::from_secs(1));
        assert_eq!(queue.pop(&clock), None);
    }
}
