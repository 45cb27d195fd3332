//! Every kind of trap, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_contracts::{ErrorCode, LifecycleState, Quotas, RuntimeInterface as _};
use fayger_runtime::{Stopped, TrapKind};
use fayger_runtime_tests::{Fay, Stage, codes, engines, kind};

const FUNCTIONS: &str = r#"
    (type $plain (func))
    (table 4 funcref)
    (elem (i32.const 0) $nothing $something)
    (func $nothing)
    (func $something (result i32) (i32.const 1))
    (func $forever (result i32) (call $forever))
"#;

fn start(body: &str) -> Fay {
    Fay::new(&format!(r#"{FUNCTIONS} (func (export "start") (result i32) {body} (i32.const 0))"#))
}

/// Code that traps, by the kind of its trap.
const TRAPS: &[(TrapKind, &[&str])] = &[
    (TrapKind::Unreachable, &["unreachable"]),
    (
        TrapKind::DivideByZero,
        &[
            "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
            "(drop (i32.rem_u (i32.const 1) (i32.const 0)))",
            "(drop (i64.div_u (i64.const 1) (i64.const 0)))",
            "(drop (i64.rem_s (i64.const 1) (i64.const 0)))",
        ],
    ),
    (
        TrapKind::IntegerOverflow,
        &[
            "(drop (i32.div_s (i32.const 0x8000_0000) (i32.const -1)))",
            "(drop (i64.div_s (i64.const 0x8000_0000_0000_0000) (i64.const -1)))",
            "(drop (i32.trunc_f64_s (f64.const 2147483648)))",
            "(drop (i32.trunc_f32_u (f32.const -1)))",
            "(drop (i64.trunc_f64_u (f64.const inf)))",
        ],
    ),
    (
        TrapKind::InvalidConversion,
        &["(drop (i32.trunc_f32_s (f32.const nan)))", "(drop (i64.trunc_f64_u (f64.const nan)))"],
    ),
    (
        TrapKind::MemoryOutOfBounds,
        &[
            "(drop (i32.load (i32.const 65533)))",
            "(drop (i32.load8_u offset=1 (i32.const 0xffff_ffff)))",
            "(i64.store (i32.const 65529) (i64.const 0))",
            "(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1))",
            "(memory.copy (i32.const 0) (i32.const 65535) (i32.const 2))",
        ],
    ),
    (
        TrapKind::TableOutOfBounds,
        &[
            "(call_indirect (type $plain) (i32.const 4))",
            "(drop (table.get (i32.const 4)))",
            "(table.set (i32.const -1) (ref.null func))",
            "(table.copy (i32.const 3) (i32.const 0) (i32.const 2))",
        ],
    ),
    (TrapKind::IndirectTypeMismatch, &["(call_indirect (type $plain) (i32.const 1))"]),
    (TrapKind::NullElement, &["(call_indirect (type $plain) (i32.const 2))"]),
    (TrapKind::StackOverflow, &["(drop (call $forever))"]),
];

#[test]
fn each_kind_of_trap_fails_the_instance_and_is_named() {
    assert!(TrapKind::ALL.into_iter().eq(TRAPS.iter().map(|(kind, _)| *kind)));
    for engine in engines() {
        let stage = Stage::new(engine);
        for (expected, bodies) in TRAPS {
            for body in *bodies {
                let id = stage.start(&start(body));
                assert_eq!(stage.run(id), Stopped::Failed, "{body}");
                let error = stage.failure(id);
                assert_eq!(codes(&error), [ErrorCode::RtInstanceFailed, ErrorCode::RtTrap]);
                assert_eq!(kind(&error.cause.unwrap()), expected.name(), "{body}");
                assert_eq!(stage.runtime.terminate(id), Ok(()));
                assert_eq!(stage.runtime.failure_info(id), Ok(None));
            }
        }
    }
}

#[test]
fn the_nearest_code_does_not_trap() {
    let bodies = [
        "(drop (i32.rem_s (i32.const 0x8000_0000) (i32.const -1)))",
        "(drop (i32.trunc_f64_s (f64.const 2147483647.9)))",
        "(drop (i32.trunc_f32_u (f32.const -0.9)))",
        "(drop (i32.trunc_sat_f32_s (f32.const nan)))",
        "(drop (i32.load (i32.const 65532)))",
        "(memory.fill (i32.const 65536) (i32.const 0) (i32.const 0))",
        "(call_indirect (type $plain) (i32.const 0))",
        "(drop (table.get (i32.const 3)))",
    ];
    for engine in engines() {
        let stage = Stage::new(engine);
        for body in bodies {
            assert_eq!(stage.outcome(&start(body)), Ok(0), "{body}");
        }
    }
}

#[test]
fn a_thousand_frames_of_sixteen_locals_work() {
    // The first call is one frame, so that the deepest is the thousandth but `start`.
    let locals = "(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)";
    let fay = Fay::new(&format!(
        r#"(func $down (param i64) (result i64) {locals}
             (local.set 15 (local.get 0))
             (if (result i64) (i64.eqz (local.get 0))
               (then (i64.const 0))
               (else (i64.add (call $down (i64.sub (local.get 0) (i64.const 1))) (i64.div_u (local.get 15) (local.get 0))))))
           (func (export "start") (result i32) (i32.wrap_i64 (call $down (i64.const 999))))"#
    ));
    for engine in engines() {
        assert_eq!(Stage::new(engine).outcome(&fay), Ok(999));
    }
}

#[test]
fn an_active_segment_that_does_not_fit_traps_in_init() {
    let data = r#"(module (memory (export "memory") 1) (data (i32.const 65535) "ab") (func (export "start") (result i32) (i32.const 0)))"#;
    let element = r#"(module (memory (export "memory") 1) (table 1 funcref) (elem (i32.const 1) 0) (func (export "start") (result i32) (i32.const 0)))"#;
    for engine in engines() {
        let stage = Stage::new(engine);
        for (module, expected) in [(data, "memory_out_of_bounds"), (element, "table_out_of_bounds")] {
            let id = stage.load(Fay::raw(module).object(), Quotas::default());
            let error = stage.runtime.init(id).unwrap_err();
            assert_eq!(codes(&error), [ErrorCode::RtInstanceFailed, ErrorCode::RtTrap]);
            assert_eq!(kind(&error.cause.unwrap()), expected);
            assert_eq!(stage.runtime.failure_info(id).unwrap().unwrap().state_before, LifecycleState::Loaded);
        }
    }
}

#[test]
fn a_trap_in_init_and_in_a_handler_is_the_instances_end_too() {
    let fay = Fay::new(
        r#"(func (export "start") (result i32) (i32.const 0))
           (func (export "init") (result i32) (i32.load (i32.const 0)) (if (then unreachable)) (i32.const 0))
           (func (export "on_event") (param i32) (result i32) unreachable)"#,
    )
    .with_init()
    .with_on_event();
    for engine in engines() {
        let stage = Stage::new(engine);
        let id = stage.start(&fay);
        assert_eq!(stage.runtime.on_event(id, &[3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1]), Ok(()));
        assert_eq!(stage.run(id), Stopped::Failed);
        let info = stage.runtime.failure_info(id).unwrap().unwrap();
        assert_eq!(info.state_before, LifecycleState::Running);
        let bad = Fay::new(
            r#"(func (export "start") (result i32) (i32.const 0)) (func (export "init") (result i32) unreachable)"#,
        );
        let error = stage.outcome(&bad.with_init()).unwrap_err();
        assert_eq!((error.code, kind(&error)), (ErrorCode::RtTrap, "unreachable".to_owned()));
    }
}
