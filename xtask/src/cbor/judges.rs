//! The judges of one encoding.

use ciborium::Value as Foreign;
use fayger_cbor::{Limits, Map, Value};

/// What is wrong with the one item that `bytes` should be. `base` is the offset of its first byte.
pub(super) fn judge(bytes: &[u8], base: u64) -> Option<String> {
    let value = match fayger_cbor::decode(bytes, base, Limits::default()) {
        Ok(value) => value,
        Err(error) => return Some(error.to_string()),
    };
    if fayger_cbor::encode(&reordered(&value)) != bytes {
        return Some("the same value, its keys inserted in another order, has another encoding".to_owned());
    }
    judge_by_ciborium(bytes).err()
}

/// The same value, with the keys of every map inserted from the last to the first.
fn reordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(reordered).collect()),
        Value::Map(map) => {
            let mut pairs: Vec<_> = map.iter().map(|(key, value)| (key.to_owned(), reordered(value))).collect();
            pairs.reverse();
            Value::Map(pairs.into_iter().collect::<Map>())
        }
        other => other.clone(),
    }
}

/// By a library that shares no code with ours: it decodes, every map is sorted, and what it encodes are the same bytes.
fn judge_by_ciborium(bytes: &[u8]) -> Result<(), String> {
    let value: Foreign = ciborium::from_reader(bytes).map_err(|error| format!("ciborium cannot decode it: {error}"))?;
    check_sorted(&value)?;
    if encoded(&value)? != bytes {
        return Err("ciborium encodes the same value to other bytes".to_owned());
    }
    Ok(())
}

fn check_sorted(value: &Foreign) -> Result<(), String> {
    match value {
        Foreign::Array(items) => items.iter().try_for_each(check_sorted),
        Foreign::Map(pairs) => {
            let keys = pairs.iter().map(|(key, _)| encoded(key)).collect::<Result<Vec<_>, _>>()?;
            if !keys.is_sorted_by(|before, key| before < key) {
                return Err("ciborium sees a map whose keys do not ascend".to_owned());
            }
            pairs.iter().try_for_each(|(_, value)| check_sorted(value))
        }
        _ => Ok(()),
    }
}

fn encoded(value: &Foreign) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|error| format!("ciborium cannot encode it: {error}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_deterministic_item() {
        // {"b": [-1, h'00', null, true], "aa": 18446744073709551615}
        let item = b"\xa2\x61b\x84\x20\x41\x00\xf6\xf5\x62aa\x1b\xff\xff\xff\xff\xff\xff\xff\xff";
        assert_eq!(judge(item, 0), None);
    }

    #[test]
    fn says_offset_and_rule() {
        assert_eq!(
            judge(b"\xa2\x61b\x00\x61a\x00", 48),
            Some("not deterministic CBOR: rule `order` at offset 52".into())
        );
    }

    #[test]
    fn the_unrelated_library_judges_on_its_own() {
        assert_eq!(judge_by_ciborium(b"\xa2\x61a\x00\x61b\x00"), Ok(()));
        let refused = [
            b"\xa2\x61b\x00\x61a\x00".as_slice(), // keys that descend
            b"\xa2\x61a\x00\x61a\x00",            // a key twice
            b"\x18\x17",                          // 23 in two bytes
            b"\x9f\xff",                          // an array of indefinite length
            b"\x00\x00",                          // bytes after the item
            b"\x82\x00",                          // an item that is missing
        ];
        for bytes in refused {
            assert!(judge_by_ciborium(bytes).is_err(), "{bytes:x?}");
        }
    }
}
