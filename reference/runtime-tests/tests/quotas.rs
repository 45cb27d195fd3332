//! Quotas at N−1, N and N+1, on every engine.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::time::Duration;

use fayger_contracts::{ErrorCode, Event, FaygerError, ManualClock, Quotas, RuntimeInterface as _};
use fayger_runtime::{PAGE_LEN, Stopped};
use fayger_runtime_tests::{Answer, Fay, Settings, Stage, codes, engines, ok};

fn exhausted(error: &FaygerError) -> (String, String) {
    assert_eq!(error.code, ErrorCode::RtResourceExhausted, "{error}");
    (error.context["resource"].to_string(), error.context["limit"].to_string())
}

fn limit(resource: &str, limit: u64) -> (String, String) {
    (format!("`{resource}`"), limit.to_string())
}

fn events(stage: &Stage, name: &str) -> Vec<(String, u64)> {
    let told = stage.told.all();
    let of = |event: &Event| match event {
        Event::ResourceThreshold { resource, used, .. } => Some(((*resource).to_owned(), *used)),
        Event::ResourceExhausted { resource, limit, .. } => Some(((*resource).to_owned(), *limit)),
        _ => None,
    };
    told.iter().filter(|event| event.name() == name).filter_map(of).collect()
}

fn memory(bytes: u64) -> Quotas {
    Quotas { memory_bytes: bytes, ..Quotas::default() }
}

#[test]
fn a_memory_begins_within_its_quota_or_not_at_all() {
    let fay = Fay::raw(r#"(module (memory (export "memory") 3) (func (export "start") (result i32) (memory.size)))"#);
    for engine in engines() {
        let stage = Stage::new(engine);
        // Whole pages, rounded down.
        for (bytes, expected) in [
            (3 * PAGE_LEN - 1, Err(limit("memory", 2 * PAGE_LEN))),
            (3 * PAGE_LEN, Ok(3)),
            (4 * PAGE_LEN - 1, Ok(3)),
            (0, Err(limit("memory", 0))),
        ] {
            assert_eq!(stage.outcome_within(&fay, memory(bytes)).map_err(|error| exhausted(&error)), expected);
        }
    }
}

#[test]
fn a_memory_grows_up_to_its_quota_and_not_past_it() {
    let grow = |pages| {
        Fay::raw(format!(
            r#"(module (memory (export "memory") 1) (func (export "start") (result i32) (memory.grow (i32.const {pages}))))"#
        ))
    };
    for engine in engines() {
        let stage = Stage::new(engine);
        for (pages, expected) in [(3, 1), (4, 1), (5, -1), (0, 1)] {
            assert_eq!(stage.outcome_within(&grow(pages), memory(5 * PAGE_LEN)), Ok(expected), "{pages}");
        }
        assert_eq!(events(&stage, "resource.exhausted"), [("memory".to_owned(), 5 * PAGE_LEN)]);
        // Four of five pages are four fifths, and five are more.
        let near = [("memory".to_owned(), 4 * PAGE_LEN), ("memory".to_owned(), 5 * PAGE_LEN)];
        assert_eq!(events(&stage, "resource.threshold"), near);
        // The Manifest's own bound is the smaller here, the host's there.
        let own = grow(2).with_resource("memory_bytes", 2 * PAGE_LEN);
        assert_eq!(stage.outcome_within(&own, memory(5 * PAGE_LEN)), Ok(-1));
        assert_eq!(stage.outcome_within(&own, memory(3 * PAGE_LEN)), Ok(-1));
        let own = grow(2).with_resource("memory_bytes", 5 * PAGE_LEN);
        assert_eq!(stage.outcome_within(&own, memory(3 * PAGE_LEN)), Ok(1));
    }
}

#[test]
fn past_the_modules_own_bound_no_quota_is_exhausted() {
    let fay = Fay::raw(
        r#"(module (memory (export "memory") 1 2) (table 1 2 funcref)
             (func (export "start") (result i32)
               (i32.add (memory.grow (i32.const 2)) (table.grow (ref.null func) (i32.const 2)))))"#,
    );
    for engine in engines() {
        let stage = Stage::new(engine);
        assert_eq!(stage.outcome(&fay), Ok(-2));
        assert_eq!(events(&stage, "resource.exhausted"), []);
    }
}

#[test]
fn the_elements_of_all_tables_count_together() {
    let tables = |first, second, grow| {
        Fay::raw(format!(
            r#"(module (memory (export "memory") 1) (table $a {first} funcref) (table $b {second} externref)
                 (func (export "start") (result i32) (table.grow $b (ref.null extern) (i32.const {grow}))))"#
        ))
    };
    let quotas = Quotas { table_elements: 10, ..Quotas::default() };
    for engine in engines() {
        let stage = Stage::new(engine);
        let outcome = |fay| stage.outcome_within(&fay, quotas).map_err(|error| exhausted(&error));
        assert_eq!(outcome(tables(5, 5, 0)), Ok(5));
        assert_eq!(outcome(tables(6, 5, 0)), Err(limit("table", 10)));
        assert_eq!(outcome(tables(3, 4, 2)), Ok(4));
        assert_eq!(outcome(tables(3, 4, 3)), Ok(4));
        assert_eq!(outcome(tables(3, 4, 4)), Ok(-1));
        // Of the module that was refused, and of the growth that was.
        assert_eq!(events(&stage, "resource.exhausted"), [("table".to_owned(), 10), ("table".to_owned(), 10)]);
    }
}

/// `time.timer_once`, and what opens it.
fn timer(_: fayger_adapters::InstanceKey, _: &[u8], offered: Option<u32>) -> Answer {
    let [a, b, c, d] = offered.unwrap_or_default().to_le_bytes();
    ok(&[7, 4, a, b, c, d])
}

#[test]
fn one_handle_too_many_is_status_limit_and_reaches_no_host() {
    // Opens three timers, and returns the sum of the statuses.
    let one = "(drop (call $emit (i32.const 0) (i32.const 8))) (drop (call $reply_read (i32.const 64) (i32.const 2))) (i32.load16_u (i32.const 64))";
    let fay = Fay::new(&format!(
        r#"(data (i32.const 0) "\03\11\00\00\01\01\01\05")
           (func (export "start") (result i32) (i32.add (i32.add {one} {one}) {one}))"#
    ));
    for engine in engines() {
        for (handles, statuses, calls) in [(4, 0, 3), (3, 0, 3), (2, 10, 2), (0, 30, 0)] {
            let stage = Stage::new(std::sync::Arc::clone(&engine));
            stage.host.play(timer);
            let quotas = Quotas { open_handles: handles, ..Quotas::default() };
            assert_eq!(stage.outcome_within(&fay, quotas), Ok(statuses), "{handles}");
            assert_eq!(stage.host.calls().len(), calls);
            // What it held is released once.
            assert_eq!(stage.host.released().len(), 1);
        }
    }
}

#[test]
fn a_queue_takes_what_it_may_and_the_callers_error_is_nobody_elses() {
    let fay = Fay::new(
        r#"(func (export "start") (result i32) (i32.const 0)) (func (export "on_event") (param i32) (result i32) (i32.const 0))"#,
    )
    .with_on_event();
    let event = [3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1];
    for engine in engines() {
        let stage = Stage::new(engine);
        let id = stage.start_within(&fay, Quotas { event_queue: 2, ..Quotas::default() });
        assert_eq!([stage.runtime.on_event(id, &event), stage.runtime.on_event(id, &event)], [Ok(()), Ok(())]);
        let error = stage.runtime.on_event(id, &event).unwrap_err();
        assert_eq!(exhausted(&error), limit("event_queue", 2));
        assert_eq!(stage.run(id), Stopped::Idle);
        assert_eq!(stage.runtime.on_event(id, &event), Ok(()));
    }
}

#[test]
fn finite_fuel_ends_every_loop_and_every_recursion() {
    let bodies = [
        "(loop (br 0)) (i32.const 0)",
        "(call $again)",
        "(loop (drop (call $emit (i32.const 0) (i32.const 8))) (br 0)) (i32.const 0)",
        "(loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536)) (br 0)) (i32.const 0)",
        "(loop (drop (call $reply_read (i32.const 0) (i32.const 1))) (br 0)) (i32.const 0)",
    ];
    for engine in engines() {
        let stage = Stage::new(engine);
        for body in bodies {
            let fay = Fay::new(&format!(
                r#"(data (i32.const 0) "\04\01\00\00\02\01\01\04")
                   (func $again (result i32) (if (i32.const 1) (then (return (call $same)))) (i32.const 0))
                   (func $same (result i32) (loop (br 0)) (i32.const 0))
                   (func (export "start") (result i32) {body})"#
            ));
            let quotas = Quotas { fuel: Some(20_000), ..Quotas::default() };
            stage.host.play(|_, _, _| ok(&[3, 4, 1, 2, 3, 4]));
            let error = stage.outcome_within(&fay, quotas).unwrap_err();
            assert_eq!(exhausted(&error), limit("fuel", 20_000), "{body}");
        }
        assert!(
            events(&stage, "resource.threshold").iter().all(|(resource, used)| resource == "fuel" && *used >= 16_000)
        );
    }
}

#[test]
fn with_any_fuel_code_comes_to_its_end_or_to_the_end_of_its_fuel_in_slices_or_not() {
    // Large functions, which an engine may translate only when they are called.
    let body = "(drop (i32.load (i32.const 0)))".repeat(300);
    let fay = Fay::new(&format!(
        r#"(func $large (param i32) (result i32)
             (if (local.get 0) (then {body} (return (call $large (i32.const 0))))) (i32.const 5))
           (func (export "start") (result i32) (call $large (i32.const 1)))"#
    ));
    for engine in engines() {
        let stage = Stage::new(engine);
        let mut ends = Vec::new();
        for fuel in (0..2000).step_by(7) {
            let quotas = Quotas { fuel: Some(fuel), ..Quotas::default() };
            match stage.outcome_within(&fay, quotas) {
                Ok(5) => ends.push(true),
                Err(error) => {
                    assert_eq!(exhausted(&error), limit("fuel", fuel));
                    ends.push(false);
                }
                other => panic!("{other:?}"),
            }
        }
        // From some amount on it is enough.
        assert!(ends.is_sorted() && ends.first() == Some(&false) && ends.last() == Some(&true));
    }
}

#[test]
fn a_bulk_operation_larger_than_a_slice_is_made_when_enough_is_saved_up() {
    // 64 pages are more than one slice of 1,000 buys.
    let fay = Fay::raw(
        r#"(module (memory (export "memory") 64)
             (func (export "start") (result i32)
               (memory.fill (i32.const 0) (i32.const 7) (i32.const 4194304)) (i32.load8_u (i32.const 4194303))))"#,
    );
    for engine in engines() {
        assert_eq!(Stage::new(engine).outcome(&fay), Ok(7));
    }
}

#[test]
fn wall_time_is_that_of_execution_and_what_waits_spends_none() {
    let fay = Fay::new(
        r#"(data (i32.const 0) "\04\01\00\00\02\01\01\04")
           (func (export "start") (result i32) (call $emit (i32.const 0) (i32.const 8)))"#,
    );
    for engine in engines() {
        let stage = Stage::answering(engine, [Answer::Pending]);
        let quotas = Quotas { wall_time: Some(Duration::from_millis(10)), ..Quotas::default() };
        let id = stage.start_within(&fay, quotas);
        assert_eq!(stage.run(id), Stopped::Waiting);
        stage.clock.advance(Duration::from_secs(4));
        stage.host.complete(Ok(vec![0, 0, 3, 4, 1, 2, 3, 4]));
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!(stage.told.status(id), Some(Some(8)));
    }
}

#[test]
fn growth_within_one_instance_is_not_anothers() {
    let fay = Fay::raw(
        r#"(module (memory (export "memory") 1) (func (export "start") (result i32) (memory.grow (i32.const 1))))"#,
    );
    for engine in engines() {
        let stage = Stage::new(engine);
        for _ in 0..3 {
            assert_eq!(stage.outcome_within(&fay, memory(2 * PAGE_LEN)), Ok(1));
        }
        let error = stage.outcome_within(&fay, memory(PAGE_LEN - 1)).unwrap_err();
        assert_eq!(codes(&error), [ErrorCode::RtResourceExhausted]);
    }
}

/// Whether an engine declares this.
fn has(engine: &std::sync::Arc<dyn fayger_runtime::ExecutionStrategy>, capability: &str) -> bool {
    engine.capabilities().contains(&capability)
}

#[test]
fn exact_fuel_is_one_for_each_instruction_but_those_that_only_structure() {
    // Worked out by hand: what `start` executes, itself and what it calls.
    let bodies = [
        ("(i32.const 0)", 1),
        ("(nop) (block (nop)) (i32.const 0)", 1),
        // Two constants, an addition.
        ("(i32.add (i32.const 0) (i32.const 0))", 3),
        // The condition, `if`, and one arm's constant; `else` and `end` cost nothing.
        ("(if (result i32) (i32.const 1) (then (i32.const 0)) (else (i32.const 0)))", 3),
        ("(if (result i32) (i32.const 0) (then (i32.const 0)) (else (i32.const 0)))", 3),
        // Three rounds of get, const, sub, tee, br_if after const and set; then the result.
        (
            "(local $n i32) (local.set $n (i32.const 3))
             (loop (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) (i32.const 0)",
            2 + 3 * 5 + 1,
        ),
        // The call, and within it a constant and `return`.
        ("(call $zero)", 3),
        // Two operands, the call of an import, the comparison with -1 after its constant, and `select` of two.
        (
            "(select (i32.const 0) (i32.const 1) (i32.eq (call $reply_read (i32.const 0) (i32.const 0)) (i32.const -1)))",
            8,
        ),
        // A bulk operation is one, whatever its length.
        ("(memory.fill (i32.const 0) (i32.const 0) (i32.const 65536)) (i32.const 0)", 5),
    ];
    for engine in engines().into_iter().filter(|engine| has(engine, "runtime.fuel-exact")) {
        for (body, cost) in bodies {
            let fay = Fay::new(&format!(
                r#"(func $zero (result i32) (return (i32.const 0))) (func (export "start") (result i32) {body})"#
            ));
            let run = |fuel| {
                let quotas = Quotas { fuel: Some(fuel), ..Quotas::default() };
                let stage = Stage::new(std::sync::Arc::clone(&engine));
                stage.outcome_within(&fay, quotas).map_err(|error| exhausted(&error))
            };
            assert_eq!(run(cost - 1), Err(limit("fuel", cost - 1)), "{body}");
            assert_eq!([run(cost), run(cost + 1)], [Ok(0), Ok(0)], "{body}");
        }
    }
}

#[test]
fn a_nan_that_is_produced_is_the_canonical_one() {
    // Of operands with a payload and a sign; the bits of the sum, and of a negation, which keeps them.
    let fay = Fay::new(
        r#"(func (export "start") (result i32)
             (if (i64.ne (i64.reinterpret_f64 (f64.add (f64.const -nan:0x8000000000123) (f64.const 1)))
                         (i64.const 0x7ff8_0000_0000_0000)) (then (return (i32.const 1))))
             (if (i32.ne (i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0))) (i32.const 0x7fc0_0000))
               (then (return (i32.const 2))))
             (if (i32.ne (i32.reinterpret_f32 (f32.neg (f32.const nan:0x200001))) (i32.const 0xffa0_0001))
               (then (return (i32.const 3))))
             (i32.const 0))"#,
    );
    for engine in engines().into_iter().filter(|engine| has(engine, "runtime.nan-canonical")) {
        assert_eq!(Stage::new(engine).outcome(&fay), Ok(0));
    }
}

#[test]
fn in_slices_of_any_length_what_is_large_comes_to_an_end() {
    let fay = Fay::raw(
        r#"(module (memory (export "memory") 1) (table 5 funcref)
             (func (export "start") (result i32)
               (memory.fill (i32.const 0) (i32.const 7) (i32.const 60000))
               (table.grow (ref.null func) (i32.const 99995))))"#,
    );
    for engine in engines() {
        for slice in [0, 1, 2, 3, 4, 5, 1000, 1_000_000] {
            let settings = Settings { slice, ..Settings::default() };
            let stage = Stage::with(Arc::clone(&engine), Arc::new(ManualClock::default()), &settings);
            let quotas = Quotas { table_elements: 100_000, fuel: Some(1_000_000), ..Quotas::default() };
            assert_eq!(stage.outcome_within(&fay, quotas), Ok(5), "{} {slice}", engine.name());
        }
    }
}
