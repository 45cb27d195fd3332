//! What a subscriber of the `tracing` crate sees.
#![cfg(feature = "tracing")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fayger_contracts::{Event, InstanceId, LifecycleState, ManualClock, Observer as _, Timestamp};
use fayger_events::{EventBus, forward};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Metadata, Subscriber};

type Fields = BTreeMap<&'static str, String>;

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(Level, Fields)>>>);

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "fayger"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        self.0.lock().unwrap().push((*event.metadata().level(), fields));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn records_arrive_with_their_level_and_fields() {
    let instance = InstanceId::new(Timestamp(Duration::ZERO), [1; 10]);
    let bus = EventBus::new(Arc::new(ManualClock::default()));
    let subscription = bus.subscribe(10);
    let (from, to) = (LifecycleState::Running, LifecycleState::Failed);
    bus.observe(Event::InstanceStateChanged { instance, from, to });
    bus.observe(Event::InstanceFailed { instance, cause: "RT_TRAP" });
    bus.observe(Event::ArtifactSignatureAbsent { id: "a.b".into() });
    drop(bus);
    let seen = Seen::default();
    tracing::subscriber::with_default(seen.clone(), || forward(subscription));
    let seen = seen.0.lock().unwrap();
    let levels: Vec<Level> = seen.iter().map(|(level, _)| *level).collect();
    assert_eq!(levels, [Level::DEBUG, Level::ERROR, Level::INFO]);
    let (_, failed) = &seen[1];
    assert_eq!(failed["message"], "instance.failed");
    assert_eq!(failed["sequence"], "2");
    assert_eq!(failed["instance"], instance.to_string());
    assert!(failed["trace"].starts_with("00-00000000000071018101010101010101"), "{}", failed["trace"]);
    assert_eq!(failed["context"], "\"cause `RT_TRAP`\"");
    let (_, absent) = &seen[2];
    assert_eq!((absent.get("instance"), absent.get("trace")), (None, None));
}
