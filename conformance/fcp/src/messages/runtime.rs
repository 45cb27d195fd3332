//! Runtimes: their registry, instances, and what a testee asks back while code runs. An instance is named as `runtime.load` named it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Base64, Decimal, FaygerError, HostError, HostErrorKind, RpcError};

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

/// Upper bounds on what one instance uses. Where one is absent the testee's own holds, which is no less than is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quotas {
    /// Bytes of linear memory; absent: at least 16 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<Decimal>,
    /// Elements of all tables together; absent: at least 65,536.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_elements: Option<Decimal>,
    /// Events that may wait; absent: at least 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_queue: Option<Decimal>,
    /// Handles that may be open; absent: at least 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_handles: Option<Decimal>,
    /// Fuel in all, in the testee's own unit; absent: without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<Decimal>,
    /// Nanoseconds of execution in all, by the clock that `clock.advance` moves, which stands still while code runs; time in which the instance is
    /// suspended, waits or is idle does not count. Absent: without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_time_ns: Option<Decimal>,
}

/// An instance: the result of `runtime.load`, and the parameters of what asks for nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instance {
    /// Its id.
    pub instance: String,
}

/// The states of an instance: a closed list.
pub const STATES: [&str; 6] = ["Loaded", "Initialized", "Running", "Suspended", "Failed", "Terminated"];

/// The result of `runtime.state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateOk {
    /// The name of the state.
    #[schemars(extend("enum" = STATES))]
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
    #[schemars(extend("enum" = STATES))]
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
    /// How many host calls it may make at most: with the answer to the last of them it stops before any further instruction of the code. 0 runs
    /// nothing. An instruction that the testee answers without `host.call` is none. Absent: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_host_calls: Option<u32>,
}

/// The result of `runtime.run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunOk {
    /// Why no more code runs.
    pub stopped: Stopped,
    /// Where it is `ended`: what the instance returned or exited with. Absent where `terminate` ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
}

/// Why a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stopped {
    /// Running, and nothing is to be done until an event comes; also in Loaded and Initialized.
    Idle,
    /// Running, and a host call has no answer yet.
    Waiting,
    /// It is Suspended, whether a host call waits or not.
    Suspended,
    /// It is Terminated.
    Ended,
    /// It is Failed.
    Failed,
    /// It has made as many host calls as it may, and got the answer to the last; with none, code could run.
    Budget,
}

/// The runner's answer to `host.call`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostCallAnswer {
    /// A reply, encoded, right or wrong.
    Reply(Base64),
    /// No reply. Kind `timeout`: the bus gave the call up. It is not given under `runtime.init`; under `runtime.emit` it fails the caller's emit.
    Error(HostError),
    /// Later, by `host.complete` with this token, which no other call of the case has. Under `runtime.park` alone, and not under `runtime.emit`.
    Pending(String),
}

/// The parameters of `host.complete`: exactly one of `reply` and `error`. A token that no call was left pending with, or that was completed before,
/// is an invalid request (-32602); a call that was given up meanwhile takes its answer, which changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("oneOf" = [{ "required": ["reply"] }, { "required": ["error"] }]))]
pub struct HostCompleteParams {
    /// The token that `host.call` was answered with.
    pub token: String,
    /// The reply, encoded, right or wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Base64>,
    /// Why there is none, instead; silence, kind `timeout`, is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<HostError>,
}

impl HostCompleteParams {
    /// The reply, or why there is none.
    ///
    /// # Errors
    /// `INVALID_PARAMS` where neither or both are there, or the error is silence.
    pub fn answer(self) -> Result<Result<Base64, HostError>, RpcError> {
        match (self.reply, self.error) {
            (Some(reply), None) => Ok(Ok(reply)),
            (None, Some(error)) if error.kind != HostErrorKind::Timeout => Ok(Err(error)),
            _ => Err(RpcError::invalid_params("one of `reply` and an `error` that is no silence is needed")),
        }
    }
}

/// The parameters of `clock.advance`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockAdvanceParams {
    /// By how much, in nanoseconds.
    pub nanoseconds: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_completed_by_one_of_a_reply_and_an_error_that_is_no_silence() {
        let answer = |rest: &str| {
            let params = serde_json::from_str::<HostCompleteParams>(&format!(r#"{{"token":"p"{rest}}}"#)).unwrap();
            params.answer().map_err(|error| error.code)
        };
        assert_eq!(answer(r#","reply":"AAA=""#), Ok(Ok(Base64(vec![0, 0]))));
        let panic = HostError { kind: HostErrorKind::Panic, code: None };
        assert_eq!(answer(r#","error":{"kind":"panic"}"#), Ok(Err(panic)));
        for rest in ["", r#","reply":"AAA=","error":{"kind":"panic"}"#, r#","error":{"kind":"timeout"}"#] {
            assert_eq!(answer(rest), Err(RpcError::INVALID_PARAMS), "{rest}");
        }
    }

    #[test]
    fn a_status_is_absent_where_there_is_none() {
        let ended = |status| serde_json::to_string(&RunOk { stopped: Stopped::Ended, status }).unwrap();
        assert_eq!(ended(None), r#"{"stopped":"ended"}"#);
        assert_eq!(ended(Some(-1)), r#"{"stopped":"ended","status":-1}"#);
    }
}
