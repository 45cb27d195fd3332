//! The interpreter against a naive one: programs are evaluated as they are written, one instruction after the other, each for one of fuel. However the
//! fuel is divided, and wherever it ends, both have done the same: results, traps, calls of the host, globals and memory, and the fuel at each.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod naive;
mod program;

use fayger_interpreter::{Execution, Extern, Limits, Module, StepResult, Store, Trap, Value};
use proptest::prelude::*;

use self::naive::{FRAMES, host};
use self::program::{Program, programs};

/// Fuel of a program at most.
const FUEL: u64 = 2_000;

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Returned(i32),
    Trapped(Trap),
    OutOfFuel,
}

/// What a call did.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    end: End,
    fuel: u64,
    globals: [i32; 2],
    /// What the host was called with, and the fuel that was used then.
    calls: Vec<(i32, u64)>,
    memory: Vec<u8>,
}

/// Runs function 0 with so much fuel, divided as `slice` says.
fn run(module: &Module, argument: i32, fuel: u64, mut slice: impl FnMut() -> u64) -> Outcome {
    let mut store = Store::new(Limits { frames: FRAMES, ..Limits::default() });
    let imports: Vec<Extern> = module
        .imports()
        .iter()
        .map(|import| match &import.extern_type {
            fayger_interpreter::ExternType::Function(of) => Extern::Function(store.new_function(of).expect("room")),
            other => panic!("{other:?}"),
        })
        .collect();
    let instance = store.instantiate(module, &imports).expect("an instance");
    let export = |store: &Store, name: &str| store.export(instance, name).expect("an export");
    let Extern::Function(function) = export(&store, "run") else { panic!("no function") };
    let mut execution = Execution::new();
    execution.call(&store, function, &[Value::I32(argument)]).expect("an argument of its type");
    let (mut used, mut calls) = (0, Vec::new());
    let end = loop {
        let step = execution.step(&mut store, slice().min(fuel - used));
        used += step.fuel;
        match step.result {
            StepResult::OutOfFuel if used == fuel => break End::OutOfFuel,
            StepResult::OutOfFuel => {}
            StepResult::HostCall(_) => {
                let argument = only(execution.arguments(&store));
                calls.push((argument, used));
                execution.resume(&store, &[Value::I32(host(argument))]).expect("a result of its type");
            }
            StepResult::Returned => break End::Returned(only(execution.results())),
            StepResult::Trapped(trap) => break End::Trapped(trap),
            StepResult::Idle => panic!("the call is lost"),
        }
    };
    let globals = ["first", "second"].map(|name| match export(&store, name) {
        Extern::Global(address) => only(store.global(address).into_iter()),
        other => panic!("{other:?}"),
    });
    let Extern::Memory(memory) = export(&store, "memory") else { panic!("no memory") };
    Outcome { end, fuel: used, globals, calls, memory: store.memory(memory).expect("a memory").to_vec() }
}

fn only(mut values: impl Iterator<Item = Value>) -> i32 {
    match (values.next(), values.next()) {
        (Some(Value::I32(number)), None) => number,
        other => panic!("{other:?}"),
    }
}

/// Both, with so much fuel.
fn compare(program: &Program, module: &Module, argument: i32, fuel: u64) -> Result<u64, TestCaseError> {
    let expected = naive::run(program, argument, fuel);
    let mut state = fuel;
    let irregular = || {
        // Knuth's linear congruential generator: slices of 0 to 15.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 60
    };
    let text = program.text();
    prop_assert_eq!(&run(module, argument, fuel, || u64::MAX), &expected, "at once: {}", text);
    prop_assert_eq!(&run(module, argument, fuel, || 1), &expected, "one by one: {}", text);
    prop_assert_eq!(&run(module, argument, fuel, irregular), &expected, "irregularly: {}", text);
    Ok(expected.fuel)
}

proptest! {
    #[test]
    fn a_program_does_the_same_instruction_by_instruction(
        program in programs(),
        argument in any::<i8>(),
        cuts in prop::array::uniform4(any::<prop::sample::Index>()),
    ) {
        let bytes = wat::parse_str(program.text()).expect("a module");
        let module = Module::new(&bytes).expect("a valid module");
        let argument = argument.into();
        let used = compare(&program, &module, argument, FUEL)?;
        for cut in cuts {
            compare(&program, &module, argument, cut.index(used as usize + 1) as u64)?;
        }
    }
}
