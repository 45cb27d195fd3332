//! The bus over a host that the runner plays: a scripted adapter under a recording one, and a clock that is turned for a time-out.

use std::sync::Arc;
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Descriptor, HostFailure, HostKind, ManualClock, PlatformAdapter, Progress,
    RecordingAdapter, ScriptedAdapter, ScriptedAnswer, Session, SupportedInstruction,
};
use fayger_contracts::bus::{BusAnswer, BusSession as _, Scope};
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode;
use fayger_contracts::{FaygerError, Observer};
use fayger_fcp as fcp;
use fayger_fcp::RpcError;

use crate::instruction::{capabilities, category};

/// How long a host call may take.
const TIME_OUT: Duration = Duration::from_secs(5);

/// An instance at a bus of its own.
pub(crate) struct Instance {
    session: Session,
    script: Arc<ScriptedAdapter>,
    calls: Arc<RecordingAdapter<ScriptedAdapter>>,
    clock: Arc<ManualClock>,
}

/// Puts an instance at a bus.
pub(crate) fn open(
    params: &fcp::BusOpenParams,
    observer: Arc<dyn Observer>,
) -> Result<Result<Instance, FaygerError>, RpcError> {
    let supported = capabilities(&params.supported)?;
    let mut instructions: Vec<_> = Category::ALL
        .into_iter()
        .flat_map(opcode::opcodes)
        .filter(|opcode| !opcode.is_exit() && opcode.capabilities.is_subset(&supported))
        .map(SupportedInstruction::registered)
        .collect();
    for instruction in &params.experimental {
        instructions.push(described(instruction)?);
    }
    let descriptor = Descriptor::new("played by the runner", HostKind::Server, instructions);
    let script = Arc::new(ScriptedAdapter::new(descriptor, []));
    let calls = Arc::new(RecordingAdapter::new(Arc::clone(&script)));
    let mut registry = AdapterRegistry::default();
    if let Err(error) = registry.register(Arc::clone(&calls) as _) {
        return Ok(Err(error));
    }
    let clock = Arc::new(ManualClock::default());
    let options = BusOptions { clock: Arc::clone(&clock) as _, observer, time_out: TIME_OUT };
    let scope = Scope {
        instance: None,
        declared: capabilities(&params.declared)?,
        granted: capabilities(&params.granted)?,
        handles: params.handles,
    };
    let session = Bus::new(registry, options).session(scope, Box::new(|_token| ()));
    Ok(Ok(Instance { session, script, calls, clock }))
}

impl Instance {
    pub(crate) fn emit(
        &mut self,
        params: &fcp::BusEmitParams,
    ) -> Result<Result<fcp::BusEmitOk, FaygerError>, RpcError> {
        self.script.clear();
        if let Some(host) = &params.host {
            self.script.push(scripted(host)?);
        }
        let answer = match self.session.emit(&params.instruction.0) {
            Ok(BusAnswer::Pending(token)) => {
                self.clock.advance(TIME_OUT.saturating_add(Duration::from_nanos(1)));
                let answer = self.session.poll(token);
                answer.ok_or_else(|| RpcError::new(RpcError::INTERNAL_ERROR, "the bus lost a call"))?
            }
            answer => answer,
        };
        let (reply, exit) = match answer {
            Ok(BusAnswer::Reply(reply)) => (Some(fcp::Base64(reply.to_vec())), None),
            Ok(BusAnswer::Exit(status)) => (None, Some(status)),
            Ok(BusAnswer::Pending(_)) => {
                return Err(RpcError::new(RpcError::INTERNAL_ERROR, "the bus waits beyond its time-out"));
            }
            Err(error) => {
                self.calls.take();
                return Ok(Err(error));
            }
        };
        let host_call = self.calls.take().pop().map(|call| fcp::Base64(call.instruction));
        Ok(Ok(fcp::BusEmitOk { reply, exit, host_call }))
    }
}

fn scripted(host: &fcp::HostAnswer) -> Result<ScriptedAnswer, RpcError> {
    let error = match host {
        fcp::HostAnswer::Reply(bytes) => return Ok(ScriptedAnswer::Reply(bytes.0.clone())),
        fcp::HostAnswer::Error(error) => error,
    };
    let code = error.code.as_deref().map(str::parse).transpose().map_err(RpcError::invalid_params)?;
    Ok(match error.kind {
        fcp::HostErrorKind::Native => {
            ScriptedAnswer::Failure(HostFailure::Native { code, message: "as the runner says".into() })
        }
        fcp::HostErrorKind::Panic => ScriptedAnswer::Panic,
        fcp::HostErrorKind::Timeout => ScriptedAnswer::Pending,
    })
}

fn described(instruction: &fcp::DescribedInstruction) -> Result<SupportedInstruction, RpcError> {
    Ok(SupportedInstruction {
        category: category(instruction.category)?,
        opcode: instruction.opcode,
        capabilities: instruction.capabilities.as_deref().map(capabilities).transpose()?,
    })
}

/// An adapter of this descriptor, whose self-tests fail where they are told to.
struct Described {
    descriptor: Descriptor,
    failing: Vec<SupportedInstruction>,
}

impl PlatformAdapter for Described {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, category: Category, opcode: u16) -> Result<(), String> {
        let fails = self.failing.iter().any(|failing| (failing.category, failing.opcode) == (category, opcode));
        if fails { Err("as the runner says".into()) } else { Ok(()) }
    }

    fn call(&self, _call: &Call<'_>, _reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        Err(HostFailure::Native { code: None, message: "it is registered, and never called".into() })
    }
}

pub(crate) fn check_descriptor(params: &fcp::CheckDescriptorParams) -> Result<Result<(), FaygerError>, RpcError> {
    let fcp::Descriptor { name, host, supported_capabilities, supported_instructions } = &params.descriptor;
    let kind = HostKind::from_name(host);
    let descriptor = Descriptor {
        name: name.clone(),
        host: kind.ok_or_else(|| RpcError::invalid_params(format!("no kind of host `{host}`")))?,
        supported_capabilities: capabilities(supported_capabilities)?,
        supported_instructions: supported_instructions.iter().map(described).collect::<Result<_, _>>()?,
    };
    let failing = params.failing.iter().map(described).collect::<Result<_, _>>()?;
    Ok(AdapterRegistry::default().register(Arc::new(Described { descriptor, failing })))
}
