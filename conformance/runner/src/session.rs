//! One life of a testee: `hello`, then requests, each answered by one line, with `reset` as the barrier between cases.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use fayger_fcp::{
    EmitParams, Empty, HOST_CALL, HOST_RELEASE, HelloOk, HelloParams, HostCallAnswer, Instance, MAX_LINE,
    MAY_HOST_CALL, Method, Outcome, Request, RpcError, SOURCE_READ, SourceReadParams, StateOk, TwoPointZero,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::abbreviate::abbreviate;
use crate::played::Played;
use crate::process::{Exit, Process, Received, Shutdown};
use crate::releases::Releases;
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

/// What a testee asks back.
enum Asked {
    Host(EmitParams),
    Source(SourceReadParams),
}

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
    launch: &'a Launch,
    schema: &'a SchemaCheck,
    next_id: u64,
    releases: Releases,
    /// The ids of instances that it has given, in lower case.
    given: BTreeSet<String>,
    /// The source of the case, where it has one.
    source: Option<Played>,
    /// Requests that are open.
    depth: u32,
    /// Time that went into requests within another one, which has not been given to that yet.
    nested: Duration,
}

impl<'a> Session<'a> {
    /// Starts the testee. It has not said `hello` yet.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Spawn`] when the program cannot be started.
    pub(crate) fn start(launch: &'a Launch, schema: &'a SchemaCheck) -> Result<Self, RunnerError> {
        let process = Process::spawn(&launch.command, Arc::clone(&launch.interrupt))
            .map_err(|source| RunnerError::Spawn { command: launch.command.to_string(), source })?;
        Ok(Self {
            process,
            launch,
            schema,
            next_id: 1,
            releases: Releases::default(),
            given: BTreeSet::new(),
            source: None,
            depth: 0,
            nested: Duration::ZERO,
        })
    }

    /// Notes the id of an instance; false where the testee has given it before.
    pub(crate) fn note_instance(&mut self, id: &str) -> bool {
        self.given.insert(id.to_ascii_lowercase())
    }

    /// Another process of the same testee, which has said `hello`.
    ///
    /// # Errors
    ///
    /// See [`start`](Self::start) and [`greet`](Self::greet).
    pub(crate) fn another(&self, trace: Trace<'_>) -> Result<Self, CallError> {
        let mut session = Self::start(self.launch, self.schema)?;
        session.greet(&self.launch.suite, trace)?;
        Ok(session)
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
        self.source = None;
        match self.call::<_, Empty>("reset", &Empty {}, trace) {
            Ok(Outcome::Ok(_)) => {
                self.releases.forget();
                Ok(())
            }
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
        let began = Instant::now();
        self.depth = self.depth.saturating_add(1);
        let outcome = self.converse(method, params, trace, host);
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 {
            self.nested += began.elapsed();
        }
        // What was released has to be at its end; only a reset leaves nothing to ask.
        if outcome.is_ok() && self.depth == 0 && name != "reset" {
            for instance in self.releases.take_unjudged() {
                self.judge_release(&instance, trace)?;
            }
        }
        outcome
    }

    /// Sends a request and answers what the testee asks back until its answer comes. There is one deadline, however
    /// much is asked back; requests within this one have their own.
    fn converse<P: Serialize, T: DeserializeOwned>(
        &mut self,
        method: &'static Method,
        params: &P,
        trace: Trace<'_>,
        host: Host<'_, 'a>,
    ) -> Result<Outcome<T>, CallError> {
        let (id, instance) = self.send(method, params, trace)?;
        let mut deadline = Instant::now() + self.launch.deadline;
        loop {
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
                self.releases.note(instance).map_err(protocol)?;
            } else {
                match self.read_asked(&line)? {
                    None => return self.read_answer(method, id, instance.as_deref(), &line),
                    Some((call, Asked::Host(params))) => {
                        if !MAY_HOST_CALL.contains(&method.name) {
                            let what = format!("a host call while `{}` is open, which makes none", method.name);
                            return Err(protocol(what));
                        }
                        let answer = host(self, params, trace)?;
                        self.answer_asked(HOST_CALL, &call, &answer, trace)?;
                        deadline += std::mem::take(&mut self.nested);
                    }
                    Some((call, Asked::Source(params))) => {
                        let source =
                            self.source.as_mut().ok_or_else(|| protocol("a read of a source that there is not"))?;
                        let answer = source.read(&params).map_err(protocol)?;
                        self.answer_asked(SOURCE_READ, &call, &answer, trace)?;
                    }
                }
            }
            // Lines without end are no answer either.
            if Instant::now() >= deadline {
                return Err(CallError::Fault(Fault::Hang));
            }
        }
    }

    fn judge_release(&mut self, instance: &str, trace: Trace<'_>) -> Result<(), CallError> {
        let params = Instance { instance: instance.to_owned() };
        match self.call::<_, StateOk>("runtime.state", &params, trace)? {
            Outcome::Ok(StateOk { state }) if state != "Failed" && state != "Terminated" => {
                Err(protocol(format!("a release of an instance that is {}", abbreviate(state.as_bytes()))))
            }
            Outcome::Ok(_) | Outcome::Err(_) | Outcome::Skipped(_) => Ok(()),
        }
    }

    /// Plays this source from now on, or none.
    pub(crate) fn play(&mut self, source: Option<Played>) {
        self.source = source;
    }

    /// The source that is played.
    pub(crate) fn source(&mut self) -> Option<&mut Played> {
        self.source.as_mut()
    }

    /// The instances that the testee has told the host to release since the last time, in that order.
    pub(crate) fn take_released(&mut self) -> Vec<String> {
        self.releases.take()
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
    fn read_asked(&self, line: &[u8]) -> Result<Option<(Value, Asked)>, CallError> {
        let Ok(message) = serde_json::from_slice::<Value>(line) else { return Ok(None) };
        let Some(method) = message.get("method").and_then(Value::as_str) else { return Ok(None) };
        let is_read = method == SOURCE_READ;
        self.schema
            .check(if is_read { SOURCE_READ } else { HOST_CALL }, "request", &message)
            .map_err(|error| protocol(format!("a request of the testee is off the schema {error}")))?;
        let params = message.get("params").cloned().unwrap_or_default();
        let asked = if is_read {
            serde_json::from_value(params).map(Asked::Source)
        } else {
            serde_json::from_value(params).map(Asked::Host)
        };
        let asked = asked.map_err(|error| protocol(format!("a request of the testee cannot be read: {error}")))?;
        Ok(Some((message.get("id").cloned().unwrap_or_default(), asked)))
    }

    fn answer_asked<A: Serialize>(
        &mut self,
        method: &'static str,
        id: &Value,
        answer: &A,
        trace: Trace<'_>,
    ) -> Result<(), CallError> {
        let answer = json!({ "jsonrpc": "2.0", "id": id, "result": answer });
        self.schema.check(method, "response", &answer).map_err(|reason| RunnerError::Request { method, reason })?;
        let line = answer.to_string().into_bytes();
        trace(Direction::Sent, &line);
        self.process.send(line);
        Ok(())
    }

    /// Sends a request, and gives its id and the instance that it is about.
    fn send<P: Serialize>(
        &mut self,
        method: &Method,
        params: &P,
        trace: Trace<'_>,
    ) -> Result<(u64, Option<String>), CallError> {
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
        Ok((id, request.pointer("/params/instance").and_then(Value::as_str).map(str::to_owned)))
    }

    fn read_answer<T: DeserializeOwned>(
        &mut self,
        method: &'static Method,
        id: u64,
        instance: Option<&str>,
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
        self.releases.read_answer(method.name, instance, &result, self.depth <= 1);
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
