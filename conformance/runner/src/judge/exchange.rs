//! Requests of the adapter layer. A result is compared member by member; members that the expectation does not have are free.

use fayger_cases::{Exchange, ExpectedError, Request};
use fayger_fcp::FaygerError;
use serde_json::Value;

use super::events::compare_events;
use super::{Dialogue, Stop, errors};
use crate::outcome::Difference;

pub(super) fn exchange(
    dialogue: &mut Dialogue<'_, '_, '_>,
    exchange: &Exchange,
    expected: &Result<Value, ExpectedError>,
) -> Result<Vec<Difference>, Stop> {
    for Request { method, params, answer } in &exchange.before {
        let got: Value = dialogue.call_ok(method, params)?;
        let differences = answer.as_ref().map(|answer| compare(method, answer, &got)).unwrap_or_default();
        if !differences.is_empty() {
            return Ok(differences);
        }
    }
    let Request { method, params, .. } = &exchange.request;
    let got: Result<Value, FaygerError> = dialogue.call(method, params)?;
    let mut differences = dialogue.compare_results(expected, &got, |expected, got| compare("result", expected, got));
    if let (Some(cause), Err(error)) = (&exchange.cause, &got)
        && let Some(found) = error.cause.as_deref()
    {
        let found = errors::compare(cause, dialogue.keys, found);
        differences.extend(found.into_iter().map(|it| Difference { what: format!("cause/{}", it.what), ..it }));
    }
    if differences.is_empty() {
        differences.extend(compare_events(dialogue, exchange.events.as_deref())?);
    }
    Ok(differences)
}

/// Members that the protocol knows as absent are absent; where one may be, its absence is part of the expectation.
pub(super) fn compare(what: &str, expected: &Value, got: &Value) -> Vec<Difference> {
    const MAY_BE_ABSENT: [&str; 3] = ["reply", "exit", "host_call"];
    let (Value::Object(members), Value::Object(found)) = (expected, got) else {
        let is_equal = expected == got;
        return if is_equal { Vec::new() } else { vec![Difference::new(what, expected, got)] };
    };
    let mut differences = Vec::new();
    for (key, value) in members {
        match found.get(key) {
            Some(other) if other == value => {}
            other => differences.push(Difference::new(format!("{what}/{key}"), value, other)),
        }
    }
    for key in MAY_BE_ABSENT {
        if let (false, Some(other)) = (members.contains_key(key), found.get(key).filter(|other| !other.is_null())) {
            differences.push(Difference::new(format!("{what}/{key}"), None::<Value>, other));
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named(expected: &Value, got: &Value) -> Vec<String> {
        compare("result", expected, got).into_iter().map(|difference| difference.what).collect()
    }

    #[test]
    fn each_member_that_is_expected_is_compared() {
        let expected = json!({ "category": 0, "operands": [{ "unsigned": "7" }] });
        assert_eq!(named(&expected, &json!({ "category": 0, "operands": [{ "unsigned": "7" }] })), [""; 0]);
        assert_eq!(named(&expected, &json!({ "category": 0, "operands": [{ "signed": "7" }] })), ["result/operands"]);
        assert_eq!(named(&expected, &json!({ "operands": [{ "unsigned": "7" }] })), ["result/category"]);
        assert_eq!(named(&expected, &json!({ "category": 0, "operands": [] })), ["result/operands"]);
    }

    #[test]
    fn a_member_that_says_something_by_its_absence_may_not_come() {
        let expected = json!({ "reply": "AQA=" });
        assert_eq!(named(&expected, &json!({ "reply": "AQA=", "hint": 1 })), [""; 0]);
        assert_eq!(named(&expected, &json!({ "reply": "AQA=", "exit": null })), [""; 0]);
        assert_eq!(named(&expected, &json!({ "reply": "AQA=", "host_call": "AA==" })), ["result/host_call"]);
        assert_eq!(named(&json!({ "exit": 0 }), &json!({ "exit": 0, "reply": "AQA=" })), ["result/reply"]);
    }
}
