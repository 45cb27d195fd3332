//! Runs one case against a session and compares what comes back with what is expected. Message texts are never compared.

mod build;
mod cbor;
mod errors;
mod events;
mod exchange;
mod load;
mod property;
mod scenario;
mod trust;

use std::collections::BTreeMap;

use fayger_cases::{ExpectedError, Prepared};
use fayger_fcp::{ContextValue, FaygerError, Outcome};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::abbreviate::abbreviate;
use crate::outcome::{CaseOutcome, Difference};
use crate::session::{CallError, Session, Trace};

/// Why a case ends before its last comparison.
enum Stop {
    Outcome(CaseOutcome),
    Error(CallError),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NoMethod(method) => Self::Outcome(CaseOutcome::Fail {
                differences: vec![Difference::new(
                    "method",
                    format!("`{method}`, which a declared feature brings"),
                    "json-rpc error -32601",
                )],
            }),
            error => Self::Error(error),
        }
    }
}

/// A session in the middle of a case.
struct Dialogue<'a, 'b, 'c> {
    session: &'a mut Session<'b>,
    trace: Trace<'c>,
    features: &'a [String],
    absent: &'a [String],
    absent_in_events: &'a [Vec<String>],
}

impl Dialogue<'_, '_, '_> {
    /// Calls a method; `skipped` ends the case.
    fn call<P: Serialize, T: DeserializeOwned>(
        &mut self,
        method: &'static str,
        params: &P,
    ) -> Result<Result<T, FaygerError>, Stop> {
        match self.session.call(method, params, self.trace)? {
            Outcome::Ok(value) => Ok(Ok(value)),
            Outcome::Err(error) => Ok(Err(error)),
            // However long it is, it is kept for every case.
            Outcome::Skipped(reason) => {
                Err(Stop::Outcome(CaseOutcome::Skipped { reason: abbreviate(reason.as_bytes()) }))
            }
        }
    }

    /// Calls a method that has to succeed for the case to go on.
    fn call_ok<P: Serialize, T: DeserializeOwned>(&mut self, method: &'static str, params: &P) -> Result<T, Stop> {
        self.call(method, params)?.map_err(|error| {
            Stop::Outcome(CaseOutcome::Fail {
                differences: vec![Difference::new(format!("result of `{method}`"), "ok", Refused { err: &error })],
            })
        })
    }

    /// Compares a result where either side may be an error; `compare` compares two successes.
    fn compare_results<E, T: Serialize>(
        &self,
        expected: &Result<E, ExpectedError>,
        got: &Result<T, FaygerError>,
        compare: impl FnOnce(&E, &T) -> Vec<Difference>,
    ) -> Vec<Difference> {
        match (expected, got) {
            (Ok(expected), Ok(got)) => compare(expected, got),
            (Err(expected), Err(got)) => errors::compare(expected, self.absent, got),
            (Ok(_), Err(got)) => vec![Difference::new("result", "ok", Refused { err: got })],
            (Err(expected), Ok(got)) => {
                let ExpectedError { code, phase, context, .. } = expected;
                let wanted = Wanted { code, phase: phase.as_deref(), context };
                vec![Difference::new("result", serde_json::json!({ "err": wanted }), Accepted { ok: got })]
            }
        }
    }

    fn declares(&self, feature: &str) -> bool {
        self.features.iter().any(|declared| declared == feature)
    }
}

/// An error as the protocol writes it.
#[derive(Serialize)]
struct Refused<'a> {
    err: &'a FaygerError,
}

/// An expected error, in the same form.
#[derive(Serialize)]
struct Wanted<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'a str>,
    context: &'a BTreeMap<String, ContextValue>,
}

/// An accepted value, in the same form.
#[derive(Serialize)]
struct Accepted<'a, T> {
    ok: &'a T,
}

/// Runs a case. `features` are those that the testee declared, `absent` the context keys that the expected error must not have, and those
/// that each expected event must not.
pub(crate) fn judge(
    session: &mut Session<'_>,
    features: &[String],
    prepared: &Prepared,
    (absent, absent_in_events): (&[String], &[Vec<String>]),
    trace: Trace<'_>,
) -> Result<CaseOutcome, CallError> {
    let mut dialogue = Dialogue { session, trace, features, absent, absent_in_events };
    let differences = match prepared {
        Prepared::Decode { bytes, expected } => cbor::decode(&mut dialogue, bytes, expected),
        Prepared::Encode { value, expected } => cbor::encode(&mut dialogue, value, expected),
        Prepared::Load { params, expected } => load::load(&mut dialogue, params, expected),
        Prepared::Build { params, payload, expected } => {
            build::build(&mut dialogue, params, payload.as_deref(), expected)
        }
        Prepared::Trust { steps, expected } => trust::trust(&mut dialogue, steps, expected),
        Prepared::Scenario(scenario) => scenario::scenario(&mut dialogue, scenario),
        Prepared::Property(property) => property::property(&mut dialogue, property),
        Prepared::Exchange { exchange, expected } => exchange::exchange(&mut dialogue, exchange, expected),
    };
    match differences {
        Ok(differences) if differences.is_empty() => Ok(CaseOutcome::Pass),
        Ok(differences) => Ok(CaseOutcome::Fail { differences }),
        Err(Stop::Outcome(outcome)) => Ok(outcome),
        Err(Stop::Error(error)) => Err(error),
    }
}
