//! Instances and what is asked of them, while the runner plays their host.

use std::collections::BTreeMap;

use fayger_cases::{ExpectedError, HostCall, NOBODY, Scenario, Step, StepExpect};
use fayger_fcp::{
    EmitParams, Empty, Event, EventsDrainOk, FailureInfoOk, FaygerError, HostCallAnswer, HostError, HostErrorKind,
    Instance, LoadOk, Outcome, RuntimeLoadParams, features,
};
use serde_json::{Value, json};

use super::events::compare_events;
use super::exchange::compare;
use super::{Dialogue, Stop, errors};
use crate::abbreviate::abbreviate;
use crate::outcome::{CaseOutcome, Difference};
use crate::session::{CallError, Session, Trace};

/// The instances by the names that the case gives them, and the object that they are made of.
struct Cast {
    load: RuntimeLoadParams,
    ids: BTreeMap<String, String>,
}

pub(super) fn scenario(dialogue: &mut Dialogue<'_, '_, '_>, scenario: &Scenario) -> Result<Vec<Difference>, Stop> {
    let loaded: LoadOk = dialogue.call_ok("loader.load", &scenario.load)?;
    let Scenario { granted, supported, quotas, .. } = scenario.clone();
    let mut cast =
        Cast { load: RuntimeLoadParams { object: loaded.object, granted, supported, quotas }, ids: BTreeMap::new() };
    // What the loader tells is not this case's.
    if dialogue.declares(features::EVENTS) {
        let _before: EventsDrainOk = dialogue.call_ok("events.drain", &Empty {})?;
    }
    for name in &scenario.instances {
        let Instance { instance } = dialogue.call_ok("runtime.load", &cast.load)?;
        if let Some(difference) = misnamed(dialogue.session, &instance, "runtime.load") {
            return Ok(vec![difference]);
        }
        cast.ids.insert(name.clone(), instance);
    }
    dialogue.session.take_released();
    for (number, step) in (1..).zip(&scenario.steps) {
        let differences = take(dialogue, &mut cast, step, &format!("step {number}"))?;
        if !differences.is_empty() {
            return Ok(differences);
        }
    }
    if let Some(expected) = &scenario.released {
        let names: BTreeMap<_, _> = cast.ids.iter().map(|(name, id)| (id, name)).collect();
        let released = dialogue.session.take_released();
        let got: Vec<_> = released.iter().map(|id| names.get(id).map_or(id, |name| *name)).collect();
        if !got.iter().copied().eq(expected) {
            return Ok(vec![Difference::new("instances that the host was told to release", expected, got)]);
        }
    }
    let events =
        scenario.events.as_ref().map(|events| events.iter().map(|event| cast.resolved(event)).collect::<Vec<_>>());
    compare_events(dialogue, events.as_deref())
}

/// What is wrong of the id of a new instance: it is no UUID of version 7, or this testee has given it before.
fn misnamed(session: &mut Session<'_>, id: &str, what: &str) -> Option<Difference> {
    let is_hyphen = |at| matches!(at, 8 | 13 | 18 | 23);
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            at if is_hyphen(at) => byte == b'-',
            14 => byte == b'7',
            19 => matches!(byte.to_ascii_lowercase(), b'8' | b'9' | b'a' | b'b'),
            _ => byte.is_ascii_hexdigit(),
        });
    if !is_uuid {
        return Some(Difference::new(format!("{what}: instance"), "a UUID of version 7", id));
    }
    let is_new = session.note_instance(id);
    (!is_new).then(|| Difference::new(format!("{what}: instance"), "an id that was not given before", id))
}

/// Takes one step; `what` says which.
fn take(
    dialogue: &mut Dialogue<'_, '_, '_>,
    cast: &mut Cast,
    step: &Step,
    what: &str,
) -> Result<Vec<Difference>, Stop> {
    let params = cast.params(step);
    let mut calls = step.host.iter();
    let mut differences = Vec::new();
    let mut host = |session: &mut Session<'_>, asked: EmitParams, trace: Trace<'_>| {
        answer(session, cast, calls.next(), &asked, trace, what, &mut differences)
    };
    let outcome: Outcome<Value> = dialogue.session.call_hosted(step.method, &params, dialogue.trace, &mut host)?;
    let left = calls.count();
    if left > 0 {
        differences.push(Difference::new(format!("{what}: host calls that did not come"), 0, left));
    }
    let got = match outcome {
        Outcome::Ok(value) => Ok(value),
        Outcome::Err(error) => Err(error),
        Outcome::Skipped(reason) => {
            return Err(Stop::Outcome(CaseOutcome::Skipped { reason: abbreviate(reason.as_bytes()) }));
        }
    };
    if step.method == "runtime.load"
        && let Ok(ok) = &got
        && let Some(id) = ok.get("instance").and_then(Value::as_str)
    {
        differences.extend(misnamed(dialogue.session, id, what));
        cast.ids.insert(step.instance.clone(), id.to_owned());
    }
    differences.extend(judge(&step.expect, got, what));
    Ok(differences)
}

/// Answers one host call, and takes the steps that are to be taken while it is open.
fn answer(
    session: &mut Session<'_>,
    cast: &Cast,
    expected: Option<&HostCall>,
    asked: &EmitParams,
    trace: Trace<'_>,
    what: &str,
    differences: &mut Vec<Difference>,
) -> Result<HostCallAnswer, CallError> {
    let Some(HostCall { instruction, during, answer }) = expected else {
        differences.push(Difference::new(format!("{what}: host call"), None::<Value>, asked));
        // Whatever comes of it, the case has failed.
        return Ok(HostCallAnswer::Error(HostError { kind: HostErrorKind::Native, code: None }));
    };
    if *instruction != asked.instruction.0 {
        let expected = fayger_fcp::Base64(instruction.clone());
        differences.push(Difference::new(format!("{what}: host call"), expected, &asked.instruction));
    }
    for (number, step) in (1..).zip(during) {
        let what = format!("{what}, meanwhile {number}");
        match session.call(step.method, &cast.params(step), trace)? {
            Outcome::Ok(value) => differences.extend(judge(&step.expect, Ok(value), &what)),
            Outcome::Err(error) => differences.extend(judge(&step.expect, Err(error), &what)),
            Outcome::Skipped(reason) => differences.push(Difference::new(what, "an answer", reason)),
        }
    }
    Ok(answer.clone())
}

impl Cast {
    /// An expected event, with the id of its instance.
    fn resolved(&self, event: &Event) -> Event {
        let named = |name: &String| self.ids.get(name).unwrap_or(name).clone();
        Event { instance: event.instance.as_ref().map(named), ..event.clone() }
    }

    fn params(&self, step: &Step) -> Value {
        let mut params = step.params.clone();
        let (name, value) = match step.method {
            "runtime.load" => return json!(self.load),
            "runtime.resolve" => ("object", json!(self.load.object)),
            "runtime.register" | "host.complete" | "clock.advance" => return params,
            _ => ("instance", json!(self.ids.get(&step.instance).map_or(NOBODY, String::as_str))),
        };
        if let Some(members) = params.as_object_mut() {
            // An id that the case itself spells out is sent as it stands.
            members.entry(name).or_insert(value);
        }
        params
    }
}

fn judge(expect: &StepExpect, got: Result<Value, FaygerError>, what: &str) -> Vec<Difference> {
    match (expect, got) {
        (StepExpect::Ok(expected), Ok(got)) => members(expected, &got, what),
        (StepExpect::Err(chain), Err(error)) => compare_chain(chain, &error, what),
        (StepExpect::Failure { chain, last_instruction, state_before }, Ok(got)) => {
            let Ok(FailureInfoOk { failure: Some(info) }) = serde_json::from_value(got.clone()) else {
                return vec![Difference::new(what, "a failure", got)];
            };
            let mut differences = compare_chain(chain, &info.error, what);
            let expected = last_instruction.clone().map(fayger_fcp::Base64);
            if info.last_instruction != expected {
                differences.push(Difference::new(format!("{what}: last_instruction"), expected, info.last_instruction));
            }
            if info.state_before != *state_before {
                differences.push(Difference::new(format!("{what}: state_before"), state_before, info.state_before));
            }
            differences
        }
        (StepExpect::Err(chain), Ok(got)) => {
            let code = chain.first().map(|error| error.code.as_str());
            vec![Difference::new(what, json!({ "err": code }), json!({ "ok": got }))]
        }
        (StepExpect::Ok(_) | StepExpect::Failure { .. }, Err(error)) => {
            vec![Difference::new(what, "ok", json!({ "err": error }))]
        }
    }
}

/// Of `failure_info` a null says something, and a failure where none is expected is one too many; so does the absence of an exit status.
fn members(expected: &Value, got: &Value, what: &str) -> Vec<Difference> {
    let has_no_status = |of: &Value| of.get("status").is_none_or(Value::is_null);
    let is_healthy = expected.get("failure").is_some();
    if is_healthy && got.get("failure").is_none_or(Value::is_null) {
        return Vec::new();
    }
    compare(what, expected, got)
        .into_iter()
        .filter(|difference| !difference.what.ends_with("/status") || !has_no_status(expected) || !has_no_status(got))
        .filter(|difference| expected.get("reply").is_some() || !difference.what.ends_with("/reply"))
        .collect()
}

fn compare_chain(chain: &[ExpectedError], error: &FaygerError, what: &str) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (expected, got) in chain.iter().zip(error.chain()) {
        let found = errors::compare(expected, &[], got);
        differences.extend(
            found.into_iter().map(|it| Difference { what: format!("{what}: {}/{}", expected.code, it.what), ..it }),
        );
    }
    differences
}
