//! Runs a script of the suite, directive by directive.

use std::collections::HashMap;

use fayger_interpreter::{
    Execution, Extern, InstanceAddress, InstantiationError, Limits, Module, Step, StepResult, Store, Trap, Value,
};
use wast::core::{AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore};
use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, WastRet};

use super::host::spectest;

/// Steps after which a call is taken not to end. No call of the suite has so many instructions.
const STEPS: u64 = 100_000_000;

/// What was run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) files: u32,
    pub(crate) modules: u32,
    pub(crate) malformed: u32,
    pub(crate) invalid: u32,
    pub(crate) unlinkable: u32,
    pub(crate) traps: u32,
    pub(crate) returns: u32,
    pub(crate) exhaustions: u32,
    pub(crate) invocations: u32,
}

impl Counts {
    pub(crate) fn assertions(&self) -> u32 {
        self.malformed + self.invalid + self.unlinkable + self.traps + self.returns + self.exhaustions
    }
}

/// A script under way.
pub(crate) struct Script {
    store: Store,
    registered: HashMap<String, HashMap<String, Extern>>,
    named: HashMap<String, InstanceAddress>,
    last: Option<InstanceAddress>,
    slice: u64,
    /// Fuel of each call.
    pub(crate) fuel: Vec<u64>,
}

/// How a call ended.
#[derive(Debug)]
enum Ending {
    Returned(Vec<Value>),
    Trapped(Trap),
}

type Outcome<T> = Result<T, String>;

impl Script {
    pub(crate) fn new(slice: u64) -> Self {
        // Runaway recursion ends early enough to be run one instruction at a time.
        let mut store = Store::new(Limits { frames: 2_000, ..Limits::default() });
        let registered = HashMap::from([("spectest".to_owned(), spectest(&mut store))]);
        Self { store, registered, named: HashMap::new(), last: None, slice, fuel: Vec::new() }
    }

    pub(crate) fn directive(&mut self, directive: WastDirective<'_>, counts: &mut Counts) -> Outcome<()> {
        match directive {
            WastDirective::Module(mut module) => {
                counts.modules += 1;
                let name = name_of(&module);
                let bytes = module.encode().map_err(|error| error.to_string())?;
                let instance = self.instantiate(&bytes)??;
                self.last = Some(instance);
                if let Some(name) = name {
                    self.named.insert(name, instance);
                }
                Ok(())
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.instance(module)?;
                self.registered.insert(name.to_owned(), self.exports(instance)?);
                Ok(())
            }
            WastDirective::AssertMalformed { module, message, .. } => {
                counts.malformed += 1;
                refused(module, message)
            }
            WastDirective::AssertInvalid { module, message, .. } => {
                counts.invalid += 1;
                refused(module, message)
            }
            WastDirective::AssertUnlinkable { mut module, message, .. } => {
                counts.unlinkable += 1;
                let bytes = module.encode().map_err(|error| error.to_string())?;
                match self.instantiate(&bytes)? {
                    Err(error) if error.starts_with("link: ") => Ok(()),
                    other => Err(format!("expected `{message}`, got {other:?}")),
                }
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                counts.traps += 1;
                self.expect_trap(exec, message)
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                counts.exhaustions += 1;
                self.expect_trap(WastExecute::Invoke(call), message)
            }
            WastDirective::AssertReturn { exec, results, .. } => {
                counts.returns += 1;
                match self.execute(exec)? {
                    Ending::Returned(values)
                        if values.len() == results.len()
                            && values
                                .iter()
                                .zip(&results)
                                .all(|(value, expected)| is_as_expected(*value, expected)) =>
                    {
                        Ok(())
                    }
                    other => Err(format!("expected {results:?}, got {other:x?}")),
                }
            }
            WastDirective::Invoke(invoke) => {
                counts.invocations += 1;
                match self.execute(WastExecute::Invoke(invoke))? {
                    Ending::Returned(_) => Ok(()),
                    Ending::Trapped(trap) => Err(format!("trapped: {trap}")),
                }
            }
            other => Err(format!("a directive that this runner does not know: {other:?}")),
        }
    }

    /// The inner result: `link: …` where imports do not match, `trap: …` where a segment or the start function traps.
    fn instantiate(&mut self, bytes: &[u8]) -> Outcome<Outcome<InstanceAddress>> {
        let module = Module::new(bytes).map_err(|error| error.to_string())?;
        let mut imports = Vec::new();
        for import in module.imports() {
            let given = self.registered.get(&import.module).and_then(|exports| exports.get(&import.name));
            let Some(given) = given else { return Ok(Err(format!("link: `{}` `{}`", import.module, import.name))) };
            imports.push(*given);
        }
        let instance = match self.store.instantiate(&module, &imports) {
            Ok(instance) => instance,
            Err(InstantiationError::Trap(trap)) => return Ok(Err(format!("trap: {}", message_of(trap)))),
            Err(error @ InstantiationError::ImportType { .. }) => return Ok(Err(format!("link: {error}"))),
            Err(error) => return Err(error.to_string()),
        };
        if let Some(start) = self.store.start(instance) {
            let mut execution = Execution::new();
            execution.call(&self.store, start, &[]).map_err(|error| error.to_string())?;
            if let Ending::Trapped(trap) = self.run(&mut execution)? {
                return Ok(Err(format!("trap: {}", message_of(trap))));
            }
        }
        Ok(Ok(instance))
    }

    fn instance(&self, name: Option<Id<'_>>) -> Outcome<InstanceAddress> {
        let found = match name {
            Some(name) => self.named.get(name.name()).copied(),
            None => self.last,
        };
        found.ok_or_else(|| format!("no module {name:?}"))
    }

    fn exports(&self, instance: InstanceAddress) -> Outcome<HashMap<String, Extern>> {
        let names = self.store.exports(instance);
        Ok(names.map(|(name, address)| (name.to_owned(), address)).collect())
    }

    fn execute(&mut self, execute: WastExecute<'_>) -> Outcome<Ending> {
        match execute {
            WastExecute::Invoke(WastInvoke { module, name, args, .. }) => {
                let instance = self.instance(module)?;
                let Some(Extern::Function(function)) = self.store.export(instance, name) else {
                    return Err(format!("no function `{name}`"));
                };
                let arguments = args.iter().map(argument).collect::<Outcome<Vec<_>>>()?;
                let mut execution = Execution::new();
                execution.call(&self.store, function, &arguments).map_err(|error| error.to_string())?;
                self.run(&mut execution)
            }
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                let Some(Extern::Global(address)) = self.store.export(instance, global) else {
                    return Err(format!("no global `{global}`"));
                };
                Ok(Ending::Returned(self.store.global(address).into_iter().collect()))
            }
            WastExecute::Wat(mut module) => {
                let bytes = module.encode().map_err(|error| error.to_string())?;
                match self.instantiate(&bytes)? {
                    Ok(_) => Ok(Ending::Returned(Vec::new())),
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// Steps to the end. The host's functions print, and have no results.
    fn run(&mut self, execution: &mut Execution) -> Outcome<Ending> {
        let mut used = 0;
        for _ in 0..STEPS {
            let Step { result, fuel } = execution.step(&mut self.store, self.slice);
            assert!(fuel <= self.slice);
            used += fuel;
            match result {
                StepResult::OutOfFuel => assert_eq!(fuel, self.slice),
                StepResult::HostCall(_) => {
                    execution.resume(&self.store, &[]).map_err(|error| error.to_string())?;
                }
                StepResult::Returned => {
                    self.fuel.push(used);
                    return Ok(Ending::Returned(execution.results().collect()));
                }
                StepResult::Trapped(trap) => {
                    self.fuel.push(used);
                    return Ok(Ending::Trapped(trap));
                }
                StepResult::Idle => return Err("the call is lost".to_owned()),
            }
        }
        Err("the call does not end".to_owned())
    }

    fn expect_trap(&mut self, execute: WastExecute<'_>, message: &str) -> Outcome<()> {
        let actual = match self.execute(execute) {
            Ok(Ending::Trapped(trap)) => message_of(trap).to_owned(),
            Ok(other) => return Err(format!("expected `{message}`, got {other:?}")),
            Err(error) => match error.strip_prefix("trap: ") {
                Some(trap) => trap.to_owned(),
                None => return Err(error),
            },
        };
        // The suite writes `undefined element` where an element of `call_indirect` is past the end, and numbers the element that is null.
        let is_expected =
            message.starts_with(&actual) || (message == "undefined element" && actual == "out of bounds table access");
        if is_expected { Ok(()) } else { Err(format!("expected `{message}`, got `{actual}`")) }
    }
}

fn name_of(module: &QuoteWat<'_>) -> Option<String> {
    module.name().map(|name| name.name().to_owned())
}

/// Text that is malformed is refused by the text format already, which is not what is tested here: what it encodes to has to be refused.
fn refused(mut module: QuoteWat<'_>, message: &str) -> Outcome<()> {
    let Ok(bytes) = module.encode() else { return Ok(()) };
    match Module::new(&bytes) {
        Ok(_) => Err(format!("expected a refusal: `{message}`")),
        Err(_) => Ok(()),
    }
}

/// The words of the suite for a trap.
fn message_of(trap: Trap) -> &'static str {
    match trap {
        Trap::Unreachable => "unreachable",
        Trap::DivideByZero => "integer divide by zero",
        Trap::IntegerOverflow => "integer overflow",
        Trap::InvalidConversion => "invalid conversion to integer",
        Trap::MemoryOutOfBounds => "out of bounds memory access",
        Trap::TableOutOfBounds => "out of bounds table access",
        Trap::IndirectTypeMismatch => "indirect call type mismatch",
        Trap::NullElement => "uninitialized element",
        Trap::StackOverflow => "call stack exhausted",
    }
}

fn argument(argument: &WastArg<'_>) -> Outcome<Value> {
    match argument {
        WastArg::Core(WastArgCore::I32(value)) => Ok(Value::I32(*value)),
        WastArg::Core(WastArgCore::I64(value)) => Ok(Value::I64(*value)),
        WastArg::Core(WastArgCore::F32(value)) => Ok(Value::F32(value.bits)),
        WastArg::Core(WastArgCore::F64(value)) => Ok(Value::F64(value.bits)),
        WastArg::Core(WastArgCore::RefExtern(number)) => Ok(Value::ExternRef(Some(*number))),
        WastArg::Core(WastArgCore::RefNull(HeapType::Abstract { ty: AbstractHeapType::Extern, .. })) => {
            Ok(Value::ExternRef(None))
        }
        WastArg::Core(WastArgCore::RefNull(HeapType::Abstract { ty: AbstractHeapType::Func, .. })) => {
            Ok(Value::FuncRef(None))
        }
        other => Err(format!("an argument that this runner does not know: {other:?}")),
    }
}

fn is_as_expected(value: Value, expected: &WastRet<'_>) -> bool {
    let WastRet::Core(expected) = expected else { return false };
    match (value, expected) {
        (Value::I32(value), WastRetCore::I32(expected)) => value == *expected,
        (Value::I64(value), WastRetCore::I64(expected)) => value == *expected,
        // What is produced is the positive canonical NaN, which is among those that the suite allows.
        (Value::F32(bits), WastRetCore::F32(NanPattern::CanonicalNan | NanPattern::ArithmeticNan)) => {
            bits == 0x7fc0_0000
        }
        (Value::F32(bits), WastRetCore::F32(NanPattern::Value(expected))) => bits == expected.bits,
        (Value::F64(bits), WastRetCore::F64(NanPattern::CanonicalNan | NanPattern::ArithmeticNan)) => {
            bits == 0x7ff8_0000_0000_0000
        }
        (Value::F64(bits), WastRetCore::F64(NanPattern::Value(expected))) => bits == expected.bits,
        (Value::ExternRef(number), WastRetCore::RefExtern(Some(expected))) => number == Some(*expected),
        (Value::ExternRef(number), WastRetCore::RefExtern(None)) => number.is_some(),
        (Value::ExternRef(None) | Value::FuncRef(None), WastRetCore::RefNull(_)) => true,
        (Value::FuncRef(Some(_)), WastRetCore::RefFunc(_)) => true,
        _ => false,
    }
}
