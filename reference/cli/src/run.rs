//! `fayger run`: loads an artifact, and runs it to its end on this machine's console.
//!
//! Exit codes: the Fay's own exit status where it has one of 0 to 255, else 255; 125 where the artifact was refused and nothing of it ran, 126 where a
//! fault ended it, 130 where the user did; 2 where the command line was wrong.

mod engine;
mod limits;
mod progress;
mod trace;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::builder::PossibleValuesParser;
use fayger_adapters::{AdapterRegistry, Bus, BusOptions};
use fayger_console::{Console, Options};
use fayger_contracts::bus::InstructionBus;
use fayger_contracts::{
    BufObject, Capability, CapabilitySet, Clock, ContextValue, ErrorCode, Event, FailureInfo, FaygerError, InstanceId,
    InstructionRef, LifecycleState, LoadStrategy, Manifest, Observer, RuntimeInterface, Submission, SystemClock,
};
use fayger_loader::{FileSource, LoadedBuf, load};
use fayger_runtime::{Driver, Environment, IdSource, Runtime};

use self::engine::Engine;
use self::limits::LimitArguments;
use self::progress::Shown;
use self::trace::{Trace, TracedBus};
use crate::load::LoadArguments;
use crate::output;

/// What is granted without being asked for: it shows nothing of the machine but the time.
const GRANTED: [Capability; 3] = [Capability::IoStdio, Capability::TimeClock, Capability::TimeTimer];
/// How long a host call may take: reading a line from a person takes long.
const HOST_CALL: Duration = Duration::from_secs(24 * 60 * 60);
/// Fuel of a turn: about a millisecond's.
const SLICE: u64 = 1_000_000;

/// Bytes of sections that are kept under `--lazy`.
const CACHE: u64 = 16 << 20;

/// Exit codes of `run` alone.
const REFUSED: u8 = 125;
const FAILED: u8 = 126;
const INTERRUPTED: u8 = 130;
/// What an exit status that is no byte becomes.
const BEYOND: u8 = 255;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The artifact.
    file: PathBuf,
    /// Arguments for the Fay, after `--`. Giving some grants proc.info.
    #[arg(last = true)]
    arguments: Vec<String>,
    /// Grant these capabilities, parted by commas, beside io.stdio, time.clock and time.timer; may be given more than once.
    #[arg(long, value_name = "NAME", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(Capability::ALL.map(Capability::name)))]
    grant: Vec<String>,
    /// Grant nothing but what `--grant` names.
    #[arg(long)]
    grant_only: bool,
    /// The directory that the Fay sees, as the root of its paths, where fs.read or fs.write is granted; it sees nothing outside of it.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Read and verify a section when the Fay first asks for it, not before it runs.
    #[arg(long)]
    lazy: bool,
    /// What executes the code.
    #[arg(long, value_enum, default_value = "interpreter")]
    engine: Engine,
    /// Write a line of JSON for everything that happens to a file, or without one to standard error.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-")]
    trace: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArguments,
    #[command(flatten)]
    load: LoadArguments,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match execute(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output::complain(&(output::explain(&error) + &hint(&error)));
            ExitCode::from(REFUSED)
        }
    }
}

fn execute(arguments: &Arguments) -> anyhow::Result<u8> {
    let granted = granted(arguments)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let trace = arguments.trace.as_deref().map(|to| Trace::open(to, Arc::clone(&clock))).transpose()?.map(Arc::new);
    let (ended, outcomes) = channel();
    let watch = Arc::new(Watch { trace: trace.clone(), ended: Mutex::new(ended) });

    let engine = arguments.engine.strategy();
    let object = loaded(arguments, engine::offer(engine.as_ref()), watch.as_ref())?;
    let manifest = object.manifest().clone();

    let target = Arc::new(Target::default());
    let bus = bus(arguments, &clock, &watch, trace.clone(), Arc::clone(&target))?;
    let runtime = Arc::new(Runtime::new(Environment {
        strategy: engine,
        bus,
        clock,
        ids: Arc::new(SystemIds),
        observer: Arc::clone(&watch) as Arc<dyn Observer>,
        slice: SLICE,
    }));
    let refused = || format!("`{}` is refused", arguments.file.display());
    let quotas = arguments.limits.quotas();
    let id = runtime.load(Submission { object: Arc::new(object), granted, quotas }).with_context(refused)?;
    // It is set once.
    let _ = target.instance.set((Arc::downgrade(&runtime), id));
    withheld(&manifest, granted);
    let interrupted = on_interrupt(&runtime, id)?;

    // A fault in `init` is in the instance too, from where it is told.
    let is_ready = runtime.init(id).is_ok() && runtime.state(id)? == LifecycleState::Initialized;
    let driver = Driver::start(Arc::clone(&runtime), 1).context("cannot start a thread")?;
    if is_ready {
        // Who interrupts at this moment has terminated it already.
        let _ = runtime.start(id);
    }
    // The watcher, who sends, lives as long as the runtime.
    let ended = outcomes.recv().context("the runtime is gone")?;
    drop(driver);
    Ok(match ended {
        Ended::Terminated(Some(status)) => u8::try_from(status).unwrap_or(BEYOND),
        Ended::Terminated(None) if interrupted.load(Ordering::Acquire) => INTERRUPTED,
        Ended::Terminated(None) => BEYOND,
        Ended::Failed => {
            output::complain(&failure(arguments, runtime.failure_info(id)?));
            FAILED
        }
    })
}

/// What the command line grants.
fn granted(arguments: &Arguments) -> anyhow::Result<CapabilitySet> {
    let mut granted = CapabilitySet::EMPTY;
    if !arguments.grant_only {
        granted = GRANTED.into_iter().collect();
    }
    for name in &arguments.grant {
        // The parser took no other names.
        granted =
            Capability::from_name(name).map_or(granted, |capability| granted.with_number(capability.bit().into()));
    }
    if !arguments.arguments.is_empty() {
        granted = granted.with_number(Capability::ProcInfo.bit().into());
    }
    let files: CapabilitySet = [Capability::FsRead, Capability::FsWrite].into_iter().collect();
    match (&arguments.dir, (granted & files).is_empty()) {
        (None, false) => bail!("fs.read and fs.write need a directory: give one by `--dir`"),
        (Some(_), true) => bail!("`--dir` is of no use without `--grant fs.read` or `--grant fs.write`"),
        _ => Ok(granted),
    }
}

fn loaded(arguments: &Arguments, offer: fayger_contracts::RuntimeOffer, watch: &Watch) -> anyhow::Result<LoadedBuf> {
    let file = &arguments.file;
    let source = FileSource::open(file).with_context(|| format!("cannot open `{}`", file.display()))?;
    let source = Arc::new(Shown::new(source));
    let strategy = if arguments.lazy { LoadStrategy::Lazy { cache_bytes: CACHE } } else { LoadStrategy::Eager };
    let request = arguments.load.request(strategy, offer)?;
    let result = load(Arc::clone(&source) as Arc<_>, &request, watch);
    source.finish();
    result.with_context(|| format!("`{}` is refused", file.display()))
}

/// The console of this process, behind the bus.
fn bus(
    arguments: &Arguments,
    clock: &Arc<dyn Clock>,
    watch: &Arc<Watch>,
    trace: Option<Arc<Trace>>,
    target: Arc<Target>,
) -> anyhow::Result<Arc<dyn InstructionBus>> {
    let directory = arguments.dir.as_deref().map(|path| {
        let opened = cap_std::fs::Dir::open_ambient_dir(path, cap_std::ambient_authority());
        opened.with_context(|| format!("cannot open `{}`", path.display()))
    });
    let of_events = trace.clone();
    let console = Console::new(Options {
        stdin: Box::new(std::io::stdin()),
        stdout: Box::new(std::io::stdout()),
        stderr: Box::new(std::io::stderr()),
        arguments: arguments.arguments.clone(),
        directory: directory.transpose()?,
        clock: Arc::clone(clock),
        events: Box::new(move |_, event| target.send(event, of_events.as_deref())),
    })
    .context("cannot start a thread")?;
    let mut registry = AdapterRegistry::default();
    registry.register(Arc::new(console.on_threads())).context("this machine's adapter is not registered")?;
    let options =
        BusOptions { clock: Arc::clone(clock), observer: Arc::clone(watch) as Arc<dyn Observer>, time_out: HOST_CALL };
    let bus: Arc<dyn InstructionBus> = Arc::new(Bus::new(registry, options));
    Ok(match trace {
        Some(trace) => Arc::new(TracedBus { bus, trace }),
        None => bus,
    })
}

/// Terminates the instance when the user interrupts, and the process when that is not enough.
fn on_interrupt(runtime: &Arc<Runtime>, id: InstanceId) -> anyhow::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let (flag, runtime) = (Arc::clone(&interrupted), Arc::downgrade(runtime));
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::AcqRel) {
            std::process::exit(INTERRUPTED.into());
        }
        if let Some(runtime) = runtime.upgrade() {
            // One that is over already needs no end.
            let _ = runtime.terminate(id);
        }
    })
    .context("cannot catch interrupts")?;
    Ok(interrupted)
}

/// Says which capabilities the Fay would use and was not given: it cannot tell them from those that are not there.
fn withheld(manifest: &Manifest, granted: CapabilitySet) {
    // Who gives no arguments withholds none.
    let is_withheld = |name: &&String| {
        let capability = Capability::from_name(name).filter(|&capability| capability != Capability::ProcInfo);
        capability.is_some_and(|capability| !granted.contains(capability))
    };
    let names: Vec<_> = manifest.capabilities.optional.iter().filter(is_withheld).map(String::as_str).collect();
    if !names.is_empty() {
        let way = way(&names);
        output::complain(&format!("note: not granted, and it can do without: {} (`{way}`)\n", names.join(", ")));
    }
}

/// How these are granted.
fn way(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let directory = if names.iter().any(|name| name.starts_with("fs.")) { " --dir DIR" } else { "" };
    format!("--grant {}{directory}", names.join(","))
}

/// What is told of a failure: every layer, and the last thing that the Fay did.
fn failure(arguments: &Arguments, info: Option<FailureInfo>) -> String {
    let file = arguments.file.display();
    let Some(info) = info else { return format!("error: `{file}` failed\n") };
    let state = info.state_before;
    let error = anyhow::Error::new(info.error).context(format!("`{file}` failed in state {state}"));
    let mut text = output::explain(&error);
    if let Some(last) = info.last_instruction {
        let name = InstructionRef::decode(&last).map(|instruction| trace::name(&instruction)).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  its last instruction: {name}, {} bytes", last.len());
    }
    text
}

/// What may help against a refusal.
fn hint(error: &anyhow::Error) -> String {
    let missing = |key: &str| {
        let fayger = error.chain().filter_map(|cause| cause.downcast_ref::<FaygerError>());
        let mut unavailable = fayger.filter(|error| error.code == ErrorCode::AdpCapabilityUnavailable);
        unavailable.find_map(|error| match error.context.get(key) {
            Some(ContextValue::Names(names)) => Some(way(names)),
            _ => None,
        })
    };
    match (missing("not_granted"), missing("not_supported")) {
        (Some(way), None) => format!("  to allow it: `{way}`\n"),
        (_, Some(_)) => "  this command offers io.stdio, time.clock, time.timer, random, proc.info and, with `--dir`, fs.read and fs.write\n".into(),
        (None, None) => String::new(),
    }
}

/// Whom events are for: known only once the instance is.
#[derive(Default)]
struct Target {
    instance: OnceLock<(Weak<Runtime>, InstanceId)>,
}

impl Target {
    fn send(&self, event: &[u8], trace: Option<&Trace>) {
        if let Some((runtime, id)) = self.instance.get()
            && let Some(runtime) = runtime.upgrade()
        {
            if let Some(trace) = trace {
                trace.sent(*id, event);
            }
            // One that is over, or whose queue is full, does not get it: the observability event says so.
            let _ = runtime.on_event(*id, event);
        }
    }
}

/// How a run ends.
enum Ended {
    /// With this exit status; none where something else than the Fay ended it.
    Terminated(Option<i32>),
    /// By a fault.
    Failed,
}

/// Watches for the end, and traces.
struct Watch {
    trace: Option<Arc<Trace>>,
    ended: Mutex<Sender<Ended>>,
}

impl Observer for Watch {
    fn observe(&self, event: Event) {
        if let Some(trace) = &self.trace {
            trace.event(&event);
        }
        let ended = match &event {
            Event::InstanceTerminated { status, .. } => Ended::Terminated(*status),
            Event::InstanceFailed { .. } => Ended::Failed,
            Event::ArtifactDeprecated { notice, .. } => {
                return output::complain(&format!("note: deprecated: {}\n", notice.escape_debug()));
            }
            _ => return,
        };
        // Nobody waits any more where the run is over.
        let _ = self.ended.lock().unwrap_or_else(PoisonError::into_inner).send(ended);
    }
}

/// Chance from the machine.
struct SystemIds;

impl IdSource for SystemIds {
    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        // A machine without chance gives ids that only the time tells apart.
        let _ = getrandom::fill(&mut bytes);
        bytes
    }
}
