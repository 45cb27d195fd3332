//! One instance of a module in wasmi, stepped: an export that emits, wants a section or is out of fuel stands still, and goes on with the next step.

use std::fmt;
use std::mem;

use fayger_contracts::{FaygerError, Quotas};
use fayger_runtime::{
    Answer, Code, CodeSubject, Executable, ExecutionContext, Export, Import, MEMORY, Step, StepResult, TrapKind, Usage,
    call, code_invalid, reply_length, trap,
};
use wasmi::errors::{ErrorKind, HostError, InstantiationError};
use wasmi::{
    AsContextMut, Caller, CompilationMode, Config, Engine, Error, Extern, Func, Memory, Module, ResumableCall,
    ResumableCallHostTrap, ResumableCallOutOfFuel, Store, StoreContextMut, TrapCode, Val,
};

use crate::limiter::Limiter;

//= RT-TRAP-002
//= RT-TRAP-003
/// Frames at most. The specification promises a thousand, of up to sixteen locals.
const FRAMES: usize = 16_384;

/// Bytes of all frames' values at most.
const STACK_LEN: usize = 8 << 20;

/// A module that can run.
pub(crate) struct Instance {
    store: Store<Host>,
    memory: Memory,
    start: Option<Func>,
    init: Option<Func>,
    on_event: Option<Func>,
    stack: Stack,
    /// Fuel of steps before that was accounted for and not used: wasmi buys blocks of code whole, so it is saved up for the next.
    saved: u64,
    /// Fuel that the code has to have before it is tried again where it was out of it: wasmi charges for each try, so that what is large would
    /// never be done in small steps.
    needs: u64,
}

/// What the imports see.
struct Host {
    /// The instance's own, for the time of a step.
    context: ExecutionContext,
    memory: Option<Memory>,
    limiter: Limiter,
    /// The call that wants a section: it is made again.
    wanting: Option<[u64; 4]>,
}

/// What is on wasmi's stack.
enum Stack {
    Nothing,
    Entered(Func, Option<i32>),
    InImport(ResumableCallHostTrap),
    OutOfFuel(ResumableCallOutOfFuel),
}

/// Why an import did not return.
#[derive(Clone, Copy, Debug)]
enum Yield {
    HostCall,
    WantSection(u32),
    Trap(TrapKind),
}

impl fmt::Display for Yield {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an import stands still")
    }
}

impl HostError for Yield {}

impl Instance {
    /// Compiles and instantiates. Nothing of the module runs: it has no start section.
    pub(crate) fn new(code: &Code, quotas: &Quotas) -> Result<Self, FaygerError> {
        let mut config = Config::default();
        config.consume_fuel(true).ignore_custom_sections(true);
        // Translated at first call, a function would cost fuel, and a step that has too little of it could not go on.
        config.compilation_mode(CompilationMode::Eager);
        config.set_max_recursion_depth(FRAMES).set_max_stack_height(STACK_LEN);
        // An engine of its own: one keeps the code of every module that it ever compiled.
        let engine = Engine::new(&config);
        let module = Module::new(&engine, code.module()).map_err(refused)?;
        let host =
            Host { context: ExecutionContext::default(), memory: None, limiter: Limiter::new(quotas), wanting: None };
        let mut store = Store::new(&engine, host);
        store.limiter(|host| &mut host.limiter);
        let imports: Vec<Extern> = code.imports().iter().map(|&of| import(&mut store, of).into()).collect();
        let instance = wasmi::Instance::new(&mut store, &module, &imports).map_err(refused)?;
        // The code was judged: what its entry names is there, and the memory too.
        let memory = instance.get_memory(&store, MEMORY).ok_or_else(|| code_invalid(CodeSubject::Memory))?;
        store.data_mut().memory = Some(memory);
        let export = |export| code.export(export).and_then(|name| instance.get_func(&store, name));
        let (start, init, on_event) = (export(Export::Start), export(Export::Init), export(Export::OnEvent(0)));
        Ok(Self { store, memory, start, init, on_event, stack: Stack::Nothing, saved: 0, needs: 0 })
    }

    /// Goes on from where the export stands, until it stands again.
    fn run(&mut self) -> StepResult {
        let mut outputs = [Val::I32(0)];
        let called = match mem::replace(&mut self.stack, Stack::Nothing) {
            Stack::Nothing => return StepResult::Returned(0),
            Stack::Entered(func, argument) => {
                let argument = argument.map(Val::I32);
                func.call_resumable(&mut self.store, argument.as_slice(), &mut outputs)
            }
            Stack::OutOfFuel(call) => call.resume(&mut self.store, &mut outputs),
            Stack::InImport(call) => match self.import_returns() {
                Ok(value) => call.resume(&mut self.store, &[Val::I32(value)], &mut outputs),
                Err(stands) => return self.stand(call, stands),
            },
        };
        match called {
            Ok(ResumableCall::Finished) => StepResult::Returned(outputs.first().and_then(Val::i32).unwrap_or_default()),
            Ok(ResumableCall::OutOfFuel(call)) => {
                self.stack = Stack::OutOfFuel(call);
                StepResult::OutOfFuel
            }
            Ok(ResumableCall::HostTrap(call)) => {
                let stands = call.host_error().downcast_ref().copied();
                stands.map_or(StepResult::Trap(TrapKind::Unreachable), |stands| self.stand(call, stands))
            }
            Err(error) => StepResult::Trap(trapped(&error)),
        }
    }

    /// Keeps what stands in an import, where it can go on.
    fn stand(&mut self, call: ResumableCallHostTrap, why: Yield) -> StepResult {
        let result = match why {
            Yield::HostCall => StepResult::HostCall,
            Yield::WantSection(section_id) => StepResult::WantSection(section_id),
            Yield::Trap(kind) => return StepResult::Trap(kind),
        };
        self.stack = Stack::InImport(call);
        result
    }

    /// What the import that stands still returns, now that the context has what it wanted.
    fn import_returns(&mut self) -> Result<i32, Yield> {
        match self.store.data_mut().wanting.take() {
            None => Ok(reply_length(&self.store.data().context)),
            Some(arguments) => answer(&mut self.store, self.memory, Import::SectionRead, arguments).map(low),
        }
    }
}

impl Executable for Instance {
    fn enter(&mut self, export: Export) {
        let (func, argument) = match export {
            Export::Init => (self.init, None),
            Export::Start => (self.start, None),
            Export::OnEvent(length) => (self.on_event, Some(length)),
        };
        self.stack = func.map_or(Stack::Nothing, |func| Stack::Entered(func, argument));
    }

    fn step(&mut self, fuel: u64, context: &mut ExecutionContext) -> Step {
        let has = self.saved.saturating_add(fuel);
        if has < self.needs {
            self.saved = has;
            return Step { result: StepResult::OutOfFuel, fuel };
        }
        let is_retry = matches!(self.stack, Stack::OutOfFuel(_));
        mem::swap(context, &mut self.store.data_mut().context);
        // Fuel is metered, so neither of the two fails.
        let _ = self.store.set_fuel(has);
        let result = self.run();
        let left = self.store.get_fuel().unwrap_or_default();
        mem::swap(context, &mut self.store.data_mut().context);
        self.needs = match &self.stack {
            Stack::OutOfFuel(call) => {
                let for_the_try = if is_retry { has.saturating_sub(left) } else { 0 };
                call.required_fuel().saturating_add(for_the_try)
            }
            _ => 0,
        };
        let unused = if result == StepResult::OutOfFuel { 0 } else { left.min(fuel) };
        self.saved = left.saturating_sub(unused);
        Step { result, fuel: fuel.saturating_sub(unused) }
    }

    fn usage(&self) -> Usage {
        self.store.data().limiter.usage()
    }
}

/// An import as wasmi has it.
fn import(store: &mut Store<Host>, import: Import) -> Func {
    let narrow = move |caller: Caller<'_, Host>, arguments| from_code(caller, import, arguments).map(low);
    match import {
        Import::Emit | Import::ReplyRead | Import::EventRead => {
            Func::wrap(store, move |caller: Caller<'_, Host>, pointer: u32, length: u32| {
                narrow(caller, [pointer.into(), length.into(), 0, 0])
            })
        }
        Import::SectionLen => Func::wrap(store, move |caller: Caller<'_, Host>, section_id: u32| {
            from_code(caller, import, [section_id.into(), 0, 0, 0])
        }),
        Import::SectionRead => Func::wrap(
            store,
            move |caller: Caller<'_, Host>, section_id: u32, offset: u64, pointer: u32, length: u32| {
                narrow(caller, [section_id.into(), offset, pointer.into(), length.into()])
            },
        ),
    }
}

fn from_code(mut caller: Caller<'_, Host>, import: Import, arguments: [u64; 4]) -> Result<i64, Error> {
    // There is one before any code runs.
    let memory = caller.data().memory.ok_or_else(|| Error::host(Yield::Trap(TrapKind::MemoryOutOfBounds)))?;
    answer(caller.as_context_mut(), memory, import, arguments).map_err(Error::host)
}

/// Calls an import, as all engines do.
fn answer<'a>(
    store: impl Into<StoreContextMut<'a, Host>>,
    memory: Memory,
    import: Import,
    arguments: [u64; 4],
) -> Result<i64, Yield> {
    let (bytes, host) = memory.data_and_store_mut(store);
    match call(import, &arguments, bytes, &mut host.context) {
        Ok(Answer::Value(value)) => Ok(value),
        Ok(Answer::HostCall) => Err(Yield::HostCall),
        Ok(Answer::WantSection(section_id)) => {
            host.wanting = Some(arguments);
            Err(Yield::WantSection(section_id))
        }
        Err(kind) => Err(Yield::Trap(kind)),
    }
}

/// An i32 is the low half.
fn low(value: i64) -> i32 {
    value as i32
}

/// Why wasmi does not take a module: an active segment that does not fit traps; anything else is a bound of wasmi's own.
fn refused(error: Error) -> FaygerError {
    match error.kind() {
        ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
            trap(TrapKind::TableOutOfBounds)
        }
        kind if kind.as_trap_code().is_some() => trap(trapped(&error)),
        _ => code_invalid(CodeSubject::Module),
    }
}

//= RT-TRAP-001
fn trapped(error: &Error) -> TrapKind {
    match error.as_trap_code() {
        Some(TrapCode::IntegerDivisionByZero) => TrapKind::DivideByZero,
        Some(TrapCode::IntegerOverflow) => TrapKind::IntegerOverflow,
        Some(TrapCode::BadConversionToInteger) => TrapKind::InvalidConversion,
        Some(TrapCode::MemoryOutOfBounds) => TrapKind::MemoryOutOfBounds,
        Some(TrapCode::TableOutOfBounds) => TrapKind::TableOutOfBounds,
        Some(TrapCode::BadSignature) => TrapKind::IndirectTypeMismatch,
        Some(TrapCode::IndirectCallToNull) => TrapKind::NullElement,
        // Where the machine has no memory left for a frame, neither.
        Some(TrapCode::StackOverflow | TrapCode::OutOfSystemMemory) => TrapKind::StackOverflow,
        // Out of fuel and a refused growth are no traps here, and wasmi has no other.
        Some(TrapCode::UnreachableCodeReached | TrapCode::OutOfFuel | TrapCode::GrowthOperationLimited) | None => {
            TrapKind::Unreachable
        }
    }
}
