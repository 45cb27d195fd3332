//! Has a play done by a testee.

use fayger_cases::{EVERY, NOBODY as NO_ID};
use fayger_fcp::{
    Base64, Decimal, EmitParams, Empty, EventsDrainOk, FaygerError, HostCallAnswer, HostError, HostErrorKind, LoadOk,
    Quotas, RuntimeLoadParams, features,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Act, Answer, Ask, Call, Kind, Line, Play, QUEUE, instruction, reply, text};
use crate::ContextKeys;
use crate::judge::property::{Asked, Broken, Meanwhile};
use crate::session::CallError;

/// Narrow quotas: room for what an ordinary part does, and an end to what a loop does.
const FUEL: u64 = 100_000;
const MEMORY: u64 = 2 << 16;

/// Performs a play from a reset on, and notes what is seen of it.
pub(in super::super) fn perform(asked: &Asked<'_, '_, '_, '_>, play: &Play) -> Result<Vec<Line>, Broken> {
    asked.reset()?;
    let mut stage = Stage { play, keys: asked.keys(), ids: Vec::new(), token: 0, act: 0, lines: Vec::new() };
    stage.set(asked)?;
    for act in &play.acts {
        stage.act = stage.act.saturating_add(1);
        stage.take(asked, act)?;
    }
    stage.act = 0;
    if play.watch.states {
        for part in 0..play.parts.len() {
            stage.look(asked, part)?;
        }
    }
    let released = asked.take_released();
    for (part, id) in play.parts.iter().zip(&stage.ids) {
        let times = released.iter().filter(|other| *other == id);
        stage.lines.extend(times.map(|_| Line {
            act: 0,
            of: part.name,
            kind: Kind::Release,
            text: "released".to_owned(),
        }));
    }
    Ok(stage.lines)
}

struct Stage<'p> {
    play: &'p Play,
    keys: ContextKeys,
    ids: Vec<String>,
    /// Calls that were answered as pending.
    token: u32,
    act: usize,
    lines: Vec<Line>,
}

impl Stage<'_> {
    /// Makes the instances, parts of one manner of one object.
    fn set(&mut self, asked: &Asked<'_, '_, '_, '_>) -> Result<(), Broken> {
        let mut objects = Vec::new();
        for part in &self.play.parts {
            let known = objects.iter().find(|(manner, _)| *manner == part.manner);
            let object: String = if let Some((_, object)) = known {
                String::clone(object)
            } else {
                let load =
                    part.manner.fay().load().map_err(|why| Broken::Law(format!("no module can be made: {why}")))?;
                let loaded = LoadOk::deserialize(&asked.ask_ok("loader.load", &load)?);
                let object = loaded.map_err(|error| Broken::Law(format!("no object: {error}")))?.object;
                objects.push((part.manner, object.clone()));
                object
            };
            let quotas = Quotas {
                event_queue: Some(Decimal(QUEUE)),
                fuel: part.is_narrow.then_some(Decimal(FUEL)),
                memory_bytes: part.is_narrow.then_some(Decimal(MEMORY)),
                ..Quotas::default()
            };
            let every = EVERY.map(str::to_owned).to_vec();
            let params = RuntimeLoadParams { object, granted: every.clone(), supported: every, quotas };
            let made = asked.ask_ok("runtime.load", &params)?;
            self.ids.push(made.get("instance").and_then(Value::as_str).unwrap_or_default().to_owned());
        }
        if self.play.watch.events && asked.declares(features::EVENTS) {
            asked.ask_ok("events.drain", &Empty {})?;
        }
        Ok(())
    }

    /// Has one act done.
    fn take(&mut self, asked: &Asked<'_, '_, '_, '_>, act: &Act) -> Result<(), Broken> {
        let whom = self.play.whom(act.on);
        let (method, params) = self.request(whom, act.ask);
        let mut calls = act.calls.iter();
        let emitter = whom.filter(|_| matches!(act.ask, Ask::Emit(_)));
        let answer = asked
            .hosted(method, &params, &mut |meanwhile, call| self.answer(meanwhile, calls.next(), call, emitter))?;
        self.note(whom, method, &answer);
        if self.play.watch.events && asked.declares(features::EVENTS) {
            let drained = EventsDrainOk::deserialize(&asked.ask_ok("events.drain", &Empty {})?);
            let events = drained.map_err(|error| Broken::Law(format!("no events: {error}")))?.events;
            let (act, of) = (self.act, self.name(whom));
            let line = |event| Line { act, of, kind: Kind::Event, text: text::event(event) };
            self.lines.extend(events.iter().map(line));
        }
        match whom {
            Some(part) if self.play.watch.states => self.look(asked, part),
            _ => Ok(()),
        }
    }

    /// Notes state and failure of a part.
    fn look(&mut self, asked: &Asked<'_, '_, '_, '_>, part: usize) -> Result<(), Broken> {
        for ask in [Ask::State, Ask::FailureInfo] {
            let (method, params) = self.request(Some(part), ask);
            let answer = asked.ask(method, &params)?;
            self.note(Some(part), method, &answer);
        }
        Ok(())
    }

    /// Plays the host in one call.
    fn answer(
        &mut self,
        testee: &mut Meanwhile<'_, '_, '_>,
        call: Option<&Call>,
        asked: &EmitParams,
        emitter: Option<usize>,
    ) -> Result<HostCallAnswer, CallError> {
        let caller = self.ids.iter().position(|id| *id == asked.instance);
        let line = Line {
            act: self.act,
            of: self.name(caller),
            kind: Kind::Call,
            text: format!("host.call {}", hex::encode(&asked.instruction.0)),
        };
        self.lines.push(line);
        for (on, ask) in call.iter().flat_map(|call| &call.meanwhile) {
            let ask = emitter.map_or(*ask, |emitter| self.play.within_emit(emitter, *on, *ask));
            let whom = self.play.whom(*on);
            let (method, params) = self.request(whom, ask);
            let answer = testee.ask(method, &params)?;
            self.note(whom, method, &answer);
        }
        let error =
            |kind, code: Option<i8>| HostCallAnswer::Error(HostError { kind, code: code.map(|code| code.to_string()) });
        Ok(match call.map_or(Answer::Reply(1), |call| call.answer) {
            Answer::Reply(byte) => HostCallAnswer::Reply(Base64(reply(byte))),
            Answer::Native(code) => error(HostErrorKind::Native, code),
            Answer::Panic => error(HostErrorKind::Panic, None),
            Answer::Timeout => error(HostErrorKind::Timeout, None),
            Answer::Breach => HostCallAnswer::Reply(Base64(vec![13, 0])),
            Answer::Pending => {
                self.token = self.token.saturating_add(1);
                HostCallAnswer::Pending(self.token.to_string())
            }
        })
    }

    fn name(&self, part: Option<usize>) -> &'static str {
        part.and_then(|part| self.play.parts.get(part)).map_or("nobody", |part| part.name)
    }

    fn note(&mut self, whom: Option<usize>, method: &'static str, answer: &Result<Value, FaygerError>) {
        let text = format!("{}: {}", short(method), text::answer(method, answer, &self.keys));
        self.lines.push(Line { act: self.act, of: self.name(whom), kind: Kind::Answer, text });
    }

    /// The method and parameters of a request.
    fn request(&self, whom: Option<usize>, ask: Ask) -> (&'static str, Value) {
        let instance = whom.and_then(|part| self.ids.get(part)).map_or(NO_ID, String::as_str);
        let event = |bytes: &[u8]| json!({ "instance": instance, "event": Base64(bytes.to_vec()) });
        let method = method(ask);
        let params = match ask {
            Ask::Event => event(&[2, 1, 0]),
            Ask::LastEvent => event(&[2, 1, 0, 5, 1, 1]),
            Ask::BadEvent => event(&[2, 1]),
            Ask::Run(Some(most)) => json!({ "instance": instance, "max_host_calls": most }),
            Ask::Emit(count) => json!({ "instance": instance, "instruction": Base64(instruction(count)) }),
            Ask::Complete(byte) => json!({ "token": self.token.to_string(), "reply": Base64(reply(byte)) }),
            _ => json!({ "instance": instance }),
        };
        (method, params)
    }
}

/// The method that asks for this.
fn method(ask: Ask) -> &'static str {
    match ask {
        Ask::Init => "runtime.init",
        Ask::Start => "runtime.start",
        Ask::Suspend => "runtime.suspend",
        Ask::Resume => "runtime.resume",
        Ask::Terminate => "runtime.terminate",
        Ask::State => "runtime.state",
        Ask::FailureInfo => "runtime.failure_info",
        Ask::Event | Ask::LastEvent | Ask::BadEvent => "runtime.on_event",
        Ask::Run(_) => "runtime.run",
        Ask::Emit(_) => "runtime.emit",
        Ask::Complete(_) => "host.complete",
    }
}

impl Ask {
    /// The method's name in the lines: without its chapter.
    pub(in super::super) fn word(self) -> &'static str {
        short(method(self))
    }
}

fn short(method: &'static str) -> &'static str {
    method.rsplit_once('.').map_or(method, |(_, name)| name)
}
