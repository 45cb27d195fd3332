//! `serializer.signing_payload` and `serializer.build`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Base64, CborValue, Hex};

/// What an artifact is built from. The testee fills in digests, `index_digest`, offsets and lengths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// The Manifest, a map: its `sections` without digests, and neither `index_digest` nor `signature`.
    pub manifest: CborValue,
    /// The sections, in order.
    pub sections: Vec<DraftSection>,
    /// The flags of the Header.
    #[serde(default)]
    pub flags: u32,
}

/// A section of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftSection {
    /// Its id.
    pub section_id: u32,
    /// The number of its kind.
    pub kind: u32,
    /// The number of its visibility.
    pub visibility: u32,
    /// Its constraints, a map.
    pub profile_constraints: CborValue,
    /// Its body.
    pub body: Base64,
}

/// The parameters of `serializer.signing_payload`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SigningPayloadParams {
    /// What to build.
    pub draft: Draft,
    /// The signature to come.
    pub signature: SignaturePlan,
}

/// A signature whose value is still to come: the Header depends on its length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignaturePlan {
    /// The algorithm.
    pub algorithm: String,
    /// The key's id.
    pub key_id: Hex,
    /// The length of the value in bytes.
    pub value_length: u32,
}

/// The parameters of `serializer.build`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BuildParams {
    /// What to build.
    pub draft: Draft,
    /// The signature to attach, made elsewhere over the signing payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureValue>,
}

/// A finished signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureValue {
    /// The algorithm.
    pub algorithm: String,
    /// The key's id.
    pub key_id: Hex,
    /// The value.
    pub value: Base64,
}

/// Bytes of an artifact: the result of `serializer.serialize`, `serializer.build` and `serializer.signing_payload`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Artifact {
    /// The bytes.
    pub bytes: Base64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_to_build_has_its_json_form() {
        let section = DraftSection {
            section_id: 1,
            kind: 1,
            visibility: 0,
            profile_constraints: CborValue::Map(vec![]),
            body: Base64(vec![0]),
        };
        let request = BuildParams {
            draft: Draft { manifest: CborValue::Map(vec![]), sections: vec![section], flags: 0 },
            signature: Some(SignatureValue {
                algorithm: "ed25519".into(),
                key_id: Hex(vec![255]),
                value: Base64(vec![0, 0]),
            }),
        };
        let json = concat!(
            r#"{"draft":{"manifest":{"map":[]},"sections":[{"section_id":1,"kind":1,"visibility":0,"#,
            r#""profile_constraints":{"map":[]},"body":"AA=="}],"flags":0},"#,
            r#""signature":{"algorithm":"ed25519","key_id":"ff","value":"AAA="}}"#
        );
        assert_eq!(serde_json::to_string(&request).unwrap(), json);
        assert_eq!(serde_json::from_str::<BuildParams>(json).unwrap(), request);
        let without_flags = json.replace(r#","flags":0"#, "");
        assert_eq!(serde_json::from_str::<BuildParams>(&without_flags).unwrap(), request, "flags are 0 where absent");
    }
}
