//! A case file as TOML. Unknown keys are refused: a typo must not make a case weaker.

use std::collections::BTreeMap;

use fayger_fcp::{ContextValue, Decimal, Event, KeyStatus, Offer, Profile, SignatureMode, SourceLayer, Strategy};
use fayger_forge::{Changes, Damage, Edit, Sign, Value, edn, parse_hex};
use fayger_spec_map::Level;
use serde::Deserialize;

use crate::case::{
    Action, ArtifactSource, Build, Case, Decode, Encode, Expect, ExpectedError, ExpectedOk, Load, LoadExpectation,
    SignatureStatus, Trust, TrustKey,
};
use crate::{exchange, property};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    id: String,
    clauses: Vec<String>,
    level: Level,
    features: Vec<String>,
    #[serde(default)]
    flags: Vec<String>,
    note: String,
    nearest: Option<String>,
    #[serde(default)]
    limits: Vec<String>,
    cbor: Option<RawCbor>,
    load: Option<RawLoad>,
    build: Option<RawBuild>,
    expect: RawExpect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum RawCbor {
    Decode(RawDecode),
    Encode(RawEncode),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDecode {
    hex: Option<String>,
    edn: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEncode {
    edn: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLoad {
    recipe: Option<String>,
    hex: Option<String>,
    #[serde(default)]
    edit: Vec<Edit>,
    #[serde(default)]
    damage: Vec<Damage>,
    sign: Option<Sign>,
    profile: Option<RawProfile>,
    #[serde(default)]
    strategy: Strategy,
    #[serde(default)]
    mode: SignatureMode,
    #[serde(default)]
    trust: Vec<RawTrust>,
    #[serde(default)]
    offer: RawOffer,
    expect_id: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, Whole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBuild {
    recipe: String,
    #[serde(default)]
    edit: Vec<Edit>,
    sign: Option<Sign>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    name: String,
    host: String,
    capabilities: Vec<String>,
    max_bytes: Option<Whole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawOffer {
    runtime_interface: String,
    runtime_capabilities: Vec<String>,
    formats: Vec<String>,
}

impl Default for RawOffer {
    fn default() -> Self {
        Self {
            runtime_interface: "1.0.0".to_owned(),
            runtime_capabilities: Vec::new(),
            formats: vec!["wasm-core-2".to_owned()],
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTrust {
    Name(String),
    Entry(RawTrustEntry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrustEntry {
    key: Option<String>,
    public_key: Option<String>,
    #[serde(default = "active")]
    status: KeyStatus,
    label: Option<String>,
}

fn active() -> KeyStatus {
    KeyStatus::Active
}

/// An unsigned integer: as such, or in a string where TOML's 63 bits do not do.
#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Int(u64),
    Text(Decimal),
}

impl Whole {
    fn value(&self) -> u64 {
        match self {
            Self::Int(value) | Self::Text(Decimal(value)) => *value,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum RawExpect {
    Ok(RawOk),
    Err(RawErr),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOk {
    value: Option<String>,
    hex: Option<String>,
    selected: Option<Vec<u32>>,
    signature: Option<RawSignature>,
    events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawSignature {
    Absent,
    Verified,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEvent {
    name: String,
    #[serde(default)]
    context: BTreeMap<String, RawContext>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawErr {
    code: String,
    phase: Option<String>,
    layers: Option<Vec<SourceLayer>>,
    #[serde(default)]
    context: BTreeMap<String, RawContext>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum RawContext {
    Int(u64),
    Text(String),
    List(Vec<String>),
}

/// Reads a case.
pub(crate) fn parse(text: &str) -> Result<Case, String> {
    if exchange::is_exchange(text) {
        return exchange::parse(text);
    }
    if property::is_property(text) {
        return property::parse(text);
    }
    let raw: RawCase = toml::from_str(text).map_err(|error| error.to_string())?;
    let (action, expect) = match (raw.cbor, raw.load, raw.build) {
        (Some(RawCbor::Decode(decode)), None, None) => decode_case(decode, raw.expect)?,
        (Some(RawCbor::Encode(encode)), None, None) => encode_case(&encode, raw.expect)?,
        (None, Some(load), None) => load_case(load, raw.expect)?,
        (None, None, Some(build)) => build_case(build, raw.expect)?,
        _ => return Err("exactly one of `cbor.decode`, `cbor.encode`, `load`, `build` is needed".to_owned()),
    };
    Ok(Case {
        id: raw.id,
        clauses: raw.clauses,
        level: raw.level,
        features: raw.features,
        flags: raw.flags,
        note: raw.note,
        nearest: raw.nearest,
        limits: raw.limits,
        action,
        expect,
    })
}

fn decode_case(raw: RawDecode, expect: RawExpect) -> Result<(Action, Expect), String> {
    let bytes = match (raw.hex, raw.edn) {
        (Some(text), None) => hex(&text)?,
        (None, Some(text)) => edn::encode(&item(&text)?),
        _ => return Err("`cbor.decode` needs `hex` or `edn`".to_owned()),
    };
    let expect = expectation(expect, |ok| match ok {
        RawOk { value: Some(text), hex: None, selected: None, signature: None, events: None } => {
            value(&text).map(ExpectedOk::Value)
        }
        _ => Err("`expect.ok` of `cbor.decode` has `value` alone".to_owned()),
    })?;
    Ok((Action::Decode(Decode { bytes }), expect))
}

fn encode_case(raw: &RawEncode, expect: RawExpect) -> Result<(Action, Expect), String> {
    let expect = expectation(expect, |ok| match ok {
        RawOk { value: None, hex: Some(text), selected: None, signature: None, events: None } => {
            hex(&text).map(ExpectedOk::Bytes)
        }
        _ => Err("`expect.ok` of `cbor.encode` has `hex` alone".to_owned()),
    })?;
    Ok((Action::Encode(Encode { value: value(&raw.edn)? }), expect))
}

fn load_case(raw: RawLoad, expect: RawExpect) -> Result<(Action, Expect), String> {
    let expect = expectation(expect, |ok| match ok {
        RawOk { value: None, hex: None, selected: Some(selected), signature: Some(signature), events } => {
            Ok(ExpectedOk::Object(LoadExpectation {
                selected,
                signature: match signature {
                    RawSignature::Absent => SignatureStatus::Absent,
                    RawSignature::Verified => SignatureStatus::Verified,
                },
                events: events.map(|events| events.into_iter().map(event).collect()),
            }))
        }
        _ => Err("`expect.ok` of `load` has `selected`, `signature` and maybe `events`".to_owned()),
    })?;
    let artifact = ArtifactSource {
        recipe: raw.recipe,
        hex: raw.hex.as_deref().map(hex).transpose()?,
        changes: Changes { edit: raw.edit, damage: raw.damage, sign: raw.sign },
    };
    let changed = !artifact.changes.edit.is_empty() || !artifact.changes.damage.is_empty();
    if artifact.hex.is_some() && (changed || artifact.changes.sign.is_some()) {
        return Err("`hex` stands as it is: it takes no `edit`, `damage` or `sign`".to_owned());
    }
    let load = Load {
        artifact,
        profile: raw.profile.map(|profile| Profile {
            name: profile.name,
            host: profile.host,
            capabilities: profile.capabilities,
            max_bytes: profile.max_bytes.map(|bytes| Decimal(bytes.value())),
        }),
        strategy: raw.strategy,
        mode: raw.mode,
        trust: raw.trust.into_iter().map(trust).collect::<Result<_, _>>()?,
        offer: Offer {
            runtime_interface: raw.offer.runtime_interface,
            runtime_capabilities: raw.offer.runtime_capabilities,
            formats: raw.offer.formats,
        },
        expect_id: raw.expect_id,
        limits: raw.limits.into_iter().map(|(name, limit)| (name, limit.value())).collect(),
    };
    Ok((Action::Load(Box::new(load)), expect))
}

fn build_case(raw: RawBuild, expect: RawExpect) -> Result<(Action, Expect), String> {
    let expect = expectation(expect, |ok| match ok {
        RawOk { value: None, hex: None, selected: None, signature: None, events: None } => Ok(ExpectedOk::Artifact),
        _ => Err("`expect.ok` of `build` is empty".to_owned()),
    })?;
    let artifact = ArtifactSource {
        recipe: Some(raw.recipe),
        hex: None,
        changes: Changes { edit: raw.edit, damage: Vec::new(), sign: raw.sign },
    };
    Ok((Action::Build(Box::new(Build { artifact })), expect))
}

fn expectation(expect: RawExpect, ok: impl FnOnce(RawOk) -> Result<ExpectedOk, String>) -> Result<Expect, String> {
    match expect {
        RawExpect::Ok(raw) => ok(raw).map(Expect::Ok),
        RawExpect::Err(raw) => Ok(Expect::Err(ExpectedError {
            code: raw.code,
            phase: raw.phase,
            layers: raw.layers.unwrap_or_else(|| vec![SourceLayer::Loader]),
            context: context(raw.context),
        })),
    }
}

pub(crate) fn event(raw: RawEvent) -> Event {
    Event { name: raw.name, context: context(raw.context) }
}

pub(crate) fn context(raw: BTreeMap<String, RawContext>) -> BTreeMap<String, ContextValue> {
    raw.into_iter()
        .map(|(key, value)| {
            let value = match value {
                RawContext::Int(number) => ContextValue::Text(number.to_string()),
                RawContext::Text(text) => ContextValue::Text(text),
                RawContext::List(items) => ContextValue::List(items),
            };
            (key, value)
        })
        .collect()
}

fn trust(raw: RawTrust) -> Result<Trust, String> {
    let raw = match raw {
        RawTrust::Name(name) => {
            return Ok(Trust { key: TrustKey::Test(name), status: KeyStatus::Active, label: None });
        }
        RawTrust::Entry(entry) => entry,
    };
    let key = match (raw.key, raw.public_key) {
        (Some(name), None) => TrustKey::Test(name),
        (None, Some(text)) => TrustKey::Ed25519(hex(&text)?),
        _ => return Err("a trusted key is named by `key` or given by `public_key`".to_owned()),
    };
    Ok(Trust { key, status: raw.status, label: raw.label })
}

pub(crate) fn hex(text: &str) -> Result<Vec<u8>, String> {
    parse_hex(text).map_err(|error| format!("`hex`: {error}"))
}

fn item(text: &str) -> Result<edn::Item, String> {
    edn::parse(text).map_err(|error| format!("`{text}`: {error}"))
}

fn value(text: &str) -> Result<Value, String> {
    Value::of(&item(text)?).ok_or_else(|| format!("`{text}` is no value of the profile"))
}
