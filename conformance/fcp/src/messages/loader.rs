//! `loader.load`, `loader.read_section` and `serializer.serialize`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::{Base64, CborValue, Decimal, Hex};

/// The parameters of `loader.load`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadParams {
    /// The artifact.
    #[serde(flatten)]
    pub artifact: Given,
    /// The load profile; absent: name `default`, host `server`, all sixteen capabilities, no `max_bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// When bodies are read.
    pub strategy: Strategy,
    /// Whether a signature must be present.
    pub mode: SignatureMode,
    /// The trust store, for this load alone. A bad key is `TRUST_KEY_INVALID`, and nothing is loaded.
    pub trust: Vec<TrustEntry>,
    /// What the runtime offers.
    pub offer: Offer,
    /// The id that the artifact must have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_id: Option<String>,
    /// Limits other than the testee's own, by name. A testee that cannot set them answers `skipped`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Decimal>,
}

/// How an artifact is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Given {
    /// As it is.
    Bytes {
        /// Its bytes.
        bytes: Base64,
    },
    /// As a source that is read by `source.read`, then and later. Under `loader.sources` alone.
    Source {
        /// The source's name, until `reset`.
        source: String,
        /// Its size in bytes; null where it cannot know.
        #[schemars(required, schema_with = "size_or_null")]
        size: Option<Decimal>,
    },
}

impl Given {
    /// The bytes, where they are given as they are.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes { bytes } => Some(&bytes.0),
            Self::Source { .. } => None,
        }
    }
}

fn size_or_null(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [generator.subschema_for::<Decimal>(), { "type": "null" }] })
}

/// The environment for which sections are selected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// The profile's name.
    pub name: String,
    /// The kind of host.
    pub host: String,
    /// The capabilities that the host can grant.
    pub capabilities: Vec<String>,
    /// The most bytes that the selected bodies may have in sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<Decimal>,
}

/// When bodies are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// Every selected body during the load.
    #[default]
    Eager,
    /// The entry section during the load, the others at first use.
    Lazy,
}

/// Whether a signature must be present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignatureMode {
    /// An absent signature is allowed and shown; a present one must verify.
    #[default]
    Default,
    /// A signature must be present and verify.
    Enforce,
}

/// A key of the trust store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrustEntry {
    /// The key.
    pub key: PublicKey,
    /// Whether it is still trusted.
    pub status: KeyStatus,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A public key, tagged by its algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "algorithm")]
pub enum PublicKey {
    /// Ed25519 (RFC 8032).
    #[serde(rename = "ed25519")]
    Ed25519 {
        /// The 32 bytes of the encoded point; another number of them is a bad key, not a bad request.
        public_key: Base64,
    },
    /// ECDSA over P-256 (FIPS 186-5 §6).
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256 {
        /// The 65 bytes `04` ‖ x ‖ y; other bytes are a bad key, not a bad request.
        public_key: Base64,
    },
    /// RSASSA-PSS with SHA-256 (RFC 8017 §8.1).
    #[serde(rename = "rsa-pss-sha256")]
    RsaPssSha256 {
        /// The modulus, big-endian without a leading zero.
        modulus: Base64,
        /// The exponent, big-endian without a leading zero.
        exponent: Base64,
    },
}

/// Whether a key is still trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// It is.
    Active,
    /// It is not any more.
    Revoked,
}

/// What the runtime offers to the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    /// The version of the runtime interface, `MAJOR.MINOR.PATCH`.
    pub runtime_interface: String,
    /// The runtime's capabilities.
    pub runtime_capabilities: Vec<String>,
    /// The formats of code sections that it runs.
    pub formats: Vec<String>,
}

/// The result of `loader.load`: the object's normal form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadOk {
    /// The handle by which later requests name the object, until `reset`.
    pub object: String,
    /// The format version of the Header.
    pub format_version: FormatVersion,
    /// The flags of the Header, the unknown ancillary ones too.
    pub flags: u32,
    /// The whole Manifest, with what a newer minor brought and with vendor extensions.
    pub manifest: CborValue,
    /// The rows of the Section_Index, in order.
    pub sections: Vec<LoadedSection>,
    /// What is known of the origin.
    pub signature: LoadedSignature,
}

/// The format version of the Header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormatVersion {
    /// Another major is another format.
    pub major: u16,
    /// Any minor is accepted, and kept.
    pub minor: u16,
}

/// A row of the Section_Index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadedSection {
    /// The section's id.
    pub section_id: u32,
    /// The number of its kind.
    pub kind: u32,
    /// The body's first byte, counted from the first byte behind the Section_Index.
    pub offset: Decimal,
    /// The body's length in bytes.
    pub length: Decimal,
    /// The SHA-256 of the body.
    pub digest: Hex,
    /// The number of its visibility, as written.
    pub visibility: u32,
    /// The constraints, as written.
    pub profile_constraints: CborValue,
    /// Whether the profile selects it.
    pub selected: bool,
}

/// What is known of the origin of a loaded object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum LoadedSignature {
    /// It carries no signature.
    Absent,
    /// Its signature was verified with a trusted key.
    Verified {
        /// The algorithm.
        algorithm: String,
        /// The key's id, 32 bytes.
        key_id: Hex,
    },
}

/// The parameters of `loader.read_section`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadSectionParams {
    /// The object's handle.
    pub object: String,
    /// The section's id.
    pub section_id: u32,
    /// Who asks.
    #[serde(default, skip_serializing_if = "Reader::is_runtime")]
    pub reader: Reader,
}

/// Who asks for a body; visibility decides what they get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reader {
    /// The runtime itself.
    #[default]
    Runtime,
    /// The Fay's own code.
    Instance,
    /// The embedding application.
    Application,
}

impl Reader {
    fn is_runtime(&self) -> bool {
        *self == Self::Runtime
    }
}

/// The result of `loader.read_section`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadSectionOk {
    /// The body; null where the section does not exist, is not selected, or is not visible to the reader.
    #[schemars(required, schema_with = "bytes_or_null")]
    pub bytes: Option<Base64>,
}

/// An `Option` that must be there: `null` is an answer, an absent member is none.
fn bytes_or_null(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [generator.subschema_for::<Base64>(), { "type": "null" }] })
}

/// The parameters of `serializer.serialize`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SerialiseParams {
    /// The object's handle.
    pub object: String,
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;

    use super::*;

    fn both_ways<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
        assert_eq!(serde_json::to_string(value).unwrap(), json);
        assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
    }

    fn request() -> LoadParams {
        LoadParams {
            artifact: Given::Bytes { bytes: Base64(b"BUF\0".to_vec()) },
            profile: None,
            strategy: Strategy::Eager,
            mode: SignatureMode::Default,
            trust: Vec::new(),
            offer: Offer { runtime_interface: "1.0.0".into(), runtime_capabilities: vec![], formats: vec!["f".into()] },
            expect_id: None,
            limits: BTreeMap::new(),
        }
    }

    #[test]
    fn a_short_request_leaves_out_what_it_does_not_say() {
        let json = concat!(
            r#"{"bytes":"QlVGAA==","strategy":"eager","mode":"default","trust":[],"#,
            r#""offer":{"runtime_interface":"1.0.0","runtime_capabilities":[],"formats":["f"]}}"#
        );
        both_ways(&request(), json);
    }

    #[test]
    fn a_source_is_named_with_its_size_or_without() {
        for (size, text) in [(Some(Decimal(7)), r#""7""#), (None, "null")] {
            let artifact = Given::Source { source: "s".into(), size };
            let json = format!(
                r#"{{"source":"s","size":{text},"strategy":"eager","mode":"default","trust":[],"offer":{{"runtime_interface":"1.0.0","runtime_capabilities":[],"formats":["f"]}}}}"#
            );
            both_ways(&LoadParams { artifact, ..request() }, &json);
        }
    }

    #[test]
    fn a_full_request_has_everything() {
        let profile = Profile {
            name: "drone".into(),
            host: "server".into(),
            capabilities: vec!["crypto".into()],
            max_bytes: Some(Decimal(u64::MAX)),
        };
        let key = PublicKey::Ed25519 { public_key: Base64(vec![0, 1]) };
        let request = LoadParams {
            profile: Some(profile),
            strategy: Strategy::Lazy,
            mode: SignatureMode::Enforce,
            trust: vec![TrustEntry { key, status: KeyStatus::Revoked, label: Some("bob".into()) }],
            expect_id: Some("org.example".into()),
            limits: BTreeMap::from([("text".into(), Decimal(1024))]),
            ..request()
        };
        let json = concat!(
            r#"{"bytes":"QlVGAA==","#,
            r#""profile":{"name":"drone","host":"server","capabilities":["crypto"],"max_bytes":"18446744073709551615"},"#,
            r#""strategy":"lazy","mode":"enforce","#,
            r#""trust":[{"key":{"algorithm":"ed25519","public_key":"AAE="},"status":"revoked","label":"bob"}],"#,
            r#""offer":{"runtime_interface":"1.0.0","runtime_capabilities":[],"formats":["f"]},"#,
            r#""expect_id":"org.example","limits":{"text":"1024"}}"#
        );
        both_ways(&request, json);
    }

    #[test]
    fn a_loaded_object_has_its_normal_form() {
        let section = LoadedSection {
            section_id: 1,
            kind: 1,
            offset: Decimal(0),
            length: Decimal(8),
            digest: Hex(vec![0xab]),
            visibility: 0,
            profile_constraints: CborValue::Map(vec![]),
            selected: true,
        };
        let object = LoadOk {
            object: "object-0".into(),
            format_version: FormatVersion { major: 1, minor: 0 },
            flags: 65_536,
            manifest: CborValue::Map(vec![("id".into(), CborValue::Text("org.example".into()))]),
            sections: vec![section],
            signature: LoadedSignature::Verified { algorithm: "ed25519".into(), key_id: Hex(vec![1]) },
        };
        let json = concat!(
            r#"{"object":"object-0","format_version":{"major":1,"minor":0},"flags":65536,"#,
            r#""manifest":{"map":[["id",{"text":"org.example"}]]},"#,
            r#""sections":[{"section_id":1,"kind":1,"offset":"0","length":"8","digest":"ab","visibility":0,"#,
            r#""profile_constraints":{"map":[]},"selected":true}],"#,
            r#""signature":{"status":"verified","algorithm":"ed25519","key_id":"01"}}"#
        );
        both_ways(&object, json);
        both_ways(&LoadedSignature::Absent, r#"{"status":"absent"}"#);
    }

    #[test]
    fn a_section_without_bytes_is_null_and_never_left_out() {
        both_ways(&ReadSectionOk { bytes: None }, r#"{"bytes":null}"#);
        both_ways(&ReadSectionOk { bytes: Some(Base64(vec![])) }, r#"{"bytes":""}"#);
    }

    #[test]
    fn an_unknown_key_algorithm_is_refused() {
        let error = serde_json::from_str::<PublicKey>(r#"{"algorithm":"dsa","public_key":""}"#).unwrap_err();
        assert!(error.to_string().contains("unknown variant `dsa`"), "{error}");
    }
}
