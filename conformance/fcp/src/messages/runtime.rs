//! Runtimes: their registry, instances, and what a testee asks back while code runs. An instance is named as `runtime.load` named it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Base64, Decimal, FaygerError, HostError};

/// What a runtime implementation says of itself: the parameters of `runtime.register`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuntimeDescriptor {
    /// Its name.
    pub name: String,
    /// The version of Runtime_Interface that it implements.
    pub version: String,
    /// The methods that it has.
    pub methods: Vec<String>,
    /// What it can do beyond the interface.
    pub capabilities: Vec<String>,
}

/// The parameters of `runtime.resolve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveParams {
    /// The object, as `loader.load` named it.
    pub object: String,
}

/// The result of `runtime.resolve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveOk {
    /// The name of the implementation.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The result of `runtime.rt_version`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RtVersionOk {
    /// The version of Runtime_Interface that is implemented, `MAJOR.MINOR.PATCH`.
    pub version: String,
}

/// The result of `runtime.capabilities`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuntimeCapabilitiesOk {
    /// The runtime capabilities, each once, sorted bytewise.
    pub capabilities: Vec<String>,
}

/// The parameters of `runtime.load`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuntimeLoadParams {
    /// The object, as `loader.load` named it.
    pub object: String,
    /// What the operator allows.
    pub granted: Vec<String>,
    /// What the host supports: every instruction of the registry that needs no more. The same in every load of a case.
    pub supported: Vec<String>,
    /// What the operator lets it use; an absent bound is the testee's own.
    #[serde(default)]
    pub quotas: Quotas,
}

/// Upper bounds on what one instance uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quotas {
    /// Bytes of linear memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<Decimal>,
    /// Elements of all tables together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_elements: Option<Decimal>,
    /// Events that may wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_queue: Option<Decimal>,
    /// Handles that may be open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_handles: Option<Decimal>,
    /// Fuel in all, in the testee's own unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<Decimal>,
}

/// An instance: the result of `runtime.load`, and the parameters of what asks for nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instance {
    /// Its id.
    pub instance: String,
}

/// The result of `runtime.state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateOk {
    /// The name of the state.
    pub state: String,
}

/// The result of `runtime.failure_info`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailureInfoOk {
    /// What is known; null in every state but Failed.
    pub failure: Option<FailureInfo>,
}

/// What is known of a failure; the time of it is not compared, and left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailureInfo {
    /// The whole chain.
    pub error: FaygerError,
    /// The last instruction that could be decoded; null where there was none.
    pub last_instruction: Option<Base64>,
    /// The state that it failed in.
    pub state_before: String,
}

/// The parameters of `runtime.emit`, and of the testee's `host.call`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmitParams {
    /// On whose behalf.
    pub instance: String,
    /// The instruction, encoded.
    pub instruction: Base64,
}

/// The result of `runtime.emit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmitOk {
    /// The reply, encoded.
    pub reply: Base64,
}

/// The parameters of `runtime.on_event`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OnEventParams {
    /// For whom.
    pub instance: String,
    /// The event, encoded, right or wrong.
    pub event: Base64,
}

/// The parameters of `runtime.run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunParams {
    /// Whose code.
    pub instance: String,
    /// How many host calls it may make at most; absent: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_host_calls: Option<u32>,
}

/// The result of `runtime.run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunOk {
    /// Why no more code runs.
    pub stopped: Stopped,
}

/// Why a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stopped {
    /// Nothing is to be done until an event comes; also where the state is one in which no code runs.
    Idle,
    /// A host call has no answer yet.
    Waiting,
    /// It is suspended.
    Suspended,
    /// It is Terminated.
    Ended,
    /// It is Failed.
    Failed,
    /// It has made as many host calls as it may.
    Budget,
}

/// The runner's answer to `host.call`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostCallAnswer {
    /// A reply, encoded, right or wrong.
    Reply(Base64),
    /// No reply.
    Error(HostError),
    /// Later, by `host.complete` with this token. Under `runtime.park` alone.
    Pending(String),
}

/// The parameters of `host.complete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostCompleteParams {
    /// The token that `host.call` was answered with.
    pub token: String,
    /// The reply, encoded, right or wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Base64>,
    /// Why there is none, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<HostError>,
}

/// The parameters of `clock.advance`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockAdvanceParams {
    /// By how much, in nanoseconds.
    pub nanoseconds: Decimal,
}
