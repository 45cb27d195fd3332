//! How bytes and large integers travel in JSON.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bytes as padded standard base64 (RFC 4648 §4). Padding that is missing, or bits behind it that are not zero, are refused.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Base64(pub Vec<u8>);

/// Bytes as lower-case hexadecimal digits: digests and key ids. Upper case is refused.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Hex(pub Vec<u8>);

/// An unsigned 64-bit integer as a decimal string without leading zeros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Decimal(pub u64);

impl fmt::Debug for Base64 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Base64({})", STANDARD.encode(&self.0))
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hex({})", hex::encode(&self.0))
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Decimal({})", self.0)
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(|error| de::Error::custom(format_args!("bad base64: {error}")))
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(de::Error::custom("hex digits must be lower case"));
        }
        hex::decode(text).map(Self).map_err(|error| de::Error::custom(format_args!("bad hex: {error}")))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let canonical = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
        match text.parse() {
            Ok(number) if canonical => Ok(Self(number)),
            _ => Err(de::Error::custom(format_args!(
                "`{text}` is not a decimal number below 2^64 without leading zeros"
            ))),
        }
    }
}

impl JsonSchema for Base64 {
    fn schema_name() -> Cow<'static, str> {
        "Base64".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "bytes as padded standard base64",
            "type": "string",
            "contentEncoding": "base64",
            "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
        })
    }
}

impl JsonSchema for Hex {
    fn schema_name() -> Cow<'static, str> {
        "Hex".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "bytes as lower-case hex digits", "type": "string", "pattern": "^([0-9a-f]{2})*$" })
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "an integer from 0 to 2^64-1 as a decimal string",
            "type": "string",
            "pattern": "^(0|[1-9][0-9]{0,19})$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: for<'de> Deserialize<'de>>(json: &str) -> Result<T, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn base64_is_padded_and_canonical() {
        assert_eq!(serde_json::to_string(&Base64(vec![0xff, 0x00])).unwrap(), r#""/wA=""#);
        assert_eq!(read::<Base64>(r#""/wA=""#).unwrap(), Base64(vec![0xff, 0x00]));
        assert!(read::<Base64>(r#""/wA""#).unwrap_err().to_string().contains("bad base64"), "padding is missing");
        assert!(
            read::<Base64>(r#""/wB=""#).unwrap_err().to_string().contains("bad base64"),
            "bits behind the last byte"
        );
        assert!(read::<Base64>(r#""_wA=""#).unwrap_err().to_string().contains("bad base64"), "the other alphabet");
    }

    #[test]
    fn hex_is_lower_case() {
        assert_eq!(serde_json::to_string(&Hex(vec![0xab, 0x01])).unwrap(), r#""ab01""#);
        assert!(read::<Hex>(r#""AB""#).unwrap_err().to_string().contains("lower case"));
        assert!(read::<Hex>(r#""abc""#).unwrap_err().to_string().contains("bad hex"));
    }

    #[test]
    fn decimal_numbers_span_64_bits_without_leading_zeros() {
        assert_eq!(read::<Decimal>(r#""18446744073709551615""#).unwrap(), Decimal(u64::MAX));
        assert_eq!(read::<Decimal>(r#""0""#).unwrap(), Decimal(0));
        for refused in [r#""18446744073709551616""#, r#""01""#, r#""+1""#, r#""-1""#, r#""""#, r#"" 1""#] {
            assert!(read::<Decimal>(refused).unwrap_err().to_string().contains("is not a decimal"), "{refused}");
        }
        assert!(read::<Decimal>("1").unwrap_err().to_string().contains("expected a string"));
    }
}
