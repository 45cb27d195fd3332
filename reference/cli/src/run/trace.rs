//! `--trace`: a line of JSON for each observability event, and for each instruction, its answer and each event for the Fay. It is written at once, by
//! whoever brings the event about, so that it has no gaps and stands in the order in which things happened; for a listener that may not hold anyone
//! up there is the event bus.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use fayger_contracts::bus::{BusAnswer, BusSession, InstructionBus, Scope, Token, Waker};
use fayger_contracts::error::ContextValue;
use fayger_contracts::instruction::Category;
use fayger_contracts::{
    CapabilitySet, Clock, Event, EventRef, FaygerError, InstanceId, InstructionRef, ReplyRef, opcode,
};
use fayger_events::TraceContext;
use serde_json::{Map, Value, json};

/// Where the lines go.
pub(super) struct Trace {
    lines: Mutex<Lines>,
    clock: Arc<dyn Clock>,
}

struct Lines {
    to: Box<dyn Write + Send>,
    /// Of the line before; 0 before the first.
    sequence: u64,
}

impl Trace {
    /// To a file, or for `-` to standard error.
    pub(super) fn open(to: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let to: Box<dyn Write + Send> = if to.as_os_str() == "-" {
            Box::new(std::io::stderr())
        } else {
            Box::new(std::fs::File::create(to).with_context(|| format!("cannot write `{}`", to.display()))?)
        };
        Ok(Self { lines: Mutex::new(Lines { to, sequence: 0 }), clock })
    }

    pub(super) fn event(&self, event: &Event) {
        let fields = event.fields().into_iter().map(|(name, value)| (name.to_owned(), of_context(value)));
        self.line(event.name(), event.instance(), fields.collect());
    }

    /// An event that is sent to the Fay.
    pub(super) fn sent(&self, instance: InstanceId, event: &[u8]) {
        let mut fields = Map::new();
        if let Ok(event) = EventRef::decode(event) {
            let known = opcode::events(event.category()).iter().find(|known| known.number == event.opcode());
            fields.insert(
                "name".into(),
                known.map_or_else(|| unnamed(event.category(), event.opcode()), |known| known.name.into()),
            );
        }
        fields.insert("bytes".into(), hex::encode(event).into());
        self.line("event.sent", Some(instance), fields);
    }

    fn instruction(&self, instance: Option<InstanceId>, bytes: &[u8]) {
        let mut fields = Map::new();
        if let Ok(instruction) = InstructionRef::decode(bytes) {
            fields.insert("name".into(), name(&instruction).into());
        }
        fields.insert("bytes".into(), hex::encode(bytes).into());
        self.line("instruction.emitted", instance, fields);
    }

    fn answer(&self, instance: Option<InstanceId>, answer: &Result<BusAnswer<'_>, FaygerError>) {
        let fields = match answer {
            Ok(BusAnswer::Reply(bytes)) => {
                let status = ReplyRef::decode(bytes).map(|reply| reply.status().name()).unwrap_or_default();
                json!({"status": status, "bytes": hex::encode(bytes)})
            }
            Ok(BusAnswer::Exit(status)) => json!({"exit": status}),
            Err(error) => json!({"error": error.code.name()}),
            Ok(BusAnswer::Pending(_)) => return,
        };
        let Value::Object(fields) = fields else { return };
        self.line("instruction.answered", instance, fields);
    }

    /// Where nobody takes the lines any more, the Fay runs on.
    fn line(&self, event: &str, instance: Option<InstanceId>, fields: Map<String, Value>) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.sequence = lines.sequence.saturating_add(1);
        let mut line = Map::new();
        line.insert("seq".into(), lines.sequence.into());
        line.insert("time_ns".into(), self.clock.now().0.as_nanos().to_string().into());
        if let Some(instance) = instance {
            line.insert("instance".into(), instance.to_string().into());
            line.insert("trace".into(), TraceContext::of(instance).to_string().into());
        }
        line.insert("event".into(), event.into());
        line.extend(fields);
        // One write a line, so that lines stay whole beside what others write.
        let text = format!("{}\n", Value::Object(line));
        let _ = lines.to.write_all(text.as_bytes());
    }
}

/// What an instruction is called.
pub(super) fn name(instruction: &InstructionRef<'_>) -> String {
    let (category, number) = (instruction.category(), instruction.opcode());
    match opcode::opcode(category, number) {
        Some(known) => known.name.to_owned(),
        None => unnamed(category, number).as_str().unwrap_or_default().to_owned(),
    }
}

fn unnamed(category: Category, number: u16) -> Value {
    format!("{}.{number}", category.name().map_or_else(|| category.number().to_string(), str::to_owned)).into()
}

fn of_context(value: ContextValue) -> Value {
    match value {
        ContextValue::Text(text) => text.into(),
        ContextValue::Integer(number) => number.to_string().into(),
        ContextValue::Names(names) => names.into(),
    }
}

/// A bus that writes down what passes.
pub(super) struct TracedBus {
    pub(super) bus: Arc<dyn InstructionBus>,
    pub(super) trace: Arc<Trace>,
}

impl InstructionBus for TracedBus {
    fn supported(&self) -> CapabilitySet {
        self.bus.supported()
    }

    fn open(&self, scope: Scope, waker: Waker) -> Box<dyn BusSession> {
        let session = self.bus.open(scope, waker);
        Box::new(TracedSession { session, trace: Arc::clone(&self.trace), instance: scope.instance })
    }
}

struct TracedSession {
    session: Box<dyn BusSession>,
    trace: Arc<Trace>,
    instance: Option<InstanceId>,
}

impl BusSession for TracedSession {
    fn emit(&mut self, instruction: &[u8]) -> Result<BusAnswer<'_>, FaygerError> {
        self.trace.instruction(self.instance, instruction);
        let answer = self.session.emit(instruction);
        self.trace.answer(self.instance, &answer);
        answer
    }

    fn poll(&mut self, token: Token) -> Option<Result<BusAnswer<'_>, FaygerError>> {
        let answer = self.session.poll(token)?;
        self.trace.answer(self.instance, &answer);
        Some(answer)
    }

    fn deadline(&self, token: Token) -> Option<Duration> {
        self.session.deadline(token)
    }

    fn cancel(&mut self, token: Token) {
        self.session.cancel(token);
    }

    fn open_handles(&self) -> usize {
        self.session.open_handles()
    }

    fn calls(&self) -> u64 {
        self.session.calls()
    }

    fn release(&mut self) {
        self.session.release();
    }
}
