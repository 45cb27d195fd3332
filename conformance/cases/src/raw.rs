//! A case file as TOML. Unknown keys are refused: a typo must not make a case weaker.

mod trust;

use std::collections::BTreeMap;

use fayger_fcp::{ContextValue, Decimal, Event, Offer, Profile, Reader, SignatureMode, SourceLayer, Strategy};
use fayger_forge::{Changes, Damage, Edit, Sign, Value, edn, parse_hex};
use fayger_spec_map::Level;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::case::{
    Action, ArtifactSource, Build, Case, Decode, Encode, Expect, ExpectedError, ExpectedOk, Gets, Load,
    LoadExpectation, Read, SignatureStatus,
};
use crate::{exchange, property, scenario};

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
    trust: Option<trust::RawSteps>,
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
    trust: Vec<trust::RawTrust>,
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
    /// What it holds depends on the action.
    Ok(toml::Table),
    Err(RawErr),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDecodeOk {
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEncodeOk {
    hex: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLoadOk {
    selected: Vec<u32>,
    signature: RawSignature,
    events: Option<Vec<RawEvent>>,
    #[serde(default)]
    reads: Vec<RawRead>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBuildOk {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRead {
    section: u32,
    #[serde(default)]
    reader: Reader,
    gets: RawGets,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum RawGets {
    Body,
    Nothing,
    Err(RawErr),
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
    /// The instance that it is of, as the case names it.
    on: Option<String>,
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

#[derive(Clone, Deserialize)]
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
    if scenario::is_scenario(text) {
        return scenario::parse(text);
    }
    if property::is_property(text) {
        return property::parse(text);
    }
    let raw: RawCase = toml::from_str(text).map_err(|error| error.to_string())?;
    let (action, expect) = match (raw.cbor, raw.load, raw.build, raw.trust) {
        (Some(RawCbor::Decode(decode)), None, None, None) => decode_case(decode, raw.expect)?,
        (Some(RawCbor::Encode(encode)), None, None, None) => encode_case(&encode, raw.expect)?,
        (None, Some(load), None, None) => load_case(load, raw.expect)?,
        (None, None, Some(build), None) => build_case(build, raw.expect)?,
        (None, None, None, Some(steps)) => trust::case(steps, raw.expect)?,
        _ => return Err("exactly one of `cbor.decode`, `cbor.encode`, `load`, `build`, `trust` is needed".to_owned()),
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
    let expect = expectation(expect, |ok: RawDecodeOk| value(&ok.value).map(ExpectedOk::Value))?;
    Ok((Action::Decode(Decode { bytes }), expect))
}

fn encode_case(raw: &RawEncode, expect: RawExpect) -> Result<(Action, Expect), String> {
    let expect = expectation(expect, |ok: RawEncodeOk| hex(&ok.hex).map(ExpectedOk::Bytes))?;
    Ok((Action::Encode(Encode { value: value(&raw.edn)? }), expect))
}

fn load_case(raw: RawLoad, expect: RawExpect) -> Result<(Action, Expect), String> {
    let expect = expectation(expect, |ok: RawLoadOk| {
        Ok(ExpectedOk::Object(LoadExpectation {
            selected: ok.selected,
            signature: match ok.signature {
                RawSignature::Absent => SignatureStatus::Absent,
                RawSignature::Verified => SignatureStatus::Verified,
            },
            events: events(ok.events),
            reads: ok.reads.into_iter().map(read).collect(),
        }))
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
        trust: raw.trust.into_iter().map(trust::entry).collect::<Result<_, _>>()?,
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
    let expect = expectation(expect, |RawBuildOk {}| Ok(ExpectedOk::Artifact))?;
    let artifact = ArtifactSource {
        recipe: Some(raw.recipe),
        hex: None,
        changes: Changes { edit: raw.edit, damage: Vec::new(), sign: raw.sign },
    };
    Ok((Action::Build(Box::new(Build { artifact })), expect))
}

fn expectation<T: DeserializeOwned>(
    expect: RawExpect,
    ok: impl FnOnce(T) -> Result<ExpectedOk, String>,
) -> Result<Expect, String> {
    match expect {
        RawExpect::Ok(table) => {
            let raw = table.try_into().map_err(|error| format!("`expect.ok`: {error}"))?;
            ok(raw).map(Expect::Ok)
        }
        RawExpect::Err(raw) => Ok(Expect::Err(error(raw))),
    }
}

fn error(raw: RawErr) -> ExpectedError {
    ExpectedError {
        code: raw.code,
        phase: raw.phase,
        layers: raw.layers.unwrap_or_else(|| vec![SourceLayer::Loader]),
        context: context(raw.context),
    }
}

fn read(raw: RawRead) -> Read {
    let gets = match raw.gets {
        RawGets::Body => Gets::Body,
        RawGets::Nothing => Gets::Nothing,
        RawGets::Err(raw) => Gets::Err(error(raw)),
    };
    Read { section: raw.section, reader: raw.reader, gets }
}

fn events(raw: Option<Vec<RawEvent>>) -> Option<Vec<Event>> {
    raw.map(|events| events.into_iter().map(event).collect())
}

pub(crate) fn event(raw: RawEvent) -> Event {
    Event { name: raw.name, instance: raw.on, context: context(raw.context) }
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

pub(crate) fn hex(text: &str) -> Result<Vec<u8>, String> {
    parse_hex(text).map_err(|error| format!("`hex`: {error}"))
}

fn item(text: &str) -> Result<edn::Item, String> {
    edn::parse(text).map_err(|error| format!("`{text}`: {error}"))
}

fn value(text: &str) -> Result<Value, String> {
    Value::of(&item(text)?).ok_or_else(|| format!("`{text}` is no value of the profile"))
}
