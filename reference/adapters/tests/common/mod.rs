//! An adapter that answers `random.bytes` at once and does nothing else, so that what is measured is the bus.

use std::sync::Arc;
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Clock, Descriptor, HostFailure, HostKind, PlatformAdapter, Progress,
    Session, SupportedInstruction,
};
use fayger_contracts::CapabilitySet;
use fayger_contracts::bus::Scope;
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::{Instruction as _, Reply as _, random};

struct Prompt(Descriptor);

impl PlatformAdapter for Prompt {
    fn descriptor(&self) -> &Descriptor {
        &self.0
    }

    fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
        Ok(())
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        let asked = random::Bytes::view(&call.instruction()).map_or(0, |bytes| bytes.count);
        let data = [7; 16];
        let data = usize::try_from(asked).ok().and_then(|count| data.get(..count)).unwrap_or_default();
        random::BytesReply { data }.encode(reply)?;
        Ok(Progress::Ready)
    }
}

/// A session that may do everything, by this clock.
pub(crate) fn session(clock: Arc<dyn Clock>) -> Result<Session, fayger_contracts::FaygerError> {
    let instructions = vec![SupportedInstruction::registered(&random::BYTES)];
    let mut registry = AdapterRegistry::default();
    registry.register(Arc::new(Prompt(Descriptor::new("prompt", HostKind::Server, instructions))))?;
    let options = BusOptions { clock, observer: Arc::new(()), time_out: Duration::from_secs(5) };
    let scope = Scope { instance: None, declared: CapabilitySet::ALL, granted: CapabilitySet::ALL, handles: 16 };
    Ok(Bus::new(registry, options).session(scope, Box::new(|_token| ())))
}

/// `random.bytes` of 16.
pub(crate) const INSTRUCTION: &[u8] = &[4, 1, 0, 0, 2, 1, 1, 16];
