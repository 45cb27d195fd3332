//! Every engine gives every program's known result, of a short call and of the measured one.

use fayger_interpreter_bench::engines;
use fayger_interpreter_bench::programs::{PROGRAMS, Program};
use fayger_interpreter_bench::stack::on_a_deep_stack;

/// Whether every engine gives the result of a call, twice: no program leaves something behind that changes it.
fn assert_agreed(of: fn(&Program) -> (i32, i64)) {
    let compare = move || {
        for program in PROGRAMS {
            let bytes = program.bytes().expect("a module");
            let (argument, result) = of(&program);
            for engine in engines::all() {
                let mut instance = engine.instantiate(&bytes).expect("an instance");
                for time in ["first", "second"] {
                    let given = instance.run(argument).expect("a result");
                    assert_eq!(given, result, "{} on {}, the {time} time", engine.name(), program.name);
                }
            }
        }
    };
    on_a_deep_stack(compare).expect("a thread");
}

#[test]
fn every_engine_agrees_with_the_known_result_of_a_short_call() {
    assert_agreed(|program| program.short);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "engines that rely on optimised tail calls overflow any stack")]
fn every_engine_agrees_with_the_known_result_of_the_measured_call() {
    assert_agreed(|program| (program.argument, program.result));
}
