//! Events into a value, or into nothing.

use crate::error::Error;
use crate::limits::Limits;
use crate::parse::{Event, Parser};
use crate::value::{Map, Value};

/// Checks that `input` is one deterministic item and nothing more, and keeps nothing of it. `base` is what the offset of
/// the first byte is called in errors.
///
/// # Errors
/// The first broken rule, in one pass from left to right.
pub fn validate(input: &[u8], base: u64, limits: Limits) -> Result<(), Error> {
    let mut parser = Parser::new(input, base, limits);
    while parser.next()?.is_some() {}
    Ok(())
}

/// Decodes the one deterministic item that `input` holds. `base` is what the offset of the first byte is called in errors.
///
/// Memory follows the bytes that are there, never a length that a head claims.
///
/// # Errors
/// The first broken rule, in one pass from left to right.
pub fn decode(input: &[u8], base: u64, limits: Limits) -> Result<Value, Error> {
    let mut parser = Parser::new(input, base, limits);
    let mut open: Vec<Building> = Vec::new();
    let mut root = None;
    while let Some(event) = parser.next()? {
        let value = match event {
            Event::Unsigned(n) => Value::Unsigned(n),
            Event::Negative(n) => Value::Negative(n),
            Event::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
            Event::Text(text) => match open.last_mut() {
                Some(Building::Map { key: key @ None, .. }) => {
                    *key = Some(text.to_owned());
                    continue;
                }
                _ => Value::Text(text.to_owned()),
            },
            Event::Bool(b) => Value::Bool(b),
            Event::Null => Value::Null,
            Event::Array(_) => {
                open.push(Building::Array(Vec::new()));
                continue;
            }
            Event::Map => {
                open.push(Building::Map { done: Map::new(), key: None });
                continue;
            }
            Event::End => match open.pop() {
                Some(Building::Array(items)) => Value::Array(items),
                Some(Building::Map { done, .. }) => Value::Map(done),
                None => continue,
            },
        };
        match open.last_mut() {
            Some(Building::Array(items)) => items.push(value),
            Some(Building::Map { done, key }) => {
                if let Some(key) = key.take() {
                    done.push_in_order(key, value);
                }
            }
            None => root = Some(value),
        }
    }
    // The parser ends only after one whole item, so there is a root; an empty input was an error above.
    Ok(root.unwrap_or(Value::Null))
}

/// An array or map whose items are still coming.
enum Building {
    Array(Vec<Value>),
    Map { done: Map, key: Option<String> },
}
