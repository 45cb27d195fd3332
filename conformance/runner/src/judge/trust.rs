//! `trust.add`, `trust.revoke`, `trust.remove` and `trust.list`: the steps of a case on one store.

use fayger_cases::{ExpectedError, ExpectedTrust, PreparedStep, TrustCall};
use fayger_fcp::{Empty, FaygerError, Hex, TrustChangeOk, TrustListOk, TrustRoot};
use serde::Serialize;

use super::events::compare_events;
use super::{Dialogue, Refused, Stop, errors};
use crate::outcome::Difference;

/// What a step gave: a change or a list.
#[derive(Serialize)]
struct Given {
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<(Hex, bool)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roots: Option<Vec<TrustRoot>>,
    digest: Hex,
}

pub(super) fn trust(
    dialogue: &mut Dialogue<'_, '_, '_>,
    steps: &[PreparedStep],
    expected: &Result<ExpectedTrust, ExpectedError>,
) -> Result<Vec<Difference>, Stop> {
    let mut differences = Vec::new();
    let Some((last, before)) = steps.split_last() else { return Ok(differences) };
    for (number, step) in (1..).zip(before) {
        let what = format!("result of step {number}");
        match (&step.err, call(dialogue, &step.call)?) {
            (None, Ok(_)) => {}
            (None, Err(got)) => differences.push(Difference::new(what, "ok", Refused { err: &got })),
            (Some(wanted), Ok(got)) => differences.push(Difference::new(what, &wanted.code, got)),
            (Some(wanted), Err(got)) => differences.extend(errors::compare(wanted, dialogue.keys, &got)),
        }
    }
    let got = call(dialogue, &last.call)?;
    differences.extend(dialogue.compare_results(expected, &got, compare));
    let events = expected.as_ref().ok().and_then(|expected| expected.events.as_deref());
    differences.extend(compare_events(dialogue, events)?);
    Ok(differences)
}

fn call(dialogue: &mut Dialogue<'_, '_, '_>, call: &TrustCall) -> Result<Result<Given, FaygerError>, Stop> {
    let change = |ok: TrustChangeOk| Given { change: Some((ok.key_id, ok.changed)), roots: None, digest: ok.digest };
    Ok(match call {
        TrustCall::Add(params) => dialogue.call("trust.add", params)?.map(change),
        TrustCall::Revoke(params) => dialogue.call("trust.revoke", params)?.map(change),
        TrustCall::Remove(params) => dialogue.call("trust.remove", params)?.map(change),
        TrustCall::List => dialogue.call("trust.list", &Empty {})?.map(|ok: TrustListOk| Given {
            change: None,
            roots: Some(ok.roots),
            digest: ok.digest,
        }),
    })
}

fn compare(expected: &ExpectedTrust, got: &Given) -> Vec<Difference> {
    let mut differences = Vec::new();
    if expected.change != got.change {
        differences.push(Difference::new("change", &expected.change, &got.change));
    }
    if expected.roots != got.roots {
        differences.push(Difference::new("roots", &expected.roots, &got.roots));
    }
    if expected.digest != got.digest {
        differences.push(Difference::new("digest", &expected.digest, &got.digest));
    }
    differences
}
