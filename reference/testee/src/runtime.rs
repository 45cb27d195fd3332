//! Runtimes and instances: the reference's runtime on its own interpreter, over a host that the runner plays by `host.call`.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Completer, Descriptor, HostFailure, HostKind, InstanceKey, PlatformAdapter,
    Progress, SupportedInstruction,
};
use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Category;
use fayger_contracts::{
    BufObject, ErrorCode, FaygerError, InstanceId, InterfaceVersion, ManualClock, Observer, Quotas, RuntimeDescriptor,
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
    supported: Vec<String>,
}

/// What ids are made of: a number that counts up from one that each process has its own of.
//= RT-ID-001
pub(crate) struct Ids(AtomicU64);

impl Default for Ids {
    fn default() -> Self {
        // What a hash map is seeded with is as good as any chance of the machine.
        Self(AtomicU64::new(RandomState::new().build_hasher().finish()))
    }
}

impl IdSource for Ids {
    fn random(&self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        // Of the ten bytes an id takes 74 bits, these eight whole: the half-used first and third stay clear of them.
        [0, a, 0, b, c, d, e, f, g, h]
    }
}

/// The adapter of everything that the host supports; the runner answers.
struct Played {
    descriptor: Descriptor,
    runner: Option<fcp::Runner>,
    runtime: OnceLock<Weak<Runtime>>,
    /// In the order of their sessions at the bus, by which the bus numbers them.
    instances: Mutex<Vec<InstanceId>>,
    /// By the runner's tokens: the calls that it left pending; none for one that was given up meanwhile.
    pending: Mutex<BTreeMap<String, Option<(InstanceKey, Completer)>>>,
    clock: Arc<ManualClock>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failure(message: &str) -> HostFailure {
    HostFailure::Native { code: None, message: message.into() }
}

/// The error of the machine that the runner plays.
fn native(error: &fcp::HostError) -> HostFailure {
    let code = error.code.as_deref().and_then(|code| code.parse().ok());
    HostFailure::Native { code, message: "as the runner says".into() }
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
                locked(&self.pending).insert(token, Some((call.instance(), call.completer())));
                Ok(Progress::Pending)
            }
            fcp::HostCallAnswer::Error(error) => match error.kind {
                fcp::HostErrorKind::Native => Err(native(&error)),
                // What is meant to panic does not print where.
                fcp::HostErrorKind::Panic => std::panic::resume_unwind(Box::new("as the runner says")),
                // The bus gives up what comes after its time, whoever emitted.
                fcp::HostErrorKind::Timeout => {
                    self.clock.advance(TIME_OUT.saturating_add(Duration::from_nanos(1)));
                    Ok(Progress::Ready)
                }
            },
        }
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        for pending in locked(&self.pending).values_mut() {
            // Tokens are a session's own, so that another instance's may be equal.
            if pending.as_ref().is_some_and(|(of, completer)| (*of, completer.token()) == (instance, token)) {
                *pending = None;
            }
        }
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
        ids: Arc<Ids>,
        observer: Arc<dyn Observer>,
    ) -> Result<Result<Self, FaygerError>, RpcError> {
        let names = supported.to_vec();
        let supported = capabilities(supported)?;
        let instructions = Category::ALL
            .into_iter()
            .flat_map(opcode::opcodes)
            .filter(|opcode| !opcode.is_exit() && opcode.capabilities.is_subset(&supported))
            .map(SupportedInstruction::registered)
            .collect();
        let clock = Arc::new(ManualClock::default());
        let host = Arc::new(Played {
            descriptor: Descriptor::new("played by the runner", HostKind::Server, instructions),
            runner,
            runtime: OnceLock::new(),
            instances: Mutex::default(),
            pending: Mutex::default(),
            clock: Arc::clone(&clock),
        });
        let mut registry = AdapterRegistry::default();
        if let Err(error) = registry.register(Arc::clone(&host) as _) {
            return Ok(Err(error));
        }
        let options =
            BusOptions { clock: Arc::clone(&clock) as _, observer: Arc::clone(&observer), time_out: TIME_OUT };
        let runtime = Arc::new(Runtime::new(Environment {
            strategy: Arc::new(Interpreter),
            bus: Arc::new(Bus::new(registry, options)),
            clock: Arc::clone(&clock) as _,
            ids,
            observer,
            slice: SLICE,
        }));
        // It was just made, so that it is not set yet.
        let _ = host.runtime.set(Arc::downgrade(&runtime));
        Ok(Ok(Self { runtime, host, supported: names }))
    }

    /// Whether this is what the host was made to support.
    pub(crate) fn supports(&self, supported: &[String]) -> bool {
        self.supported == supported
    }

    pub(crate) fn load(&self, object: Arc<dyn BufObject>, params: &fcp::RuntimeLoadParams) -> Answer<fcp::Instance> {
        let own = Quotas::default();
        let bound = |bound: Option<fcp::Decimal>, own| bound.map_or(own, |fcp::Decimal(bound)| bound);
        let fcp::Quotas { memory_bytes, table_elements, event_queue, open_handles, fuel, wall_time_ns } =
            params.quotas.clone();
        let quotas = Quotas {
            memory_bytes: bound(memory_bytes, own.memory_bytes),
            table_elements: bound(table_elements, own.table_elements),
            event_queue: bound(event_queue, own.event_queue),
            open_handles: bound(open_handles, own.open_handles),
            fuel: fuel.map(|fcp::Decimal(fuel)| fuel),
            wall_time: wall_time_ns.map(|fcp::Decimal(wall_time_ns)| Duration::from_nanos(wall_time_ns)),
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
        Ok(done(of(&params.instance, |id| self.runtime.init(id))))
    }

    pub(crate) fn start(&self, params: &fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(of(&params.instance, |id| self.runtime.start(id))))
    }

    pub(crate) fn emit(&self, params: &fcp::EmitParams) -> Answer<fcp::EmitOk> {
        let reply = of(&params.instance, |id| self.runtime.emit(id, &params.instruction.0));
        Ok(crate::outcome(reply, |reply| fcp::EmitOk { reply: fcp::Base64(reply) }))
    }

    pub(crate) fn run(&self, params: &fcp::RunParams) -> Answer<fcp::RunOk> {
        use fayger_runtime::Stopped;
        let run = of(&params.instance, |id| {
            let stopped = self.runtime.run(id, params.max_host_calls.map(u64::from))?;
            Ok((stopped, self.runtime.exit_status(id)))
        });
        Ok(crate::outcome(run, |(stopped, status)| fcp::RunOk {
            stopped: match stopped {
                Stopped::Waiting => fcp::Stopped::Waiting,
                Stopped::Suspended => fcp::Stopped::Suspended,
                Stopped::Ended => fcp::Stopped::Ended,
                Stopped::Failed => fcp::Stopped::Failed,
                Stopped::Budget => fcp::Stopped::Budget,
                Stopped::Idle | Stopped::NotRunning => fcp::Stopped::Idle,
            },
            status,
        }))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.host.clock.advance(by);
    }

    pub(crate) fn complete(&self, params: fcp::HostCompleteParams) -> Answer<fcp::Empty> {
        let token = params.token.clone();
        let answer = params.answer()?;
        let completer = locked(&self.host.pending).remove(&token);
        let completer = completer.ok_or_else(|| RpcError::invalid_params(format!("no call `{token}` is pending")))?;
        // A call that was given up takes no answer, and that is no error.
        let Some((_, completer)) = completer else { return Ok(Outcome::Ok(fcp::Empty {})) };
        match answer {
            Ok(reply) => completer.complete(Ok(reply.0)),
            Err(error) if error.kind == fcp::HostErrorKind::Panic => completer.panicked(),
            Err(error) => completer.complete(Err(native(&error))),
        }
        Ok(Outcome::Ok(fcp::Empty {}))
    }
}

/// What the runner may ask at any time, also while the testee waits for its answer.
pub(crate) struct Nested(Arc<Runtime>);

impl fcp::Testee for Nested {
    fn runtime_suspend(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(of(&params.instance, |id| self.0.suspend(id))))
    }

    fn runtime_resume(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(of(&params.instance, |id| self.0.resume(id))))
    }

    fn runtime_terminate(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        Ok(done(of(&params.instance, |id| self.0.terminate(id))))
    }

    fn runtime_state(&mut self, params: fcp::Instance) -> Answer<fcp::StateOk> {
        let state = of(&params.instance, |id| self.0.state(id));
        Ok(crate::outcome(state, |state| fcp::StateOk { state: state.name().to_owned() }))
    }

    fn runtime_failure_info(&mut self, params: fcp::Instance) -> Answer<fcp::FailureInfoOk> {
        let info = of(&params.instance, |id| self.0.failure_info(id));
        Ok(crate::outcome(info, |info| fcp::FailureInfoOk {
            failure: info.map(|info| fcp::FailureInfo {
                error: convert::error_to_wire(&info.error),
                last_instruction: info.last_instruction.map(|bytes| fcp::Base64(bytes.to_vec())),
                state_before: info.state_before.name().to_owned(),
            }),
        }))
    }

    fn runtime_on_event(&mut self, params: fcp::OnEventParams) -> Answer<fcp::Empty> {
        Ok(done(of(&params.instance, |id| self.0.on_event(id, &params.event.0))))
    }
}

/// Asks about the instance of this text. One that is no id is asked about as the nil UUID, which no instance has; and an unknown one comes back as
/// it was given.
//= RT-INTERFACE-002
fn of<T>(text: &str, ask: impl FnOnce(InstanceId) -> Result<T, FaygerError>) -> Result<T, FaygerError> {
    let id = InstanceId::parse(text).unwrap_or(InstanceId::from_bytes([0; 16]));
    ask(id).map_err(|error| match error.code {
        ErrorCode::RtUnknownInstance => error.with("instance", text),
        _ => error,
    })
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
