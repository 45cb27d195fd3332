//! Sleeps and timers, on one thread.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fayger_adapters::{Call, Completer, InstanceKey, Progress};
use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Encoder;
use fayger_contracts::opcode::HostEvent as _;
use fayger_contracts::opcode::time::{
    Sleep, TimerCancel, TimerEvent, TimerOnce, TimerOnceReply, TimerPeriodic, TimerPeriodicReply,
};
use fayger_contracts::{Clock, Status};

use crate::answer::{Answer, Refusal, done, operands, values};
use crate::console::{Console, EventSink};

/// What is to happen, and the thread that sees to it until this is dropped.
pub(crate) struct Timers {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    plan: Mutex<Plan>,
    changed: Condvar,
    clock: Arc<dyn Clock>,
    events: EventSink,
}

#[derive(Default)]
struct Plan {
    /// As many as instances wait or have timers: few.
    entries: Vec<Entry>,
    is_over: bool,
}

struct Entry {
    /// By the clock's [`elapsed`](Clock::elapsed); none where it is beyond all times.
    due: Option<Duration>,
    instance: InstanceKey,
    what: What,
}

enum What {
    Sleep(Token, Completer),
    Timer { handle: u32, period: Option<Duration>, count: u64 },
}

/// Something that is due.
enum Due {
    Wake(Completer),
    Ring(InstanceKey, TimerEvent),
}

impl Timers {
    pub(crate) fn start(clock: Arc<dyn Clock>, events: EventSink) -> io::Result<Self> {
        let shared = Arc::new(Shared { plan: Mutex::default(), changed: Condvar::new(), clock, events });
        let of_thread = Arc::clone(&shared);
        let thread = thread::Builder::new().name("fayger-timers".to_owned()).spawn(move || of_thread.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    fn add(&self, instance: InstanceKey, delay_ns: u64, what: What) {
        let due = self.shared.clock.elapsed().checked_add(Duration::from_nanos(delay_ns));
        self.shared.plan().entries.push(Entry { due, instance, what });
        self.shared.changed.notify_one();
    }

    /// Forgets the sleep of a call that was given up.
    pub(crate) fn cancel_sleep(&self, instance: InstanceKey, token: Token) {
        self.shared
            .forget(|entry| entry.instance == instance && matches!(entry.what, What::Sleep(of, _) if of == token));
    }

    /// Forgets a timer, or all that an instance waits for.
    pub(crate) fn release(&self, instance: InstanceKey, timer: Option<u32>) {
        self.shared.forget(|entry| {
            let is_it = |timer| matches!(entry.what, What::Timer { handle, .. } if handle == timer);
            entry.instance == instance && timer.is_none_or(is_it)
        });
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        self.shared.plan().is_over = true;
        self.shared.changed.notify_one();
        // An event can lead to this on the thread itself, which then ends by itself.
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            // A panic of the thread has been told already.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops entries outside of the lock: a completer that is dropped answers.
    fn forget(&self, is_forgotten: impl Fn(&Entry) -> bool) {
        let forgotten: Vec<Entry> = self.plan().entries.extract_if(.., |entry| is_forgotten(entry)).collect();
        drop(forgotten);
    }

    fn run(&self) {
        let mut plan = self.plan();
        while !plan.is_over {
            let now = self.clock.elapsed();
            let due = plan.take_due(now);
            if !due.is_empty() {
                drop(plan);
                due.into_iter().for_each(|due| self.fire(due));
                plan = self.plan();
                continue;
            }
            let first = plan.entries.iter().filter_map(|entry| entry.due).min();
            plan = match first {
                Some(first) => {
                    let waited = self.changed.wait_timeout(plan, first.saturating_sub(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(plan).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn fire(&self, due: Due) {
        match due {
            Due::Wake(completer) => {
                let mut reply = Vec::new();
                let written = Encoder::reply(&mut reply, Status::Ok).finish();
                completer.complete(written.map(|()| reply).map_err(Into::into));
            }
            Due::Ring(instance, event) => {
                let mut bytes = Vec::new();
                if event.encode(&mut bytes).is_ok() {
                    (self.events)(instance, &bytes);
                }
            }
        }
    }
}

impl Plan {
    /// Takes what is due, and sets the periodic timers among it anew. One that is behind by several periods rings once, with all of them counted.
    fn take_due(&mut self, now: Duration) -> Vec<Due> {
        let mut taken = Vec::new();
        let mut left = Vec::new();
        for mut entry in self.entries.drain(..) {
            let Some(due) = entry.due.filter(|&due| due <= now) else {
                left.push(entry);
                continue;
            };
            match entry.what {
                What::Sleep(_, completer) => taken.push(Due::Wake(completer)),
                What::Timer { handle, period: None, count } => {
                    taken.push(Due::Ring(entry.instance, TimerEvent { timer: handle, count: count.saturating_add(1) }));
                }
                What::Timer { handle, period: Some(period), count } => {
                    // A period is a millisecond or more.
                    let behind = now.saturating_sub(due).as_nanos().checked_div(period.as_nanos()).unwrap_or(0);
                    let rings = u64::try_from(behind).unwrap_or(u64::MAX).saturating_add(1);
                    let count = count.saturating_add(rings);
                    taken.push(Due::Ring(entry.instance, TimerEvent { timer: handle, count }));
                    let ahead = u64::try_from(period.as_nanos()).unwrap_or(u64::MAX).saturating_mul(rings);
                    entry.due = due.checked_add(Duration::from_nanos(ahead));
                    entry.what = What::Timer { handle, period: Some(period), count };
                    left.push(entry);
                }
            }
        }
        self.entries = left;
        taken
    }
}

//= ADP-TIME-001
pub(crate) fn sleep(console: &Console, call: &Call<'_>, _reply: &mut Vec<u8>) -> Answer {
    let Sleep { duration_ns } = operands(call)?;
    console.timers.add(call.instance(), duration_ns, What::Sleep(call.token(), call.completer()));
    Ok(Progress::Pending)
}

pub(crate) fn once(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let TimerOnce { delay_ns } = operands(call)?;
    let timer = set(console, call, delay_ns, None)?;
    values(&TimerOnceReply { timer }, reply)
}

pub(crate) fn periodic(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let TimerPeriodic { delay_ns, period_ns } = operands(call)?;
    let timer = set(console, call, delay_ns, Some(Duration::from_nanos(period_ns)))?;
    values(&TimerPeriodicReply { timer }, reply)
}

fn set(console: &Console, call: &Call<'_>, delay_ns: u64, period: Option<Duration>) -> Result<u32, Refusal> {
    let handle = call.offered_handle().ok_or(Status::Limit)?;
    console.timers.add(call.instance(), delay_ns, What::Timer { handle, period, count: 0 });
    Ok(handle)
}

pub(crate) fn cancel(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let TimerCancel { timer } = operands(call)?;
    console.timers.release(call.instance(), Some(timer));
    done(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(due: u64, period: Option<u64>) -> Plan {
        let what = What::Timer { handle: 1, period: period.map(Duration::from_secs), count: 0 };
        let due = Some(Duration::from_secs(due));
        Plan { entries: vec![Entry { due, instance: InstanceKey(1), what }], is_over: false }
    }

    fn counts(due: Vec<Due>) -> Vec<u64> {
        due.into_iter().filter_map(|due| if let Due::Ring(_, event) = due { Some(event.count) } else { None }).collect()
    }

    #[test]
    fn a_timer_rings_when_it_is_due_and_a_one_shot_one_never_again() {
        let mut plan = plan(5, None);
        assert_eq!(counts(plan.take_due(Duration::from_millis(4_999))), []);
        assert_eq!(counts(plan.take_due(Duration::from_secs(5))), [1]);
        assert!(plan.entries.is_empty());
    }

    #[test]
    fn a_periodic_timer_that_is_behind_rings_once_and_counts_what_it_missed() {
        let mut plan = plan(5, Some(10));
        assert_eq!(counts(plan.take_due(Duration::from_secs(5))), [1]);
        // 15, 25 and 35 have passed.
        assert_eq!(counts(plan.take_due(Duration::from_secs(44))), [4]);
        assert_eq!(counts(plan.take_due(Duration::from_secs(44))), []);
        assert_eq!(counts(plan.take_due(Duration::from_secs(45))), [5]);
    }
}
