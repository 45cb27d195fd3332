//! Host calls from code, and what happens to an instance while one is open, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use fayger_contracts::{ContextValue, ErrorCode, Event, LifecycleState, ManualClock, Quotas, RuntimeInterface as _};
use fayger_runtime::Stopped;
use fayger_runtime_tests::{Answer, Fay, Settings, Stage, codes, engines, ok, soon};

/// `random.bytes` of 1, and 1 of its reply.
const RANDOM: &[u8] = &[4, 1, 0, 0, 2, 1, 1, 1];
const REPLY: &[u8] = &[3, 1, 0x2a];

/// At 0 `random.bytes`, at 8 bytes that are no instruction, at 16 `proc.exit` of 9.
const DATA: &str = r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01") (data (i32.const 8) "\ff\ff")
    (data (i32.const 16) "\06\30\00\00\00\02\01\09")
    (func $random (result i32)
      (drop (call $emit (i32.const 0) (i32.const 8))) (drop (call $reply_read (i32.const 64) (i32.const 8)))
      (i32.load8_u (i32.const 68)))
    (func $exit (drop (call $emit (i32.const 16) (i32.const 8))))"#;

fn start(body: &str) -> Fay {
    Fay::new(&format!(r#"{DATA} (func (export "start") (result i32) {body})"#))
}

/// Asks once, and tells what it was given and that it went on.
fn asks() -> Fay {
    start("(i32.add (call $random) (i32.const 100))")
}

#[test]
fn a_malformed_emit_after_a_good_one_fails_with_the_good_one_kept() {
    for engine in engines() {
        let stage = Stage::answering(engine, [ok(REPLY)]);
        let id = stage.start(&start("(drop (call $random)) (call $emit (i32.const 8) (i32.const 2))"));
        assert_eq!(stage.run(id), Stopped::Failed);
        let info = stage.runtime.failure_info(id).unwrap().unwrap();
        assert_eq!(codes(&info.error), [ErrorCode::RtInstanceFailed, ErrorCode::AdpInstructionMalformed]);
        assert_eq!((info.last_instruction.as_deref(), info.state_before), (Some(RANDOM), LifecycleState::Running));
        assert_eq!(stage.host.calls(), [RANDOM]);
    }
}

#[test]
fn init_refuses_by_its_value_and_the_value_is_told() {
    for engine in engines() {
        let stage = Stage::new(engine);
        for status in [1, -1, i32::MAX, i32::MIN] {
            let fay = Fay::new(&format!(
                r#"(func (export "init") (result i32) (i32.const {status})) (func (export "start") (result i32) (i32.const 0))"#
            ));
            let error = stage.outcome(&fay.with_init()).unwrap_err();
            assert_eq!(error.code, ErrorCode::RtInitRefused);
            assert_eq!(error.context["status"], status.to_string().into());
        }
    }
}

#[test]
fn in_init_a_call_that_would_wait_is_answered_would_block() {
    let fay = Fay::new(&format!(
        r#"{DATA} (global $status (mut i32) (i32.const -1))
           (func (export "init") (result i32)
             (drop (call $random)) (global.set $status (i32.load16_u (i32.const 64))) (i32.const 0))
           (func (export "start") (result i32) (global.get $status))"#
    ));
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        assert_eq!(stage.outcome(&fay.clone().with_init()), Ok(6));
        assert_eq!((stage.host.cancelled(), stage.host.pending()), (1, 0));
    }
}

#[test]
fn in_init_the_host_may_ask_for_the_instance_when_it_is_told_to_give_up_a_call() {
    let fay = Fay::new(&format!(
        r#"{DATA} (func (export "init") (result i32) (drop (call $random)) (i32.const 0))
           (func (export "start") (result i32) (i32.const 0))"#
    ));
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.load(fay.clone().with_init().object(), Quotas::default());
        let (asked, runtime) = (Arc::downgrade(&stage.runtime), Arc::clone(&stage.runtime));
        stage.host.when_cancelled(move |_, _| {
            assert_eq!(asked.upgrade().unwrap().state(id), Ok(LifecycleState::Loaded));
        });
        assert_eq!(soon(move || runtime.init(id)), Some(Ok(())));
        assert_eq!(stage.host.cancelled(), 1);
    }
}

#[test]
fn exit_unwinds_from_every_export_without_a_trap() {
    // Two calls deep, and what comes after would trap.
    let fay = |of: &str| {
        let body = |export: &str| if export == of { "(call $deep)" } else { "" };
        Fay::new(&format!(
            r#"{DATA} (func $deep (call $exit) unreachable)
               (func (export "init") (result i32) {} (i32.const 0))
               (func (export "start") (result i32) {} (i32.const 0))
               (func (export "on_event") (param i32) (result i32) {} (i32.const 0))"#,
            body("init"),
            body("start"),
            body("on_event")
        ))
        .with_init()
        .with_on_event()
    };
    for engine in engines() {
        for export in ["init", "start", "on_event"] {
            let stage = Stage::new(Arc::clone(&engine));
            let id = stage.load(fay(export).object(), Quotas::default());
            assert_eq!(stage.runtime.init(id), Ok(()));
            if export != "init" {
                assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Initialized));
                assert_eq!(stage.runtime.start(id), Ok(()));
                assert_eq!(stage.runtime.on_event(id, &[3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1]), Ok(()));
                assert_eq!(stage.run(id), Stopped::Ended);
            }
            assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Terminated), "{export}");
            assert_eq!(stage.told.status(id), Some(Some(9)));
            assert_eq!((stage.host.calls().len(), stage.host.released().len()), (0, 1));
            let error = stage.runtime.terminate(id).unwrap_err();
            assert_eq!(error.code, ErrorCode::RtIllegalTransition);
        }
    }
}

#[test]
fn suspended_while_a_call_is_open_it_stays_until_it_is_resumed_and_the_reply_is_kept() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.start(&asks());
        assert_eq!(stage.run(id), Stopped::Waiting);
        assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Running));
        assert_eq!(stage.runtime.suspend(id), Ok(()));
        assert_eq!(stage.run(id), Stopped::Suspended);
        stage.host.complete(Ok([&[0, 0], REPLY].concat()));
        assert_eq!(stage.run(id), Stopped::Suspended);
        // Long after the bus would have given up.
        stage.clock.advance(Duration::from_secs(60));
        assert_eq!(stage.run(id), Stopped::Suspended);
        assert_eq!(stage.runtime.resume(id), Ok(()));
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!(stage.told.status(id), Some(Some(142)));
    }
}

#[test]
fn resumed_before_the_answer_it_waits_on() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.start(&asks());
        assert_eq!(stage.run(id), Stopped::Waiting);
        assert_eq!([stage.runtime.suspend(id), stage.runtime.resume(id)], [Ok(()), Ok(())]);
        assert_eq!(stage.run(id), Stopped::Waiting);
        stage.host.complete(Ok([&[0, 0], REPLY].concat()));
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!(stage.told.status(id), Some(Some(142)));
    }
}

#[test]
fn terminated_while_a_call_is_open_the_answer_is_nobodys() {
    for engine in engines() {
        for suspended in [false, true] {
            let stage = Stage::answering(Arc::clone(&engine), [Answer::Pending]);
            let id = stage.start(&asks());
            assert_eq!(stage.run(id), Stopped::Waiting);
            if suspended {
                assert_eq!(stage.runtime.suspend(id), Ok(()));
            }
            assert_eq!(stage.runtime.terminate(id), Ok(()));
            assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Terminated));
            assert_eq!(stage.run(id), Stopped::Ended);
            assert_eq!((stage.host.cancelled(), stage.host.released().len(), stage.host.pending()), (1, 1, 0));
            assert_eq!(stage.told.status(id), Some(None));
            // No guest instruction after: it would have asked for nothing more, and no other end is told.
            let ends = stage.told.all().into_iter().filter(|event| event.name() == "instance.terminated").count();
            assert_eq!(ends, 1);
        }
    }
}

#[test]
fn no_command_waits_for_a_host_that_is_slow_to_give_up_a_call() {
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let id = stage.start(&asks());
        assert_eq!(stage.run(id), Stopped::Waiting);
        stage.clock.advance(Duration::from_secs(60));
        let host = Arc::downgrade(&stage.host);
        stage.host.when_cancelled(move |_, _| host.upgrade().unwrap().block());
        let (runs, asks) = (Arc::clone(&stage.runtime), Arc::clone(&stage.runtime));
        let run = thread::spawn(move || runs.run(id, None));
        stage.host.await_blocked();
        assert_eq!(soon(move || [asks.suspend(id), asks.terminate(id)]), Some([Ok(()), Ok(())]));
        stage.host.unblock();
        assert_eq!(run.join().unwrap(), Ok(Stopped::Ended));
        assert_eq!((stage.told.status(id), stage.host.released().len()), (Some(None), 1));
    }
}

#[test]
fn suspended_and_terminated_from_within_the_call_itself() {
    for engine in engines() {
        let stage = Stage::new(engine);
        let id = stage.start(&asks());
        let runtime = Arc::downgrade(&stage.runtime);
        stage.host.play(move |_, _, _| {
            assert_eq!(runtime.upgrade().unwrap().suspend(id), Ok(()));
            ok(REPLY)
        });
        assert_eq!(stage.run(id), Stopped::Suspended);
        assert_eq!(stage.runtime.resume(id), Ok(()));
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!(stage.told.status(id), Some(Some(142)));

        let id = stage.start(&start("(drop (call $random)) (call $random)"));
        let runtime = Arc::downgrade(&stage.runtime);
        stage.host.play(move |_, _, _| {
            assert_eq!(runtime.upgrade().unwrap().terminate(id), Ok(()));
            ok(REPLY)
        });
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!((stage.told.status(id), stage.host.calls().len()), (Some(None), 2));
    }
}

#[test]
fn what_an_adapter_may_do_wrong_fails_the_instance_that_asked() {
    let wrongs = [
        (Answer::Failure(5), "native"),
        (Answer::Panic, "panic"),
        (Answer::Reply(vec![0xff]), "breach"),
        (Answer::Reply(vec![0xff, 0x7f]), "breach"),
        (ok(&[1, 1, 7]), "breach"),
        (Answer::Pending, "timeout"),
    ];
    for engine in engines() {
        for (answer, expected) in wrongs.clone() {
            let stage = Stage::answering(Arc::clone(&engine), [answer, ok(REPLY)]);
            let (id, other) = (stage.start(&asks()), stage.start(&asks()));
            if stage.run(id) == Stopped::Waiting {
                // The bus's time-out and a nanosecond.
                stage.clock.advance(Duration::from_nanos(5_000_000_001));
                assert_eq!(stage.run(id), Stopped::Failed);
            }
            let info = stage.runtime.failure_info(id).unwrap().unwrap();
            let chain = [ErrorCode::RtInstanceFailed, ErrorCode::AdpHostCallFailed, ErrorCode::HostNative];
            assert_eq!(codes(&info.error), chain, "{expected}");
            let native = info.error.cause.unwrap().cause.unwrap();
            assert_eq!(native.context["kind"], expected.into());
            assert_eq!(info.last_instruction.as_deref(), Some(RANDOM));
            assert_eq!(stage.run(other), Stopped::Ended);
            assert_eq!(stage.told.status(other), Some(Some(142)));
        }
    }
}

#[test]
fn a_host_error_at_every_call_index_has_one_shape_of_chain() {
    const CALLS: usize = 20;
    let fay = start(
        "(local $n i32) (loop (drop (call $random)) (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if 0 (i32.lt_u (local.get $n) (i32.const 20)))) (i32.const 0)",
    );
    for engine in engines() {
        for at in 0..=CALLS {
            let answers = (0..at).map(|_| ok(REPLY)).chain([Answer::Failure(28)]).chain((0..CALLS).map(|_| ok(REPLY)));
            let stage = Stage::answering(Arc::clone(&engine), answers);
            let id = stage.start(&fay);
            if at == CALLS {
                assert_eq!(stage.run(id), Stopped::Ended);
                assert_eq!(stage.host.calls().len(), CALLS);
                continue;
            }
            assert_eq!(stage.run(id), Stopped::Failed);
            let error = stage.failure(id);
            let chain = [ErrorCode::RtInstanceFailed, ErrorCode::AdpHostCallFailed, ErrorCode::HostNative];
            assert_eq!(codes(&error), chain);
            let call = error.cause.unwrap();
            assert_eq!(call.context["instruction"], "random.bytes".into());
            assert_eq!(call.cause.unwrap().context["native_code"], ContextValue::Integer(28));
            assert_eq!((stage.host.calls().len(), stage.host.released().len()), (at + 1, 1));
        }
    }
}

#[test]
fn suspended_and_resumed_at_every_host_call_the_trace_is_the_same() {
    let fay = start(
        "(local $n i32) (loop (drop (call $random)) (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if 0 (i32.lt_u (local.get $n) (i32.const 20)))) (local.get $n)",
    );
    for engine in engines() {
        let plain = Stage::new(Arc::clone(&engine));
        plain.host.play(|_, _, _| ok(REPLY));
        assert_eq!(plain.outcome(&fay), Ok(20));
        let stage = Stage::new(engine);
        stage.host.play(|_, _, _| ok(REPLY));
        let id = stage.start(&fay);
        let mut stops = 0;
        while stage.runtime.run(id, Some(1)) == Ok(Stopped::Budget) {
            assert_eq!(stage.runtime.suspend(id), Ok(()));
            assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Suspended));
            assert_eq!(stage.runtime.resume(id), Ok(()));
            stops += 1;
        }
        assert_eq!((stops, stage.told.status(id)), (20, Some(Some(20))));
        assert_eq!(stage.host.calls(), plain.host.calls());
    }
}

#[test]
fn what_the_instance_may_not_use_is_invisible_to_it_and_told_with_its_id() {
    for engine in engines() {
        let stage = Stage::new(engine);
        // Category 9 is reserved.
        let fay = Fay::new(
            r#"(data (i32.const 0) "\09\01\00\00\00")
               (func (export "start") (result i32)
                 (drop (call $emit (i32.const 0) (i32.const 5))) (drop (call $reply_read (i32.const 8) (i32.const 2)))
                 (i32.load16_u (i32.const 8)))"#,
        );
        let id = stage.start(&fay);
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!((stage.told.status(id), stage.host.calls().len()), (Some(Some(1)), 0));
        let seen = stage.told.all().into_iter().find(|event| matches!(event, Event::InstructionInvisible { .. }));
        assert_eq!(seen.unwrap().instance(), Some(id));
    }
}

#[test]
fn in_slices_of_any_length_the_trace_is_the_same() {
    let fay = start(
        "(local $n i32) (loop (memory.fill (i32.const 256) (i32.const 1) (i32.const 4096)) (drop (call $random))
           (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $n) (i32.const 20))))
         (i32.add (local.get $n) (i32.load8_u (i32.const 300)))",
    );
    for engine in engines() {
        for slice in [1, 2, 3, 7, 50, 1000, u64::MAX] {
            let settings = Settings { slice, ..Settings::default() };
            let stage = Stage::with(Arc::clone(&engine), Arc::new(ManualClock::default()), &settings);
            stage.host.play(|_, _, _| ok(REPLY));
            assert_eq!(stage.outcome(&fay), Ok(21), "{slice}");
            assert_eq!(stage.host.calls(), [RANDOM; 20]);
        }
    }
}
