//! One life of a testee: `hello`, then requests, each answered by one line, with `reset` as the barrier between cases.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use fayger_fcp::{
    EmitParams, Empty, HOST_CALL, HOST_RELEASE, HelloOk, HelloParams, HostCallAnswer, MAX_LINE, Method, Outcome,
    Request, RpcError, TwoPointZero,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::abbreviate::abbreviate;
use crate::process::{Exit, Process, Received, Shutdown};
use crate::schema_check::SchemaCheck;
use crate::{RunnerError, TesteeCommand};

/// How long a testee has for one answer, before the scale factor: 5 s.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// Which way a line went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the runner to the testee.
    Sent,
    /// From the testee to the runner.
    Received,
}

/// Sees every line that is exchanged.
pub type Trace<'a> = &'a mut dyn FnMut(Direction, &[u8]);

/// Answers what a testee asks back while a request to it is open.
pub(crate) type Host<'h, 'a> =
    &'h mut dyn FnMut(&mut Session<'a>, EmitParams, Trace<'_>) -> Result<HostCallAnswer, CallError>;

/// How a testee broke off. None of these is ever a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It ended.
    Crash(Exit),
    /// It did not answer in time.
    Hang,
    /// It broke the protocol.
    Protocol(String),
}

/// Why a request has no outcome.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The testee broke off; this session is of no use any more.
    Fault(Fault),
    /// The testee does not have this method (-32601); the session goes on.
    NoMethod(&'static str),
    /// The runner cannot go on.
    Runner(RunnerError),
}

impl From<RunnerError> for CallError {
    fn from(error: RunnerError) -> Self {
        Self::Runner(error)
    }
}

fn protocol(what: impl Into<String>) -> CallError {
    CallError::Fault(Fault::Protocol(what.into()))
}

/// How sessions are started.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The testee.
    pub command: TesteeCommand,
    /// The version of the suite, told in `hello`.
    pub suite: String,
    /// The time for one answer.
    pub deadline: Duration,
    /// How often the testee is started anew.
    pub most_restarts: u32,
    /// Set from elsewhere to end the run.
    pub interrupt: Arc<AtomicBool>,
}

/// A running testee. Dropping it kills the testee's process group.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    process: Process,
    schema: &'a SchemaCheck,
    deadline: Duration,
    next_id: u64,
    /// Instances that the testee has told the host to release, since that was asked for.
    released: Vec<String>,
    /// The ids of instances that it has given, in lower case.
    given: BTreeSet<String>,
}

impl<'a> Session<'a> {
    /// Starts the testee. It has not said `hello` yet.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Spawn`] when the program cannot be started.
    pub(crate) fn start(launch: &Launch, schema: &'a SchemaCheck) -> Result<Self, RunnerError> {
        let process = Process::spawn(&launch.command, Arc::clone(&launch.interrupt))
            .map_err(|source| RunnerError::Spawn { command: launch.command.to_string(), source })?;
        Ok(Self {
            process,
            schema,
            deadline: launch.deadline,
            next_id: 1,
            released: Vec::new(),
            given: BTreeSet::new(),
        })
    }

    /// Notes the id of an instance; false where the testee has given it before.
    pub(crate) fn note_instance(&mut self, id: &str) -> bool {
        self.given.insert(id.to_ascii_lowercase())
    }

    /// Says `hello` and the first `reset`.
    ///
    /// # Errors
    ///
    /// A testee that does not answer with `ok`, or chooses a protocol that was not offered, breaks the protocol.
    pub(crate) fn greet(&mut self, suite: &str, trace: Trace<'_>) -> Result<HelloOk, CallError> {
        let params = HelloParams { protocols: vec![fayger_fcp::PROTOCOL.to_owned()], suite: suite.to_owned() };
        let hello: HelloOk = match self.call("hello", &params, trace) {
            Ok(Outcome::Ok(hello)) => hello,
            Ok(Outcome::Err(error)) => {
                return Err(protocol(format!("hello was refused: {}", error.code)));
            }
            Ok(Outcome::Skipped(reason)) => {
                return Err(protocol(format!("hello was skipped: {reason}")));
            }
            Err(CallError::NoMethod(_)) => return Err(protocol("there is no method `hello`")),
            Err(error) => return Err(error),
        };
        if hello.protocol != fayger_fcp::PROTOCOL {
            return Err(protocol(format!("hello chose protocol `{}`, which was not offered", hello.protocol)));
        }
        self.reset(trace)?;
        Ok(hello)
    }

    /// Sends `reset` and waits for its answer. A line that arrives before it belongs to what ran before.
    ///
    /// # Errors
    ///
    /// A testee that cannot reset breaks the protocol.
    pub(crate) fn reset(&mut self, trace: Trace<'_>) -> Result<(), CallError> {
        match self.call::<_, Empty>("reset", &Empty {}, trace) {
            Ok(Outcome::Ok(_)) => Ok(()),
            Ok(Outcome::Err(error)) => Err(protocol(format!("reset was refused: {}", error.code))),
            Ok(Outcome::Skipped(reason)) => Err(protocol(format!("reset was skipped: {reason}"))),
            Err(CallError::NoMethod(_)) => Err(protocol("there is no method `reset`")),
            Err(error) => Err(error),
        }
    }

    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub(crate) fn call<P: Serialize, T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        params: &P,
        trace: Trace<'_>,
    ) -> Result<Outcome<T>, CallError> {
        self.call_hosted(name, params, trace, &mut |_, _, _| Err(protocol("a host call that nothing can answer")))
    }

    /// Sends one request, has `host` answer what the testee asks back, and waits for its answer.
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub(crate) fn call_hosted<P: Serialize, T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        params: &P,
        trace: Trace<'_>,
        host: Host<'_, 'a>,
    ) -> Result<Outcome<T>, CallError> {
        let method = fayger_fcp::method(name)
            .ok_or_else(|| RunnerError::Request { method: name, reason: "there is no such method".to_owned() })?;
        let id = self.send(method, params, trace)?;
        loop {
            let deadline = Instant::now() + self.deadline;
            let line = match self.process.receive(deadline) {
                Received::Line(line) => line,
                Received::TooLong => return Err(protocol("a line is longer than 32 MiB")),
                Received::Closed => return Err(protocol("stdout was closed, but the process goes on")),
                Received::Exited(exit, _) => return Err(CallError::Fault(Fault::Crash(exit))),
                Received::TimedOut => return Err(CallError::Fault(Fault::Hang)),
                Received::Interrupted => return Err(RunnerError::Interrupted.into()),
            };
            trace(Direction::Received, &line);
            if let Some(instance) = self.read_release(&line)? {
                self.released.push(instance);
                continue;
            }
            match self.read_host_call(&line)? {
                None => return self.read_answer(method, id, &line),
                Some((call, params)) => {
                    let answer = host(self, params, trace)?;
                    self.answer_host_call(&call, &answer, trace)?;
                }
            }
        }
    }

    /// The instances that the testee has told the host to release since the last time, in that order.
    pub(crate) fn take_released(&mut self) -> Vec<String> {
        std::mem::take(&mut self.released)
    }

    /// The instance of a `host.release`, where this line is that.
    fn read_release(&self, line: &[u8]) -> Result<Option<String>, CallError> {
        let Ok(message) = serde_json::from_slice::<Value>(line) else { return Ok(None) };
        if message.get("method").and_then(Value::as_str) != Some(HOST_RELEASE) {
            return Ok(None);
        }
        self.schema
            .check(HOST_RELEASE, "request", &message)
            .map_err(|error| protocol(format!("a notification of the testee is off the schema {error}")))?;
        Ok(message.pointer("/params/instance").and_then(Value::as_str).map(str::to_owned))
    }

    /// What the testee asks back, with the id that it gave it, where this line is that.
    fn read_host_call(&self, line: &[u8]) -> Result<Option<(Value, EmitParams)>, CallError> {
        let Ok(message) = serde_json::from_slice::<Value>(line) else { return Ok(None) };
        if message.get("method").is_none() {
            return Ok(None);
        }
        self.schema
            .check(HOST_CALL, "request", &message)
            .map_err(|error| protocol(format!("a request of the testee is off the schema {error}")))?;
        let params = message.get("params").cloned().unwrap_or_default();
        let params =
            serde_json::from_value(params).map_err(|error| protocol(format!("a host call cannot be read: {error}")))?;
        Ok(Some((message.get("id").cloned().unwrap_or_default(), params)))
    }

    fn answer_host_call(&mut self, id: &Value, answer: &HostCallAnswer, trace: Trace<'_>) -> Result<(), CallError> {
        let answer = json!({ "jsonrpc": "2.0", "id": id, "result": answer });
        self.schema
            .check(HOST_CALL, "response", &answer)
            .map_err(|reason| RunnerError::Request { method: HOST_CALL, reason })?;
        let line = answer.to_string().into_bytes();
        trace(Direction::Sent, &line);
        self.process.send(line);
        Ok(())
    }

    fn send<P: Serialize>(&mut self, method: &Method, params: &P, trace: Trace<'_>) -> Result<u64, CallError> {
        let fault = |reason: String| RunnerError::Request { method: method.name, reason };
        let id = self.next_id;
        self.next_id += 1;
        let request = Request { jsonrpc: TwoPointZero, id, method: method.name, params };
        let request = serde_json::to_value(&request).map_err(|error| fault(error.to_string()))?;
        self.schema.check(method.name, "request", &request).map_err(fault)?;
        let line = request.to_string().into_bytes();
        if line.len() > MAX_LINE {
            return Err(fault("the line would be longer than 32 MiB".to_owned()).into());
        }
        if let Some(early) = self.process.received_already() {
            return Err(match early {
                Received::Exited(exit, _) => CallError::Fault(Fault::Crash(exit)),
                Received::Line(line) => {
                    trace(Direction::Received, &line);
                    protocol(format!("a line that no request asked for: {}", abbreviate(&line)))
                }
                Received::TooLong => protocol("a line that no request asked for, longer than 32 MiB"),
                Received::Closed | Received::TimedOut | Received::Interrupted => {
                    protocol("stdout was closed, but the process goes on")
                }
            });
        }
        trace(Direction::Sent, &line);
        self.process.send(line);
        Ok(id)
    }

    fn read_answer<T: DeserializeOwned>(
        &self,
        method: &'static Method,
        id: u64,
        line: &[u8],
    ) -> Result<Outcome<T>, CallError> {
        let answer: Value = serde_json::from_slice(line)
            .map_err(|error| protocol(format!("a line that is not json ({error}): {}", abbreviate(line))))?;
        if answer.get("error").is_some() {
            return Err(self.read_error(method, id, &answer));
        }
        check_id(&answer, id)?;
        self.schema
            .check(method.name, "response", &answer)
            .map_err(|error| protocol(format!("the answer to `{}` is off the schema {error}", method.name)))?;
        let result = answer.get("result").cloned().unwrap_or_default();
        serde_json::from_value(result)
            .map_err(|error| protocol(format!("the answer to `{}` cannot be read: {error}", method.name)))
    }

    fn read_error(&self, method: &'static Method, id: u64, answer: &Value) -> CallError {
        if let Err(error) = self.schema.check("error", "response", answer) {
            return protocol(format!("a json-rpc error is off the schema {error}"));
        }
        // JSON-RPC answers what it could not read with a null id.
        if answer.get("id") != Some(&Value::Null)
            && let Err(error) = check_id(answer, id)
        {
            return error;
        }
        let error = answer.get("error");
        let code = error.and_then(|error| error.get("code")).and_then(Value::as_i64).unwrap_or_default();
        if code == RpcError::METHOD_NOT_FOUND {
            return CallError::NoMethod(method.name);
        }
        let message = error.and_then(|error| error.get("message")).and_then(Value::as_str).unwrap_or_default();
        protocol(format!("json-rpc error {code} to `{}`: {}", method.name, abbreviate(message.as_bytes())))
    }

    /// Forgets what stderr has so far.
    pub(crate) fn forget_stderr(&self) {
        self.process.forget_stderr();
    }

    /// The last 64 KiB of stderr since it was forgotten.
    #[must_use]
    pub(crate) fn stderr_tail(&self) -> Vec<u8> {
        self.process.stderr_tail()
    }

    /// Kills the testee's process group now, so that stderr is complete.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// Ends the testee as the protocol says.
    #[must_use]
    pub(crate) fn shut_down(self) -> Shutdown {
        self.process.shut_down()
    }
}

fn check_id(answer: &Value, id: u64) -> Result<(), CallError> {
    match answer.get("id") {
        Some(found) if found.as_u64() == Some(id) => Ok(()),
        Some(found) => Err(protocol(format!(
            "an answer with id {} while request {id} is open",
            abbreviate(found.to_string().as_bytes())
        ))),
        None => Err(protocol(format!("a line that is not an answer: {}", abbreviate(answer.to_string().as_bytes())))),
    }
}
