//! Instructions from outside, on an instance's behalf, and what happens to the instance meanwhile, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fayger_contracts::{ErrorCode, FaygerError, InstanceId, Quotas, RuntimeInterface as _};
use fayger_runtime::Driver;
use fayger_runtime_tests::{Answer, Fay, Stage, codes, engines, ok};

/// `random.bytes` of 1, and 1 of its reply.
const RANDOM: &[u8] = &[4, 1, 0, 0, 2, 1, 1, 1];
const REPLY: &[u8] = &[3, 1, 0x2a];
/// `time.timer_once` of 5 ns, and its reply where the timer is 1.
const ONCE: &[u8] = &[3, 0x11, 0, 0, 1, 1, 1, 5];
const TIMER: &[u8] = &[7, 4, 1, 0, 0, 0];
/// `time.timer` of handle 1, once.
const RINGS: &[u8] = &[3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1];

/// Asks once when an event comes.
fn asks_later() -> Fay {
    Fay::new(
        r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01")
           (func (export "start") (result i32) (i32.const 0))
           (func (export "on_event") (param i32) (result i32) (drop (call $emit (i32.const 0) (i32.const 8))) (i32.const 0))"#,
    )
    .with_on_event()
}

/// Emits on a thread of its own, and returns once the host has the call.
fn emit(stage: &Stage, id: InstanceId, instruction: &'static [u8]) -> JoinHandle<Result<Vec<u8>, FaygerError>> {
    let (runtime, before) = (Arc::clone(&stage.runtime), stage.host.pending());
    let emit = thread::spawn(move || runtime.emit(id, instruction));
    while stage.host.pending() == before {
        thread::sleep(Duration::from_millis(1));
    }
    emit
}

#[test]
fn what_is_under_way_when_the_instance_is_suspended_is_answered_all_the_same() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.start_within(&asks_later(), Quotas { open_handles: 1, ..Quotas::default() });
        stage.run(id);
        let emit = emit(&stage, id, ONCE);
        assert_eq!(stage.runtime.suspend(id), Ok(()));
        // Long enough for the caller to look again.
        thread::sleep(Duration::from_millis(30));
        stage.host.complete(Ok([&[0, 0], TIMER].concat()));
        assert_eq!(emit.join().unwrap(), Ok([&[0, 0], TIMER].concat()));
        assert_eq!(stage.host.cancelled(), 0);
        assert_eq!(stage.runtime.emit(id, RANDOM).unwrap_err().code, ErrorCode::AdpEmitRejected);
    }
}

#[test]
fn what_is_under_way_when_the_instance_ends_is_given_up() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.start(&asks_later());
        stage.run(id);
        let emit = emit(&stage, id, ONCE);
        assert_eq!([stage.runtime.suspend(id), stage.runtime.terminate(id)], [Ok(()), Ok(())]);
        assert_eq!(emit.join().unwrap().unwrap_err().code, ErrorCode::AdpEmitRejected);
        assert_eq!((stage.host.cancelled(), stage.host.pending()), (1, 0));
    }
}

#[test]
fn what_is_under_way_when_the_instance_is_suspended_is_given_up_after_the_time_out_of_the_bus() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.start(&asks_later());
        stage.run(id);
        let emit = emit(&stage, id, RANDOM);
        assert_eq!(stage.runtime.suspend(id), Ok(()));
        stage.clock.advance(Duration::from_nanos(5_000_000_001));
        let error = emit.join().unwrap().unwrap_err();
        assert_eq!(codes(&error), [ErrorCode::AdpHostCallFailed, ErrorCode::HostNative]);
        assert_eq!(stage.host.cancelled(), 1);
    }
}

#[test]
fn the_driver_comes_again_for_the_code_s_own_call_not_for_one_from_outside() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending, Answer::Pending, ok(REPLY)]);
        let id = stage.start(&asks_later());
        let driver = Driver::new(Arc::clone(&stage.runtime));
        assert_eq!((driver.pump(), driver.pump()), (Some(Duration::ZERO), None));
        // To be answered within 5 seconds.
        let emit = emit(&stage, id, RANDOM);
        stage.clock.advance(Duration::from_secs(4));
        assert_eq!(stage.runtime.on_event(id, RINGS), Ok(()));
        // And this within 9; a turn may find the machine with the other caller.
        while stage.host.pending() == 1 {
            driver.pump();
        }
        let mut comes = driver.pump();
        while comes == Some(Duration::ZERO) {
            comes = driver.pump();
        }
        assert!(comes > Some(Duration::from_secs(4)), "{comes:?}");
        stage.host.complete(Ok([&[0, 0], REPLY].concat()));
        assert_eq!(emit.join().unwrap(), Ok([&[0, 0], REPLY].concat()));
    }
}
