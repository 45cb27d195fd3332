//! From a case to the request to send and the answer to expect.

mod trust;

use fayger_fcp::{
    Base64, BuildParams, CborValue, Decimal, Draft, DraftSection, Event, FormatVersion, Given, Hex, LoadOk, LoadParams,
    LoadedSection, LoadedSignature, SignaturePlan, SignatureValue, SigningPayloadParams,
};
use fayger_forge::{Artifact, Model, SignatureParts, Value, expand};

pub use trust::{ExpectedTrust, PreparedStep, TrustCall};

use crate::case::{
    Action, ArtifactSource, Expect, ExpectedError, ExpectedOk, Load, LoadExpectation, Read, SignatureStatus,
};
use crate::source::RawSource;
use crate::{Case, Exchange, Problem, Property, Scenario, Source, Suite};

/// What is sent, and what has to come back.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// `cbor.decode`.
    Decode {
        /// The bytes to decode.
        bytes: Vec<u8>,
        /// The value, or the error.
        expected: Result<CborValue, ExpectedError>,
    },
    /// `cbor.encode`.
    Encode {
        /// The value to encode.
        value: CborValue,
        /// Its bytes, or the error.
        expected: Result<Vec<u8>, ExpectedError>,
    },
    /// `loader.load`, and what follows from an object.
    Load {
        /// The request.
        params: Box<LoadParams>,
        /// The source that the request names, where it names one.
        source: Option<Box<Source>>,
        /// What lies under the error, where the case looks at it.
        cause: Option<Box<ExpectedError>>,
        /// The object, or the error.
        expected: Result<Box<ExpectedObject>, ExpectedError>,
    },
    /// `serializer.build`, and `serializer.signing_payload` where there is a signature.
    Build {
        /// The request.
        params: Box<BuildParams>,
        /// The request for the signed bytes, and these bytes, where the artifact is signed.
        payload: Option<Box<(SigningPayloadParams, Vec<u8>)>>,
        /// The artifact, or the error.
        expected: Result<Vec<u8>, ExpectedError>,
    },
    /// `trust.add`, `trust.revoke`, `trust.remove`, `trust.list`, in the order of the steps.
    Trust {
        /// The requests, each but the last with the error that it has to give, if any.
        steps: Vec<PreparedStep>,
        /// What the last gives, or its error.
        expected: Result<ExpectedTrust, ExpectedError>,
    },
    /// A request of the adapter layer.
    Exchange {
        /// The requests.
        exchange: Box<Exchange>,
        /// The result, or the error.
        expected: Result<serde_json::Value, ExpectedError>,
    },
    /// Instances, and what is asked of them.
    Scenario(Box<Scenario>),
    /// Requests that the runner makes from a seed.
    Property(Property),
}

/// An object that has to come of a load.
#[derive(Clone, Debug)]
pub struct ExpectedObject {
    /// The object's normal form; its handle is empty, and not for comparing.
    pub normal_form: LoadOk,
    /// The body of each section, in the order of the rows.
    pub bodies: Vec<Vec<u8>>,
    /// The bytes that serialising the object gives; none where the file was damaged in a body that is not selected, or its source
    /// fails.
    pub artifact: Option<Vec<u8>>,
    /// The events of the load, where the case fixes them.
    pub events: Option<Vec<Event>>,
    /// What is read before every selected body is; a body that some reader cannot have for an error is not read then.
    pub reads: Vec<Read>,
}

impl Suite {
    /// Expands a case.
    ///
    /// # Errors
    /// What is wrong with its recipe, or that there is none.
    pub fn prepare(&self, case: &Case) -> Result<Prepared, Problem> {
        self.prepared(case).map_err(|what| Problem::new(&case.id, what))
    }

    /// The artifact of a case that has one, with its parts: for annotated dumps.
    ///
    /// # Errors
    /// What is wrong with its recipe.
    pub fn artifact(&self, case: &Case) -> Result<Option<Artifact>, Problem> {
        let source = match &case.action {
            Action::Load(load) => &load.artifact,
            Action::Build(build) => &build.artifact,
            Action::Decode(_)
            | Action::Encode(_)
            | Action::Trust(_)
            | Action::Exchange(_)
            | Action::Scenario(_)
            | Action::Property(_) => {
                return Ok(None);
            }
        };
        self.expanded(source).map_err(|what| Problem::new(&case.id, what))
    }

    fn prepared(&self, case: &Case) -> Result<Prepared, String> {
        Ok(match &case.action {
            Action::Decode(decode) => Prepared::Decode {
                bytes: decode.bytes.clone(),
                expected: expected(&case.expect, |ok| match ok {
                    ExpectedOk::Value(value) => Ok(cbor_value(value)),
                    _ => Err(mismatch()),
                })?,
            },
            Action::Encode(encode) => Prepared::Encode {
                value: cbor_value(&encode.value),
                expected: expected(&case.expect, |ok| match ok {
                    ExpectedOk::Bytes(bytes) => Ok(bytes.clone()),
                    _ => Err(mismatch()),
                })?,
            },
            Action::Load(load) => {
                let artifact = self.expanded(&load.artifact)?;
                let bytes = match (&load.artifact.hex, &artifact) {
                    (Some(bytes), _) => bytes.clone(),
                    (None, Some(artifact)) => artifact.bytes.clone(),
                    (None, None) => return Err("`recipe` or `hex` is missing".to_owned()),
                };
                let expected = expected(&case.expect, |ok| match ok {
                    ExpectedOk::Object(object) => {
                        let model = artifact.as_ref().and_then(|artifact| artifact.model.as_ref());
                        let model = model.ok_or("an accepted artifact needs a `recipe` that says what it means")?;
                        let is_faulty = load.source.as_ref().is_some_and(RawSource::is_faulty);
                        let is_whole = load.artifact.changes.damage.is_empty() && !is_faulty;
                        let whole = is_whole.then(|| bytes.clone());
                        Ok(Box::new(object_of(model, object, whole)?))
                    }
                    _ => Err(mismatch()),
                })?;
                let source = match (&load.source, &artifact) {
                    (Some(raw), Some(artifact)) if load.artifact.hex.is_none() => Some(raw.source(artifact)?),
                    (Some(_), _) => {
                        return Err("a `source` needs a `recipe`, which says where the parts are".to_owned());
                    }
                    (None, _) => None,
                };
                if let Ok(object) = &expected {
                    let bounds = object.reads.iter().flat_map(|read| &read.source).cloned().collect::<Vec<_>>();
                    match &source {
                        Some(source) => source.knows(&bounds)?,
                        None if bounds.is_empty() => {}
                        None => return Err("reads of a source are bounded, and there is none".to_owned()),
                    }
                }
                let given = source.as_ref().map_or_else(|| Given::Bytes { bytes: Base64(bytes) }, Source::given);
                Prepared::Load {
                    params: Box::new(load_params(load, given)?),
                    source: source.map(Box::new),
                    cause: load.cause.clone().map(Box::new),
                    expected,
                }
            }
            Action::Build(build) => {
                let artifact = self.expanded(&build.artifact)?.ok_or("`recipe` is missing")?;
                let draft = artifact.draft.ok_or("the recipe is bent out of the shape that a draft has")?;
                let signature = draft.signature.clone();
                let draft = wire_draft(draft);
                let payload = artifact.signed.zip(signature.as_ref()).map(|(signed, signature)| {
                    let plan = SignaturePlan {
                        algorithm: signature.algorithm.clone(),
                        key_id: Hex(signature.key_id.clone()),
                        value_length: u32::try_from(signature.value.len()).unwrap_or(u32::MAX),
                    };
                    Box::new((SigningPayloadParams { draft: draft.clone(), signature: plan }, signed))
                });
                let expected = expected(&case.expect, |ok| match ok {
                    ExpectedOk::Artifact => Ok(artifact.bytes),
                    _ => Err(mismatch()),
                })?;
                let params = BuildParams { draft, signature: signature.map(wire_signature) };
                Prepared::Build { params: Box::new(params), payload, expected }
            }
            Action::Trust(steps) => Prepared::Trust {
                steps: steps.iter().map(trust::step).collect::<Result<_, _>>()?,
                expected: expected(&case.expect, |ok| match ok {
                    ExpectedOk::Trust(expectation) => trust::expected(expectation),
                    _ => Err(mismatch()),
                })?,
            },
            Action::Scenario(scenario) => Prepared::Scenario(scenario.clone()),
            Action::Property(property) => Prepared::Property(property.clone()),
            Action::Exchange(exchange) => Prepared::Exchange {
                exchange: exchange.clone(),
                expected: expected(&case.expect, |ok| match ok {
                    ExpectedOk::Answer(answer) => Ok(answer.clone()),
                    _ => Err(mismatch()),
                })?,
            },
        })
    }

    fn expanded(&self, source: &ArtifactSource) -> Result<Option<Artifact>, String> {
        let Some(name) = &source.recipe else {
            return Ok(None);
        };
        let recipe = self.recipe(name).ok_or_else(|| format!("there is no recipe `{name}`"))?;
        expand(recipe, &source.changes).map(Some).map_err(|error| format!("recipe `{name}`: {error}"))
    }
}

fn expected<T>(
    expect: &Expect,
    ok: impl FnOnce(&ExpectedOk) -> Result<T, String>,
) -> Result<Result<T, ExpectedError>, String> {
    match expect {
        Expect::Ok(expected) => ok(expected).map(Ok),
        Expect::Err(error) => Ok(Err(error.clone())),
    }
}

fn mismatch() -> String {
    "the expectation is not one of this action".to_owned()
}

fn load_params(load: &Load, artifact: Given) -> Result<LoadParams, String> {
    Ok(LoadParams {
        artifact,
        profile: load.profile.clone(),
        strategy: load.strategy,
        mode: load.mode,
        trust: load.trust.iter().map(trust::entry).collect::<Result<_, _>>()?,
        offer: load.offer.clone(),
        expect_id: load.expect_id.clone(),
        limits: load.limits.iter().map(|(name, limit)| (name.clone(), Decimal(*limit))).collect(),
    })
}

fn object_of(model: &Model, object: &LoadExpectation, artifact: Option<Vec<u8>>) -> Result<ExpectedObject, String> {
    let sections = model
        .rows
        .iter()
        .map(|row| LoadedSection {
            section_id: row.section_id,
            kind: row.kind,
            offset: Decimal(row.offset),
            length: Decimal(row.length),
            digest: Hex(row.digest.clone()),
            visibility: row.visibility,
            profile_constraints: cbor_value(&row.profile_constraints),
            selected: object.selected.contains(&row.section_id),
        })
        .collect();
    if let Some(id) = object.selected.iter().find(|id| !model.rows.iter().any(|row| row.section_id == **id)) {
        return Err(format!("`selected` names section {id}, which there is not"));
    }
    let signature = match (object.signature, &model.signature) {
        (SignatureStatus::Absent, None) => LoadedSignature::Absent,
        (SignatureStatus::Verified, Some(signature)) => {
            LoadedSignature::Verified { algorithm: signature.algorithm.clone(), key_id: Hex(signature.key_id.clone()) }
        }
        _ => return Err("the recipe and the expectation do not agree on whether there is a signature".to_owned()),
    };
    let normal_form = LoadOk {
        object: String::new(),
        format_version: FormatVersion { major: model.major, minor: model.minor },
        flags: model.flags,
        manifest: cbor_value(&model.manifest),
        sections,
        signature,
    };
    let (events, reads) = (object.events.clone(), object.reads.clone());
    Ok(ExpectedObject { normal_form, bodies: model.bodies.clone(), artifact, events, reads })
}

fn wire_draft(draft: fayger_forge::Draft) -> Draft {
    let sections = draft
        .sections
        .into_iter()
        .map(|section| DraftSection {
            section_id: section.section_id,
            kind: section.kind,
            visibility: section.visibility,
            profile_constraints: cbor_value(&section.profile_constraints),
            body: Base64(section.body),
        })
        .collect();
    Draft { manifest: cbor_value(&draft.manifest), sections, flags: draft.flags }
}

fn wire_signature(signature: SignatureParts) -> SignatureValue {
    SignatureValue { algorithm: signature.algorithm, key_id: Hex(signature.key_id), value: Base64(signature.value) }
}

fn cbor_value(value: &Value) -> CborValue {
    match value {
        Value::Int(number) => CborValue::Int(*number),
        Value::Bytes(bytes) => CborValue::Bytes(bytes.clone()),
        Value::Text(text) => CborValue::Text(text.clone()),
        Value::Array(items) => CborValue::Array(items.iter().map(cbor_value).collect()),
        Value::Map(pairs) => {
            CborValue::Map(pairs.iter().map(|(key, value)| (key.clone(), cbor_value(value))).collect())
        }
        Value::Bool(truth) => CborValue::Bool(*truth),
        Value::Null => CborValue::Null,
    }
}
