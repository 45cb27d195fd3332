//! Properties: inputs made from a seed, and a law that the answers keep. A counterexample is made smaller by asking the testee again.
//!
//! The inputs are the kit's own, and so is what they should come to.

mod bus;
mod capability;
mod host_error;
mod instruction;
mod isolation;
mod lifecycle;
mod model;
mod play;
mod same_twice;
mod suspend_resume;

use std::cell::RefCell;
use std::fmt::Debug;

use fayger_cases::Property;
use fayger_fcp::{EmitParams, FaygerError, HostCallAnswer, Outcome};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde::Serialize;
use serde_json::Value;

use super::{Dialogue, Stop};
use crate::ContextKeys;
use crate::abbreviate::abbreviate;
use crate::outcome::{CaseOutcome, Difference};
use crate::session::{CallError, Session, Trace};

use self::model::Model;

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
        "lifecycle-model" => {
            let model = Model::new(dialogue.keys.clone())?;
            tried(dialogue, property, lifecycle::play(), |asked, play| {
                lifecycle::as_the_model_says(&model, asked, play)
            })
        }
        "host-error-at-every-call" => {
            let model = Model::new(dialogue.keys.clone())?;
            tried(dialogue, property, host_error::inputs(), |asked, input| host_error::ends_there(&model, asked, input))
        }
        "suspend-resume-at-every-call" => {
            tried(dialogue, property, suspend_resume::inputs(), suspend_resume::leaves_no_trace)
        }
        "isolation" => tried(dialogue, property, isolation::inputs(), isolation::is_as_alone),
        "same-case-twice" => tried(dialogue, property, lifecycle::play(), same_twice::is_the_same),
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

impl Asked<'_, '_, '_, '_> {
    /// Lets everything go.
    fn reset(&self) -> Result<(), Broken> {
        let mut dialogue = self.dialogue.borrow_mut();
        let Dialogue { session, trace, .. } = &mut **dialogue;
        session.reset(*trace).map_err(|error| self.ended(error))
    }

    /// Asks for something, while `host` answers the host calls that come.
    fn hosted<P: Serialize>(
        &self,
        method: &'static str,
        params: &P,
        host: &mut dyn FnMut(&mut Meanwhile<'_, '_, '_>, &EmitParams) -> Result<HostCallAnswer, CallError>,
    ) -> Result<Result<Value, FaygerError>, Broken> {
        let mut dialogue = self.dialogue.borrow_mut();
        let Dialogue { session, trace, .. } = &mut **dialogue;
        let outcome = session.call_hosted(method, params, *trace, &mut |session, call, trace| {
            host(&mut Meanwhile { session, trace }, &call)
        });
        match outcome.map_err(|error| self.ended(error))? {
            Outcome::Ok(value) => Ok(Ok(value)),
            Outcome::Err(error) => Ok(Err(error)),
            Outcome::Skipped(reason) => {
                let reason = abbreviate(reason.as_bytes());
                *self.stop.borrow_mut() = Some(Stop::Outcome(CaseOutcome::Skipped { reason }));
                Err(Broken::Stopped)
            }
        }
    }

    /// Does something with another process of the same testee.
    fn elsewhere<T>(&self, work: impl FnOnce(&Asked<'_, '_, '_, '_>) -> Result<T, Broken>) -> Result<T, Broken> {
        let mut here = self.dialogue.borrow_mut();
        let Dialogue { session, trace, features, keys } = &mut **here;
        let mut session = session.another(*trace).map_err(|error| self.ended(error))?;
        let mut dialogue = Dialogue { session: &mut session, trace: *trace, features, keys };
        let there = Asked { dialogue: RefCell::new(&mut dialogue), stop: RefCell::new(None) };
        let result = work(&there);
        if let Some(stop) = there.stop.into_inner() {
            *self.stop.borrow_mut() = Some(stop);
        }
        result
    }

    /// The instances that the host was told to release since the last time.
    fn take_released(&self) -> Vec<String> {
        self.dialogue.borrow_mut().session.take_released()
    }

    fn declares(&self, feature: &str) -> bool {
        self.dialogue.borrow().declares(feature)
    }

    fn keys(&self) -> ContextKeys {
        self.dialogue.borrow().keys.clone()
    }

    /// Notes what ended the conversation.
    fn ended(&self, error: CallError) -> Broken {
        *self.stop.borrow_mut() = Some(error.into());
        Broken::Stopped
    }
}

/// The testee, while it waits for the answer to a host call.
struct Meanwhile<'s, 'b, 'c> {
    session: &'s mut Session<'b>,
    trace: Trace<'c>,
}

impl Meanwhile<'_, '_, '_> {
    /// Asks for something.
    fn ask(&mut self, method: &'static str, params: &Value) -> Result<Result<Value, FaygerError>, CallError> {
        Ok(match self.session.call(method, params, self.trace)? {
            Outcome::Ok(value) => Ok(value),
            Outcome::Err(error) => Err(error),
            Outcome::Skipped(reason) => Ok(Value::String(format!("skipped: {}", abbreviate(reason.as_bytes())))),
        })
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
            // The smallest input is shown whole, however long it is.
            let what = format!("law `{}`, from seed {}: {why}; for {input:?}", property.law, property.seed);
            vec![Difference::new(what, "holds", "is broken")]
        }
        Err(TestError::Abort(why)) => vec![Difference::new("inputs", "made", why.to_string())],
    })
}
