//! Cases of the adapter layer: requests whose answers are compared as they are. The file names the values; here they become the protocol's.

use fayger_fcp::{
    Base64, BusEmitOk, BusEmitParams, BusOpenParams, CheckDescriptorParams, Decimal, DescribedInstruction, Descriptor,
    Empty, Encoded, Event, EventForm, HostAnswer, HostError, HostErrorKind, InstructionForm, NegotiateOk,
    NegotiateParams, Operand, ReplyForm, SourceLayer,
};
use fayger_spec_map::Level;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::case::{Action, Case, Expect, ExpectedError, ExpectedOk};
use crate::raw::{RawContext, RawEvent, context, event, hex};

/// One request of a case, and what is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// What is asked before, in order. Each has to be answered with `ok`.
    pub before: Vec<Request>,
    /// What the case is about.
    pub request: Request,
    /// The cause of the error that is expected, where it has one.
    pub cause: Option<ExpectedError>,
    /// The events up to the end of the request, where the case fixes them.
    pub events: Option<Vec<Event>>,
}

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// Its parameters.
    pub params: Json,
    /// The `ok` that has to come back; none where any does, or where the case expects it.
    pub answer: Option<Json>,
}

impl Request {
    /// The instruction, event or reply that it hands over, encoded, where it does.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let member = self.params.get("bytes").or_else(|| self.params.get("instruction"))?;
        Base64::deserialize(member).ok().map(|bytes| bytes.0)
    }

    /// What the host replies to it, where it does.
    #[must_use]
    pub fn host_reply(&self) -> Option<Vec<u8>> {
        let reply = self.params.get("host")?.get("reply")?;
        Base64::deserialize(reply).ok().map(|bytes| bytes.0)
    }
}

/// The tables that make a case one of these.
const TABLES: [&str; 4] = ["instruction", "negotiate", "bus", "descriptor"];

/// Whether a case file is one of these.
pub(crate) fn is_exchange(text: &str) -> bool {
    toml::from_str::<toml::Table>(text).is_ok_and(|table| TABLES.iter().any(|name| table.contains_key(*name)))
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
    instruction: Option<RawInstruction>,
    negotiate: Option<RawNegotiate>,
    bus: Option<RawBus>,
    descriptor: Option<RawDescriptor>,
    expect: RawExpect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum RawInstruction {
    Decode(RawBytes),
    DecodeEvent(RawBytes),
    DecodeReply(RawBytes),
    Encode(RawForm),
    EncodeEvent(RawForm),
    EncodeReply(RawForm),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBytes {
    hex: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    category: Option<u8>,
    opcode: Option<u16>,
    capabilities: Option<Vec<String>>,
    status: Option<u16>,
    #[serde(default)]
    values: Vec<RawOperand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum RawOperand {
    Unsigned(String),
    Signed(String),
    Bytes(String),
    Text(String),
    Bool(bool),
    F64(String),
    Handle(u32),
    List(Vec<RawOperand>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNegotiate {
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    optional: Vec<String>,
    #[serde(default)]
    granted: Vec<String>,
    #[serde(default)]
    supported: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawListed {
    category: u8,
    opcode: u16,
    capabilities: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBus {
    declared: Vec<String>,
    granted: Vec<String>,
    supported: Vec<String>,
    #[serde(default = "handles")]
    handles: u32,
    #[serde(default)]
    experimental: Vec<RawListed>,
    /// Another instance with the same sets, to take turns with.
    #[serde(default)]
    other: bool,
    #[serde(default)]
    before: Vec<RawStep>,
    emit: String,
    host: Option<RawHost>,
}

fn handles() -> u32 {
    256
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    emit: String,
    host: Option<RawHost>,
    /// Absent: the host's own reply.
    reply: Option<String>,
    #[serde(default)]
    other: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHost {
    reply: Option<String>,
    error: Option<HostErrorKind>,
    code: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDescriptor {
    name: String,
    host: String,
    capabilities: Vec<String>,
    instructions: Vec<RawListed>,
    #[serde(default)]
    failing: Vec<RawListed>,
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
    category: Option<u8>,
    opcode: Option<u16>,
    capabilities: Option<Vec<String>>,
    status: Option<u16>,
    values: Option<Vec<RawOperand>>,
    hex: Option<String>,
    effective: Option<Vec<String>>,
    reply: Option<String>,
    exit: Option<i32>,
    host_call: Option<bool>,
    events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawErr {
    code: String,
    layers: Option<Vec<SourceLayer>>,
    #[serde(default)]
    context: std::collections::BTreeMap<String, RawContext>,
    cause: Option<RawCause>,
    events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCause {
    code: String,
    #[serde(default)]
    context: std::collections::BTreeMap<String, RawContext>,
}

/// Reads a case.
pub(crate) fn parse(text: &str) -> Result<Case, String> {
    let raw: RawCase = toml::from_str(text).map_err(|error| error.to_string())?;
    let (mut exchange, ok) = match (raw.instruction, raw.negotiate, raw.bus, raw.descriptor) {
        (Some(instruction), None, None, None) => instruction_case(instruction, &raw.expect)?,
        (None, Some(negotiate), None, None) => negotiate_case(negotiate, &raw.expect)?,
        (None, None, Some(bus), None) => bus_case(bus, &raw.expect)?,
        (None, None, None, Some(descriptor)) => descriptor_case(descriptor, &raw.expect)?,
        _ => return Err(format!("exactly one of `{}` is needed", TABLES.join("`, `"))),
    };
    let (expect, events) = match raw.expect {
        RawExpect::Ok(raw) => {
            (Expect::Ok(ExpectedOk::Answer(ok.ok_or("the expectation is not one of this action")?)), raw.events)
        }
        RawExpect::Err(raw) => {
            exchange.cause = raw.cause.map(|cause| ExpectedError {
                code: cause.code,
                phase: None,
                layers: vec![SourceLayer::Host],
                context: context(cause.context),
            });
            let layers = raw.layers.unwrap_or_else(|| match exchange.cause {
                Some(_) => vec![SourceLayer::Adapter, SourceLayer::Host],
                None => vec![SourceLayer::Adapter],
            });
            let error = ExpectedError { code: raw.code, phase: None, layers, context: context(raw.context) };
            (Expect::Err(error), raw.events)
        }
    };
    exchange.events = events.map(|events| events.into_iter().map(event).collect());
    Ok(Case {
        id: raw.id,
        clauses: raw.clauses,
        level: raw.level,
        features: raw.features,
        flags: raw.flags,
        note: raw.note,
        nearest: raw.nearest,
        limits: Vec::new(),
        action: Action::Exchange(Box::new(exchange)),
        expect,
    })
}

/// A request, and the `ok` that the expectation says; none where it says an error, or what is not of this action.
type Asked = Result<(Exchange, Option<Json>), String>;

fn asked(request: Request, ok: Option<Json>) -> (Exchange, Option<Json>) {
    (Exchange { before: Vec::new(), request, cause: None, events: None }, ok)
}

fn instruction_case(raw: RawInstruction, expect: &RawExpect) -> Asked {
    let ok = match expect {
        RawExpect::Ok(ok) => Some(ok),
        RawExpect::Err(_) => None,
    };
    let bytes = |text: &str| Ok::<_, String>(json(&Encoded { bytes: Base64(hex(text)?) }));
    let decoded = |method, raw: &RawBytes, form: fn(&RawOk) -> Option<Result<Json, String>>| {
        Ok(asked(request(method, bytes(&raw.hex)?), ok.and_then(form).transpose()?))
    };
    let encoded = |method, params: Option<Json>| {
        let params = params.ok_or_else(|| format!("`{method}` lacks a part, or has one too many"))?;
        let bytes = ok.and_then(|ok| ok.hex.as_deref()).map(bytes).transpose()?;
        Ok(asked(request(method, params), bytes))
    };
    match raw {
        RawInstruction::Decode(raw) => decoded("instruction.decode", &raw, |ok| {
            instruction_form(ok.category, ok.opcode, ok.capabilities.as_deref(), ok.values.as_deref()?)
        }),
        RawInstruction::DecodeEvent(raw) => {
            decoded("instruction.decode_event", &raw, |ok| event_form(ok.category, ok.opcode, ok.values.as_deref()?))
        }
        RawInstruction::DecodeReply(raw) => {
            decoded("instruction.decode_reply", &raw, |ok| reply_form(ok.status, ok.values.as_deref()?))
        }
        RawInstruction::Encode(raw) => {
            let form = instruction_form(raw.category, raw.opcode, raw.capabilities.as_deref(), &raw.values);
            encoded("instruction.encode", form.transpose()?)
        }
        RawInstruction::EncodeEvent(raw) => {
            encoded("instruction.encode_event", event_form(raw.category, raw.opcode, &raw.values).transpose()?)
        }
        RawInstruction::EncodeReply(raw) => {
            encoded("instruction.encode_reply", reply_form(raw.status, &raw.values).transpose()?)
        }
    }
}

fn instruction_form(
    category: Option<u8>,
    opcode: Option<u16>,
    capabilities: Option<&[String]>,
    values: &[RawOperand],
) -> Option<Result<Json, String>> {
    let (category, opcode, capabilities) = (category?, opcode?, capabilities?.to_vec());
    let operands = operands(values);
    Some(operands.map(|operands| json(&InstructionForm { category, opcode, capabilities, operands })))
}

fn event_form(category: Option<u8>, opcode: Option<u16>, values: &[RawOperand]) -> Option<Result<Json, String>> {
    let (category, opcode) = (category?, opcode?);
    Some(operands(values).map(|values| json(&EventForm { category, opcode, values })))
}

fn reply_form(status: Option<u16>, values: &[RawOperand]) -> Option<Result<Json, String>> {
    let status = status?;
    Some(operands(values).map(|values| json(&ReplyForm { status, values })))
}

fn operands(raw: &[RawOperand]) -> Result<Vec<Operand>, String> {
    raw.iter()
        .map(|raw| {
            Ok(match raw {
                RawOperand::Unsigned(number) => {
                    let number = number.parse().map_err(|_| format!("`{number}` is no unsigned number"))?;
                    Operand::Unsigned(Decimal(number))
                }
                RawOperand::Signed(number) => Operand::Signed(number.clone()),
                RawOperand::Bytes(bytes) => Operand::Bytes(Base64(hex(bytes)?)),
                RawOperand::Text(text) => Operand::Text(text.clone()),
                RawOperand::Bool(truth) => Operand::Bool(*truth),
                RawOperand::F64(bits) => Operand::F64(bits.clone()),
                RawOperand::Handle(number) => Operand::Handle(*number),
                RawOperand::List(values) => Operand::List(operands(values)?),
            })
        })
        .collect()
}

fn listed(raw: &[RawListed]) -> Vec<DescribedInstruction> {
    let listed = |RawListed { category, opcode, capabilities }| DescribedInstruction { category, opcode, capabilities };
    raw.iter().cloned().map(listed).collect()
}

fn negotiate_case(raw: RawNegotiate, expect: &RawExpect) -> Asked {
    let RawNegotiate { required, optional, granted, supported } = raw;
    let params = NegotiateParams { required, optional, granted, supported };
    let ok = match expect {
        RawExpect::Ok(RawOk { effective: Some(effective), .. }) => {
            Some(json(&NegotiateOk { effective: effective.clone() }))
        }
        _ => None,
    };
    Ok(asked(request("capability.negotiate", json(&params)), ok))
}

fn bus_case(raw: RawBus, expect: &RawExpect) -> Asked {
    let name = |other: bool| if other { "b" } else { "a" }.to_owned();
    let open = |other: bool| {
        let params = BusOpenParams {
            instance: name(other),
            declared: raw.declared.clone(),
            granted: raw.granted.clone(),
            supported: raw.supported.clone(),
            handles: raw.handles,
            experimental: listed(&raw.experimental),
        };
        Request { answer: Some(json(&Empty {})), ..request("bus.open", json(&params)) }
    };
    let mut before = vec![open(false)];
    if raw.other {
        before.push(open(true));
    }
    for step in &raw.before {
        let host = host(step.host.as_ref())?;
        let reply = match (&step.reply, &host) {
            (Some(reply), _) => Some(Base64(hex(reply)?)),
            (None, Some(HostAnswer::Reply(reply))) => Some(reply.clone()),
            _ => return Err("a step before has a `reply`, or that of the host".to_owned()),
        };
        let (params, instruction) = emit(name(step.other), &step.emit, host)?;
        let host_call = params.host.is_some().then_some(instruction);
        let answer = BusEmitOk { reply, exit: None, host_call };
        before.push(Request { answer: Some(json(&answer)), ..request("bus.emit", json(&params)) });
    }
    let (params, instruction) = emit(name(false), &raw.emit, host(raw.host.as_ref())?)?;
    let ok = match expect {
        RawExpect::Ok(RawOk { reply, exit, host_call, .. }) if reply.is_some() != exit.is_some() => {
            let reply = reply.as_deref().map(hex).transpose()?.map(Base64);
            let host_call = host_call.unwrap_or(params.host.is_some()).then_some(instruction);
            Some(json(&BusEmitOk { reply, exit: *exit, host_call }))
        }
        _ => None,
    };
    let (exchange, ok) = asked(request("bus.emit", json(&params)), ok);
    Ok((Exchange { before, ..exchange }, ok))
}

fn emit(instance: String, instruction: &str, host: Option<HostAnswer>) -> Result<(BusEmitParams, Base64), String> {
    let instruction = Base64(hex(instruction)?);
    Ok((BusEmitParams { instance, instruction: instruction.clone(), host }, instruction))
}

fn host(raw: Option<&RawHost>) -> Result<Option<HostAnswer>, String> {
    Ok(match raw {
        None => None,
        Some(RawHost { reply: Some(reply), error: None, code: None }) => Some(HostAnswer::Reply(Base64(hex(reply)?))),
        Some(RawHost { reply: None, error: Some(kind), code }) => {
            Some(HostAnswer::Error(HostError { kind: *kind, code: code.map(|code| code.to_string()) }))
        }
        Some(_) => return Err("a host has a `reply`, or an `error` and maybe its `code`".to_owned()),
    })
}

fn descriptor_case(raw: RawDescriptor, expect: &RawExpect) -> Asked {
    let params = CheckDescriptorParams {
        descriptor: Descriptor {
            name: raw.name,
            host: raw.host,
            supported_capabilities: raw.capabilities,
            supported_instructions: listed(&raw.instructions),
        },
        failing: listed(&raw.failing),
    };
    let ok = matches!(expect, RawExpect::Ok(_)).then(|| json(&Empty {}));
    Ok(asked(request("registry.check", json(&params)), ok))
}

fn request(method: &'static str, params: Json) -> Request {
    Request { method, params, answer: None }
}

/// What the kit itself made can always be written.
fn json<T: Serialize>(value: &T) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = r#"
        id = "bus.order.a-case"
        clauses = ["ADP-BUS-001"]
        level = "MUST"
        features = ["bus"]
        note = "Why."
        [bus]
        declared = ["random"]
        granted = ["random"]
        supported = ["random"]
        emit = "04 0100 0002 01 01 01"
        host = { reply = "0000 03 01 07" }
        [[bus.before]]
        emit = "00"
        reply = "0100"
        [expect.ok]
        reply = "0000 03 01 07"
    "#;

    fn exchange(text: &str) -> Exchange {
        let Action::Exchange(exchange) = parse(text).unwrap().action else { panic!("an exchange") };
        *exchange
    }

    #[test]
    fn a_case_becomes_requests_and_the_answers_to_them() {
        let Exchange { before, request, cause, events } = exchange(CASE);
        assert_eq!(before.iter().map(|request| request.method).collect::<Vec<_>>(), ["bus.open", "bus.emit"]);
        assert_eq!(before[1].answer, Some(serde_json::json!({ "reply": "AQA=" })), "the host is not asked");
        assert_eq!((request.method, request.bytes().unwrap()), ("bus.emit", vec![4, 1, 0, 0, 2, 1, 1, 1]));
        assert_eq!(request.host_reply().unwrap(), [0, 0, 3, 1, 7]);
        assert_eq!((cause, events), (None, None));
        let Expect::Ok(ExpectedOk::Answer(answer)) = parse(CASE).unwrap().expect else { panic!("an answer") };
        assert_eq!(answer, serde_json::json!({ "reply": "AAADAQc=", "host_call": "BAEAAAIBAQE=" }));
    }

    #[test]
    fn a_typo_or_what_is_not_of_the_action_is_refused() {
        for (from, to, what) in [
            ("granted =", "grantd =", "unknown field `grantd`"),
            ("note =", "notes =", "unknown field `notes`"),
            ("[expect.ok]", "[expect.ok]\neffective = []\nreplies = 1", "unknown field `replies`"),
            ("reply = \"0000 03 01 07\"\n    ", "effective = []", "the expectation is not one of this action"),
            ("host = { reply = \"0000 03 01 07\" }", "host = { code = 5 }", "a host has a `reply`, or an `error`"),
            ("[bus]", "[negotiate]\n[bus]", "exactly one of"),
            ("emit = \"00\"\n        reply = \"0100\"", "emit = \"00\"", "a step before has a `reply`"),
        ] {
            let text = CASE.replace(from, to);
            assert_ne!(text, CASE, "{from}");
            let error = parse(&text).unwrap_err();
            assert!(error.contains(what), "{what}: {error}");
        }
        assert!(is_exchange(CASE) && !is_exchange("[load]\n[expect.ok]"));
    }
}
