//! A deterministic CBOR value as JSON: what Fayger's profile allows, and nothing else.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Base64;

/// A CBOR data item of Fayger's profile: no floats, no tags, text keys only.
///
/// In JSON: `{"int":"-12"}`, `{"bytes":"<base64>"}`, `{"text":"…"}`, `{"array":[…]}`, `{"map":[["key", …], …]}`, `true`, `false`, `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CborValue {
    /// An integer from −2^64 to 2^64−1.
    Int(i128),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text string.
    Text(String),
    /// An array.
    Array(Vec<CborValue>),
    /// A map as pairs; a decoder gives them in the order of the bytes, an encoder takes them in any order.
    Map(Vec<(String, CborValue)>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

const LOWEST: i128 = -(1 << 64);
const HIGHEST: i128 = (1 << 64) - 1;

impl Serialize for CborValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn member<S: Serializer, T: Serialize + ?Sized>(
            serializer: S,
            name: &str,
            value: &T,
        ) -> Result<S::Ok, S::Error> {
            let mut object = serializer.serialize_map(Some(1))?;
            object.serialize_entry(name, value)?;
            object.end()
        }
        match self {
            Self::Int(number) => member(serializer, "int", &number.to_string()),
            Self::Bytes(bytes) => member(serializer, "bytes", &Base64(bytes.clone())),
            Self::Text(text) => member(serializer, "text", text),
            Self::Array(items) => member(serializer, "array", items),
            Self::Map(pairs) => member(serializer, "map", pairs),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Null => serializer.serialize_unit(),
        }
    }
}

impl<'de> Deserialize<'de> for CborValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

const KINDS: &[&str] = &["int", "bytes", "text", "array", "map"];

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = CborValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a cbor value: an object with one of int, bytes, text, array, map, or true, false, null")
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<CborValue, E> {
        Ok(CborValue::Bool(truth))
    }

    fn visit_unit<E: de::Error>(self) -> Result<CborValue, E> {
        Ok(CborValue::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<CborValue, A::Error> {
        let Some(kind) = object.next_key::<String>()? else {
            return Err(de::Error::invalid_length(0, &self));
        };
        let value = match kind.as_str() {
            "int" => CborValue::Int(integer(&object.next_value::<String>()?)?),
            "bytes" => CborValue::Bytes(object.next_value::<Base64>()?.0),
            "text" => CborValue::Text(object.next_value()?),
            "array" => CborValue::Array(object.next_value()?),
            "map" => CborValue::Map(object.next_value()?),
            other => return Err(de::Error::unknown_variant(other, KINDS)),
        };
        match object.next_key::<String>()? {
            None => Ok(value),
            Some(_) => Err(de::Error::invalid_length(2, &self)),
        }
    }
}

fn integer<E: de::Error>(text: &str) -> Result<i128, E> {
    text.parse()
        .ok()
        .filter(|number: &i128| (LOWEST..=HIGHEST).contains(number) && number.to_string() == text)
        .ok_or_else(|| de::Error::custom(format_args!("`{text}` is not a decimal integer from -2^64 to 2^64-1")))
}

impl JsonSchema for CborValue {
    fn schema_name() -> Cow<'static, str> {
        "CborValue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let bytes = generator.subschema_for::<Base64>();
        let value = generator.subschema_for::<CborValue>();
        let one = |name: &str, schema: Schema| json_schema!({ "type": "object", "properties": { name: schema }, "required": [name], "additionalProperties": false });
        let integer = json_schema!({ "type": "string", "pattern": "^(0|-?[1-9][0-9]{0,19})$" });
        let pair = json_schema!({
            "type": "array", "prefixItems": [{ "type": "string" }, value.clone()], "minItems": 2, "maxItems": 2
        });
        json_schema!({
            "description": "a data item of Fayger's deterministic CBOR profile",
            "oneOf": [
                one("int", integer),
                one("bytes", bytes),
                one("text", json_schema!({ "type": "string" })),
                one("array", json_schema!({ "type": "array", "items": value })),
                one("map", json_schema!({ "type": "array", "items": pair })),
                { "type": "boolean" },
                { "type": "null" }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_json_form() {
        let value = CborValue::Map(vec![
            ("a".into(), CborValue::Int(-18_446_744_073_709_551_616)),
            ("b".into(), CborValue::Array(vec![CborValue::Bool(true), CborValue::Bool(false), CborValue::Null])),
            ("c".into(), CborValue::Bytes(vec![0, 1])),
            ("d".into(), CborValue::Text("é".into())),
        ]);
        let json = r#"{"map":[["a",{"int":"-18446744073709551616"}],["b",{"array":[true,false,null]}],["c",{"bytes":"AAE="}],["d",{"text":"é"}]]}"#;
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(serde_json::from_str::<CborValue>(json).unwrap(), value);
    }

    #[test]
    fn refuses_what_the_profile_does_not_have() {
        for (json, reason) in [
            (r#"{"int":"18446744073709551616"}"#, "not a decimal integer"),
            (r#"{"int":"-0"}"#, "not a decimal integer"),
            (r#"{"int":"007"}"#, "not a decimal integer"),
            (r#"{"int":7}"#, "expected a string"),
            (r#"{"float":"1.5"}"#, "unknown variant `float`"),
            (r#"{"int":"1","text":"1"}"#, "invalid length 2"),
            ("{}", "invalid length 0"),
            ("7", "expected a cbor value"),
            (r#"{"map":[[1,null]]}"#, "expected a string"),
        ] {
            let error = serde_json::from_str::<CborValue>(json).unwrap_err().to_string();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
