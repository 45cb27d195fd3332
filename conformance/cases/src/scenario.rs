//! Cases of the runtime: an artifact around a module, instances of it, and steps that the runner takes with them while it plays their host.

use std::collections::BTreeMap;

use fayger_fcp::{
    Base64, Event, Given, HostCallAnswer, HostError, HostErrorKind, LoadParams, Offer, Quotas, RuntimeDescriptor,
    SignatureMode, SourceLayer, Stopped, Strategy, features,
};
use fayger_forge::{Changes, Damage, Recipe, expand};
use fayger_spec_map::Level;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::case::{Action, Case, Expect, ExpectedError, ExpectedOk};
use crate::raw::{RawContext, RawEvent, context, event, hex, needs_sources};
use crate::source::{Bound, RawBound, RawSource, Source};

/// The id that an instance has that was never made.
pub const NOBODY: &str = "ffffffff-ffff-7fff-bfff-ffffffffffff";

/// A case of the runtime.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// How the artifact is loaded.
    pub load: LoadParams,
    /// The source that it is loaded from, where it is one.
    pub source: Option<Source>,
    /// What the operator allows the instances.
    pub granted: Vec<String>,
    /// What the host supports.
    pub supported: Vec<String>,
    /// What the operator lets them use.
    pub quotas: Quotas,
    /// The instances that are made before the first step.
    pub instances: Vec<String>,
    /// What is asked, in order.
    pub steps: Vec<Step>,
    /// The instances that the host has to be told to release, in that order, where the case fixes them.
    pub released: Option<Vec<String>>,
    /// The events from the first `runtime.load` to the end, where the case fixes them; the instances are named as the case names them.
    pub events: Option<Vec<Event>>,
}

/// One request, what the host does meanwhile, and what has to come back.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The method.
    pub method: &'static str,
    /// The instance, as the case names it.
    pub instance: String,
    /// The other parameters.
    pub params: Json,
    /// The host calls that have to come, and the answers to them.
    pub host: Vec<HostCall>,
    /// What has to come back.
    pub expect: StepExpect,
    /// How many reads of the source it may make.
    pub source: Vec<Bound>,
}

/// What has to come back.
#[derive(Clone, Debug, PartialEq)]
pub enum StepExpect {
    /// `ok` with these members.
    Ok(Json),
    /// This error, over these.
    Err(Vec<ExpectedError>),
    /// The instance has failed.
    Failure {
        /// The error and its causes.
        chain: Vec<ExpectedError>,
        /// The last instruction that could be decoded.
        last_instruction: Option<Vec<u8>>,
        /// The state that it failed in.
        state_before: String,
    },
    /// One of these.
    OneOf(Vec<StepExpect>),
}

/// A host call that has to come.
#[derive(Clone, Debug, PartialEq)]
pub struct HostCall {
    /// The instance that it has to come from, as the case names it.
    pub instance: String,
    /// Its bytes.
    pub instruction: Vec<u8>,
    /// What is asked while it is open.
    pub during: Vec<Step>,
    /// How it is answered.
    pub answer: HostCallAnswer,
}

impl Scenario {
    /// Every error that has to come, with its causes.
    pub fn errors(&self) -> impl Iterator<Item = &ExpectedError> {
        self.steps.iter().flat_map(Step::errors)
    }
}

impl Step {
    fn errors(&self) -> Box<dyn Iterator<Item = &ExpectedError> + '_> {
        let nested = self.host.iter().flat_map(|call| &call.during).flat_map(Self::errors);
        Box::new(self.expect.errors().chain(nested))
    }
}

impl StepExpect {
    fn errors(&self) -> Box<dyn Iterator<Item = &ExpectedError> + '_> {
        match self {
            Self::Ok(_) => Box::new(std::iter::empty()),
            Self::Err(chain) | Self::Failure { chain, .. } => Box::new(chain.iter()),
            Self::OneOf(any) => Box::new(any.iter().flat_map(Self::errors)),
        }
    }
}

/// Whether a case file is one of these.
pub(crate) fn is_scenario(text: &str) -> bool {
    toml::from_str::<toml::Table>(text).is_ok_and(|table| table.contains_key("runtime"))
}

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
    runtime: RawRuntime,
    source: Option<RawSource>,
    events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRuntime {
    /// The fields of a module that has the five imports and one page of memory.
    fields: Option<String>,
    /// A whole module.
    wat: Option<String>,
    /// The bytes of the code section as they are.
    hex: Option<String>,
    #[serde(default)]
    init: bool,
    #[serde(default)]
    on_event: bool,
    /// Whether bodies are read at first use; absent: during the load.
    #[serde(default)]
    lazy: bool,
    #[serde(default)]
    data: Vec<RawData>,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    optional: Vec<String>,
    granted: Option<Vec<String>>,
    supported: Option<Vec<String>>,
    #[serde(default)]
    resources: BTreeMap<String, u64>,
    #[serde(default)]
    runtime_capabilities: Vec<String>,
    /// The version of Runtime_Interface that the Manifest asks for; absent: 1.0.0.
    runtime_interface_min: Option<String>,
    #[serde(default)]
    quotas: BTreeMap<String, u64>,
    #[serde(default)]
    damage: Vec<Damage>,
    /// The instances that are made; absent: one, `a`.
    instances: Option<Vec<String>>,
    /// The instances that the host has to be told to release, in that order; absent: that is not looked at.
    released: Option<Vec<String>>,
    step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawData {
    id: u32,
    visibility: u8,
    text: String,
    #[serde(default)]
    constraints: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    ask: String,
    #[serde(default = "first")]
    on: String,
    /// The id as it is sent, in place of that of `on`.
    id: Option<String>,
    /// The instruction or event.
    bytes: Option<String>,
    max_host_calls: Option<u32>,
    /// Of `advance`.
    seconds: Option<u64>,
    /// Of `register`.
    descriptor: Option<RuntimeDescriptor>,
    /// Of `complete`.
    token: Option<String>,
    error: Option<HostErrorKind>,
    code: Option<i64>,
    #[serde(default)]
    host: Vec<RawCall>,
    state: Option<String>,
    stopped: Option<Stopped>,
    /// Of a run that ended: the exit status, or `none` where there has to be none.
    status: Option<RawStatus>,
    reply: Option<String>,
    /// Name, space, version.
    resolved: Option<String>,
    /// The error that comes back, over its causes.
    err: Option<Vec<RawError>>,
    /// What `failure_info` tells.
    failure: Option<Vec<RawError>>,
    /// The same, where the specification leaves open which of several it is.
    one_of: Option<Vec<Vec<RawError>>>,
    last_instruction: Option<String>,
    state_before: Option<String>,
    #[serde(default)]
    healthy: bool,
    /// Of `rt_version`.
    version: Option<String>,
    /// Of `capabilities`: what has to be among them.
    capabilities: Option<Vec<String>>,
    /// Bounds on the reads of the source.
    #[serde(default)]
    source: Vec<RawBound>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum RawStatus {
    Exit(i32),
    Other(String),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCall {
    expect: String,
    /// Whose call it is; absent: that of the step's instance.
    on: Option<String>,
    reply: Option<String>,
    error: Option<HostErrorKind>,
    code: Option<i64>,
    pending: Option<String>,
    #[serde(default)]
    during: Vec<RawStep>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawError {
    code: String,
    phase: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, RawContext>,
}

fn first() -> String {
    "a".to_owned()
}

const METHODS: [(&str, &str); 18] = [
    ("rt_version", "runtime.rt_version"),
    ("capabilities", "runtime.capabilities"),
    ("load", "runtime.load"),
    ("init", "runtime.init"),
    ("start", "runtime.start"),
    ("suspend", "runtime.suspend"),
    ("resume", "runtime.resume"),
    ("terminate", "runtime.terminate"),
    ("state", "runtime.state"),
    ("failure_info", "runtime.failure_info"),
    ("emit", "runtime.emit"),
    ("on_event", "runtime.on_event"),
    ("run", "runtime.run"),
    ("register", "runtime.register"),
    ("resolve", "runtime.resolve"),
    ("complete", "host.complete"),
    ("advance", "clock.advance"),
    ("read", "loader.read_section"),
];

const PRELUDE: &str = r#"(module
    (import "fayger_v1" "emit" (func $emit (param i32 i32) (result i32)))
    (import "fayger_v1" "reply_read" (func $reply_read (param i32 i32) (result i32)))
    (import "fayger_v1" "event_read" (func $event_read (param i32 i32) (result i32)))
    (import "fayger_v1" "section_len" (func $section_len (param i32) (result i64)))
    (import "fayger_v1" "section_read" (func $section_read (param i32 i64 i32 i32) (result i32)))
    (memory (export "memory") 1)
"#;

/// The names of the sixteen capabilities, as a Manifest sorts them.
pub const EVERY: [&str; 16] = [
    "crypto",
    "random",
    "fs.read",
    "fs.write",
    "io.stdio",
    "ui.input",
    "host.call",
    "host.info",
    "proc.info",
    "ui.render",
    "net.listen",
    "proc.spawn",
    "time.clock",
    "time.timer",
    "net.connect",
    "proc.signal",
];

/// Reads a case.
pub(crate) fn parse(text: &str) -> Result<Case, String> {
    let raw: RawCase = toml::from_str(text).map_err(|error| error.to_string())?;
    if raw.runtime.lazy && !raw.features.iter().any(|feature| feature == features::LOADER_LAZY) {
        return Err(format!("`lazy` needs the feature `{}`", features::LOADER_LAZY));
    }
    if raw.source.is_some() && !needs_sources(&raw.features) {
        return Err(format!("`source` needs the feature `{}`", features::LOADER_SOURCES));
    }
    let steps = raw.runtime.step.iter().map(step).collect::<Result<Vec<_>, _>>()?;
    let leaves_pending = |call: &HostCall| matches!(call.answer, HostCallAnswer::Pending(_));
    let parks = steps.iter().flat_map(|step| &step.host).any(leaves_pending);
    if parks && !raw.features.iter().any(|feature| feature == features::RUNTIME_PARK) {
        return Err("a host call is left `pending` under `runtime.park` alone".to_owned());
    }
    let last = steps.last().ok_or("a scenario has a step")?;
    let expect = match &last.expect {
        StepExpect::Ok(members) => Expect::Ok(ExpectedOk::Answer(members.clone())),
        StepExpect::Failure { .. } | StepExpect::OneOf(_) => Expect::Ok(ExpectedOk::Answer(json!({}))),
        StepExpect::Err(chain) => Expect::Err(chain.first().ok_or("`err` names an error")?.clone()),
    };
    let (load, source) = load(&raw.runtime, raw.source.as_ref())?;
    let bounds: Vec<_> = steps.iter().flat_map(|step| &step.source).cloned().collect();
    match &source {
        Some(source) => source.knows(&bounds)?,
        None if bounds.is_empty() => {}
        None => return Err("reads of a source are bounded, and there is none".to_owned()),
    }
    let scenario = Scenario {
        load,
        source,
        granted: raw.runtime.granted.clone().unwrap_or_else(|| EVERY.map(str::to_owned).to_vec()),
        supported: raw.runtime.supported.clone().unwrap_or_else(|| EVERY.map(str::to_owned).to_vec()),
        quotas: quotas(&raw.runtime.quotas)?,
        instances: raw.runtime.instances.clone().unwrap_or_else(|| vec![first()]),
        steps,
        released: raw.runtime.released.clone(),
        events: raw.events.map(|events| events.into_iter().map(event).map(of_an_instance).collect()),
    };
    Ok(Case {
        id: raw.id,
        clauses: raw.clauses,
        level: raw.level,
        features: raw.features,
        flags: raw.flags,
        note: raw.note,
        nearest: raw.nearest,
        limits: Vec::new(),
        action: Action::Scenario(Box::new(scenario)),
        expect,
    })
}

/// An event of a scenario is its first instance's, where it does not say whose.
fn of_an_instance(event: Event) -> Event {
    Event { instance: event.instance.or_else(|| Some(first())), ..event }
}

fn quotas(raw: &BTreeMap<String, u64>) -> Result<Quotas, String> {
    let texts: BTreeMap<_, _> = raw.iter().map(|(name, bound)| (name, bound.to_string())).collect();
    let known = ["memory_bytes", "table_elements", "event_queue", "open_handles", "fuel", "wall_time_ns"];
    if let Some(other) = raw.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("there is no quota `{other}`"));
    }
    serde_json::from_value(json!(texts)).map_err(|error| error.to_string())
}

/// How an artifact of these keys of a case is loaded.
pub(crate) fn load_of(raw: Json) -> Result<LoadParams, String> {
    let (params, _) = load(&serde_json::from_value(raw).map_err(|error| error.to_string())?, None)?;
    Ok(params)
}

fn load(raw: &RawRuntime, source: Option<&RawSource>) -> Result<(LoadParams, Option<Source>), String> {
    let text = match (&raw.fields, &raw.wat, &raw.hex) {
        (Some(fields), None, None) => Some(format!("{PRELUDE}{fields})")),
        (None, Some(wat), None) => Some(wat.clone()),
        (None, None, Some(_)) => None,
        _ => return Err("exactly one of `fields`, `wat` and `hex` is needed".to_owned()),
    };
    let body = match (text, &raw.hex) {
        (Some(wat), _) => json!({ "wat": wat }),
        (None, hex) => json!({ "hex": hex }),
    };
    let mut sections = vec![json!({ "id": 1, "kind": 1, "visibility": 0, "body": body })];
    let mut entries = r#"{"id": 1, "digest": $digest(1), "format": "wasm-core-2"}"#.to_owned();
    for RawData { id, visibility, text, constraints } in &raw.data {
        let constraints = Some(constraints).filter(|constraints| !constraints.is_empty());
        let mut section = json!({ "id": id, "kind": 2, "visibility": visibility, "body": { "text": text } });
        if let (Some(constraints), Some(section)) = (constraints, section.as_object_mut()) {
            section.insert("constraints".to_owned(), json!(constraints));
        }
        sections.push(section);
        entries.push_str(&format!(r#", {{"id": {id}, "digest": $digest({id})}}"#));
    }
    let entry = [(raw.init, r#""init": "init", "#), (raw.on_event, "")].map(|(is, text)| if is { text } else { "" });
    let on_event = if raw.on_event { r#", "on_event": "on_event""# } else { "" };
    let listed = |names: &[String]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let optional: Vec<String> = if raw.optional.is_empty() {
        let is_free = |name: &&str| !raw.required.iter().any(|required| required == name);
        EVERY.iter().filter(|name| is_free(name)).map(|&name| name.to_owned()).collect()
    } else {
        raw.optional.clone()
    };
    let mut resources: Vec<_> = raw.resources.iter().collect();
    resources.sort_by_key(|(name, _)| (name.len(), (*name).clone()));
    let resources = resources.iter().map(|(name, bound)| format!("{name:?}: {bound}")).collect::<Vec<_>>().join(", ");
    let interface = raw.runtime_interface_min.as_deref().unwrap_or("1.0.0");
    let maybe = |is: bool, text: String| if is { text } else { String::new() };
    let manifest = format!(
        r#"{{"id": "org.example.runtime", "entry": {{{}"start": "start", "section": 1{on_event}}}, "version": "1.0.0", "sections": [{entries}], {}"capabilities": {{"optional": [{}], "required": [{}]}}, "index_digest": $index_digest, "schema_version": "1.0.0", {}"runtime_interface_min": {interface:?}}}"#,
        entry.concat(),
        maybe(!resources.is_empty(), format!(r#""resources": {{{resources}}}, "#)),
        listed(&optional),
        listed(&raw.required),
        maybe(
            !raw.runtime_capabilities.is_empty(),
            format!(r#""runtime_capabilities": [{}], "#, listed(&raw.runtime_capabilities))
        ),
    );
    let recipe = json!({ "note": "around a module", "section": sections, "manifest": manifest });
    let recipe: Recipe = serde_json::from_value(recipe).map_err(|error| error.to_string())?;
    let changes = Changes { damage: raw.damage.clone(), ..Changes::default() };
    let artifact = expand(&recipe, &changes).map_err(|error| error.to_string())?;
    let source = source.map(|source| source.source(&artifact)).transpose()?;
    let given = source.as_ref().map(Source::given);
    let params = LoadParams {
        artifact: given.unwrap_or(Given::Bytes { bytes: Base64(artifact.bytes) }),
        profile: None,
        strategy: if raw.lazy { Strategy::Lazy } else { Strategy::Eager },
        mode: SignatureMode::Default,
        trust: Vec::new(),
        offer: Offer {
            runtime_interface: interface.to_owned(),
            runtime_capabilities: raw.runtime_capabilities.clone(),
            formats: vec!["wasm-core-2".to_owned()],
        },
        expect_id: None,
        limits: BTreeMap::new(),
    };
    Ok((params, source))
}

fn host_error(kind: HostErrorKind, code: Option<i64>) -> HostError {
    HostError { kind, code: code.map(|code| code.to_string()) }
}

fn base64(text: &str) -> Result<Json, String> {
    Ok(json!(Base64(hex(text)?)))
}

fn step(raw: &RawStep) -> Result<Step, String> {
    let (_, method) =
        METHODS.into_iter().find(|(name, _)| *name == raw.ask).ok_or_else(|| format!("`{}` is no step", raw.ask))?;
    let mut params = match raw.descriptor.as_ref().map(|descriptor| json!(descriptor)) {
        Some(Json::Object(members)) => members,
        _ => Map::new(),
    };
    let mut set = |name: &str, value: Json| {
        params.insert(name.to_owned(), value);
    };
    match (raw.ask.as_str(), &raw.bytes) {
        ("emit", Some(bytes)) => set("instruction", base64(bytes)?),
        ("on_event", Some(bytes)) => set("event", base64(bytes)?),
        ("complete", bytes) => {
            set("token", json!(raw.token));
            match (bytes, raw.error) {
                (Some(bytes), None) => set("reply", base64(bytes)?),
                (None, Some(kind)) if kind != HostErrorKind::Timeout => set("error", json!(host_error(kind, raw.code))),
                _ => return Err("`complete` has `bytes` or an `error` that is no silence".to_owned()),
            }
        }
        ("emit" | "on_event", None) | (_, Some(_)) => return Err(format!("`{}` and `bytes` do not fit", raw.ask)),
        _ => {}
    }
    match (raw.ask.as_str(), raw.seconds.map(|seconds| seconds.checked_mul(1_000_000_000))) {
        ("advance", Some(Some(nanoseconds))) => set("nanoseconds", json!(nanoseconds.to_string())),
        ("advance", _) | (_, Some(_)) => return Err("`advance` has `seconds`, and nothing else has".to_owned()),
        _ => {}
    }
    if let Some(most) = raw.max_host_calls {
        set("max_host_calls", json!(most));
    }
    if let Some(id) = &raw.id {
        set("instance", json!(id));
    }
    let failure = |errors: &Vec<RawError>| -> Result<StepExpect, String> {
        Ok(StepExpect::Failure {
            chain: chain(errors)?,
            last_instruction: raw.last_instruction.as_deref().map(hex).transpose()?,
            state_before: raw.state_before.clone().unwrap_or_else(|| "Running".to_owned()),
        })
    };
    let expect = match (&raw.err, &raw.failure, &raw.one_of) {
        (Some(err), None, None) => StepExpect::Err(chain(err)?),
        (None, Some(errors), None) => failure(errors)?,
        (None, None, Some(any)) => StepExpect::OneOf(any.iter().map(failure).collect::<Result<_, _>>()?),
        (None, None, None) => {
            let mut members = Map::new();
            let mut expect = |name: &str, value: Json| {
                members.insert(name.to_owned(), value);
            };
            if let Some(state) = &raw.state {
                expect("state", json!(state));
            }
            if let Some(stopped) = raw.stopped {
                expect("stopped", json!(stopped));
            }
            match &raw.status {
                Some(RawStatus::Exit(status)) => expect("status", json!(status)),
                Some(RawStatus::Other(text)) if text == "none" => expect("status", Json::Null),
                Some(RawStatus::Other(text)) => return Err(format!("`{text}` is no exit status")),
                None => {}
            }
            if let Some(reply) = &raw.reply {
                expect("reply", base64(reply)?);
            }
            if let Some(resolved) = &raw.resolved {
                let (name, version) = resolved.split_once(' ').ok_or("`resolved` is a name, a space and a version")?;
                expect("name", json!(name));
                expect("version", json!(version));
            }
            if let Some(version) = &raw.version {
                expect("version", json!(version));
            }
            if let Some(capabilities) = &raw.capabilities {
                expect("capabilities", json!(capabilities));
            }
            if raw.healthy {
                expect("failure", Json::Null);
            }
            StepExpect::Ok(Json::Object(members))
        }
        _ => return Err("a step has `err`, `failure` or `one_of`".to_owned()),
    };
    let host = raw.host.iter().map(|call| host_call(call, &raw.on)).collect::<Result<Vec<_>, _>>()?;
    if let Some(answer) = host.iter().map(|call| &call.answer).find(|answer| !may_answer(method, answer)) {
        return Err(format!("a host call under `{method}` is not answered with {}", json!(answer)));
    }
    let source = raw.source.iter().map(RawBound::bound).collect::<Result<_, _>>()?;
    Ok(Step { method, instance: raw.on.clone(), params: Json::Object(params), host, expect, source })
}

/// Whether a host call under this method can be answered so: under `init` none is given up, and under an emit from outside none is left pending.
fn may_answer(method: &str, answer: &HostCallAnswer) -> bool {
    match answer {
        HostCallAnswer::Error(error) => error.kind != HostErrorKind::Timeout || method != "runtime.init",
        HostCallAnswer::Pending(_) => method != "runtime.emit",
        HostCallAnswer::Reply(_) => true,
    }
}

/// A host call while `asked` is asked for something.
fn host_call(raw: &RawCall, asked: &str) -> Result<HostCall, String> {
    let answer = match (&raw.reply, raw.error, &raw.pending) {
        (Some(reply), None, None) => HostCallAnswer::Reply(Base64(hex(reply)?)),
        (None, Some(kind), None) => HostCallAnswer::Error(host_error(kind, raw.code)),
        (None, None, Some(token)) => HostCallAnswer::Pending(token.clone()),
        _ => return Err("a host call is answered with `reply`, `error` or `pending`".to_owned()),
    };
    let during = raw.during.iter().map(step).collect::<Result<Vec<_>, _>>()?;
    if let Some(step) = during.iter().find(|step| !fayger_fcp::WHILE_HOST_CALL.contains(&step.method)) {
        return Err(format!("`{}` cannot be asked while a host call is open", step.method));
    }
    if during.iter().any(|step| !step.source.is_empty()) {
        return Err("reads of the source are counted a step, not within one".to_owned());
    }
    let instance = raw.on.clone().unwrap_or_else(|| asked.to_owned());
    Ok(HostCall { instance, instruction: hex(&raw.expect)?, during, answer })
}

/// An error over its causes, each with the layers from itself down.
fn chain(raw: &[RawError]) -> Result<Vec<ExpectedError>, String> {
    let layers = raw.iter().map(|error| layer(&error.code)).collect::<Result<Vec<_>, _>>()?;
    Ok(raw
        .iter()
        .zip(0..)
        .map(|(raw, at)| ExpectedError {
            code: raw.code.clone(),
            phase: raw.phase.clone(),
            layers: layers.iter().skip(at).copied().collect(),
            context: context(raw.context.clone()),
        })
        .collect())
}

fn layer(code: &str) -> Result<SourceLayer, String> {
    Ok(match code.split('_').next() {
        Some("LDR" | "SER" | "TRUST") => SourceLayer::Loader,
        Some("RT") => SourceLayer::Runtime,
        Some("ADP") => SourceLayer::Adapter,
        Some("HOST") => SourceLayer::Host,
        _ => return Err(format!("`{code}` is no error code")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(features: &str, step: &str) -> Option<String> {
        let case = format!(
            r#"
            id = "runtime.run.one"
            clauses = []
            level = "MUST"
            features = {features}
            note = "One step."
            [runtime]
            fields = ""
            [[runtime.step]]
            {step}
            "#
        );
        parse(&case).err()
    }

    #[test]
    fn a_host_call_is_not_answered_with_what_cannot_be_there() {
        let (plain, parks) = (r#"["runtime"]"#, r#"["runtime", "runtime.park"]"#);
        let host = |method: &str, answer: &str| format!("ask = \"{method}\"\nhost = [{{ expect = \"00\", {answer} }}]");
        let (silence, pending) = (r#"error = "timeout""#, r#"pending = "p""#);
        assert_eq!(refusal(plain, &host("run", silence)), None);
        assert!(refusal(plain, &host("init", silence)).is_some_and(|why| why.contains("`runtime.init`")));
        assert_eq!(refusal(parks, &host("run", pending)), None);
        assert!(refusal(plain, &host("run", pending)).is_some_and(|why| why.contains("`runtime.park`")));
        let emit = format!("{}\nbytes = \"00\"", host("emit", pending));
        assert!(refusal(parks, &emit).is_some_and(|why| why.contains("`runtime.emit`")));
        let complete = "ask = \"complete\"\ntoken = \"p\"\nerror = \"timeout\"";
        assert!(refusal(parks, complete).is_some_and(|why| why.contains("silence")));
    }

    #[test]
    fn an_event_is_of_the_first_instance_where_it_does_not_say() {
        let raw: RawEvent = toml::from_str("name = \"instance.terminated\"").expect("an event");
        assert_eq!(of_an_instance(event(raw)).instance.as_deref(), Some("a"));
    }
}
