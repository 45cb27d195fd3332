//! Limits: exact at one below, at and one above, and the end of what would have none.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_interpreter::{
    Execution, Extern, InstantiationError, Limits, Module, Resource, StepResult, Store, Trap, Value,
};

const PAGE: u64 = 65_536;

fn module(text: &str) -> Module {
    Module::new(&wat::parse_str(text).expect("a module")).expect("a valid module")
}

/// How a call of `f` ends, and the fuel that it used.
fn call(store: &mut Store, module: &Module, arguments: &[Value], fuel: u64) -> (StepResult, Vec<Value>, u64) {
    let instance = store.instantiate(module, &[]).expect("an instance");
    let Some(Extern::Function(f)) = store.export(instance, "f") else { panic!("no function `f`") };
    let mut execution = Execution::new();
    execution.call(store, f, arguments).expect("arguments of its type");
    let step = execution.step(store, fuel);
    (step.result, execution.results().collect(), step.fuel)
}

#[test]
fn memory_grows_up_to_its_limit_and_not_by_a_page_more() {
    let module =
        module(r#"(module (memory 2) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))"#);
    // The limit is 5 pages and a byte: a page that does not fit whole is not given.
    for (more, result, refusals) in [(2, 2, 0), (3, 2, 0), (4, -1, 1), (-1, -1, 0)] {
        let mut store = Store::new(Limits { memory: 5 * PAGE + 1, ..Limits::default() });
        let (ending, results, _) = call(&mut store, &module, &[Value::I32(more)], 100);
        assert_eq!((ending, results), (StepResult::Returned, vec![Value::I32(result)]), "{more}");
        assert_eq!(store.usage().memory_refusals, refusals, "{more}");
        assert_eq!(
            store.usage().memory,
            if result == 2 { (2 + u64::from(more.unsigned_abs())) * PAGE } else { 2 * PAGE }
        );
    }
}

#[test]
fn a_memory_that_begins_past_its_limit_is_refused() {
    for (pages, is_given) in [(2, true), (3, true), (4, false), (65_536, false)] {
        let module = module(&format!("(module (memory {pages}))"));
        let mut store = Store::new(Limits { memory: 3 * PAGE, ..Limits::default() });
        let refusal = store.instantiate(&module, &[]).err();
        assert_eq!(refusal, (!is_given).then_some(InstantiationError::Limit(Resource::Memory)), "{pages}");
    }
}

#[test]
fn tables_grow_up_to_their_limit_all_together() {
    let module = module(
        r#"(module (table 3 funcref) (table 4 externref)
            (func (export "f") (param i32) (result i32) (table.grow 1 (ref.null extern) (local.get 0))))"#,
    );
    for (more, result) in [(2, 4), (3, 4), (4, -1), (-1, -1)] {
        let mut store = Store::new(Limits { table: 10, ..Limits::default() });
        let (ending, results, _) = call(&mut store, &module, &[Value::I32(more)], 100);
        assert_eq!((ending, results), (StepResult::Returned, vec![Value::I32(result)]), "{more}");
        assert_eq!(store.usage().table, if result == 4 { 7 + u64::from(more.unsigned_abs()) } else { 7 });
    }
    let mut store = Store::new(Limits { table: 6, ..Limits::default() });
    assert_eq!(store.instantiate(&module, &[]).err(), Some(InstantiationError::Limit(Resource::Table)));
}

/// `f(n)` calls itself n times, with 16 locals: n + 1 frames.
const NEST: &str = r#"(module (func $f (export "f") (param i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (if (result i32) (local.get 0)
        (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
        (else (i32.const 0)))))"#;

#[test]
fn a_thousand_frames_of_sixteen_locals_work() {
    let mut store = Store::new(Limits::default());
    let (ending, results, _) = call(&mut store, &module(NEST), &[Value::I32(999)], 1 << 30);
    assert_eq!((ending, results), (StepResult::Returned, vec![Value::I32(999)]));
}

#[test]
fn frames_end_at_their_limit() {
    for (frames, is_enough) in [(999, false), (1_000, true), (1_001, true)] {
        let mut store = Store::new(Limits { frames, ..Limits::default() });
        let (ending, ..) = call(&mut store, &module(NEST), &[Value::I32(999)], 1 << 30);
        let expected = if is_enough { StepResult::Returned } else { StepResult::Trapped(Trap::StackOverflow) };
        assert_eq!(ending, expected, "{frames}");
    }
}

#[test]
fn unbounded_recursion_traps() {
    for text in [
        r#"(module (func $f (export "f") (param i32) (call $f (local.get 0))))"#,
        r#"(module (func $f (export "f") (param i32) (result i32) (i32.add (i32.const 1) (call $f (local.get 0)))))"#,
        r#"(module (type $t (func (param i32))) (table 1 funcref) (elem (i32.const 0) $f)
            (func $f (export "f") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))"#,
    ] {
        let mut store = Store::new(Limits::default());
        let (ending, ..) = call(&mut store, &module(text), &[Value::I32(0)], 1 << 30);
        assert_eq!(ending, StepResult::Trapped(Trap::StackOverflow), "{text}");
    }
}

/// 1 for `local.get`, 2 for `i32.const` and `i32.add`, 1 for `local.set`, and so on, down to the division that traps.
#[test]
fn fuel_ends_before_a_trap_or_after_it() {
    let module = module(
        r#"(module (func (export "f") (param i32) (result i32)
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (block (nop) (drop (i32.div_s (i32.const 1) (i32.const 0))))
            (i32.const 5)))"#,
    );
    // get, const, add, set, const, const, div_s: seven.
    for (fuel, ending, used) in [
        (0, StepResult::OutOfFuel, 0),
        (6, StepResult::OutOfFuel, 6),
        (7, StepResult::Trapped(Trap::DivideByZero), 7),
        (8, StepResult::Trapped(Trap::DivideByZero), 7),
        (1 << 40, StepResult::Trapped(Trap::DivideByZero), 7),
    ] {
        let mut store = Store::new(Limits::default());
        let (actual, _, actual_used) = call(&mut store, &module, &[Value::I32(0)], fuel);
        assert_eq!((actual, actual_used), (ending, used), "{fuel}");
    }
}

#[test]
fn fuel_is_exact_around_every_end_of_a_loop() {
    // Each round: get, const, sub, tee, br_if = 5; at the end the function's own end = 0.
    let module = module(
        r#"(module (func (export "f") (param i32)
            (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#,
    );
    for (fuel, ending) in [(4_999, StepResult::OutOfFuel), (5_000, StepResult::Returned), (5_001, StepResult::Returned)]
    {
        let mut store = Store::new(Limits::default());
        let (actual, _, used) = call(&mut store, &module, &[Value::I32(1_000)], fuel);
        assert_eq!((actual, used), (ending, fuel.min(5_000)), "{fuel}");
    }
}

#[test]
fn deep_nests_are_translated_and_run() {
    for (open, close) in [("block ", "end "), ("loop ", "end "), ("i32.const 1 if ", "end ")] {
        let text = format!(
            r#"(module (func (export "f") (param i32) (result i32) {} {} i32.const 7))"#,
            open.repeat(20_000),
            close.repeat(20_000)
        );
        // The text format itself is read by recursion: it gets a stack of its own.
        let bytes = std::thread::Builder::new()
            .stack_size(256 << 20)
            .spawn(move || wat::parse_str(text).expect("a module"))
            .expect("a thread")
            .join()
            .expect("no panic");
        let module = Module::new(&bytes).expect("a valid module");
        let mut store = Store::new(Limits::default());
        let (ending, results, _) = call(&mut store, &module, &[Value::I32(0)], 1 << 30);
        assert_eq!((ending, results), (StepResult::Returned, vec![Value::I32(7)]), "{open}");
    }
}

/// The outermost frame is held to the limit too.
#[test]
fn slots_end_at_their_limit_from_the_first_frame_on() {
    let wide =
        module(&format!(r#"(module (func (export "f") (result i32) (local {}) (i32.const 1)))"#, "i64 ".repeat(2_000)));
    for (slots, is_enough) in [(2_000, false), (2_100, true)] {
        let mut store = Store::new(Limits { slots, ..Limits::default() });
        let (ending, ..) = call(&mut store, &wide, &[], 100);
        let expected = if is_enough { StepResult::Returned } else { StepResult::Trapped(Trap::StackOverflow) };
        assert_eq!(ending, expected, "{slots}");
    }
}

/// What an execution had room for in one store, it has not in another with narrower limits: a frame calls the next, 50 deep, each of 256 slots at
/// least, and where three frames are allowed, or room for one alone, there is no fourth and no second.
#[test]
fn an_execution_takes_no_room_from_one_store_into_another() {
    let nest = module(
        r#"(module (func $f (export "f") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
                (else (i32.const 0)))))"#,
    );
    let wide = Limits::default();
    let mut execution = Execution::new();
    for (limits, ending) in [
        (wide, StepResult::Returned),
        (Limits { frames: 3, ..wide }, StepResult::Trapped(Trap::StackOverflow)),
        (wide, StepResult::Returned),
        (Limits { slots: 256, ..wide }, StepResult::Trapped(Trap::StackOverflow)),
    ] {
        let mut store = Store::new(limits);
        let instance = store.instantiate(&nest, &[]).expect("an instance");
        let Some(Extern::Function(f)) = store.export(instance, "f") else { panic!("no function") };
        execution.call(&store, f, &[Value::I32(50)]).expect("an argument of its type");
        assert_eq!(execution.step(&mut store, 10_000).result, ending, "{limits:?}");
    }
}

#[test]
fn fuel_without_end_is_counted() {
    let module = module(r#"(module (func (export "f") (result i32) (i32.const 1)))"#);
    let mut store = Store::new(Limits::default());
    let (ending, results, fuel) = call(&mut store, &module, &[], u64::MAX);
    assert_eq!((ending, results, fuel), (StepResult::Returned, vec![Value::I32(1)], 1));
}

#[test]
fn a_call_that_did_not_return_has_no_results() {
    let module = module(r#"(module (func (export "f") (param i64) (result funcref) unreachable))"#);
    let mut store = Store::new(Limits::default());
    let (ending, results, _) = call(&mut store, &module, &[Value::I64(5)], 100);
    assert_eq!((ending, results), (StepResult::Trapped(Trap::Unreachable), Vec::new()));
}

/// 2,000 calls that give 1,000 results each, of 2 bytes each: no execution has room for so many operands.
#[test]
fn more_operands_than_any_frame_holds_are_refused() {
    let types = "i32 ".repeat(1_000);
    let text = format!(
        r#"(module (import "a" "b" (func $g (result {types}))) (func {} (unreachable)))"#,
        "(call $g) ".repeat(2_000)
    );
    let refusal = Module::new(&wat::parse_str(text).expect("a module")).expect_err("too many operands");
    assert_eq!(refusal.message, "a function that is beyond what can be translated");
}

/// A memory that is extended in place keeps what it holds, and what is new is zero: below, at and above the size up to which it is moved.
#[test]
fn what_a_memory_holds_stays_when_it_grows() {
    let module = module(
        r#"(module (memory 100)
            (func (export "f") (param i32) (result i32) (local i32)
                (i32.store (i32.const 6553596) (i32.const 77))
                (local.set 1 (i32.mul (i32.const 65536) (memory.grow (local.get 0))))
                (i32.add (i32.load (i32.const 6553596)) (i32.load (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4))))))"#,
    );
    for more in [1, 155, 156, 157, 400, 3_000] {
        let mut store = Store::new(Limits::default());
        let (ending, results, _) = call(&mut store, &module, &[Value::I32(more)], 100);
        assert_eq!((ending, results), (StepResult::Returned, vec![Value::I32(77)]), "{more}");
    }
}
