//! What a translation to slots gets wrong easily. Every expected value is told by the text of the module.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_interpreter::{Execution, Extern, Limits, Module, StepResult, Store, Value};

/// The results of a module's function `f`, run whole and one instruction at a time.
fn run(text: &str, arguments: &[Value]) -> Vec<Value> {
    run_export(text, "f", arguments)
}

fn run_export(text: &str, name: &str, arguments: &[Value]) -> Vec<Value> {
    run_with_fuel(text, name, arguments).0
}

/// The results, and the fuel that the call used.
fn run_with_fuel(text: &str, name: &str, arguments: &[Value]) -> (Vec<Value>, u64) {
    let bytes = wat::parse_str(text).expect("a module");
    let module = Module::new(&bytes).expect("a valid module");
    let run = |slice| {
        let mut store = Store::new(Limits::default());
        let instance = store.instantiate(&module, &[]).expect("an instance");
        let Some(Extern::Function(f)) = store.export(instance, name) else { panic!("no function") };
        let mut execution = Execution::new();
        execution.call(&store, f, arguments).expect("arguments of its type");
        let mut fuel = 0;
        loop {
            let step = execution.step(&mut store, slice);
            fuel += step.fuel;
            match step.result {
                StepResult::OutOfFuel => {}
                StepResult::Returned => return (execution.results().collect::<Vec<_>>(), fuel),
                other => panic!("{other:?}"),
            }
        }
    };
    let whole = run(1 << 40);
    assert_eq!(run(1), whole);
    whole
}

fn i32s(values: impl IntoIterator<Item = i32>) -> Vec<Value> {
    values.into_iter().map(Value::I32).collect()
}

/// Text, once for each number.
fn each(numbers: std::ops::Range<usize>, text: impl Fn(usize) -> String) -> String {
    numbers.map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn results_of_a_block_are_not_taken_for_its_parameters() {
    let text = r#"(module (func (export "f") (param i32) (result i32 i32)
        (i32.add (local.get 0) (i32.const 1)) (i32.add (local.get 0) (i32.const 2))
        (loop (param i32 i32) (result i32 i32) (drop) (drop) (i32.const 3) (i32.const 4))))"#;
    assert_eq!(run(text, &i32s([0])), i32s([3, 4]));
}

#[test]
fn an_operand_below_a_block_keeps_its_value_on_every_way_through_it() {
    // The constants below the block are needed in slots on one way alone, and then on the other.
    let text = r#"(module (func (export "f") (param i32) (result i32 i32 i32)
        (i32.const 10) (local.get 0)
        (block (result i32)
            (i32.const 30)
            (drop (br_if 0 (i32.const 31) (local.get 0)))
            (local.set 0 (i32.const 5)))))"#;
    assert_eq!(run(text, &i32s([0])), i32s([10, 0, 30]));
    assert_eq!(run(text, &i32s([1])), i32s([10, 1, 31]));
}

#[test]
fn locals_that_are_far_begin_as_zero_and_keep_what_is_set() {
    let sets = each(0..500, |local| format!("(local.set {local} (i32.add (local.get {local}) (i32.const {local})))"));
    let sum = each(0..500, |local| format!("(local.get {local}) (i32.add)"));
    let text = format!(
        r#"(module (func (export "f") (result i32) (local {types}) {sets} {sets} (i32.const 0) {sum}))"#,
        types = "i32 ".repeat(500)
    );
    // Twice 0 + 1 + … + 499.
    assert_eq!(run(&text, &[]), i32s([249_500]));
}

#[test]
fn operands_that_are_far_come_back_in_their_order() {
    // a0 - (a1 - (a2 - …)) of 0 … 599 is the alternating sum 0 - 1 + 2 - … - 599 = -300.
    let pushes = each(0..600, |number| format!("(i32.add (local.get 0) (i32.const {number}))"));
    let text =
        format!(r#"(module (func (export "f") (param i32) (result i32) {pushes} {}))"#, "(i32.sub) ".repeat(599));
    assert_eq!(run(&text, &i32s([0])), i32s([-300]));
}

#[test]
fn parameters_and_results_may_be_many() {
    // `g` gives its 300 parameters back, the last first; `f` gives what `g` makes of 0 … 299 and of that again.
    let types = "i32 ".repeat(300);
    let back = each(0..300, |number| format!("(local.get {})", 299 - number));
    let pushes = each(0..300, |number| format!("(i32.const {number})"));
    let text = format!(
        r#"(module
            (func $g (param {types}) (result {types}) {back})
            (func (export "f") (result {types}) {pushes} (call $g))
            (func (export "twice") (result {types}) {pushes} (call $g) (call $g)))"#
    );
    assert_eq!(run(&text, &[]), i32s((0..300).rev()));
    assert_eq!(run_export(&text, "twice", &[]), i32s(0..300));
}

#[test]
fn arguments_between_near_and_far_slots_arrive_and_results_come_back() {
    // 240 to 260 operands below, then a call of three arguments and two results, at each height around the border.
    for below in 235..262 {
        let pushes = each(0..below, |number| format!("(i32.add (local.get 0) (i32.const {number}))"));
        let text = format!(
            r#"(module
                (func $g (param i32 i32 i32) (result i32 i32)
                    (i32.sub (local.get 0) (local.get 1)) (i32.sub (local.get 1) (local.get 2)))
                (func (export "f") (param i32) (result i32)
                    {pushes}
                    (i32.const 100) (local.get 0) (i32.const 7)
                    (call $g) (i32.mul)
                    {adds}))"#,
            adds = "(i32.add) ".repeat(below)
        );
        // (100 - 0) · (0 - 7), and 0 + 1 + … below.
        let expected = -700 + i32::try_from(below * (below - 1) / 2).expect("small");
        assert_eq!(run(&text, &i32s([0])), i32s([expected]), "{below} operands below");
    }
}

#[test]
fn a_call_does_not_cover_locals_that_are_far() {
    let types = "i32 ".repeat(400);
    let sets = each(0..400, |local| format!("(local.set {local} (i32.const {local}))"));
    let sum = each(0..400, |local| format!("(local.get {local}) (i32.add)"));
    let dirt = each(1..400, |local| format!("(local.set {local} (i32.const -1))"));
    let text = format!(
        r#"(module
            (func $g (param i32) (result i32) (local {types}) {dirt} (local.get 0))
            (func (export "f") (result i32) (local {types}) {sets} (call $g (i32.const 1000)) {sum}))"#
    );
    assert_eq!(run(&text, &[]), i32s([1_000 + 79_800]));
}

#[test]
fn branches_carry_many_values_down_the_stack() {
    // Seven operands lie between the values and where the block's results belong.
    for count in [1, 2, 3, 240, 300] {
        let types = "i32 ".repeat(count);
        let pushes = each(0..count, |number| format!("(i32.const {number})"));
        for (branch, argument) in [("(br 0)", 0), ("(br_if 0 (local.get 0))", 1), ("(br_table 1 0 (local.get 0))", 1)] {
            let text = format!(
                r#"(module (func (export "f") (param i32) (result {types})
                    (block (result {types})
                        (block (result {types}) {below} {pushes} {branch} (unreachable))
                        (return))))"#,
                below = "(i32.const 9) ".repeat(7)
            );
            let expected = i32s(0..i32::try_from(count).expect("small"));
            assert_eq!(run(&text, &i32s([argument])), expected, "{count} values by {branch}");
        }
    }
}

#[test]
fn branches_may_be_far() {
    // 70,000 additions that are passed over, or not, by branches of every kind, forwards and back.
    let many = "(local.set 1 (i32.add (local.get 1) (i32.const 1)))\n".repeat(70_000);
    let text = format!(
        r#"(module (func (export "f") (param i32) (result i32) (local i32)
            (loop $again
                (block $over
                    (br_if $over (i32.lt_s (local.get 0) (i32.const 2)))
                    (if (i32.eq (local.get 0) (i32.const 4)) (then {many}) (else (local.set 1 (i32.const 1))))
                    {many})
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (local.get 1)))"#
    );
    // 4: twice 70,000; 3: 1 and 70,000; 2: the same; 1: nothing.
    assert_eq!(run(&text, &i32s([4])), i32s([70_001]));
    assert_eq!(run(&text, &i32s([1])), i32s([0]));
}

#[test]
fn a_step_and_its_branch_are_one_and_both_happen() {
    // Copies of the counter are pending where the branch is made.
    let text = r#"(module (func (export "f") (param i32) (result i32 i32) (local i32)
        (loop $again (result i32)
            (local.set 1 (i32.add (local.get 1) (i32.const 3)))
            (block (result i32)
                (local.get 1)
                (br_if 0 (i32.ne (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0)))
                (drop) (i32.const -1))
            (drop)
            (local.get 1)
            (br_if $again (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
        (local.get 1)))"#;
    // 0 → 3, 4, 5 (5 is not below 5): the loop's value is 4 from before the last step, the local is 5.
    assert_eq!(run(text, &i32s([5])), i32s([4, 5]));
}

/// Behind the branch at the end there is nothing, as the end is never reached.
#[test]
fn a_function_may_end_with_a_branch_back() {
    for step in ["(i32.sub (local.get 0) (i32.const 1))", "(i32.shr_u (local.get 0) (i32.const 1))"] {
        let text = format!(
            r#"(module (func (export "f") (param i32) (result i32)
                (loop $again (result i32)
                    (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
                    (local.set 0 {step})
                    (br $again))))"#
        );
        assert_eq!(run(&text, &[Value::I32(9)]), [Value::I32(7)], "{step}");
    }
}

/// More operations in a row, and more branches, than are carried out without a pause.
#[test]
fn long_code_and_long_loops_go_on_after_a_pause() {
    let adds = "(local.set 1 (i32.add (local.get 1) (local.get 0)))".repeat(200);
    let text = format!(
        r#"(module (func (export "f") (param i32) (result i32) (local i32)
            (loop $again
                {adds}
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (local.get 1)))"#
    );
    // 200 * (100 + 99 + … + 1)
    assert_eq!(run(&text, &[Value::I32(100)]), [Value::I32(1_010_000)]);
}

/// The fuel of each is counted by hand: `local.get`, `if`, `i32.const` and `br`; `local.get` and `br`.
#[test]
fn a_value_that_is_returned_at_once_costs_what_leads_to_it() {
    let first = "(block (result i32)
        (if (result i32) (local.get 0) (then (i32.const 4)) (else (local.get 0)))
        (br 0))";
    let second = "(block (result i32) (local.get 0) (block) (br 0))";
    for (body, result, fuel) in [(first, 4, 4), (second, 9, 2)] {
        let text = format!(r#"(module (func (export "f") (param i32) (result i32) {body}))"#);
        assert_eq!(run_with_fuel(&text, "f", &[Value::I32(9)]), (i32s([result]), fuel), "{body}");
    }
}

/// Every comparison with a constant, as a condition: where it holds the function gives 1, else 2. The host's own integers say which. At the ends of
/// what has 16, 32 and 64 bits there is no next integer.
#[test]
fn a_condition_and_its_opposite_agree_at_every_border() {
    let borders = [0, 1, i64::from(i16::MAX), i64::from(i32::MAX), i64::MAX];
    let borders: Vec<i64> = borders.into_iter().flat_map(|border| [border, !border, border.wrapping_add(1)]).collect();
    for constant in &borders {
        for (name, holds) in RELATIONS {
            for (width, text) in [("i32", (*constant as i32).to_string()), ("i64", constant.to_string())] {
                let test = format!("({width}.{name} (local.get 0) ({width}.const {text}))");
                let text = format!(
                    r#"(module
                        (func (export "not taken") (param {width}) (result i32)
                            (if (result i32) {test} (then (i32.const 1)) (else (i32.const 2))))
                        (func (export "taken") (param {width}) (result i32)
                            (block (br_if 0 {test}) (return (i32.const 2)))
                            (i32.const 1)))"#
                );
                for argument in &borders {
                    let (value, does_hold) = if width == "i32" {
                        let (a, b) = (*argument as i32, *constant as i32);
                        let unsigned = [a, b].map(|number| u64::from(number.cast_unsigned()));
                        (Value::I32(a), holds([a.into(), b.into()], unsigned))
                    } else {
                        let signed = [*argument, *constant];
                        (Value::I64(*argument), holds(signed, signed.map(i64::cast_unsigned)))
                    };
                    let expected = i32s([if does_hold { 1 } else { 2 }]);
                    for export in ["taken", "not taken"] {
                        assert_eq!(run_export(&text, export, &[value]), expected, "{export}: {argument} in {test}");
                    }
                }
            }
        }
    }
}

/// A comparison of two integers, as they are with a sign and without.
type Holds = fn([i64; 2], [u64; 2]) -> bool;

const RELATIONS: [(&str, Holds); 10] = [
    ("eq", |[a, b], _| a == b),
    ("ne", |[a, b], _| a != b),
    ("lt_s", |[a, b], _| a < b),
    ("lt_u", |_, [a, b]| a < b),
    ("gt_s", |[a, b], _| a > b),
    ("gt_u", |_, [a, b]| a > b),
    ("le_s", |[a, b], _| a <= b),
    ("le_u", |_, [a, b]| a <= b),
    ("ge_s", |[a, b], _| a >= b),
    ("ge_u", |_, [a, b]| a >= b),
];
