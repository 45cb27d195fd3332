//! The published JSON Schema, generated from the table of methods.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::methods::{host_call, host_release, source_read};
use crate::{HOST_CALL, HOST_RELEASE, METHODS, RpcError, SOURCE_READ, TwoPointZero};

/// The name under `$defs` of the schema of a method's messages: `kind` is `request` or `response`.
#[must_use]
pub fn definition_name(method: &str, kind: &str) -> String {
    format!("{method}.{kind}")
}

/// The JSON Schema (2020-12) of every message. `$defs` has `<method>.request` and `<method>.response` for every method, and
/// `error.response` for JSON-RPC errors; the root allows any of them.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let mut messages = Map::new();
    let version = generator.subschema_for::<TwoPointZero>();
    for method in METHODS {
        let params = (method.params)(&mut generator);
        let result = (method.result)(&mut generator);
        messages.insert(
            definition_name(method.name, "request"),
            json!({
                "type": "object",
                "properties": {
                    "jsonrpc": version.clone(),
                    "id": { "type": "integer", "minimum": 0 },
                    "method": { "const": method.name },
                    "params": params
                },
                "required": ["jsonrpc", "id", "method", "params"]
            }),
        );
        messages.insert(
            definition_name(method.name, "response"),
            json!({
                "type": "object",
                "properties": {
                    "jsonrpc": version.clone(),
                    "id": { "type": "integer", "minimum": 0 },
                    "result": result
                },
                "required": ["jsonrpc", "id", "result"],
                "additionalProperties": false
            }),
        );
    }
    // The requests that go the other way. Their ids are the testee's own.
    for (method, (params, result)) in
        [(HOST_CALL, host_call(&mut generator)), (SOURCE_READ, source_read(&mut generator))]
    {
        let id = json!({ "type": ["integer", "string"] });
        messages.insert(
            definition_name(method, "request"),
            json!({
                "type": "object",
                "properties": {
                    "jsonrpc": version.clone(),
                    "id": id.clone(),
                    "method": { "const": method },
                    "params": params
                },
                "required": ["jsonrpc", "id", "method", "params"]
            }),
        );
        messages.insert(
            definition_name(method, "response"),
            json!({
                "type": "object",
                "properties": { "jsonrpc": version.clone(), "id": id, "result": result },
                "required": ["jsonrpc", "id", "result"],
                "additionalProperties": false
            }),
        );
    }
    // The one notification.
    let params = host_release(&mut generator);
    messages.insert(
        definition_name(HOST_RELEASE, "request"),
        json!({
            "type": "object",
            "properties": { "jsonrpc": version.clone(), "method": { "const": HOST_RELEASE }, "params": params },
            "required": ["jsonrpc", "method", "params"],
            "additionalProperties": false
        }),
    );
    let error = generator.subschema_for::<RpcError>();
    messages.insert(
        definition_name("error", "response"),
        json!({
            "type": "object",
            "properties": { "jsonrpc": version, "id": { "type": ["integer", "null"] }, "error": error },
            "required": ["jsonrpc", "id", "error"],
            "additionalProperties": false
        }),
    );
    let any: Vec<Value> = messages.keys().map(|name| json!({ "$ref": format!("#/$defs/{name}") })).collect();
    messages.extend(generator.take_definitions(true));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Fayger Conformance Protocol 1.0",
        "description": "every message between the conformance runner and a testee, one JSON object a line",
        "anyOf": any,
        "$defs": messages
    })
}

/// The text of `schema/fcp-1.0.schema.json`: [`schema`], indented, with a final line feed.
#[must_use]
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_file_is_what_the_table_gives() {
        let published = include_str!("../schema/fcp-1.0.schema.json");
        assert!(published == schema_text(), "schema/fcp-1.0.schema.json is stale");
    }

    #[test]
    fn every_reference_has_its_definition() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(target)) = members.get("$ref") {
                        found.push(target.clone());
                    }
                    members.values().for_each(|member| references(member, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let schema = schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > 40);
        for target in found {
            let name = target.strip_prefix("#/$defs/").expect("a local reference");
            assert!(schema["$defs"].get(name).is_some(), "{target}");
        }
    }
}
