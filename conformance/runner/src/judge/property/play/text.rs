//! An answer as a line: what clauses fix of it, and nothing else, so that two lines are equal where the answers have to be.

use fayger_fcp::{ContextValue, EmitOk, Event, FailureInfoOk, FaygerError, RunOk, StateOk};
use serde::Deserialize;
use serde_json::Value;

use crate::ContextKeys;

/// What was answered to a method.
pub(super) fn answer(method: &str, answer: &Result<Value, FaygerError>, keys: &ContextKeys) -> String {
    let ok = match answer {
        Ok(ok) => ok,
        Err(error) => return chain(error, keys),
    };
    let text = match method {
        "runtime.state" => StateOk::deserialize(ok).map(|ok| ok.state).ok(),
        "runtime.run" => RunOk::deserialize(ok).ok().and_then(|_| ok.get("stopped")?.as_str().map(str::to_owned)),
        "runtime.emit" => EmitOk::deserialize(ok).map(|ok| format!("reply {}", hex::encode(&ok.reply.0))).ok(),
        "runtime.failure_info" => FailureInfoOk::deserialize(ok).map(|ok| failure(ok, keys)).ok(),
        _ => Some("ok".to_owned()),
    };
    text.unwrap_or_else(|| ok.to_string())
}

fn failure(ok: FailureInfoOk, keys: &ContextKeys) -> String {
    let Some(failure) = ok.failure else { return "none".to_owned() };
    let last = failure.last_instruction.map_or_else(|| "none".to_owned(), |bytes| hex::encode(bytes.0));
    format!("{}; before {}; last {last}", chain(&failure.error, keys), failure.state_before)
}

/// An error over its causes: code, layer, phase, and of the context the keys that the registry gives to the code.
pub(in super::super) fn chain(error: &FaygerError, keys: &ContextKeys) -> String {
    let link = |error: &FaygerError| {
        let keys = keys.of(&error.code).iter();
        let context = keys.filter_map(|key| Some(format!("{key}={}", value(error.context.get(key)?))));
        let phase = error.phase.as_ref().map(|phase| format!("@{phase}")).unwrap_or_default();
        format!("{}@{}{phase}{{{}}}", error.code, error.source_layer.name(), context.collect::<Vec<_>>().join(" "))
    };
    error.chain().map(link).collect::<Vec<_>>().join(" <- ")
}

/// An event.
pub(super) fn event(event: &Event) -> String {
    let context = event.context.iter().filter(|(key, _)| *key != "id").map(|(key, of)| format!("{key}={}", value(of)));
    format!("{}{{{}}}", event.name, context.collect::<Vec<_>>().join(" "))
}

fn value(value: &ContextValue) -> String {
    match value {
        ContextValue::Text(text) => text.clone(),
        ContextValue::List(items) => items.join("|"),
    }
}
