//! What an emit costs from guest to adapter and back, beyond an empty call of the same engine. Each time is that of one.
//!
//! ```text
//! cargo bench -p fayger-runtime-tests
//! ```
#![expect(clippy::expect_used, reason = "a bench that cannot be set up fails")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Descriptor, HostFailure, HostKind, PlatformAdapter, Progress,
    SupportedInstruction,
};
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::random;
use fayger_contracts::{
    CapabilitySet, InstanceId, ManualClock, Quotas, RuntimeInterface as _, Submission, SystemClock,
};
use fayger_runtime::{Environment, ExecutionStrategy, IdSource, Runtime, Stopped};
use fayger_runtime_tests::{Fay, engines};

/// Emits, or calls, in one handler.
const LOOPS: u64 = 10_000;
/// An experimental event of a category that the instance can use.
const EVENT: &[u8] = &[4, 0, 0x90];

/// Answers `random.bytes` at once.
struct Prompt(Descriptor);

impl PlatformAdapter for Prompt {
    fn descriptor(&self) -> &Descriptor {
        &self.0
    }

    fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
        Ok(())
    }

    fn call(&self, _call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        reply.extend_from_slice(&[0, 0, 3, 1, 7]);
        Ok(Progress::Ready)
    }
}

/// Ids that are all zeros: each runtime here has one instance.
struct Zeros;

impl IdSource for Zeros {
    fn random(&self) -> [u8; 10] {
        [0; 10]
    }
}

/// A handler that does this so many times.
fn fay(does: &str) -> Fay {
    Fay::new(&format!(
        r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01")
           (func $empty (param i32 i32) (result i32) (i32.const 5))
           (func (export "start") (result i32) (i32.const 0))
           (func (export "on_event") (param i32) (result i32) (local $n i32)
             (local.set $n (i32.const {LOOPS}))
             (loop
               (drop ({does} (i32.const 0) (i32.const 8)))
               (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
             (i32.const 0))"#
    ))
    .with_on_event()
}

/// An instance that waits for events.
struct Ready {
    runtime: Runtime,
    id: InstanceId,
}

impl Ready {
    fn new(engine: &Arc<dyn ExecutionStrategy>, fay: &Fay) -> Self {
        let instructions = vec![SupportedInstruction::registered(&random::BYTES)];
        let mut registry = AdapterRegistry::default();
        let adapter = Prompt(Descriptor::new("prompt", HostKind::Server, instructions));
        registry.register(Arc::new(adapter)).expect("a healthy adapter");
        // The machine's clock is asked twice a call: that belongs to it.
        let options = BusOptions {
            clock: Arc::new(SystemClock::default()),
            observer: Arc::new(()),
            time_out: Duration::from_secs(5),
        };
        let runtime = Runtime::new(Environment {
            strategy: Arc::clone(engine),
            bus: Arc::new(Bus::new(registry, options)),
            clock: Arc::new(ManualClock::default()),
            ids: Arc::new(Zeros),
            observer: Arc::new(()),
            slice: 1_000_000,
        });
        let submission = Submission { object: fay.object(), granted: CapabilitySet::ALL, quotas: Quotas::default() };
        let id = runtime.load(submission).expect("loaded");
        runtime.init(id).expect("initialized");
        runtime.start(id).expect("started");
        assert_eq!(runtime.run(id, None), Ok(Stopped::Idle));
        Self { runtime, id }
    }

    /// How long so many take, measured in whole handlers.
    fn time(&self, times: u64) -> Duration {
        let handlers = times.div_ceil(LOOPS);
        let began = Instant::now();
        for _ in 0..handlers {
            self.runtime.on_event(self.id, EVENT).expect("queued");
            assert_eq!(self.runtime.run(self.id, None), Ok(Stopped::Idle));
        }
        began.elapsed().mul_f64(times as f64 / (handlers * LOOPS) as f64)
    }
}

fn emit(criterion: &mut Criterion) {
    for engine in engines() {
        let (emits, calls) = (Ready::new(&engine, &fay("call $emit")), Ready::new(&engine, &fay("call $empty")));
        let mut group = criterion.benchmark_group(engine.name());
        group.bench_function("an empty call", |bencher| bencher.iter_custom(|times| calls.time(times)));
        group.bench_function("an emit", |bencher| bencher.iter_custom(|times| emits.time(times)));
        group.bench_function("an emit beyond an empty call", |bencher| {
            bencher.iter_custom(|times| emits.time(times).saturating_sub(calls.time(times)));
        });
        group.finish();
    }
}

criterion_group!(benches, emit);
criterion_main!(benches);
