//! A runtime on one engine over the played host, by a clock that is turned.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fayger_adapters::{Bus, BusOptions};
use fayger_contracts::{
    BufObject, CapabilitySet, Clock, ErrorCode, Event, FaygerError, InstanceId, ManualClock, Observer, Quotas,
    RuntimeInterface as _, Submission,
};
use fayger_events::EventBus;
use fayger_runtime::{Environment, ExecutionStrategy, IdSource, Runtime, Stopped};

use crate::{Answer, Fay, Host};

/// How long a host call may take.
const TIME_OUT: Duration = Duration::from_secs(5);

/// What may differ.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a host call may take.
    pub time_out: Duration,
    /// Fuel of one turn.
    pub slice: u64,
    /// Whether the host is called on threads of its own.
    pub is_threaded: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { time_out: TIME_OUT, slice: 1000, is_threaded: false }
    }
}

/// A runtime, and what goes with it.
pub struct Stage {
    /// The runtime.
    pub runtime: Arc<Runtime>,
    /// Its host.
    pub host: Arc<Host>,
    /// Its clock and the bus's.
    pub clock: Arc<ManualClock>,
    /// What it told.
    pub told: Arc<Told>,
    /// What it tells whom.
    pub events: Arc<EventBus>,
}

/// Events, in their order.
#[derive(Default)]
pub struct Told(Mutex<Vec<Event>>);

impl Told {
    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of them.
    pub fn all(&self) -> Vec<Event> {
        self.events().clone()
    }

    /// The exit status of an instance that is over.
    pub fn status(&self, of: InstanceId) -> Option<Option<i32>> {
        self.events().iter().find_map(|event| match event {
            Event::InstanceTerminated { instance, status } if *instance == of => Some(*status),
            _ => None,
        })
    }
}

impl Observer for Told {
    fn observe(&self, event: Event) {
        self.events().push(event);
    }
}

/// Told of everything, and passing it on.
struct Both(Arc<Told>, Arc<EventBus>);

impl Observer for Both {
    fn observe(&self, event: Event) {
        self.0.observe(event.clone());
        self.1.observe(event);
    }
}

/// Ids that count up.
#[derive(Default)]
struct Counting(AtomicU64);

impl IdSource for Counting {
    fn random(&self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        [0, 0, a, b, c, d, e, f, g, h]
    }
}

impl Stage {
    /// A runtime on this engine, over a host that answers `ok` with nothing.
    pub fn new(engine: Arc<dyn ExecutionStrategy>) -> Self {
        let turned = Arc::new(ManualClock::default());
        let mut stage = Self::by(engine, Arc::clone(&turned) as _, TIME_OUT);
        stage.clock = turned;
        stage
    }

    /// The same by another clock, which [`Stage::clock`] does not turn, and with this time-out of the bus.
    pub fn by(engine: Arc<dyn ExecutionStrategy>, clock: Arc<dyn Clock>, time_out: Duration) -> Self {
        Self::with(engine, clock, &Settings { time_out, ..Settings::default() })
    }

    /// The same with other settings.
    pub fn with(engine: Arc<dyn ExecutionStrategy>, clock: Arc<dyn Clock>, settings: &Settings) -> Self {
        let &Settings { time_out, slice, is_threaded } = settings;
        let host = Host::new(|_, _, _| crate::ok(&[]));
        let told = Arc::new(Told::default());
        let events = Arc::new(EventBus::new(Arc::clone(&clock)));
        let observer: Arc<dyn Observer> = Arc::new(Both(Arc::clone(&told), Arc::clone(&events)));
        let options = BusOptions { clock: Arc::clone(&clock), observer: Arc::clone(&observer), time_out };
        let runtime = Runtime::new(Environment {
            strategy: engine,
            bus: Arc::new(Bus::new(host.registry(is_threaded), options)),
            clock,
            ids: Arc::new(Counting::default()),
            observer,
            slice,
        });
        Self { runtime: Arc::new(runtime), host, clock: Arc::default(), told, events }
    }

    /// The same with a host that gives these answers in turn, and then `ok` with nothing.
    pub fn answering(engine: Arc<dyn ExecutionStrategy>, answers: impl IntoIterator<Item = Answer>) -> Self {
        let stage = Self::new(engine);
        let mut answers: std::collections::VecDeque<Answer> = answers.into_iter().collect();
        stage.host.play(move |_, _, _| answers.pop_front().unwrap_or_else(|| crate::ok(&[])));
        stage
    }

    /// An instance that is loaded.
    pub fn load(&self, object: Arc<dyn BufObject>, quotas: Quotas) -> InstanceId {
        let submission = Submission { object, granted: CapabilitySet::ALL, quotas };
        self.runtime.load(submission).expect("loaded")
    }

    /// An instance that runs.
    pub fn start(&self, fay: &Fay) -> InstanceId {
        self.start_within(fay, Quotas::default())
    }

    /// An instance that runs within these quotas.
    pub fn start_within(&self, fay: &Fay, quotas: Quotas) -> InstanceId {
        let id = self.load(fay.object(), quotas);
        self.runtime.init(id).expect("initialized");
        self.runtime.start(id).expect("started");
        id
    }

    /// Runs an instance as far as it gets.
    pub fn run(&self, id: InstanceId) -> Stopped {
        self.runtime.run(id, None).expect("known")
    }

    /// Starts a Fay and runs it as far as it gets: the status that it ended with, or the cause of its failure.
    pub fn outcome(&self, fay: &Fay) -> Result<i32, FaygerError> {
        self.outcome_within(fay, Quotas::default())
    }

    /// The same within these quotas.
    pub fn outcome_within(&self, fay: &Fay, quotas: Quotas) -> Result<i32, FaygerError> {
        let id = self.load(fay.object(), quotas);
        self.runtime.init(id).map_err(cause)?;
        self.runtime.start(id).expect("started");
        match self.run(id) {
            Stopped::Ended => Ok(self.told.status(id).flatten().expect("a status")),
            Stopped::Failed => Err(cause(self.failure(id))),
            other => panic!("stopped as {other:?}"),
        }
    }

    /// What a failed instance failed of.
    pub fn failure(&self, id: InstanceId) -> FaygerError {
        self.runtime.failure_info(id).expect("known").expect("failed").error
    }
}

/// What `RT_INSTANCE_FAILED` is over.
fn cause(error: FaygerError) -> FaygerError {
    assert_eq!(error.code, ErrorCode::RtInstanceFailed, "{error}");
    *error.cause.expect("a cause")
}

/// The codes of a chain, from the top down.
pub fn codes(error: &FaygerError) -> Vec<ErrorCode> {
    std::iter::successors(Some(error), |error| error.cause.as_deref()).map(|error| error.code).collect()
}

/// The `kind` of an error's context.
pub fn kind(error: &FaygerError) -> String {
    match error.context.get("kind") {
        Some(fayger_contracts::ContextValue::Text(kind)) => kind.clone(),
        other => panic!("the kind is {other:?}"),
    }
}
