//! Compares errors: code, phase, the layers of the chain, and the context that the clauses fix, what must be absent of it included.

use fayger_cases::ExpectedError;
use fayger_fcp::{ContextValue, FaygerError, SourceLayer};

use crate::ContextKeys;
use crate::outcome::Difference;

pub(super) fn compare(expected: &ExpectedError, keys: &ContextKeys, got: &FaygerError) -> Vec<Difference> {
    let mut differences = Vec::new();
    if expected.code != got.code {
        differences.push(Difference::new("code", &expected.code, &got.code));
    }
    if expected.phase != got.phase {
        differences.push(Difference::new("phase", &expected.phase, &got.phase));
    }
    let layers: Vec<SourceLayer> = got.chain().map(|error| error.source_layer).collect();
    if expected.layers != layers {
        differences.push(Difference::new("layers", &expected.layers, layers));
    }
    for (key, value) in &expected.context {
        let found = got.context.get(key);
        if found != Some(value) {
            differences.push(Difference::new(format!("context/{key}"), value, found));
        }
    }
    for key in keys.of(&expected.code).iter().filter(|key| !expected.context.contains_key(*key)) {
        if let Some(found) = got.context.get(key) {
            differences.push(Difference::new(format!("context/{key}"), None::<ContextValue>, found));
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn expected() -> ExpectedError {
        ExpectedError {
            code: "LDR_CBOR_MALFORMED".into(),
            phase: Some("parse".into()),
            layers: vec![SourceLayer::Loader],
            context: BTreeMap::from([("rule".into(), "truncated".into()), ("offset".into(), "3".into())]),
        }
    }

    fn got(change: impl FnOnce(&mut Value)) -> FaygerError {
        let mut error = json!({
            "code": "LDR_CBOR_MALFORMED", "source_layer": "loader", "phase": "parse", "message": "whatever",
            "context": { "rule": "truncated", "offset": "3", "hint": "free" }
        });
        change(&mut error);
        serde_json::from_value(error).unwrap()
    }

    fn named(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let keys = ["field", "offset", "rule"].map(str::to_owned).to_vec();
        let keys = ContextKeys::from_iter([("LDR_CBOR_MALFORMED".to_owned(), keys)]);
        compare(&expected(), &keys, &got(change)).into_iter().map(|difference| difference.what).collect()
    }

    #[test]
    fn messages_and_free_context_are_not_compared() {
        assert_eq!(named(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn each_fixed_part_is_compared() {
        assert_eq!(named(|error| error["code"] = json!("LDR_IO")), ["code"]);
        assert_eq!(named(|error| error["phase"] = json!("read")), ["phase"]);
        assert_eq!(named(|error| error["phase"] = Value::Null), ["phase"]);
        assert_eq!(named(|error| error["source_layer"] = json!("host")), ["layers"]);
        assert_eq!(
            named(|error| error["cause"] = json!({ "code": "A", "source_layer": "host", "message": "", "context": {} })),
            ["layers"]
        );
        assert_eq!(named(|error| error["context"]["offset"] = json!("4")), ["context/offset"]);
        assert_eq!(named(|error| error["context"]["offset"] = json!(["3"])), ["context/offset"]);
        assert_eq!(named(|error| error["context"] = json!({ "rule": "truncated" })), ["context/offset"]);
        assert_eq!(named(|error| error["context"]["field"] = json!("")), ["context/field"]);
    }
}
