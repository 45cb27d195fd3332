//! The way back: a value to its one encoding.

use ciborium_ll::Header;

use crate::head::push;
use crate::value::Value;

/// Encodes `value` deterministically. Every [`Value`] has an encoding, so this cannot fail.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut output = Vec::new();
    write(value, &mut output);
    output
}

//= ART-CBOR-001
fn write(value: &Value, output: &mut Vec<u8>) {
    match value {
        Value::Unsigned(n) => push(output, Header::Positive(*n)),
        Value::Negative(n) => push(output, Header::Negative(*n)),
        Value::Bytes(bytes) => {
            push(output, Header::Bytes(Some(bytes.len())));
            output.extend_from_slice(bytes);
        }
        Value::Text(text) => write_text(text, output),
        Value::Array(items) => {
            push(output, Header::Array(Some(items.len())));
            for item in items {
                write(item, output);
            }
        }
        Value::Map(map) => {
            push(output, Header::Map(Some(map.len())));
            for (key, value) in map.iter() {
                write_text(key, output);
                write(value, output);
            }
        }
        Value::Bool(b) => push(output, Header::Simple(if *b { 21 } else { 20 })),
        Value::Null => push(output, Header::Simple(22)),
    }
}

fn write_text(text: &str, output: &mut Vec<u8>) {
    push(output, Header::Text(Some(text.len())));
    output.extend_from_slice(text.as_bytes());
}
