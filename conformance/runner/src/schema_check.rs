//! The JSON Schema of the protocol, compiled once for each kind of message.

use std::collections::HashMap;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use crate::RunnerError;

/// Checks messages in both directions.
#[derive(Debug)]
pub(crate) struct SchemaCheck {
    validators: HashMap<String, Validator>,
}

impl SchemaCheck {
    /// Compiles the schema of every method's request and response.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Schema`] when the schema itself is at fault.
    pub(crate) fn new() -> Result<Self, RunnerError> {
        let schema = fayger_fcp::schema();
        let definitions = schema.get("$defs").cloned().unwrap_or_default();
        let names = fayger_fcp::METHODS
            .iter()
            .flat_map(|method| ["request", "response"].map(|kind| fayger_fcp::definition_name(method.name, kind)))
            .chain(
                [
                    ("error", "response"),
                    (fayger_fcp::HOST_CALL, "request"),
                    (fayger_fcp::HOST_CALL, "response"),
                    (fayger_fcp::HOST_RELEASE, "request"),
                ]
                .map(|(method, kind)| fayger_fcp::definition_name(method, kind)),
            );
        let validators = names
            .map(|name| {
                let one = json!({ "$ref": format!("#/$defs/{name}"), "$defs": definitions.clone() });
                let validator =
                    jsonschema::draft202012::new(&one).map_err(|error| RunnerError::Schema(error.to_string()))?;
                Ok((name, validator))
            })
            .collect::<Result<_, RunnerError>>()?;
        Ok(Self { validators })
    }

    /// Checks a message against the schema of this method and kind (`request`, `response`).
    ///
    /// # Errors
    ///
    /// A text that names the place in the message and the rule that it breaks.
    pub(crate) fn check(&self, method: &str, kind: &str, message: &Value) -> Result<(), String> {
        let name = fayger_fcp::definition_name(method, kind);
        let validator = self.validators.get(&name).ok_or_else(|| format!("there is no message `{name}`"))?;
        validator.validate(message).map_err(|error| describe(&error))
    }
}

/// Of an alternative, the branch that the message came furthest into says what is wrong.
fn describe(error: &ValidationError<'_>) -> String {
    if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
        let deepest = context.iter().flatten().max_by_key(|inner| inner.instance_path().as_str().matches('/').count());
        if let Some(inner) = deepest
            && inner.instance_path().as_str().len() > error.instance_path().as_str().len()
        {
            return describe(inner);
        }
    }
    // A masked error does not repeat the value, which may have megabytes.
    format!("at `{}`: {}", error.instance_path(), error.masked())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(result: Value) -> Value {
        json!({ "jsonrpc": "2.0", "id": 1, "result": result })
    }

    #[test]
    fn a_good_message_passes_and_unknown_members_inside_ok_do_too() {
        let check = SchemaCheck::new().unwrap();
        assert_eq!(
            check.check("cbor.encode", "response", &response(json!({ "ok": { "bytes": "AA==", "more": 1 } }))),
            Ok(())
        );
        assert_eq!(check.check("cbor.encode", "response", &response(json!({ "skipped": "no" }))), Ok(()));
        let request =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "cbor.encode", "params": { "value": { "int": "-1" } } });
        assert_eq!(check.check("cbor.encode", "request", &request), Ok(()));
    }

    #[test]
    fn a_call_is_completed_by_exactly_one_of_reply_and_error() {
        let check = SchemaCheck::new().unwrap();
        let (reply, error) = (json!("AAA="), json!({ "kind": "panic" }));
        for (params, is_good) in [
            (json!({ "token": "p", "reply": reply }), true),
            (json!({ "token": "p", "error": error }), true),
            (json!({ "token": "p", "reply": reply, "error": error }), false),
            (json!({ "token": "p" }), false),
        ] {
            let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "host.complete", "params": params });
            assert_eq!(check.check("host.complete", "request", &request).is_ok(), is_good, "{request}");
        }
    }

    #[test]
    fn a_name_outside_of_a_closed_list_is_off_schema() {
        let check = SchemaCheck::new().unwrap();
        let is_good = |method, result| check.check(method, "response", &response(result)).is_ok();
        assert!(is_good("runtime.state", json!({ "ok": { "state": "Failed" } })));
        assert!(!is_good("runtime.state", json!({ "ok": { "state": "failed" } })));
        assert!(!is_good("runtime.run", json!({ "ok": { "stopped": "done" } })));
        let error = |code, kind| {
            let context = json!({ "kind": kind });
            json!({ "err": { "code": code, "source_layer": "runtime", "message": "", "context": context } })
        };
        assert!(is_good("runtime.init", error("RT_TRAP", "unreachable")));
        assert!(!is_good("runtime.init", error("RT_TRAP", "abort")));
        assert!(is_good("runtime.init", error("HOST_NATIVE", "abort")));
    }

    #[test]
    fn a_bad_message_is_named_with_its_place() {
        let check = SchemaCheck::new().unwrap();
        for (result, place) in [
            (json!({ "ok": { "bytes": 7 } }), "/result/ok/bytes"),
            (json!({ "ok": { "bytes": "AA" } }), "/result/ok/bytes"),
            (json!({ "ok": {} }), "/result/ok"),
            (json!({ "ok": { "bytes": "" }, "skipped": "both" }), "/result"),
            (json!({}), "/result"),
            (
                json!({ "err": { "code": "A", "source_layer": "cloud", "message": "", "context": {} } }),
                "/result/err/source_layer",
            ),
        ] {
            let message = check.check("cbor.encode", "response", &response(result)).unwrap_err();
            assert!(message.starts_with(&format!("at `{place}`")), "{message}");
        }
        let beside = json!({ "jsonrpc": "2.0", "id": 1, "result": { "ok": { "bytes": "" } }, "extra": 1 });
        assert!(check.check("cbor.encode", "response", &beside).unwrap_err().contains("extra"));
    }

    #[test]
    fn the_error_of_a_long_value_does_not_repeat_it() {
        let check = SchemaCheck::new().unwrap();
        let message = check
            .check("cbor.encode", "response", &response(json!({ "ok": { "bytes": "A".repeat(1 << 20) + "!" } })))
            .unwrap_err();
        assert!(message.len() < 500, "{} bytes", message.len());
    }
}
