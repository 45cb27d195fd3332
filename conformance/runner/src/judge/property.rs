//! Properties: inputs made from a seed, and a law that the answers keep. A counterexample is made smaller by asking the testee again.
//!
//! The inputs are the kit's own, and so is what they should come to.

mod bus;
mod capability;
mod instruction;

use std::cell::RefCell;
use std::fmt::Debug;

use fayger_cases::Property;
use fayger_fcp::FaygerError;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde::Serialize;
use serde_json::Value;

use super::{Dialogue, Stop};
use crate::outcome::{CaseOutcome, Difference};

/// Steps that are taken at most to make a counterexample smaller.
const MAX_SHRINK: u32 = 200;

/// Tries a law.
pub(super) fn property(dialogue: &mut Dialogue<'_, '_, '_>, property: &Property) -> Result<Vec<Difference>, Stop> {
    match property.law.as_str() {
        "instruction-round-trip" => tried(dialogue, property, instruction::form(), instruction::round_trip),
        "instruction-any-bytes" => tried(dialogue, property, instruction::any_bytes(), instruction::bytes_are_judged),
        "instruction-flipped-bit" => {
            tried(dialogue, property, instruction::form_and_bit(), instruction::flipped_bit_is_another)
        }
        "capability-model" => tried(dialogue, property, capability::offer(), capability::as_the_sets_say),
        "capability-laws" => tried(dialogue, property, capability::four_sets(), capability::laws),
        "bus-order" => tried(dialogue, property, bus::violations(), bus::earliest_answers),
        law => {
            let reason = format!("this runner does not know the law `{law}`");
            Err(Stop::Outcome(CaseOutcome::NotRun { reason }))
        }
    }
}

/// The testee, as a law sees it.
struct Asked<'d, 'a, 'b, 'c> {
    dialogue: RefCell<&'d mut Dialogue<'a, 'b, 'c>>,
    /// What ended the conversation.
    stop: RefCell<Option<Stop>>,
}

/// That a law is broken, or that there is no one to ask any more.
enum Broken {
    Law(String),
    Stopped,
}

impl Asked<'_, '_, '_, '_> {
    /// Asks for something.
    fn ask<P: Serialize>(&self, method: &'static str, params: &P) -> Result<Result<Value, FaygerError>, Broken> {
        self.dialogue.borrow_mut().call(method, params).map_err(|stop| {
            *self.stop.borrow_mut() = Some(stop);
            Broken::Stopped
        })
    }

    /// Asks for something that has to be `ok`.
    fn ask_ok<P: Serialize>(&self, method: &'static str, params: &P) -> Result<Value, Broken> {
        self.ask(method, params)?
            .map_err(|error| Broken::Law(format!("`{method}` answers `{}`: {}", error.code, error.message)))
    }
}

/// Holds a statement.
fn holds(is_so: bool, what: impl FnOnce() -> String) -> Result<(), Broken> {
    if is_so { Ok(()) } else { Err(Broken::Law(what())) }
}

/// Tries a law on inputs of a strategy.
fn tried<S: Strategy>(
    dialogue: &mut Dialogue<'_, '_, '_>,
    property: &Property,
    inputs: S,
    law: impl Fn(&Asked<'_, '_, '_, '_>, &S::Value) -> Result<(), Broken>,
) -> Result<Vec<Difference>, Stop>
where
    S::Value: Clone + Debug,
{
    let config =
        Config { cases: property.runs, max_shrink_iters: MAX_SHRINK, failure_persistence: None, ..Config::default() };
    let seed: Vec<u8> = property.seed.to_le_bytes().into_iter().cycle().take(32).collect();
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let asked = Asked { dialogue: RefCell::new(dialogue), stop: RefCell::new(None) };
    let outcome = runner.run(&inputs, |input| {
        // Nobody is there to ask any more: the rest is passed over.
        if asked.stop.borrow().is_some() {
            return Ok(());
        }
        match law(&asked, &input) {
            Ok(()) | Err(Broken::Stopped) => Ok(()),
            Err(Broken::Law(what)) => Err(TestCaseError::fail(what)),
        }
    });
    if let Some(stop) = asked.stop.into_inner() {
        return Err(stop);
    }
    Ok(match outcome {
        Ok(()) => Vec::new(),
        Err(TestError::Fail(why, input)) => {
            vec![Difference::new(format!("law `{}`: {why}", property.law), "holds", format!("{input:?}"))]
        }
        Err(TestError::Abort(why)) => vec![Difference::new("inputs", "made", why.to_string())],
    })
}
