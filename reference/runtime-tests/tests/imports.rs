//! The five imports of `fayger_v1`, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_contracts::{ErrorCode, InstanceId, RuntimeInterface as _};
use fayger_runtime::Stopped;
use fayger_runtime_tests::{Fay, Stage, engines, kind, ok};

/// `random.bytes` of 4 at address 0, eight bytes.
const RANDOM: &str = r#"(data (i32.const 0) "\04\01\00\00\02\01\01\04")"#;
/// Its reply: 2 + 2 + 4 bytes.
const REPLY: &[u8] = &[3, 4, 0xaa, 0xbb, 0xcc, 0xdd];

/// A Fay whose `start` is these instructions.
fn start(body: &str) -> Fay {
    Fay::new(&format!(r#"{RANDOM} (func (export "start") (result i32) {body})"#))
}

/// What `start` comes to: its status, or the kind of its trap.
fn comes_to(stage: &Stage, fay: &Fay) -> Result<i32, String> {
    stage.outcome(fay).map_err(|error| {
        assert_eq!(error.code, ErrorCode::RtTrap);
        kind(&error)
    })
}

#[test]
fn emit_gives_the_replys_length_and_the_reply_is_read_as_often_as_wanted() {
    for engine in engines() {
        let stage = Stage::answering(engine, [ok(REPLY)]);
        // No reply before the first; then eight bytes are there; four fit, and nothing is written past them; then all eight.
        let fay = start(
            "(if (i32.ne (call $reply_read (i32.const 64) (i32.const 8)) (i32.const -1)) (then (return (i32.const 1))))
             (if (i32.ne (call $emit (i32.const 0) (i32.const 8)) (i32.const 8)) (then (return (i32.const 2))))
             (if (i32.ne (call $reply_read (i32.const 64) (i32.const 4)) (i32.const 8)) (then (return (i32.const 3))))
             (if (i64.ne (i64.load (i32.const 64)) (i64.const 0x0000_0000_0403_0000)) (then (return (i32.const 4))))
             (if (i32.ne (call $reply_read (i32.const 64) (i32.const 0)) (i32.const 8)) (then (return (i32.const 5))))
             (if (i32.ne (call $reply_read (i32.const 64) (i32.const 100)) (i32.const 8)) (then (return (i32.const 6))))
             (if (i64.ne (i64.load (i32.const 64)) (i64.const 0xddcc_bbaa_0403_0000)) (then (return (i32.const 7))))
             (i32.const 100)",
        );
        assert_eq!(comes_to(&stage, &fay), Ok(100));
        assert_eq!(stage.host.calls(), [[4, 1, 0, 0, 2, 1, 1, 4]]);
    }
}

#[test]
fn a_section_is_read_in_parts_and_what_the_code_may_not_see_is_all_alike() {
    for engine in engines() {
        let stage = Stage::new(engine);
        let see = |call: &str| {
            let fay = start(call)
                .with_data(2, 0, b"internal")
                .with_data(3, 1, b"0123456789")
                .with_data(4, 2, b"exported")
                .with_unselected(5, b"elsewhere")
                .with_data(6, 1, b"");
            comes_to(&stage, &fay)
        };
        for (id, length) in [(0, -1), (1, -1), (2, -1), (3, 10), (4, 8), (5, -1), (6, 0), (7, -1), (-1, -1)] {
            assert_eq!(see(&format!("(i32.wrap_i64 (call $section_len (i32.const {id})))")), Ok(length), "{id}");
        }
        let cases = [
            (3, 0, 4, 4),
            (3, 8, 4, 2),
            (3, 0, 100, 10),
            (3, 10, 4, 0),
            (3, 11, 4, 0),
            (3, i64::MAX, 4, 0),
            (3, -1, 4, -1),
            (3, i64::MIN, 4, -1),
            (3, 0, 0, 0),
            (6, 0, 4, 0),
            (4, 7, 4, 1),
            (0, 0, 4, -1),
            (1, 0, 4, -1),
            (2, 0, 4, -1),
            (5, 0, 4, -1),
            (7, 0, 4, -1),
        ];
        for (id, offset, length, read) in cases {
            let call = format!(
                "(call $section_read (i32.const {id}) (i64.const {offset}) (i32.const 64) (i32.const {length}))"
            );
            assert_eq!(see(&call), Ok(read), "{id} {offset} {length}");
        }
        // The right bytes, and no more than asked for: "6789" and zeros.
        let bytes = "(drop (call $section_read (i32.const 3) (i64.const 6) (i32.const 64) (i32.const 3)))
                     (i32.load (i32.const 64))";
        assert_eq!(see(bytes), Ok(0x0038_3736));
    }
}

#[test]
fn a_range_past_the_memory_traps_before_anything_else() {
    let bad = [
        (65_536, 1),
        (65_535, 2),
        (65_537, 0),
        (0xffff_ffff, 0),
        (0xffff_ffff, 1),
        (0xffff_ffff, 2),
        (0xffff_fff0, 0x20),
        (1, 0xffff_ffff),
    ];
    let good = [(65_536, 0), (65_535, 1), (0, 65_536)];
    for engine in engines() {
        let stage = Stage::new(engine);
        let calls: [fn(u32, u32) -> String; 4] = [
            |pointer, length| format!("(call $emit (i32.const {pointer}) (i32.const {length}))"),
            |pointer, length| format!("(call $reply_read (i32.const {pointer}) (i32.const {length}))"),
            |pointer, length| format!("(call $event_read (i32.const {pointer}) (i32.const {length}))"),
            // Of a section that there is not.
            |pointer, length| {
                format!("(call $section_read (i32.const 9) (i64.const -1) (i32.const {pointer}) (i32.const {length}))")
            },
        ];
        for (number, call) in calls.into_iter().enumerate() {
            for (pointer, length) in bad {
                let seen = comes_to(&stage, &start(&call(pointer, length)));
                assert_eq!(seen, Err("memory_out_of_bounds".to_owned()), "{number} {pointer} {length}");
            }
            for (pointer, length) in good.into_iter().filter(|_| number > 0) {
                assert_eq!(comes_to(&stage, &start(&call(pointer, length))), Ok(-1), "{number} {pointer} {length}");
            }
        }
        assert_eq!(stage.host.calls().len(), 0);
    }
}

#[test]
fn an_emit_at_the_very_end_of_the_memory_is_one_like_any_other() {
    for engine in engines() {
        let stage = Stage::answering(engine, [ok(REPLY)]);
        let fay = Fay::new(
            r#"(data (i32.const 65528) "\04\01\00\00\02\01\01\04")
               (func (export "start") (result i32) (call $emit (i32.const 65528) (i32.const 8)))"#,
        );
        assert_eq!(comes_to(&stage, &fay), Ok(8));
    }
}

/// `time.timer` of handle 1, once; twelve bytes.
const TIMER: &[u8] = &[3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1];

#[test]
fn an_event_is_read_within_its_handler_alone() {
    for engine in engines() {
        let stage = Stage::new(engine);
        // The handler's argument is the event's length. It ends the instance with the last byte, or with a negative number.
        let fay = Fay::new(
            r#"(func (export "start") (result i32) (i32.add (call $event_read (i32.const 0) (i32.const 64)) (i32.const 1)))
               (func (export "on_event") (param i32) (result i32)
                 (if (i32.ne (local.get 0) (i32.const 12)) (then (return (i32.const -2))))
                 (if (i32.ne (call $event_read (i32.const 0) (i32.const 3)) (i32.const 12)) (then (return (i32.const -3))))
                 (if (i32.ne (i32.load (i32.const 0)) (i32.const 0x0000_0103)) (then (return (i32.const -4))))
                 (if (i32.ne (call $event_read (i32.const 0) (i32.const 64)) (i32.const 12)) (then (return (i32.const -5))))
                 (i32.load8_u (i32.const 3)))"#,
        )
        .with_on_event();
        let id: InstanceId = stage.start(&fay);
        assert_eq!(stage.run(id), Stopped::Idle);
        assert_eq!(stage.runtime.on_event(id, TIMER), Ok(()));
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!(stage.told.status(id), Some(Some(7)));
    }
}
