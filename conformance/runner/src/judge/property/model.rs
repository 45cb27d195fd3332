//! What has to come of a play: the transitions of the registry, faults that lead to Failed, and the rules of the end of an export.
//!
//! The model executes nothing. It knows of a module how many calls its exports make and how they end.

use std::collections::{BTreeMap, VecDeque};

use fayger_fcp::{ContextValue, FaygerError, SourceLayer};
use fayger_spec_map::SpecMap;
use fayger_spec_map::registry::Runtime;

use super::play::{
    Act, Answer, Ask, Body, Call, EVENT_MARK, End, INIT_MARK, Kind, Line, Manner, Play, QUEUE, START_MARK, chain,
    instruction, reply,
};
use crate::ContextKeys;
use crate::judge::Stop;
use crate::outcome::CaseOutcome;

/// The lifecycle as the registry has it.
pub(super) struct Model {
    runtime: Runtime,
    keys: ContextKeys,
}

/// A line that has to come: any of these texts, where the specification leaves a choice.
#[derive(Debug)]
pub(super) struct Foretold {
    of: &'static str,
    kind: Kind,
    texts: Vec<String>,
}

impl Model {
    pub(super) fn new(keys: ContextKeys) -> Result<Self, Stop> {
        let map = SpecMap::load();
        let map = map.map_err(|error| Stop::Outcome(CaseOutcome::NotRun { reason: error.to_string() }))?;
        Ok(Self { runtime: map.registry.runtime, keys })
    }

    /// The lines of a play in which states are watched and events are not.
    pub(super) fn foretell(&self, play: &Play) -> Vec<Foretold> {
        let instances = play.parts.iter().map(|part| Instance::new(part.name, part.manner)).collect();
        let mut course = Course { model: self, play, instances, lines: Vec::new() };
        for act in &play.acts {
            course.take(act);
        }
        for part in 0..play.parts.len() {
            course.look(part);
        }
        for instance in &course.instances {
            if instance.is_over() {
                course.lines.push(Foretold {
                    of: instance.name,
                    kind: Kind::Release,
                    texts: vec!["released".to_owned()],
                });
            }
        }
        course.lines
    }

    /// Where a performance goes another way than was foretold, if it does.
    pub(super) fn differs(foretold: &[Foretold], lines: &[Line]) -> Option<String> {
        for (at, line) in lines.iter().enumerate() {
            let Line { act, of, text, .. } = line;
            let Some(expected) = foretold.get(at) else {
                return Some(format!("act {act}: `{of}` {text}, where nothing had to come"));
            };
            let is_as_foretold = expected.of == *of && expected.kind == line.kind && expected.texts.contains(text);
            if !is_as_foretold {
                let (whose, texts) = (expected.of, expected.texts.join("`, or `"));
                return Some(format!("act {act}: `{of}` {text}, where `{whose}` `{texts}` had to come"));
            }
        }
        let missing = foretold.get(lines.len())?;
        Some(format!("`{}` {} did not come", missing.of, missing.texts.join(", or ")))
    }
}

struct Instance {
    name: &'static str,
    manner: Manner,
    state: String,
    /// Whether `init` runs.
    is_in_init: bool,
    /// What `failure_info` tells.
    failure: Vec<String>,
    /// Whether each event that waits is the last one.
    queue: VecDeque<bool>,
    /// The export on the stack.
    at: Option<Export>,
    has_to_start: bool,
    last: Option<Vec<u8>>,
    /// The last instruction from outside since then: whether it counts is not said.
    outside: Option<Vec<u8>>,
}

/// An export on the stack.
#[derive(Clone, Copy)]
struct Export {
    what: What,
    body: Body,
    /// Calls that it has made.
    made: u8,
    /// The operand of its next call.
    next: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Init,
    Start,
    OnEvent,
}

impl Instance {
    fn new(name: &'static str, manner: Manner) -> Self {
        Self {
            name,
            manner,
            state: "Loaded".to_owned(),
            is_in_init: false,
            failure: Vec::new(),
            queue: VecDeque::new(),
            at: None,
            has_to_start: false,
            last: None,
            outside: None,
        }
    }

    fn is(&self, state: &str) -> bool {
        self.state == state
    }

    fn is_over(&self) -> bool {
        self.is("Failed") || self.is("Terminated")
    }

    fn end(&mut self, state: &str) {
        self.state = state.to_owned();
        self.queue.clear();
        self.at = None;
        self.has_to_start = false;
    }

    /// The export that is on the stack or comes onto it, if any.
    fn enter(&mut self) -> Option<Export> {
        let of = |what, body, next| Export { what, body, made: 0, next };
        if self.at.is_none() && std::mem::take(&mut self.has_to_start) {
            self.at = Some(of(What::Start, self.manner.start, START_MARK));
        }
        if self.at.is_none()
            && let Some(body) = self.manner.on_event
            && let Some(is_last) = self.queue.pop_front()
        {
            let end = if is_last { body.end } else { End::Return(0) };
            self.at = Some(of(What::OnEvent, Body { end, ..body }, EVENT_MARK));
        }
        self.at
    }
}

/// A play under way.
struct Course<'m> {
    model: &'m Model,
    play: &'m Play,
    instances: Vec<Instance>,
    lines: Vec<Foretold>,
}

/// Who there is not: an instance that is asked nothing.
const UNKNOWN: &str = "nobody";

impl Course<'_> {
    fn take(&mut self, act: &Act) {
        let whom = self.play.whom(act.on);
        let mut calls = act.calls.iter();
        let texts = match (whom, act.ask) {
            (Some(part), Ask::Init) => self.init(part, &mut calls),
            (Some(part), Ask::Run(most)) => self.run(part, most, &mut calls),
            (Some(part), Ask::Emit(count)) => self.emit(part, count, &mut calls),
            (whom, ask) => self.answer(whom, ask),
        };
        self.note(whom, act.ask, texts);
        if let Some(part) = whom {
            self.look(part);
        }
    }

    /// Notes an answer; `texts` are what it may be.
    fn note(&mut self, whom: Option<usize>, ask: Ask, texts: Vec<String>) {
        let of = whom.and_then(|part| self.instances.get(part)).map_or(UNKNOWN, |instance| instance.name);
        let texts = texts.into_iter().map(|text| format!("{}: {text}", ask.word())).collect();
        self.lines.push(Foretold { of, kind: Kind::Answer, texts });
    }

    fn look(&mut self, part: usize) {
        for ask in [Ask::State, Ask::FailureInfo] {
            let texts = self.answer(Some(part), ask);
            self.note(Some(part), ask, texts);
        }
    }

    /// What runs no code.
    fn answer(&mut self, whom: Option<usize>, ask: Ask) -> Vec<String> {
        let model = self.model;
        let Some(instance) = whom.and_then(|part| self.instances.get_mut(part)) else {
            let text = match ask {
                Ask::Emit(_) => model.error("ADP_EMIT_REJECTED", &[("reason", "unknown_instance")]),
                _ => model.error("RT_UNKNOWN_INSTANCE", &[("instance", fayger_cases::NOBODY)]),
            };
            return vec![text];
        };
        let text = match ask {
            Ask::State => instance.state.clone(),
            Ask::FailureInfo if instance.is("Failed") => return instance.failure.clone(),
            Ask::FailureInfo => "none".to_owned(),
            Ask::Event | Ask::LastEvent | Ask::BadEvent => model.event(instance, ask),
            command => model.command(instance, command.word()).unwrap_or_else(|refusal| refusal),
        };
        vec![text]
    }

    // RT-INIT-001, RT-INIT-002, RT-INIT-004.
    fn init(&mut self, part: usize, calls: &mut dyn Iterator<Item = &Call>) -> Vec<String> {
        let model = self.model;
        let Some(instance) = self.instances.get_mut(part) else { return Vec::new() };
        let Some(to) = model.runtime.after(&instance.state, "init").map(str::to_owned) else {
            return self.answer(Some(part), Ask::Init);
        };
        if let Some(body) = instance.manner.init {
            instance.is_in_init = true;
            instance.at = Some(Export { what: What::Init, body, made: 0, next: INIT_MARK });
            self.go_on(part, None, calls);
        }
        let Some(instance) = self.instances.get_mut(part) else { return Vec::new() };
        instance.is_in_init = false;
        if instance.is("Failed") {
            return instance
                .failure
                .iter()
                .filter_map(|text| Some(text.split_once(';')?.0.to_owned()))
                .take(1)
                .collect();
        }
        if instance.is("Loaded") {
            instance.state = to;
        }
        vec!["ok".to_owned()]
    }

    fn run(&mut self, part: usize, most: Option<u8>, calls: &mut dyn Iterator<Item = &Call>) -> Vec<String> {
        let is_at_its_most =
            self.instances.get(part).is_some_and(|it| it.is("Running")) && self.go_on(part, most, calls);
        let Some(instance) = self.instances.get(part) else { return Vec::new() };
        let stopped = match instance.state.as_str() {
            "Failed" => &["failed"][..],
            "Terminated" => &["ended"],
            // Both are so.
            "Suspended" if is_at_its_most => &["suspended", "budget"],
            "Suspended" => &["suspended"],
            "Running" if is_at_its_most => &["budget"],
            _ => &["idle"],
        };
        stopped.iter().map(|&text| text.to_owned()).collect()
    }

    /// Goes on with the exports of an instance for as long as it can; says whether it was stopped because it made as many calls as it may.
    fn go_on(&mut self, part: usize, most: Option<u8>, calls: &mut dyn Iterator<Item = &Call>) -> bool {
        let mut made = 0_u8;
        loop {
            let Some(instance) = self.instances.get_mut(part) else { return false };
            let runs = instance.is("Running") || instance.is_in_init && instance.is("Loaded");
            if !runs {
                return false;
            }
            let Some(export) = instance.enter() else { return false };
            if export.made < export.body.calls {
                self.call(part, export, calls.next());
                made = made.saturating_add(1);
                if Some(made) == most {
                    return true;
                }
            } else {
                self.end(part, export);
            }
        }
    }

    /// One call of the code.
    fn call(&mut self, part: usize, export: Export, call: Option<&Call>) {
        let bytes = instruction(export.next);
        if let Some(instance) = self.instances.get_mut(part) {
            self.lines.push(Foretold {
                of: instance.name,
                kind: Kind::Call,
                texts: vec![format!("host.call {}", hex::encode(&bytes))],
            });
            instance.last = Some(bytes);
            instance.outside = None;
        }
        for (on, ask) in call.iter().flat_map(|call| &call.meanwhile) {
            let whom = self.play.whom(*on);
            let texts = self.answer(whom, *ask);
            self.note(whom, *ask, texts);
        }
        let answer = call.map_or(Answer::Reply(1), |call| call.answer);
        let Some(instance) = self.instances.get_mut(part) else { return };
        // RT-EXECUTE-005.
        if instance.is_over() {
            return;
        }
        match self.model.failed(answer) {
            // RT-EMIT-005.
            Some(error) => self.model.fail(instance, &error),
            None => {
                let Answer::Reply(next) = answer else { return };
                instance.at = Some(Export { made: export.made.saturating_add(1), next, ..export });
            }
        }
    }

    // RT-EXECUTE-002, RT-EXECUTE-003.
    /// The end of an export.
    fn end(&mut self, part: usize, export: Export) {
        let model = self.model;
        let Some(instance) = self.instances.get_mut(part) else { return };
        instance.at = None;
        let value = match export.body.end {
            End::Return(value) => i64::from(value),
            End::Reply => i64::from(export.next),
            End::Exit(_) => {
                instance.end("Terminated");
                return;
            }
            // What else there is is no part of a play that is foretold.
            _ => {
                model.fail(instance, &model.error("RT_TRAP", &[("kind", "unreachable")]));
                return;
            }
        };
        match export.what {
            What::Init if value != 0 => {
                model.fail(instance, &model.error("RT_INIT_REFUSED", &[("status", &value.to_string())]));
            }
            What::Init => {}
            _ if value != 0 || instance.manner.on_event.is_none() => instance.end("Terminated"),
            What::Start | What::OnEvent => {}
        }
    }

    // RT-EMIT-003, RT-EMIT-004.
    fn emit(&mut self, part: usize, count: u8, calls: &mut dyn Iterator<Item = &Call>) -> Vec<String> {
        let model = self.model;
        let Some(instance) = self.instances.get_mut(part) else { return Vec::new() };
        if !instance.is("Running") {
            let context = [("current_state", instance.state.as_str()), ("reason", "state")];
            return vec![model.error("ADP_EMIT_REJECTED", &context)];
        }
        let bytes = instruction(count);
        self.lines.push(Foretold {
            of: instance.name,
            kind: Kind::Call,
            texts: vec![format!("host.call {}", hex::encode(&bytes))],
        });
        instance.outside = Some(bytes);
        let call = calls.next();
        for (on, ask) in call.iter().flat_map(|call| &call.meanwhile) {
            let (whom, ask) = (self.play.whom(*on), self.play.within_emit(part, *on, *ask));
            let texts = self.answer(whom, ask);
            self.note(whom, ask, texts);
        }
        let answer = call.map_or(Answer::Reply(1), |call| call.answer);
        vec![match (model.failed(answer), answer) {
            (Some(error), _) => error,
            (None, Answer::Reply(byte)) => format!("reply {}", hex::encode(reply(byte))),
            (None, _) => String::new(),
        }]
    }
}

impl Model {
    // RT-LIFECYCLE-001, RT-LIFECYCLE-002, RT-LIFECYCLE-003.
    /// A command: ok, or why not.
    fn command(&self, instance: &mut Instance, command: &str) -> Result<String, String> {
        let is_in_init = instance.is_in_init && instance.is("Loaded");
        let is_legal = |_: &&str| !is_in_init || command == "terminate";
        let to = self.runtime.after(&instance.state, command).filter(is_legal).map(str::to_owned);
        let Some(to) = to else {
            let states = &self.runtime.states;
            let state = states.iter().find(|state| state.name == instance.state);
            let transitions = state.map(|state| state.transitions.as_slice()).unwrap_or_default();
            let allowed = transitions.iter().map(|transition| transition.command.as_str());
            let allowed: Vec<_> = allowed.filter(|name| !is_in_init || *name == "terminate").collect();
            let context = [
                ("allowed", allowed.join("|")),
                ("command", command.to_owned()),
                ("current_state", instance.state.clone()),
            ];
            let context: Vec<_> = context.iter().map(|(key, value)| (*key, value.as_str())).collect();
            return Err(self.error("RT_ILLEGAL_TRANSITION", &context));
        };
        match command {
            "start" => instance.has_to_start = true,
            "terminate" => instance.end(&to),
            _ => {}
        }
        instance.state = to;
        Ok("ok".to_owned())
    }

    // RT-EVENT-001.
    fn event(&self, instance: &mut Instance, ask: Ask) -> String {
        let takes = ["Initialized", "Running", "Suspended"];
        if !takes.iter().any(|state| instance.is(state)) {
            return self.error("RT_ILLEGAL_STATE", &[("current_state", &instance.state)]);
        }
        if instance.manner.on_event.is_none() {
            return self.error("RT_EVENT_UNHANDLED", &[]);
        }
        if ask == Ask::BadEvent {
            return self.error("RT_EVENT_MALFORMED", &[("offset", "2"), ("rule", "truncated")]);
        }
        if u64::try_from(instance.queue.len()).is_ok_and(|waiting| waiting >= QUEUE) {
            let limit = QUEUE.to_string();
            return self.error("RT_RESOURCE_EXHAUSTED", &[("limit", &limit), ("resource", "event_queue")]);
        }
        instance.queue.push_back(ask == Ask::LastEvent);
        "ok".to_owned()
    }

    // RT-FAILURE-001, RT-FAILURE-002.
    fn fail(&self, instance: &mut Instance, error: &str) {
        let error = format!("{} <- {error}", self.error("RT_INSTANCE_FAILED", &[]));
        let told = |last: Option<&Vec<u8>>| {
            let last = last.map_or_else(|| "none".to_owned(), hex::encode);
            format!("{error}; before {}; last {last}", instance.state)
        };
        let mut failure = vec![told(instance.last.as_ref())];
        failure.extend(instance.outside.as_ref().map(|bytes| told(Some(bytes))));
        instance.failure = failure;
        instance.end("Failed");
    }

    /// The error of the bus where the host answers so.
    fn failed(&self, answer: Answer) -> Option<String> {
        let (kind, code) = match answer {
            Answer::Reply(_) | Answer::Pending => return None,
            Answer::Native(code) => ("native", code),
            Answer::Panic => ("panic", None),
            Answer::Timeout => ("timeout", None),
            Answer::Breach => ("breach", None),
        };
        let code = code.map(|code| code.to_string());
        let mut context = vec![("kind", kind)];
        context.extend(code.as_ref().map(|code| ("native_code", code.as_str())));
        Some(format!("{} <- {}", self.error("ADP_HOST_CALL_FAILED", &[]), self.error("HOST_NATIVE", &context)))
    }

    /// An error without causes, as a line has it.
    fn error(&self, code: &str, context: &[(&str, &str)]) -> String {
        let source_layer = match code.split('_').next() {
            Some("ADP") => SourceLayer::Adapter,
            Some("HOST") => SourceLayer::Host,
            _ => SourceLayer::Runtime,
        };
        let of = |(key, value): &(&str, &str)| ((*key).to_owned(), ContextValue::Text((*value).to_owned()));
        let context: BTreeMap<_, _> = context.iter().map(of).collect();
        let error = FaygerError {
            code: code.to_owned(),
            source_layer,
            phase: None,
            message: String::new(),
            context,
            cause: None,
        };
        chain(&error, &self.keys)
    }
}
