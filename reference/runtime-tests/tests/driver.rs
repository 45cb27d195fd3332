//! The driver, pumped and on threads, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fayger_contracts::{
    Clock, ErrorCode, InstanceId, LifecycleState, Quotas, RuntimeInterface as _, SystemClock, Timestamp,
};
use fayger_runtime::{Driver, ExecutionStrategy};
use fayger_runtime_tests::{Answer, Fay, Gate, Settings, Stage, codes, engines, kind, load_from, ok};

const REPLY: &[u8] = &[3, 1, 0x2a];
const RANDOM: &[u8] = &[4, 1, 0, 0, 2, 1, 1, 1];
/// `time.timer` of handle 1, once.
const TIMER: &[u8] = &[3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1];

/// Asks once and ends with what it was given.
fn asks() -> Fay {
    Fay::new(
        r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01")
           (func (export "start") (result i32)
             (drop (call $emit (i32.const 0) (i32.const 8))) (drop (call $reply_read (i32.const 64) (i32.const 8)))
             (i32.load8_u (i32.const 68)))"#,
    )
}

fn runs_forever() -> Fay {
    Fay::new(r#"(func (export "start") (result i32) (loop (br 0)) (i32.const 0))"#)
}

/// Counts events, and ends at the third.
fn counts() -> Fay {
    Fay::new(
        r#"(global $n (mut i32) (i32.const 0)) (func (export "start") (result i32) (i32.const 0))
           (func (export "on_event") (param i32) (result i32)
             (global.set $n (i32.add (global.get $n) (i32.const 1)))
             (select (i32.const 3) (i32.const 0) (i32.eq (global.get $n) (i32.const 3))))"#,
    )
    .with_on_event()
}

fn real(engine: Arc<dyn ExecutionStrategy>) -> Stage {
    Stage::by(engine, Arc::new(SystemClock::default()), Duration::from_secs(5))
}

/// Waits until an instance is in a state; far longer than it takes.
fn until(stage: &Stage, id: InstanceId, state: LifecycleState) {
    let since = Instant::now();
    while stage.runtime.state(id) != Ok(state) {
        assert!(since.elapsed() < Duration::from_secs(20), "{:?} never came", state);
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_pump_gives_each_a_turn_and_says_when_to_come_again() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let driver = Driver::new(Arc::clone(&stage.runtime));
        assert_eq!(driver.pump(), None);
        let waits = stage.start(&asks());
        // The bus gives up after five seconds, not at them.
        let moment = Duration::from_nanos(1);
        assert_eq!(driver.pump(), Some(Duration::from_secs(5) + moment));
        let (forever, counts) = (stage.start(&runs_forever()), stage.start(&counts()));
        for _ in 0..3 {
            assert_eq!(stage.runtime.on_event(counts, TIMER), Ok(()));
        }
        let mut pumps = 0;
        while stage.runtime.state(counts) != Ok(LifecycleState::Terminated) {
            assert_eq!(driver.pump(), Some(Duration::ZERO));
            pumps += 1;
        }
        // `start` and three events, one a turn.
        assert_eq!((pumps, stage.told.status(counts)), (4, Some(Some(3))));
        assert_eq!(stage.runtime.terminate(forever), Ok(()));
        assert_eq!(driver.pump(), Some(Duration::from_secs(5) + moment));
        stage.clock.advance(Duration::from_secs(2));
        assert_eq!(driver.pump(), Some(Duration::from_secs(3) + moment));
        stage.clock.advance(Duration::from_secs(3));
        assert_eq!(driver.pump(), Some(moment));
        stage.clock.advance(moment);
        // The host lets go of the call, and that wakes nobody.
        assert_eq!(driver.pump(), None);
        let error = stage.failure(waits);
        let chain = [ErrorCode::RtInstanceFailed, ErrorCode::AdpHostCallFailed, ErrorCode::HostNative];
        assert_eq!(codes(&error), chain);
        assert_eq!(kind(&error.cause.unwrap().cause.unwrap()), "timeout");
    }
}

#[test]
fn nobody_comes_again_for_an_instance_that_has_ended() {
    for engine in engines() {
        let stage = Stage::new(engine);
        stage.host.play(|_, _, _| Answer::Pending);
        let driver = Driver::new(Arc::clone(&stage.runtime));
        let ids = [(); 3].map(|()| stage.start(&asks()));
        assert!(driver.pump().is_some());
        for id in ids {
            assert_eq!(stage.runtime.terminate(id), Ok(()));
        }
        assert_eq!(driver.pump(), None);
    }
}

#[test]
fn a_driver_takes_over_what_runs_already() {
    for engine in engines() {
        let stage = Stage::answering(engine, [ok(REPLY)]);
        let id = stage.start(&asks());
        let driver = Driver::new(Arc::clone(&stage.runtime));
        assert_eq!(driver.pump(), None);
        assert_eq!(stage.told.status(id), Some(Some(42)));
    }
}

#[test]
fn on_threads_a_long_slice_needs_no_deep_stack() {
    let fay = Fay::new(
        r#"(func (export "start") (result i32) (local $n i32)
             (loop (br_if 0 (i32.ne (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000000))))
             (i32.const 1))"#,
    );
    for engine in engines() {
        let settings = Settings { slice: u64::MAX, ..Settings::default() };
        let stage = Stage::with(engine, Arc::new(SystemClock::default()), &settings);
        let _running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        let id = stage.start(&fay);
        until(&stage, id, LifecycleState::Terminated);
        assert_eq!(stage.told.status(id), Some(Some(1)));
    }
}

#[test]
fn on_threads_what_loops_and_what_waits_holds_nobody_up() {
    for engine in engines() {
        let stage = real(engine);
        stage.host.play(|instance, _, _| if instance.0 == 1 { Answer::Pending } else { ok(REPLY) });
        let running = Driver::start(Arc::clone(&stage.runtime), 2).unwrap();
        let waits = stage.start(&asks());
        let forever: Vec<_> = (0..4).map(|_| stage.start(&runs_forever())).collect();
        let others: Vec<_> = (0..50).map(|_| stage.start(&asks())).collect();
        for id in others {
            until(&stage, id, LifecycleState::Terminated);
            assert_eq!(stage.told.status(id), Some(Some(42)));
        }
        assert_eq!(stage.runtime.state(waits), Ok(LifecycleState::Running));
        stage.host.complete(Ok([&[0, 0], REPLY].concat()));
        until(&stage, waits, LifecycleState::Terminated);
        assert_eq!(stage.told.status(waits), Some(Some(42)));
        for id in forever {
            assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Running));
            assert_eq!([stage.runtime.suspend(id), stage.runtime.terminate(id)], [Ok(()), Ok(())]);
        }
        drop(running);
        assert_eq!(stage.host.released().len(), 55);
    }
}

#[test]
fn on_threads_an_adapter_that_never_answers_costs_its_instance_the_time_out() {
    for engine in engines() {
        let stage = Stage::by(engine, Arc::new(SystemClock::default()), Duration::from_millis(30));
        stage.host.play(|_, _, _| Answer::Pending);
        let _running = Driver::start(Arc::clone(&stage.runtime), 2).unwrap();
        let id = stage.start(&asks());
        until(&stage, id, LifecycleState::Failed);
        assert_eq!(kind(&stage.failure(id).cause.unwrap().cause.unwrap()), "timeout");
    }
}

#[test]
fn wall_time_ends_what_runs_too_long() {
    for engine in engines() {
        let stage = real(engine);
        let _running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        let quotas = Quotas { wall_time: Some(Duration::from_millis(20)), ..Quotas::default() };
        let id = stage.start_within(&runs_forever(), quotas);
        until(&stage, id, LifecycleState::Failed);
        let error = *stage.failure(id).cause.unwrap();
        assert_eq!((error.code, &error.context["limit"]), (ErrorCode::RtResourceExhausted, &20_u64.into()));
        assert_eq!(error.context["resource"], "wall_time".into());
    }
}

#[test]
fn on_threads_a_slow_body_is_read_aside() {
    let reads = Fay::new(
        r#"(func (export "start") (result i32)
             (drop (call $section_read (i32.const 2) (i64.const 0) (i32.const 0) (i32.const 4))) (i32.load8_u (i32.const 0)))"#,
    )
    .with_data(2, 1, b"data");
    for engine in engines() {
        let stage = real(engine);
        stage.host.play(|_, _, _| ok(REPLY));
        let gate = Gate::new(reads.bytes());
        let slow = stage.load(load_from(Arc::clone(&gate) as _, &()), Quotas::default());
        assert_eq!(stage.runtime.init(slow), Ok(()));
        gate.shut();
        // One thread that steps: it is not the one that reads.
        let _running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        assert_eq!(stage.runtime.start(slow), Ok(()));
        let other = stage.start(&asks());
        until(&stage, other, LifecycleState::Terminated);
        assert_eq!(stage.runtime.state(slow), Ok(LifecycleState::Running));
        assert_eq!([stage.runtime.suspend(slow), stage.runtime.resume(slow)], [Ok(()), Ok(())]);
        gate.open();
        until(&stage, slow, LifecycleState::Terminated);
        assert_eq!(stage.told.status(slow), Some(Some(i32::from(b'd'))));
    }
}

#[test]
fn on_threads_slow_bodies_of_some_hold_no_other_up_however_often_they_are_woken() {
    let reads = Fay::new(
        r#"(func (export "start") (result i32)
             (drop (call $section_read (i32.const 2) (i64.const 0) (i32.const 0) (i32.const 4))) (i32.load8_u (i32.const 0)))
           (func (export "on_event") (param i32) (result i32) (i32.const 0))"#,
    )
    .with_on_event()
    .with_data(2, 1, b"data");
    for engine in engines() {
        let stage = real(engine);
        let _running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        let gates = [(); 3].map(|()| Gate::new(reads.bytes()));
        let slow = [0, 1, 2].map(|at| {
            let id = stage.load(load_from(Arc::clone(&gates[at]) as _, &()), Quotas::default());
            assert_eq!(stage.runtime.init(id), Ok(()));
            gates[at].shut();
            assert_eq!(stage.runtime.start(id), Ok(()));
            for _ in 0..20 {
                assert_eq!(stage.runtime.on_event(id, TIMER), Ok(()));
                thread::sleep(Duration::from_millis(1));
            }
            id
        });
        let other = stage.start(&reads);
        until(&stage, other, LifecycleState::Terminated);
        assert_eq!(stage.told.status(other), Some(Some(i32::from(b'd'))));
        for (gate, id) in gates.iter().zip(slow) {
            // One reads for each, and no more.
            assert_eq!(gate.readers(), 1);
            gate.open();
            until(&stage, id, LifecycleState::Terminated);
        }
    }
}

#[test]
fn a_body_that_comes_while_someone_else_has_the_instance_is_not_lost() {
    let reads = Fay::new(
        r#"(func (export "start") (result i32)
             (drop (call $section_read (i32.const 2) (i64.const 0) (i32.const 0) (i32.const 4))) (i32.load8_u (i32.const 0)))"#,
    )
    .with_data(2, 1, b"data");
    for engine in engines() {
        let stage = real(engine);
        stage.host.play(|_, _, _| Answer::Block);
        let gate = Gate::new(reads.bytes());
        let id = stage.load(load_from(Arc::clone(&gate) as _, &()), Quotas::default());
        assert_eq!(stage.runtime.init(id), Ok(()));
        gate.shut();
        let _running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        assert_eq!(stage.runtime.start(id), Ok(()));
        gate.await_reader();
        let runtime = Arc::clone(&stage.runtime);
        // Whatever comes of it.
        let emit = thread::spawn(move || drop(runtime.emit(id, RANDOM)));
        stage.host.await_blocked();
        let before = gate.reads();
        gate.open();
        thread::sleep(Duration::from_millis(30));
        stage.host.unblock();
        until(&stage, id, LifecycleState::Terminated);
        emit.join().unwrap();
        assert_eq!(gate.reads(), before);
        assert_eq!(stage.told.status(id), Some(Some(i32::from(b'd'))));
    }
}

#[test]
fn on_threads_an_instruction_from_outside_gets_its_turn_with_a_busy_instance() {
    for engine in engines() {
        let stage = real(engine);
        stage.host.play(|_, _, _| ok(REPLY));
        let _running = Driver::start(Arc::clone(&stage.runtime), 2).unwrap();
        let id = stage.start(&runs_forever());
        for _ in 0..100 {
            assert_eq!(stage.runtime.emit(id, RANDOM), Ok([&[0, 0], REPLY].concat()));
        }
        assert_eq!(stage.runtime.terminate(id), Ok(()));
    }
}

#[test]
fn on_threads_no_guest_instruction_runs_after_suspend_has_returned() {
    // Emits without end.
    let fay = Fay::new(
        r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01")
           (func (export "start") (result i32) (loop (drop (call $emit (i32.const 0) (i32.const 8))) (br 0)) (i32.const 0))"#,
    );
    for engine in engines() {
        let stage = real(engine);
        let calls = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&calls);
        stage.host.play(move |_, _, _| {
            counted.fetch_add(1, Ordering::AcqRel);
            ok(REPLY)
        });
        let _running = Driver::start(Arc::clone(&stage.runtime), 2).unwrap();
        let id = stage.start(&fay);
        for _ in 0..50 {
            let before = calls.load(Ordering::Acquire);
            while calls.load(Ordering::Acquire) == before {
                thread::yield_now();
            }
            assert_eq!(stage.runtime.suspend(id), Ok(()));
            // The call that was open may end; no other begins.
            let after = calls.load(Ordering::Acquire);
            thread::sleep(Duration::from_micros(200));
            assert!(calls.load(Ordering::Acquire) <= after + 1);
            assert_eq!(stage.runtime.resume(id), Ok(()));
        }
        assert_eq!(stage.runtime.terminate(id), Ok(()));
    }
}

#[test]
fn on_threads_suspend_and_terminate_wait_for_no_host_call() {
    for engine in engines() {
        let stage = real(engine);
        stage.host.play(|_, _, _| Answer::Block);
        let running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        let id = stage.start(&asks());
        stage.host.await_blocked();
        // Each returns while the call is open, or this would never end.
        assert_eq!([stage.runtime.suspend(id), stage.runtime.resume(id)], [Ok(()), Ok(())]);
        assert_eq!([stage.runtime.suspend(id), stage.runtime.terminate(id)], [Ok(()), Ok(())]);
        assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Terminated));
        stage.host.unblock();
        drop(running);
        assert_eq!((stage.host.calls().len(), stage.host.released().len()), (1, 1));
        assert_eq!(stage.told.status(id), Some(None));
    }
}

#[test]
fn on_threads_a_host_that_blocks_on_threads_of_its_own_holds_its_instance_alone() {
    for engine in engines() {
        let settings = Settings { time_out: Duration::from_secs(2), is_threaded: true, ..Settings::default() };
        let stage = Stage::with(engine, Arc::new(SystemClock::default()), &settings);
        stage.host.play(|instance, _, _| if instance.0 <= 3 { Answer::Block } else { ok(REPLY) });
        // Fewer threads than calls that block.
        let _running = Driver::start(Arc::clone(&stage.runtime), 1).unwrap();
        let blocked = [0; 3].map(|_| stage.start(&asks()));
        let others: Vec<_> = (0..20).map(|_| stage.start(&asks())).collect();
        for id in others {
            until(&stage, id, LifecycleState::Terminated);
            assert_eq!(stage.told.status(id), Some(Some(42)));
        }
        for id in blocked {
            until(&stage, id, LifecycleState::Failed);
            assert_eq!(kind(&stage.failure(id).cause.unwrap().cause.unwrap()), "timeout");
        }
        stage.host.unblock();
    }
}

/// A clock that counts how often it is asked.
#[derive(Default)]
struct Asked(SystemClock, AtomicU64);

impl Clock for Asked {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.1.fetch_add(1, Ordering::AcqRel);
        self.0.elapsed()
    }
}

#[test]
fn with_nothing_to_do_the_threads_sleep_and_an_event_wakes_them() {
    for engine in engines() {
        let clock = Arc::new(Asked::default());
        let stage = Stage::by(engine, Arc::clone(&clock) as _, Duration::from_secs(5));
        let running = Driver::start(Arc::clone(&stage.runtime), 2).unwrap();
        let id = stage.start(&counts());
        thread::sleep(Duration::from_millis(50));
        let before = clock.1.load(Ordering::Acquire);
        thread::sleep(Duration::from_millis(100));
        assert_eq!(clock.1.load(Ordering::Acquire), before);
        for _ in 0..3 {
            assert_eq!(stage.runtime.on_event(id, TIMER), Ok(()));
        }
        until(&stage, id, LifecycleState::Terminated);
        drop(running);
    }
}
