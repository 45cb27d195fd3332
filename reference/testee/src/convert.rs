//! Values, errors and events between the contracts and the wire.

use fayger_cbor::{Map, Value};
use fayger_contracts::{ContextValue, Event, FaygerError, Layer};
use fayger_fcp as fcp;
use fayger_fcp::{CborValue, RpcError};

pub(crate) fn value_to_wire(value: &Value) -> CborValue {
    match value {
        Value::Unsigned(_) | Value::Negative(_) => CborValue::Int(value.as_integer().unwrap_or_default()),
        Value::Bytes(bytes) => CborValue::Bytes(bytes.clone()),
        Value::Text(text) => CborValue::Text(text.clone()),
        Value::Array(items) => CborValue::Array(items.iter().map(value_to_wire).collect()),
        Value::Map(map) => map_to_wire(map),
        Value::Bool(truth) => CborValue::Bool(*truth),
        Value::Null => CborValue::Null,
    }
}

pub(crate) fn map_to_wire(map: &Map) -> CborValue {
    CborValue::Map(map.iter().map(|(key, value)| (key.to_owned(), value_to_wire(value))).collect())
}

/// A value of the wire; a key twice in one map is no value.
pub(crate) fn value_from_wire(value: CborValue) -> Result<Value, RpcError> {
    Ok(match value {
        CborValue::Int(n) => {
            Value::from_integer(n).ok_or_else(|| RpcError::invalid_params("an integer beyond 64 bits"))?
        }
        CborValue::Bytes(bytes) => Value::Bytes(bytes),
        CborValue::Text(text) => Value::Text(text),
        CborValue::Array(items) => Value::Array(items.into_iter().map(value_from_wire).collect::<Result<_, _>>()?),
        CborValue::Map(pairs) => {
            let mut map = Map::new();
            for (key, value) in pairs {
                if map.insert(key, value_from_wire(value)?).is_some() {
                    return Err(RpcError::invalid_params("a map has a key twice"));
                }
            }
            Value::Map(map)
        }
        CborValue::Bool(truth) => Value::Bool(truth),
        CborValue::Null => Value::Null,
    })
}

pub(crate) fn error_to_wire(error: &FaygerError) -> fcp::FaygerError {
    fcp::FaygerError {
        code: error.code.name().to_owned(),
        source_layer: layer(error.source_layer()),
        phase: error.phase.map(|phase| phase.name().to_owned()),
        message: error.message.clone(),
        context: error.context.iter().map(|(key, value)| ((*key).to_owned(), context_value(value))).collect(),
        cause: error.cause.as_deref().map(|cause| Box::new(error_to_wire(cause))),
    }
}

fn layer(layer: Layer) -> fcp::SourceLayer {
    match layer {
        Layer::Loader => fcp::SourceLayer::Loader,
        Layer::Runtime => fcp::SourceLayer::Runtime,
        Layer::Adapter => fcp::SourceLayer::Adapter,
        Layer::Host => fcp::SourceLayer::Host,
    }
}

//= ERR-CONTEXT-003
fn context_value(value: &ContextValue) -> fcp::ContextValue {
    match value {
        ContextValue::Text(text) => fcp::ContextValue::Text(text.clone()),
        ContextValue::Integer(n) => fcp::ContextValue::Text(n.to_string()),
        ContextValue::Names(names) => fcp::ContextValue::List(names.clone()),
    }
}

pub(crate) fn event_to_wire(event: &Event) -> fcp::Event {
    let context = event.fields().iter().map(|(key, value)| ((*key).to_owned(), context_value(value))).collect();
    let instance = event.instance().map(|id| id.to_string());
    fcp::Event { name: event.name().to_owned(), instance, context }
}
