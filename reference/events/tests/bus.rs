//! What listeners are told, and what becomes of what they do not take.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fayger_contracts::{Clock, Digest, Event, InstanceId, LifecycleState, ManualClock, Observer as _, Timestamp};
use fayger_events::{EventBus, Record, TraceContext};

fn id(number: u8) -> InstanceId {
    InstanceId::new(Timestamp(Duration::from_secs(1)), [number; 10])
}

fn loaded(number: u8) -> Event {
    Event::InstanceLoaded { instance: id(number), id: "org.example.a".into() }
}

#[test]
fn a_record_has_sequence_time_trace_and_instance() {
    let clock = Arc::new(ManualClock::default());
    let bus = EventBus::new(Arc::clone(&clock) as _);
    let subscription = bus.subscribe(10);
    let nobodys = Event::ArtifactSignatureAbsent { id: "org.example.a".into() };
    bus.observe(nobodys.clone());
    clock.advance(Duration::from_millis(7));
    bus.observe(loaded(1));
    let at = |millis| Timestamp(Duration::from_millis(millis));
    let first = subscription.next_now().unwrap();
    assert_eq!(first, Record { sequence: 1, at: at(0), trace: None, event: nobodys });
    let second = subscription.next_now().unwrap();
    assert_eq!((second.sequence, second.at, second.instance()), (2, at(7), Some(id(1))));
    assert_eq!(second.trace, Some(TraceContext::of(id(1))));
    assert_eq!((subscription.next_now(), subscription.dropped()), (None, 0));
}

/// A clock that moves with each look.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        let now = Duration::from_nanos(self.0.fetch_add(1, Ordering::Relaxed));
        std::thread::yield_now();
        now
    }
}

#[test]
fn what_is_told_later_has_no_earlier_time() {
    let bus = EventBus::new(Arc::new(Ticking::default()));
    let subscription = bus.subscribe(4000);
    std::thread::scope(|scope| {
        for number in 1..=4 {
            let bus = &bus;
            scope.spawn(move || (0..1000).for_each(|_| bus.observe(loaded(number))));
        }
    });
    let times: Vec<_> = std::iter::from_fn(|| subscription.next_now()).map(|record| record.at).collect();
    assert_eq!((times.len(), times.is_sorted()), (4000, true));
}

#[test]
fn what_does_not_fit_is_counted_and_leaves_a_gap_and_nobody_waits() {
    let bus = EventBus::new(Arc::new(ManualClock::default()));
    let (small, large) = (bus.subscribe(2), bus.subscribe(100));
    (1..=5).for_each(|number| bus.observe(loaded(number)));
    assert_eq!((small.dropped(), large.dropped()), (3, 0));
    let sequences = |from: &fayger_events::Subscription| {
        std::iter::from_fn(|| from.next_now()).map(|record| record.sequence).collect::<Vec<_>>()
    };
    assert_eq!(sequences(&small), [1, 2]);
    bus.observe(loaded(6));
    assert_eq!(sequences(&small), [6]);
    assert_eq!(sequences(&large), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_listener_that_is_gone_is_forgotten_and_one_that_waits_ends_with_the_bus() {
    let bus = EventBus::new(Arc::new(ManualClock::default()));
    drop(bus.subscribe(1));
    let listening = bus.subscribe(10);
    bus.observe(loaded(1));
    let thread = std::thread::spawn(move || listening.count());
    drop(bus);
    assert_eq!(thread.join().unwrap(), 1);
}

#[test]
fn an_instance_is_in_the_trace_that_it_was_put_into_until_it_ends() {
    let bus = EventBus::new(Arc::new(ManualClock::default()));
    let subscription = bus.subscribe(10);
    let theirs = TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
    bus.join(id(1), theirs);
    bus.observe(loaded(1));
    bus.observe(loaded(2));
    bus.observe(Event::InstanceTerminated { instance: id(1), status: None });
    bus.observe(loaded(1));
    let traces: Vec<_> = std::iter::from_fn(|| subscription.next_now()).map(|record| record.trace.unwrap()).collect();
    assert_eq!(traces, [theirs, TraceContext::of(id(2)), theirs, TraceContext::of(id(1))]);
}

#[test]
fn events_of_several_threads_have_one_order() {
    let bus = Arc::new(EventBus::new(Arc::new(ManualClock::default())));
    let subscription = bus.subscribe(4000);
    std::thread::scope(|scope| {
        for number in 0..4 {
            let bus = &bus;
            scope.spawn(move || (0..1000).for_each(|_| bus.observe(loaded(number))));
        }
    });
    let sequences = std::iter::from_fn(|| subscription.next_now()).map(|record| record.sequence);
    assert!(sequences.eq(1..=4000));
}

#[test]
fn the_fields_of_an_event_are_named() {
    let changed =
        Event::InstanceStateChanged { instance: id(1), from: LifecycleState::Loaded, to: LifecycleState::Failed };
    assert_eq!(changed.fields(), [("from", "Loaded".into()), ("to", "Failed".into())]);
    let key_id = Digest([0xab; 32]);
    let verified = Event::ArtifactSignatureVerified { id: "a.b".into(), algorithm: "ed25519", key_id };
    assert_eq!(verified.fields()[2], ("key_id", "ab".repeat(32).into()));
    assert_eq!(Event::InstanceTerminated { instance: id(1), status: Some(-3) }.fields(), [("status", "-3".into())]);
    assert_eq!(Event::InstanceTerminated { instance: id(1), status: None }.fields(), []);
}
