//! An instruction at a bus where everything is allowed, and what a host replies to it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Descriptor, HostKind, ManualClock, ScriptedAdapter, ScriptedAnswer,
    SupportedInstruction,
};
use fayger_contracts::bus::{BusAnswer, BusSession as _, Scope};
use fayger_contracts::instruction::{Category, INSTRUCTION_LEN, InstructionRef, REPLY_LEN, ReplyRef, StatusSet};
use fayger_contracts::opcode::{opcode, opcodes};
use fayger_contracts::{CapabilitySet, ErrorCode, Event, Observer};

/// Whether the bus told the operator of something.
#[derive(Default)]
struct Told(Mutex<bool>);

impl Observer for Told {
    fn observe(&self, _event: Event) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

/// An input of [`bus`]: an instruction and the reply to it.
pub fn bus_seed(instruction: &[u8], reply: &[u8]) -> Vec<u8> {
    let length = u32::try_from(instruction.len()).unwrap_or(u32::MAX);
    [length.to_le_bytes().as_slice(), instruction, reply].concat()
}

/// The instance gets a reply that is well-formed and allowed, an exit, or an error of the adapter layer; what is malformed reaches no host. The input is
/// the length of an instruction in four bytes, the instruction, and the host's reply.
pub fn bus(data: &[u8]) {
    let Some((length, rest)) = data.split_first_chunk() else { return };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX).min(rest.len());
    let (instruction, reply) = rest.split_at(length);
    let listed = Category::ALL.into_iter().flat_map(opcodes).filter(|opcode| !opcode.is_exit());
    let experimental =
        SupportedInstruction { category: Category::IO, opcode: 0x8001, capabilities: Some(CapabilitySet::EMPTY) };
    let listed = listed.map(SupportedInstruction::registered).chain([experimental]).collect();
    let answer = ScriptedAnswer::Reply(reply.to_vec());
    let adapter = Arc::new(ScriptedAdapter::new(Descriptor::new("fuzz", HostKind::Server, listed), [answer]));
    let mut registry = AdapterRegistry::default();
    if let Err(error) = registry.register(Arc::clone(&adapter) as _) {
        panic!("the adapter is healthy: {error}");
    }
    let told = Arc::new(Told::default());
    let options = BusOptions {
        clock: Arc::new(ManualClock::default()),
        observer: Arc::clone(&told) as _,
        time_out: Duration::from_secs(1),
    };
    let all = CapabilitySet::UNIVERSE;
    let mut session = Bus::new(registry, options)
        .session(Scope { instance: None, declared: all, granted: all, handles: 4 }, Box::new(|_| ()));
    let decoded = InstructionRef::decode(instruction);
    match session.emit(instruction) {
        Ok(BusAnswer::Reply(bytes)) => {
            let (Ok(reply), Ok(decoded)) = (ReplyRef::decode(bytes), decoded) else {
                panic!("a reply that is malformed, or to what is malformed: {bytes:02x?}");
            };
            let listed = opcode(decoded.category(), decoded.opcode()).map_or(StatusSet::ALL, |opcode| opcode.statuses);
            assert!(StatusSet::UNIVERSAL.contains(reply.status()) || listed.contains(reply.status()));
            assert!(bytes.len() <= REPLY_LEN && instruction.len() <= INSTRUCTION_LEN);
        }
        Ok(BusAnswer::Exit(_)) => assert!(decoded.is_ok_and(|decoded| decoded.category() == Category::PROC)),
        Ok(BusAnswer::Pending(token)) => panic!("{token:?} of an adapter that answers at once"),
        Err(error) => match error.code {
            ErrorCode::AdpInstructionMalformed => assert!(error.context.contains_key("rule")),
            ErrorCode::AdpHostCallFailed => assert!(decoded.is_ok() && error.cause.is_some()),
            code => panic!("{code:?} is no error of the bus"),
        },
    }
    let was_asked = adapter.clear() == 0;
    let was_told = *told.0.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(!was_asked || (decoded.is_ok() && !was_told), "a host was asked what it must not see");
}
