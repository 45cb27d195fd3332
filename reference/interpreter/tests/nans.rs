//! NaNs: every one that is produced is the positive canonical one, and what works on the sign alone keeps every bit.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_interpreter::{Execution, Extern, Limits, Module, StepResult, Store, Value};

/// A signalling NaN, a quiet one with a payload, and the negative canonical one.
const F32: [u32; 3] = [0x7fa0_0001, 0xffc1_2345, 0xffc0_0000];
const F64: [u64; 3] = [0x7ff0_0000_0000_0001, 0xfff8_dead_beef_0001, 0xfff8_0000_0000_0000];
const CANONICAL_F32: u32 = 0x7fc0_0000;
const CANONICAL_F64: u64 = 0x7ff8_0000_0000_0000;

/// Runs `f`, a body over one parameter.
fn run(parameter: &str, result: &str, body: &str, argument: Value) -> Value {
    let text = format!(r#"(module (memory 1) (func (export "f") (param {parameter}) (result {result}) {body}))"#);
    let module = Module::new(&wat::parse_str(text).expect("a module")).expect("a valid module");
    let mut store = Store::new(Limits::default());
    let instance = store.instantiate(&module, &[]).expect("an instance");
    let Some(Extern::Function(f)) = store.export(instance, "f") else { panic!("no function `f`") };
    let mut execution = Execution::new();
    execution.call(&store, f, &[argument]).expect("an argument of its type");
    assert_eq!(execution.step(&mut store, 1_000).result, StepResult::Returned);
    execution.results().next().expect("a result")
}

#[test]
fn what_is_produced_is_canonical() {
    for operation in ["sqrt", "ceil", "floor", "trunc", "nearest"] {
        for bits in F32 {
            let body = format!("(f32.{operation} (local.get 0))");
            assert_eq!(run("f32", "f32", &body, Value::F32(bits)), Value::F32(CANONICAL_F32), "{operation} {bits:x}");
        }
        for bits in F64 {
            let body = format!("(f64.{operation} (local.get 0))");
            assert_eq!(run("f64", "f64", &body, Value::F64(bits)), Value::F64(CANONICAL_F64), "{operation} {bits:x}");
        }
    }
    for operation in ["add", "sub", "mul", "div", "min", "max"] {
        for operands in ["(local.get 0) (f32.const 1)", "(f32.const 1) (local.get 0)", "(local.get 0) (local.get 0)"] {
            for bits in F32 {
                let body = format!("(f32.{operation} {operands})");
                assert_eq!(run("f32", "f32", &body, Value::F32(bits)), Value::F32(CANONICAL_F32), "{body} {bits:x}");
            }
            for bits in F64 {
                let body = format!("(f64.{operation} {})", operands.replace("f32", "f64"));
                assert_eq!(run("f64", "f64", &body, Value::F64(bits)), Value::F64(CANONICAL_F64), "{body} {bits:x}");
            }
        }
    }
    for bits in F32 {
        let promoted = run("f32", "f64", "(f64.promote_f32 (local.get 0))", Value::F32(bits));
        assert_eq!(promoted, Value::F64(CANONICAL_F64), "{bits:x}");
    }
    for bits in F64 {
        let demoted = run("f64", "f32", "(f32.demote_f64 (local.get 0))", Value::F64(bits));
        assert_eq!(demoted, Value::F32(CANONICAL_F32), "{bits:x}");
    }
}

#[test]
fn nans_from_numbers_are_canonical() {
    // 0 / 0, infinity less infinity, the root of -1, 0 times infinity.
    for body in [
        "(f64.div (local.get 0) (f64.const 0))",
        "(f64.add (f64.div (f64.const 1) (local.get 0)) (f64.const -inf))",
        "(f64.sqrt (f64.sub (local.get 0) (f64.const 1)))",
        "(f64.mul (local.get 0) (f64.const inf))",
    ] {
        assert_eq!(run("f64", "f64", body, Value::F64(0)), Value::F64(CANONICAL_F64), "{body}");
    }
}

#[test]
fn what_moves_keeps_every_bit() {
    const SIGN: u32 = 1 << 31;
    for bits in F32 {
        let run = |body: &str| run("f32", "f32", body, Value::F32(bits));
        assert_eq!(run("(f32.neg (local.get 0))"), Value::F32(bits ^ SIGN));
        assert_eq!(run("(f32.abs (local.get 0))"), Value::F32(bits & !SIGN));
        assert_eq!(run("(f32.copysign (local.get 0) (f32.const -1))"), Value::F32(bits | SIGN));
        for body in [
            "(local.get 0)",
            "(select (local.get 0) (f32.const 1) (i32.const 1))",
            "(f32.store (i32.const 8) (local.get 0)) (f32.load (i32.const 8))",
            "(f32.reinterpret_i32 (i32.reinterpret_f32 (local.get 0)))",
            "(block (result f32) (br 0 (local.get 0)))",
        ] {
            assert_eq!(run(body), Value::F32(bits), "{body}");
        }
    }
}
