//! Runtimes and instances: the reference's runtime on its own interpreter, over a host that the runner plays by `host.call`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Completer, Descriptor, HostFailure, HostKind, InstanceKey, PlatformAdapter,
    Progress, SupportedInstruction,
};
use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Category;
use fayger_contracts::{
    BufObject, FaygerError, InstanceId, InterfaceVersion, ManualClock, Observer, Quotas, RuntimeDescriptor,
    RuntimeInterface, Submission, opcode,
};
use fayger_fcp as fcp;
use fayger_fcp::{Answer, Outcome, RpcError};
use fayger_runtime::{Environment, IdSource, Runtime, RuntimeRegistry};
use fayger_runtime_interpreter::Interpreter;

use crate::convert;
use crate::instruction::capabilities;

/// How long a host call may take.
const TIME_OUT: Duration = Duration::from_secs(5);

/// Fuel of a slice. The driver is the runner, so that nothing depends on it.
const SLICE: u64 = 1 << 20;

/// The runtime of one case, with its host.
#[derive(Clone)]
pub(crate) struct Stage {
    runtime: Arc<Runtime>,
    host: Arc<Played>,
    clock: Arc<ManualClock>,
}

/// Ids that count up.
#[derive(Default)]
struct Counting(AtomicU64);

impl IdSource for Counting {
    fn random(&self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        [0, 0, a, b, c, d, e, f, g, h]
    }
}

/// The adapter of everything that the host supports; the runner answers.
struct Played {
    descriptor: Descriptor,
    runner: Option<fcp::Runner>,
    runtime: OnceLock<Weak<Runtime>>,
    /// In the order of their sessions at the bus, by which the bus numbers them.
    instances: Mutex<Vec<InstanceId>>,
    pending: Mutex<BTreeMap<String, Completer>>,
    /// Calls that the host never answers.
    silent: Mutex<Vec<Completer>>,
    is_silent: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failure(message: &str) -> HostFailure {
    HostFailure::Native { code: None, message: message.into() }
}

/// What the adapter gives for an error that the runner plays; none for silence.
fn played(error: &fcp::HostError) -> Option<HostFailure> {
    match error.kind {
        fcp::HostErrorKind::Native => {
            let code = error.code.as_deref().and_then(|code| code.parse().ok());
            Some(HostFailure::Native { code, message: "as the runner says".into() })
        }
        // What is meant to panic does not print where.
        fcp::HostErrorKind::Panic => std::panic::resume_unwind(Box::new("as the runner says")),
        fcp::HostErrorKind::Timeout => None,
    }
}

impl Played {
    /// The instance of a session. The bus counts its sessions from 1.
    fn instance(&self, InstanceKey(key): InstanceKey) -> Option<InstanceId> {
        let at = usize::try_from(key.checked_sub(1)?).ok()?;
        locked(&self.instances).get(at).copied()
    }
}

impl PlatformAdapter for Played {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
        Ok(())
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        let instance = self.instance(call.instance());
        let runtime = self.runtime.get().and_then(Weak::upgrade);
        let (Some(runner), Some(instance), Some(runtime)) = (&self.runner, instance, runtime) else {
            return Err(failure("there is no runner to ask"));
        };
        let params = fcp::EmitParams {
            instance: instance.to_string(),
            instruction: fcp::Base64(call.instruction().bytes().to_vec()),
        };
        let answer = runner
            .host_call(&params, &mut Nested(runtime))
            .map_err(|error| failure(&format!("the runner did not answer: {error}")))?;
        match answer {
            fcp::HostCallAnswer::Reply(bytes) => {
                reply.extend_from_slice(&bytes.0);
                Ok(Progress::Ready)
            }
            fcp::HostCallAnswer::Pending(token) => {
                locked(&self.pending).insert(token, call.completer());
                Ok(Progress::Pending)
            }
            fcp::HostCallAnswer::Error(error) => match played(&error) {
                Some(failure) => Err(failure),
                None => {
                    locked(&self.silent).push(call.completer());
                    self.is_silent.store(true, Ordering::Relaxed);
                    Ok(Progress::Pending)
                }
            },
        }
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        let kept = |completer: &Completer| !completer.is_of(instance, token);
        locked(&self.pending).retain(|_, completer| kept(completer));
        locked(&self.silent).retain(kept);
    }

    /// Tells the runner when an instance has ended. A line that cannot be written is found by the answer that comes after it.
    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        if let (Some(runner), Some(instance), None) = (&self.runner, self.instance(instance), handle) {
            let _ = runner.host_release(instance.to_string());
        }
    }
}

impl Stage {
    /// A runtime over a host that supports this.
    pub(crate) fn new(
        supported: &[String],
        runner: Option<fcp::Runner>,
        observer: Arc<dyn Observer>,
    ) -> Result<Result<Self, FaygerError>, RpcError> {
        let supported = capabilities(supported)?;
        let instructions = Category::ALL
            .into_iter()
            .flat_map(opcode::opcodes)
            .filter(|opcode| !opcode.is_exit() && opcode.capabilities.is_subset(&supported))
            .map(SupportedInstruction::registered)
            .collect();
        let host = Arc::new(Played {
            descriptor: Descriptor::new("played by the runner", HostKind::Server, instructions),
            runner,
            runtime: OnceLock::new(),
            instances: Mutex::default(),
            pending: Mutex::default(),
            silent: Mutex::default(),
            is_silent: AtomicBool::new(false),
        });
        let mut registry = AdapterRegistry::default();
        if let Err(error) = registry.register(Arc::clone(&host) as _) {
            return Ok(Err(error));
        }
        let clock = Arc::new(ManualClock::default());
        let options =
            BusOptions { clock: Arc::clone(&clock) as _, observer: Arc::clone(&observer), time_out: TIME_OUT };
        let runtime = Arc::new(Runtime::new(Environment {
            strategy: Arc::new(Interpreter),
            bus: Arc::new(Bus::new(registry, options)),
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(Counting::default()),
            observer,
            slice: SLICE,
        }));
        // It was just made, so that it is not set yet.
        let _ = host.runtime.set(Arc::downgrade(&runtime));
        Ok(Ok(Self { runtime, host, clock }))
    }

    pub(crate) fn load(&self, object: Arc<dyn BufObject>, params: &fcp::RuntimeLoadParams) -> Answer<fcp::Instance> {
        let own = Quotas::default();
        let bound = |bound: Option<fcp::Decimal>, own| bound.map_or(own, |fcp::Decimal(bound)| bound);
        let fcp::Quotas { memory_bytes, table_elements, event_queue, open_handles, fuel } = params.quotas.clone();
        let quotas = Quotas {
            memory_bytes: bound(memory_bytes, own.memory_bytes),
            table_elements: bound(table_elements, own.table_elements),
            event_queue: bound(event_queue, own.event_queue),
            open_handles: bound(open_handles, own.open_handles),
            fuel: fuel.map(|fcp::Decimal(fuel)| fuel),
            wall_time: None,
        };
        let loaded = self.runtime.load(Submission { object, granted: capabilities(&params.granted)?, quotas });
        Ok(crate::outcome(loaded, |id| {
            locked(&self.host.instances).push(id);
            fcp::Instance { instance: id.to_string() }
        }))
    }

    pub(crate) fn nested(&self) -> Nested {
        Nested(Arc::clone(&self.runtime))
    }

    pub(crate) fn init(&self, params: &fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(self.runtime.init(id(&params.instance)?)))
    }

    pub(crate) fn start(&self, params: &fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(self.runtime.start(id(&params.instance)?)))
    }

    pub(crate) fn emit(&self, params: &fcp::EmitParams) -> Answer<fcp::EmitOk> {
        let reply = self.runtime.emit(id(&params.instance)?, &params.instruction.0);
        Ok(crate::outcome(reply, |reply| fcp::EmitOk { reply: fcp::Base64(reply) }))
    }

    pub(crate) fn run(&self, params: &fcp::RunParams) -> Answer<fcp::RunOk> {
        use fayger_runtime::Stopped;
        let id = id(&params.instance)?;
        loop {
            let stopped = self.runtime.run(id, params.max_host_calls.map(u64::from));
            if stopped == Ok(Stopped::Waiting) && self.host.is_silent.swap(false, Ordering::Relaxed) {
                self.clock.advance(TIME_OUT.saturating_add(Duration::from_nanos(1)));
                continue;
            }
            return Ok(crate::outcome(stopped, |stopped| fcp::RunOk {
                stopped: match stopped {
                    Stopped::Waiting => fcp::Stopped::Waiting,
                    Stopped::Suspended => fcp::Stopped::Suspended,
                    Stopped::Ended => fcp::Stopped::Ended,
                    Stopped::Failed => fcp::Stopped::Failed,
                    Stopped::Budget => fcp::Stopped::Budget,
                    Stopped::Idle | Stopped::NotRunning => fcp::Stopped::Idle,
                },
            }));
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn complete(&self, params: fcp::HostCompleteParams) -> Answer<fcp::Empty> {
        let fcp::HostCompleteParams { token, reply, error } = params;
        let completer = locked(&self.host.pending).remove(&token);
        // A call that was given up takes no answer, and that is no error.
        if let Some(completer) = completer {
            match (reply, error.as_ref().and_then(played)) {
                (Some(reply), _) => completer.complete(Ok(reply.0)),
                (None, Some(failure)) => completer.complete(Err(failure)),
                (None, None) => return Err(RpcError::invalid_params("`reply`, or an `error` that is no silence")),
            }
        }
        Ok(Outcome::Ok(fcp::Empty {}))
    }
}

/// What the runner may ask at any time, also while the testee waits for its answer.
pub(crate) struct Nested(Arc<Runtime>);

impl fcp::Testee for Nested {
    fn runtime_suspend(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(self.0.suspend(id(&params.instance)?)))
    }

    fn runtime_resume(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(self.0.resume(id(&params.instance)?)))
    }

    fn runtime_terminate(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(self.0.terminate(id(&params.instance)?)))
    }

    fn runtime_state(&mut self, params: fcp::Instance) -> Answer<fcp::StateOk> {
        let state = self.0.state(id(&params.instance)?);
        Ok(crate::outcome(state, |state| fcp::StateOk { state: state.name().to_owned() }))
    }

    fn runtime_failure_info(&mut self, params: fcp::Instance) -> Answer<fcp::FailureInfoOk> {
        let info = self.0.failure_info(id(&params.instance)?);
        Ok(crate::outcome(info, |info| fcp::FailureInfoOk {
            failure: info.map(|info| fcp::FailureInfo {
                error: convert::error_to_wire(&info.error),
                last_instruction: info.last_instruction.map(|bytes| fcp::Base64(bytes.to_vec())),
                state_before: info.state_before.name().to_owned(),
            }),
        }))
    }

    fn runtime_on_event(&mut self, params: fcp::OnEventParams) -> Answer<fcp::Empty> {
        Ok(done(self.0.on_event(id(&params.instance)?, &params.event.0)))
    }
}

fn id(text: &str) -> Result<InstanceId, RpcError> {
    InstanceId::parse(text).ok_or_else(|| RpcError::invalid_params(format!("`{text}` is no id of an instance")))
}

fn done(result: Result<(), FaygerError>) -> Outcome<fcp::Empty> {
    crate::outcome(result, |()| fcp::Empty {})
}

/// Registers a runtime of this descriptor; it is never run.
pub(crate) fn register(
    registry: &mut RuntimeRegistry,
    stage: &Stage,
    params: fcp::RuntimeDescriptor,
) -> Answer<fcp::Empty> {
    let fcp::RuntimeDescriptor { name, version, methods, capabilities } = params;
    let version = InterfaceVersion::parse(&version).map_err(RpcError::invalid_params)?;
    let descriptor = RuntimeDescriptor { name, version, methods, capabilities };
    Ok(done(registry.register(descriptor, Arc::clone(&stage.runtime) as Arc<dyn RuntimeInterface>)))
}
