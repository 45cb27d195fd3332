//! Modules, given as bytes or made from them.

use arbitrary::Unstructured;
use fayger_interpreter::{
    Execution, Extern, ExternType, InstanceAddress, Limits, Module, StepResult, Store, Trap, Value, ValueType,
};
use wasm_smith::Config;

/// What an instance may have: enough for a module of the fuzzer's, little enough to be quick.
const LIMITS: Limits = Limits { memory: 1 << 21, table: 1_000, frames: 200, slots: 1 << 16 };
/// Fuel of one call.
const FUEL: u64 = 20_000;

/// A module is refused, or runs: within its limits, and to the same end with the same fuel and the same memory however the fuel is divided.
///
/// Bytes that begin as a module does are taken for one; others are what wasm-smith makes a valid one of.
pub fn interpreter(data: &[u8]) {
    let module = if data.starts_with(b"\0asm") {
        // A refusal is an answer too; that it is none for what is valid is shown by the modules that are made.
        let Ok(module) = Module::new(data) else { return };
        module
    } else {
        let Some(bytes) = generated(data) else { return };
        match Module::new(&bytes) {
            Ok(module) => module,
            Err(error) => panic!("a valid module is refused: {error}"),
        }
    };
    let whole = run(&module, FUEL);
    for slice in [1, 13] {
        let sliced = run(&module, slice);
        assert!(whole == sliced, "{whole:?}\n{sliced:?}, {slice} instructions at a time");
    }
}

fn generated(data: &[u8]) -> Option<Vec<u8>> {
    let config = Config {
        export_everything: true,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        wide_arithmetic_enabled: false,
        extended_const_enabled: false,
        compact_imports_enabled: false,
        max_memories: 1,
        max_memory32_bytes: LIMITS.memory,
        max_table_elements: LIMITS.table,
        min_funcs: 1,
        ..Config::default()
    };
    Some(wasm_smith::Module::new(config, &mut Unstructured::new(data)).ok()?.to_bytes())
}

/// What is seen of a run.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    endings: Vec<(Ending, u64)>,
    host_calls: u32,
    memory: Option<Vec<u8>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Ending {
    Refused(String),
    Returned(Vec<Value>),
    Trapped(Trap),
    OutOfFuel,
}

fn run(module: &Module, slice: u64) -> Seen {
    let mut store = Store::new(LIMITS);
    let mut seen = Seen { endings: Vec::new(), host_calls: 0, memory: None };
    let instance = match instantiate(module, &mut store) {
        Ok(instance) => instance,
        Err(refusal) => {
            seen.endings.push((Ending::Refused(refusal), 0));
            return seen;
        }
    };
    if let Some(start) = store.start(instance) {
        call(&mut store, start, slice, &mut seen);
    }
    let exports: Vec<_> = store.exports(instance).map(|(_, address)| address).collect();
    for export in &exports {
        if let Extern::Function(function) = *export {
            call(&mut store, function, slice, &mut seen);
        }
    }
    let memory = exports.iter().find_map(|export| match export {
        Extern::Memory(memory) => store.memory(*memory),
        _ => None,
    });
    seen.memory = memory.map(<[u8]>::to_vec);
    let usage = store.usage();
    assert!(usage.memory <= LIMITS.memory && usage.table <= LIMITS.table, "{usage:?}");
    seen
}

fn instantiate(module: &Module, store: &mut Store) -> Result<InstanceAddress, String> {
    let mut imports = Vec::new();
    for import in module.imports() {
        let given = match &import.extern_type {
            ExternType::Function(function_type) => store.new_function(function_type).map(Extern::Function),
            ExternType::Table(table_type) => store.new_table(*table_type).map(Extern::Table),
            ExternType::Memory(limits) => store.new_memory(*limits).map(Extern::Memory),
            ExternType::Global(of) => store.new_global(zero(of.value), of.is_mutable).map(Extern::Global),
        };
        imports.push(given.map_err(|error| error.to_string())?);
    }
    store.instantiate(module, &imports).map_err(|error| error.to_string())
}

fn zero(value_type: ValueType) -> Value {
    Value::from_slot(0, value_type)
}

fn call(store: &mut Store, function: fayger_interpreter::FunctionAddress, slice: u64, seen: &mut Seen) {
    let zeros = |types: &[ValueType]| types.iter().copied().map(zero).collect::<Vec<_>>();
    let Some(function_type) = store.function_type(function).cloned() else { panic!("an export of nothing") };
    let mut execution = Execution::new();
    assert_eq!(execution.call(store, function, &zeros(&function_type.parameters)), Ok(()));
    let mut used = 0;
    let ending = loop {
        let step = execution.step(store, slice.min(FUEL - used));
        used += step.fuel;
        match step.result {
            StepResult::OutOfFuel if used == FUEL => break Ending::OutOfFuel,
            StepResult::OutOfFuel => assert!(step.fuel > 0 || slice == 0, "a step stands still"),
            StepResult::HostCall(called) => {
                seen.host_calls += 1;
                let results = store.function_type(called).map(|known| zeros(&known.results)).unwrap_or_default();
                assert_eq!(execution.resume(store, &results), Ok(()));
            }
            StepResult::Returned => break Ending::Returned(execution.results().collect()),
            StepResult::Trapped(trap) => break Ending::Trapped(trap),
            StepResult::Idle => panic!("the call is lost"),
        }
    };
    seen.endings.push((ending, used));
}
