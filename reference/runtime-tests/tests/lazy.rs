//! Bodies that are read when code asks for them, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use fayger_contracts::{ContextValue, ErrorCode, LifecycleState, Phase, Quotas, RuntimeInterface as _};
use fayger_runtime::Stopped;
use fayger_runtime_tests::{Fay, Gate, Stage, codes, engines, load_from, ok};

/// Emits `random.bytes` of 1, then reads section 2, or none where it is told not to by the reply, and emits again.
fn reader() -> Fay {
    Fay::new(
        r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01")
           (func (export "start") (result i32)
             (drop (call $emit (i32.const 0) (i32.const 8))) (drop (call $reply_read (i32.const 64) (i32.const 8)))
             (if (i32.load8_u (i32.const 68))
               (then (drop (call $section_read (i32.const 2) (i64.const 0) (i32.const 128) (i32.const 4)))))
             (drop (call $emit (i32.const 0) (i32.const 8)))
             (i32.load8_u (i32.const 128)))"#,
    )
    .with_data(2, 1, b"data")
}

#[test]
fn a_bad_section_fails_the_instance_that_reads_it_and_not_its_twin() {
    for engine in engines() {
        let stage = Stage::new(engine);
        let object = reader().damaged();
        let [reads, does_not, reads_too] = [1, 0, 1].map(|_| {
            let id = stage.load(Arc::clone(&object), Quotas::default());
            assert_eq!([stage.runtime.init(id), stage.runtime.start(id)], [Ok(()), Ok(())]);
            id
        });
        stage.host.play(|_, _, _| ok(&[3, 1, 1]));
        assert_eq!(stage.run(reads), Stopped::Failed);
        stage.host.play(|_, _, _| ok(&[3, 1, 0]));
        assert_eq!(stage.run(does_not), Stopped::Ended);
        assert_eq!(stage.told.status(does_not), Some(Some(0)));
        stage.host.play(|_, _, _| ok(&[3, 1, 1]));
        assert_eq!(stage.run(reads_too), Stopped::Failed);
        for id in [reads, reads_too] {
            let error = stage.failure(id);
            assert_eq!(codes(&error), [ErrorCode::RtInstanceFailed, ErrorCode::LdrDigestMismatch]);
            let cause = error.cause.unwrap();
            assert_eq!((cause.phase, &cause.context["section_id"]), (Some(Phase::ReadSections), &2_u32.into()));
            assert_eq!(stage.runtime.terminate(id), Ok(()));
        }
        // One call of each that read and two of the other.
        assert_eq!(stage.host.calls().len(), 4);
    }
}

#[test]
fn a_good_section_is_the_same_to_each_that_reads_it() {
    for engine in engines() {
        let stage = Stage::new(engine);
        stage.host.play(|_, _, _| ok(&[3, 1, 1]));
        let object = reader().object();
        for _ in 0..2 {
            let id = stage.load(Arc::clone(&object), Quotas::default());
            assert_eq!([stage.runtime.init(id), stage.runtime.start(id)], [Ok(()), Ok(())]);
            assert_eq!(stage.run(id), Stopped::Ended);
            assert_eq!(stage.told.status(id), Some(Some(i32::from(b'd'))));
        }
    }
}

#[test]
fn in_init_a_section_is_read_at_once_and_a_bad_one_is_inits_error() {
    let fay = Fay::new(
        r#"(func (export "init") (result i32)
             (i32.ne (call $section_read (i32.const 2) (i64.const 0) (i32.const 0) (i32.const 4)) (i32.const 4)))
           (func (export "start") (result i32) (i32.load8_u (i32.const 0)))"#,
    )
    .with_init()
    .with_data(2, 1, b"data");
    for engine in engines() {
        let stage = Stage::new(engine);
        assert_eq!(stage.outcome(&fay), Ok(i32::from(b'd')));
        let id = stage.load(fay.damaged(), Quotas::default());
        let error = stage.runtime.init(id).unwrap_err();
        assert_eq!(codes(&error), [ErrorCode::RtInstanceFailed, ErrorCode::LdrDigestMismatch]);
        assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Failed));
    }
}

#[test]
fn terminated_while_init_reads_a_section_init_is_no_error_good_section_or_bad() {
    let fay = Fay::new(
        r#"(func (export "init") (result i32)
             (drop (call $section_read (i32.const 2) (i64.const 0) (i32.const 0) (i32.const 4))) unreachable)
           (func (export "start") (result i32) (i32.const 0))"#,
    )
    .with_init()
    .with_data(2, 1, b"data");
    for engine in engines() {
        for bytes in [fay.bytes(), fay.damaged_bytes()] {
            let stage = Stage::new(Arc::clone(&engine));
            let gate = Gate::new(bytes);
            let id = stage.load(load_from(Arc::clone(&gate) as _, &()), Quotas::default());
            gate.shut();
            std::thread::scope(|scope| {
                let init = scope.spawn(|| stage.runtime.init(id));
                gate.await_reader();
                let error = stage.runtime.start(id).unwrap_err();
                assert_eq!(error.context["allowed"], ContextValue::Names(vec!["terminate".into()]));
                assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Loaded));
                // Returns at once, though the section is still to be read.
                assert_eq!(stage.runtime.terminate(id), Ok(()));
                gate.open();
                assert_eq!(init.join().unwrap(), Ok(()));
            });
            assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Terminated));
            assert_eq!((stage.host.released().len(), stage.told.status(id)), (1, Some(None)));
        }
    }
}

#[test]
fn instances_of_one_object_do_not_depend_on_each_other_for_their_code() {
    for engine in engines() {
        let stage = Stage::new(engine);
        let gate = Gate::new(reader().bytes());
        let object = load_from(Arc::clone(&gate) as _, &());
        for _ in 0..2 {
            let id = stage.load(Arc::clone(&object), Quotas::default());
            let before = gate.reads();
            assert_eq!(stage.runtime.init(id), Ok(()));
            // It was read when the object was loaded.
            assert_eq!(gate.reads(), before);
        }
    }
}
