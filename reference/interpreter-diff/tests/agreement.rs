//! A short differential run, and whether the comparison finds a planted fault.

use fayger_interpreter_diff::engine::Engine;
use fayger_interpreter_diff::engines::{self, NAMES};
use fayger_interpreter_diff::generated;
use fayger_interpreter_diff::host::Answers;
use fayger_interpreter_diff::plan::Plan;
use fayger_interpreter_diff::trace::{Agreement, compare, trace};

fn engine(name: &str) -> Box<dyn Engine> {
    engines::by_name(name).expect("an engine")
}

/// How engines compare where the first runs one module and the others run another, by the plan of the first.
fn compared(left: &str, right: &str) -> Vec<Agreement> {
    let (left, right) = (wat::parse_str(left).expect("a module"), wat::parse_str(right).expect("a module"));
    let plan = Plan::of(&left, 1, 4, 10_000, Answers::Mixed).expect("a plan");
    let first = trace(&*engine(NAMES[0]), &left, &plan);
    let others = NAMES[1..].iter().map(|name| trace(&*engine(name), &right, &plan));
    others.map(|other| compare(("first", &first), ("other", &other))).collect()
}

fn assert_differ(left: &str, right: &str) {
    for agreement in compared(left, right) {
        assert!(matches!(agreement, Agreement::None(_)), "{agreement:?}");
    }
    for agreement in compared(left, left) {
        assert_eq!(agreement, Agreement::Whole(5));
    }
}

#[test]
fn engines_agree_on_generated_modules() {
    let engines: Vec<_> = NAMES.iter().map(|name| engine(name)).collect();
    let (mut compared, mut steps) = (0, 0);
    for seed in 0..150 {
        let Ok(module) = generated::module(seed) else { continue };
        let fuel = if module.is_terminating { 100_000_000 } else { 100_000 };
        let plan = Plan::of(&module.bytes, seed, 2, fuel, Answers::Mixed).expect("a plan");
        let traces: Vec<_> = engines.iter().map(|engine| trace(&**engine, &module.bytes, &plan)).collect();
        for (name, other) in NAMES.iter().zip(&traces).skip(1) {
            match compare((NAMES[0], &traces[0]), (name, other)) {
                Agreement::Whole(agreed) | Agreement::Partial(agreed) => steps += agreed,
                Agreement::None(how) => panic!("seed {seed}: {how}"),
            }
            compared += 1;
        }
    }
    assert!(compared > 100 && steps > 200, "{compared} comparisons of {steps} steps are too few to say anything");
}

#[test]
fn finds_another_result() {
    assert_differ(
        r#"(module (func (export "f") (param i32) (result i32) (i32.shr_s (local.get 0) (i32.const 1))))"#,
        r#"(module (func (export "f") (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 31))))"#,
    );
}

#[test]
fn finds_another_nan() {
    assert_differ(
        r#"(module (func (export "f") (result f32) (f32.neg (f32.const nan))))"#,
        r#"(module (func (export "f") (result f32) (f32.const nan)))"#,
    );
}

#[test]
fn finds_another_trap() {
    assert_differ(
        r#"(module (func (export "f") (i32.div_s (i32.const -2147483648) (i32.const -1)) (drop)))"#,
        r#"(module (func (export "f") (i32.div_s (i32.const -2147483648) (i32.const 0)) (drop)))"#,
    );
}

#[test]
fn finds_another_byte_of_memory() {
    assert_differ(
        r#"(module (memory (export "m") 1) (func (export "f") (i32.store8 (i32.const 65535) (i32.const 1))))"#,
        r#"(module (memory (export "m") 1) (func (export "f") (i32.store8 (i32.const 65534) (i32.const 1))))"#,
    );
}

#[test]
fn finds_another_global() {
    assert_differ(
        r#"(module (global (export "g") (mut i64) (i64.const 0)) (func (export "f") (global.set 0 (i64.const 1))))"#,
        r#"(module (global (export "g") (mut i64) (i64.const 0)) (func (export "f") (global.set 0 (i64.const 2))))"#,
    );
}

#[test]
fn finds_another_null_in_a_table() {
    assert_differ(
        r#"(module (table (export "t") 2 funcref) (elem func 0) (func (export "f") (table.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))"#,
        r#"(module (table (export "t") 2 funcref) (elem func 0) (func (export "f") (table.init 0 (i32.const 1) (i32.const 0) (i32.const 1))))"#,
    );
}

#[test]
fn finds_another_call_of_the_host() {
    assert_differ(
        r#"(module (import "a" "b" (func (param i32))) (func (export "f") (call 0 (i32.const 1))))"#,
        r#"(module (import "a" "b" (func (param i32))) (func (export "f") (call 0 (i32.const 2))))"#,
    );
}

#[test]
fn counts_each_instruction_but_block_loop_else_end_and_nop() {
    // In `f`: const, const, call, drop. In `g`, down to its return: local.get, local.get, if, local.get, return.
    let text = r#"(module
        (func $g (param i32 i32) (result i32) (local.get 0) (local.get 1)
            (if (result i32) (then (nop) (local.get 0) (return)) (else (i32.const 5))) (drop))
        (func (export "f") (block (loop (nop))) (i32.const 7) (i32.const 1) (call $g) (drop)))"#;
    let bytes = wat::parse_str(text).expect("a module");
    let plan = Plan::of(&bytes, 0, 1, 10_000, Answers::Zero).expect("a plan");
    let fayger_interpreter_diff::trace::Trace::Steps(steps) = trace(&*engine("wasmtime"), &bytes, &plan) else {
        panic!("refused")
    };
    assert_eq!(steps[1].executed, Some(9));
}
