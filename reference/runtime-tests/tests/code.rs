//! What a code section may be, on every engine: one fault each, and the same refusal of all.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_contracts::{ContextValue, ErrorCode, FaygerError, LifecycleState, Quotas, RuntimeInterface as _};
use fayger_runtime_tests::{Fay, Stage, codes, engines};

const EMIT: &str = r#"(import "fayger_v1" "emit" (func $emit (param i32 i32) (result i32)))"#;
const MEMORY: &str = r#"(memory (export "memory") 1)"#;
const START: &str = r#"(func (export "start") (result i32) (i32.const 0))"#;

/// What `init` says, on every engine.
fn refusals(fay: &Fay) -> Vec<FaygerError> {
    let refuse = |engine| {
        let stage = Stage::new(engine);
        let id = stage.load(fay.object(), Quotas::default());
        let error = stage.runtime.init(id).unwrap_err();
        assert_eq!(codes(&error), [ErrorCode::RtInstanceFailed, ErrorCode::RtCodeInvalid]);
        assert_eq!(stage.runtime.state(id), Ok(LifecycleState::Failed));
        let info = stage.runtime.failure_info(id).unwrap().unwrap();
        assert_eq!((&info.error, info.state_before, info.last_instruction), (&error, LifecycleState::Loaded, None));
        *error.cause.unwrap()
    };
    engines().into_iter().map(refuse).collect()
}

/// The subject and the name of a refusal.
fn subject(fay: &Fay) -> (String, Option<String>) {
    let text = |value: Option<&ContextValue>| value.map(|value| value.to_string().replace('`', ""));
    let mut of = refusals(fay).into_iter().map(|error| {
        let subject = text(error.context.get("subject")).unwrap();
        assert_eq!(error.context.contains_key("offset"), subject == "module");
        (subject, text(error.context.get("name")))
    });
    let first = of.next().unwrap();
    assert!(of.all(|other| other == first), "the engines differ");
    first
}

fn of(subject: &str) -> (String, Option<String>) {
    (subject.to_owned(), None)
}

fn named(subject: &str, name: &str) -> (String, Option<String>) {
    (subject.to_owned(), Some(name.to_owned()))
}

#[test]
fn the_nearest_good_module_is_taken() {
    for engine in engines() {
        let fay = Fay::raw(format!("(module {EMIT} {MEMORY} {START})"));
        assert_eq!(Stage::new(engine).outcome(&fay), Ok(0));
    }
}

#[test]
fn bytes_that_are_no_module_are_refused_with_the_place() {
    let header = b"\0asm\x01\0\0\0".to_vec();
    let cases = [
        (Vec::new(), 0),
        (b"\0asm\x02\0\0\0".to_vec(), 4),
        // A section that is longer than the module.
        ([header.clone(), vec![1, 9]].concat(), 10),
    ];
    for (bytes, offset) in cases {
        for error in refusals(&Fay::of_bytes(bytes.clone())) {
            assert_eq!(error.context["subject"], "module".into());
            assert_eq!(error.context["offset"], (offset as u64).into(), "{bytes:?}");
        }
    }
}

#[test]
fn what_core_2_without_simd_does_not_have_is_no_module() {
    let bad = [
        ("a body of another type", r#"(func (result i32) (i64.const 0))"#),
        ("simd", r#"(func (drop (v128.const i64x2 0 0)))"#),
        ("relaxed simd", r#"(func (param v128) (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0))))"#),
        ("atomics", r#"(func (drop (i32.atomic.load (i32.const 0))))"#),
        ("exceptions", r#"(tag (param i32))"#),
        ("tail calls", r#"(func $f (return_call $f))"#),
        ("garbage collection", r#"(type (struct (field i32)))"#),
        ("typed function references", r#"(type $t (func)) (func (param (ref null $t)))"#),
        ("extended constant expressions", r#"(global i32 (i32.add (i32.const 1) (i32.const 2)))"#),
        (
            "wide arithmetic",
            r#"(func (drop (drop (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)))))"#,
        ),
        ("a table of 64-bit indices", r#"(table i64 1 funcref)"#),
        ("a name for the memory twice", r#"(export "memory" (memory 0))"#),
    ];
    for (what, fields) in bad {
        let module = format!("(module {EMIT} {MEMORY} {START} {fields})");
        // What the text form cannot write does not count.
        assert_eq!(subject(&Fay::raw(module)), of("module"), "{what}");
    }
    for memory in ["i64 1", "1 1 shared", "1 (pagesize 1)"] {
        let module = format!(r#"(module (memory (export "memory") {memory}) {START})"#);
        assert_eq!(subject(&Fay::raw(module)), of("module"), "{memory}");
    }
}

#[test]
fn an_import_that_is_foreign_or_of_another_type_is_refused_by_name() {
    let bad = [
        (r#"(import "env" "emit" (func (param i32 i32) (result i32)))"#, "env.emit"),
        (r#"(import "fayger_v2" "emit" (func (param i32 i32) (result i32)))"#, "fayger_v2.emit"),
        (r#"(import "fayger_v1" "exit" (func (param i32)))"#, "fayger_v1.exit"),
        (r#"(import "fayger_v1" "emit" (func (param i32) (result i32)))"#, "fayger_v1.emit"),
        (r#"(import "fayger_v1" "emit" (func (param i32 i32)))"#, "fayger_v1.emit"),
        (r#"(import "fayger_v1" "emit" (func (param i32 i64) (result i32)))"#, "fayger_v1.emit"),
        (r#"(import "fayger_v1" "section_len" (func (param i32) (result i32)))"#, "fayger_v1.section_len"),
        (r#"(import "fayger_v1" "emit" (global i32))"#, "fayger_v1.emit"),
        (r#"(import "fayger_v1" "emit" (table 1 funcref))"#, "fayger_v1.emit"),
    ];
    for (import, name) in bad {
        let module = format!("(module {EMIT} {import} {MEMORY} {START})");
        assert_eq!(subject(&Fay::raw(module)), named("import", name), "{import}");
    }
    // The first is named; and one may be imported twice.
    let emit = EMIT.replace("$emit", "");
    let two = r#"(import "b" "b" (func)) (import "a" "a" (func))"#;
    assert_eq!(subject(&Fay::raw(format!("(module {emit} {emit} {two} {MEMORY} {START})"))), named("import", "b.b"));
}

#[test]
fn there_is_exactly_one_memory_of_the_modules_own_and_it_is_exported() {
    let bad = [
        "",
        "(memory 1)",
        r#"(memory (export "mem") 1)"#,
        r#"(memory 1) (global (export "memory") i32 (i32.const 0))"#,
        r#"(memory (export "memory") 1) (memory 1)"#,
        r#"(import "fayger_v1" "memory" (memory 1)) (export "memory" (memory 0))"#,
        r#"(import "env" "memory" (memory 1)) (export "memory" (memory 0))"#,
    ];
    for memory in bad {
        assert_eq!(subject(&Fay::raw(format!("(module {memory} {START})"))), of("memory"), "{memory}");
    }
}

#[test]
fn a_start_section_is_refused() {
    let module = format!("(module {MEMORY} {START} (func $go) (start $go))");
    assert_eq!(subject(&Fay::raw(module)), of("start"));
}

#[test]
fn an_export_that_the_entry_names_is_there_and_of_its_type() {
    let module = |fields: &str| Fay::raw(format!("(module {MEMORY} {fields})"));
    assert_eq!(subject(&module("")), named("export", "start"));
    for start in [
        r#"(func (export "start"))"#,
        r#"(func (export "start") (param i32) (result i32) (i32.const 0))"#,
        r#"(func (export "start") (result i64) (i64.const 0))"#,
        r#"(func (export "start") (result i32 i32) (i32.const 0) (i32.const 0))"#,
        r#"(global (export "start") i32 (i32.const 0))"#,
    ] {
        assert_eq!(subject(&module(start)), named("export", "start"), "{start}");
    }
    assert_eq!(subject(&module(START).with_init()), named("export", "init"));
    assert_eq!(subject(&module(START).with_on_event()), named("export", "on_event"));
    let deaf = format!(r#"{START} (func (export "on_event") (result i32) (i32.const 0))"#);
    assert_eq!(subject(&module(&deaf).with_on_event()), named("export", "on_event"));
    // What the entry does not name is the module's own affair.
    for engine in engines() {
        assert_eq!(Stage::new(engine).outcome(&module(&format!(r#"{START} (func (export "init"))"#))), Ok(0));
    }
}

#[test]
fn of_several_faults_the_first_by_the_order_of_the_checks_is_told() {
    // Each with every fault after it: no memory, a start section, no export.
    let (import, module) = (r#"(import "env" "f" (func))"#, "(func (result i32) (i64.const 0))");
    let go = "(func $go) (start $go)";
    assert_eq!(subject(&Fay::raw(format!("(module {import} {module} {go})"))), of("module"));
    assert_eq!(subject(&Fay::raw(format!("(module {import} {go})"))), named("import", "env.f"));
    assert_eq!(subject(&Fay::raw(format!("(module {go})"))), of("memory"));
    assert_eq!(subject(&Fay::raw(format!("(module {MEMORY} {go})"))), of("start"));
}

#[test]
fn a_function_of_very_many_locals_runs_but_on_the_engine_that_says_that_it_does_not() {
    let fay = |count: usize| {
        let (locals, last) = ("i32 ".repeat(count), count - 1);
        Fay::raw(format!(
            r#"(module (memory (export "memory") 1)
                 (func (export "start") (result i32) (local {locals}) (local.set {last} (i32.const 7)) (local.get {last})))"#
        ))
    };
    for engine in engines() {
        let is_bounded = engine.name() == "wasmi";
        let stage = Stage::new(engine);
        assert_eq!(stage.outcome(&fay(30_000)), Ok(7));
        match stage.outcome(&fay(40_000)) {
            Ok(status) => assert_eq!((is_bounded, status), (false, 7)),
            Err(error) => {
                assert_eq!((is_bounded, error.code), (true, ErrorCode::RtCodeInvalid));
                assert_eq!((&error.context["subject"], error.context.get("offset")), (&"module".into(), None));
            }
        }
    }
}
