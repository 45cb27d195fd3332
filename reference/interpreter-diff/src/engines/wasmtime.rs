//! wasmtime, with canonical NaNs, and its fuel made an exact count of instructions for calls that return.
//!
//! Its fuel is flushed at the ends of basic blocks and before calls, so a trap leaves it behind the truth: `executed` then says nothing.
//! It charges one for entering a function, and with the table below nothing for the call itself. So a call within the guest counts one, the
//! outermost entry one too many, and a call of the host's one too few: both are known and put right.

use wasmtime::{
    Caller, Config, Engine, Extern, ExternType, Func, Global, HeapType, Instance, Memory, Module, OperatorCost, Ref,
    Result, Store, Table, Val, ValType, VariableOperatorCost,
};

use crate::engine::{self, Ending, Start, Trap};
use crate::host::{Answers, Host};
use crate::value::{Type, Value};

/// wasmtime.
pub struct Wasmtime {
    engine: Engine,
}

impl Wasmtime {
    /// An engine.
    ///
    /// # Errors
    /// The machine is none that it compiles for.
    pub fn new() -> Result<Self> {
        let mut config = Config::new();
        config.consume_fuel(true).operator_cost(costs()).cranelift_nan_canonicalization(true);
        // Addresses are checked in code: no signal handlers, and no reservation of 4 GiB for each memory.
        config.signals_based_traps(false).memory_reservation(0).memory_guard_size(0).memory_init_cow(false);
        config.memory_reservation_for_growth(1 << 16);
        config.wasm_simd(false).wasm_relaxed_simd(false).wasm_tail_call(false).wasm_extended_const(false);
        config.wasm_multi_memory(false).wasm_memory64(false);
        config.wasm_backtrace_max_frames(None);
        Ok(Self { engine: Engine::new(&config)? })
    }
}

/// One for each instruction but block, loop, else, end and nop; nothing for a call, whose entry is charged; nothing by size.
fn costs() -> OperatorCost {
    let variable = VariableOperatorCost {
        memory_copy_per_byte: 0,
        memory_fill_per_byte: 0,
        memory_init_per_byte: 0,
        memory_grow_per_page: 0,
        table_copy_per_element: 0,
        table_fill_per_element: 0,
        table_init_per_element: 0,
        table_grow_per_element: 0,
        ..VariableOperatorCost::default()
    };
    OperatorCost { Drop: 1, Unreachable: 1, Return: 1, Call: 0, CallIndirect: 0, variable, ..OperatorCost::default() }
}

impl engine::Engine for Wasmtime {
    fn name(&self) -> &'static str {
        "wasmtime"
    }

    fn instantiate(&self, bytes: &[u8], fuel: u64, answers: Answers) -> Start {
        let module = match Module::from_binary(&self.engine, bytes) {
            Ok(module) => module,
            Err(error) => return Start::Refused(format!("{error:#}")),
        };
        let mut store = Store::new(&self.engine, Host::new(answers));
        let started = store.set_fuel(fuel).and_then(|()| imports(&module, &mut store));
        let imports = match started {
            Ok(imports) => imports,
            Err(error) => return Start::Refused(format!("{error:#}")),
        };
        match Instance::new(&mut store, &module, &imports) {
            Ok(instance) => Start::Ready(Box::new(Running { store, instance, executed: None })),
            Err(error) => Start::Ended(ending_of(&error)),
        }
    }
}

fn imports(module: &Module, store: &mut Store<Host>) -> Result<Vec<Extern>> {
    let mut items = Vec::new();
    for import in module.imports() {
        items.push(match import.ty() {
            ExternType::Func(of) => {
                let name = format!("{}.{}", import.module(), import.name());
                let types: Vec<Type> = of.results().map(|of| type_of(&of)).collect();
                let call = move |mut caller: Caller<'_, Host>, arguments: &[Val], results: &mut [Val]| {
                    let arguments = arguments.iter().map(value_of).collect();
                    let answers = caller.data_mut().call(&name, arguments, &types);
                    results.iter_mut().zip(answers).for_each(|(result, answer)| *result = given(answer));
                    Ok(())
                };
                Func::new(&mut *store, of, call).into()
            }
            ExternType::Global(of) => {
                let zero = zero(of.content());
                Global::new(&mut *store, of, zero)?.into()
            }
            ExternType::Memory(of) => Memory::new(&mut *store, of)?.into(),
            ExternType::Table(of) => {
                let null = Ref::null(of.element().heap_type());
                Table::new(&mut *store, of, null)?.into()
            }
            ExternType::Tag(_) => wasmtime::bail!("a tag"),
        });
    }
    Ok(items)
}

struct Running {
    store: Store<Host>,
    instance: Instance,
    executed: Option<u64>,
}

impl engine::Instance for Running {
    fn call(&mut self, export: &str, arguments: &[Value], fuel: u64) -> Ending {
        let Some(function) = self.instance.get_func(&mut self.store, export) else {
            return Ending::Odd(format!("no function `{export}`"));
        };
        if let Err(error) = self.store.set_fuel(fuel) {
            return Ending::Odd(format!("{error:#}"));
        }
        self.executed = None;
        let host_calls = self.store.data().count;
        let arguments: Vec<Val> = arguments.iter().map(|value| given(*value)).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => {
                let host_calls = self.store.data().count - host_calls;
                self.executed = self.store.get_fuel().ok().and_then(|left| (fuel - left + host_calls).checked_sub(1));
                Ending::Returned(results.iter().map(value_of).collect())
            }
            Err(error) => ending_of(&error),
        }
    }

    fn executed(&self) -> Option<u64> {
        self.executed
    }

    fn memory(&mut self, export: &str) -> Option<&mut [u8]> {
        Some(self.instance.get_memory(&mut self.store, export)?.data_mut(&mut self.store))
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let global = self.instance.get_global(&mut self.store, export)?;
        Some(value_of(&global.get(&mut self.store)))
    }

    fn table(&mut self, export: &str) -> Option<Vec<bool>> {
        let table = self.instance.get_table(&mut self.store, export)?;
        (0..table.size(&self.store)).map(|index| Some(table.get(&mut self.store, index)?.is_null())).collect()
    }

    fn host(&self) -> Host {
        self.store.data().clone()
    }
}

fn ending_of(error: &wasmtime::Error) -> Ending {
    let trap = match error.downcast_ref::<wasmtime::Trap>() {
        Some(wasmtime::Trap::StackOverflow) => Trap::StackOverflow,
        Some(wasmtime::Trap::MemoryOutOfBounds) => Trap::MemoryOutOfBounds,
        Some(wasmtime::Trap::TableOutOfBounds) => Trap::TableOutOfBounds,
        Some(wasmtime::Trap::IndirectCallToNull) => Trap::NullElement,
        Some(wasmtime::Trap::BadSignature) => Trap::IndirectTypeMismatch,
        Some(wasmtime::Trap::IntegerOverflow) => Trap::IntegerOverflow,
        Some(wasmtime::Trap::IntegerDivisionByZero) => Trap::DivideByZero,
        Some(wasmtime::Trap::BadConversionToInteger) => Trap::InvalidConversion,
        Some(wasmtime::Trap::UnreachableCodeReached) => Trap::Unreachable,
        Some(wasmtime::Trap::OutOfFuel) => return Ending::OutOfFuel,
        _ => return Ending::Odd(format!("{error:#}")),
    };
    Ending::Trapped(trap)
}

fn type_of(of: &ValType) -> Type {
    match of {
        ValType::I32 => Type::I32,
        ValType::F32 => Type::F32,
        ValType::F64 => Type::F64,
        ValType::Ref(of) if matches!(of.heap_type(), HeapType::Extern | HeapType::NoExtern) => Type::ExternRef,
        ValType::Ref(_) => Type::FuncRef,
        ValType::I64 | ValType::V128 => Type::I64,
    }
}

fn zero(of: &ValType) -> Val {
    match type_of(of) {
        Type::I32 => Val::I32(0),
        Type::I64 => Val::I64(0),
        Type::F32 => Val::F32(0),
        Type::F64 => Val::F64(0),
        Type::FuncRef => Val::FuncRef(None),
        Type::ExternRef => Val::ExternRef(None),
    }
}

fn value_of(value: &Val) -> Value {
    match value {
        Val::I32(value) => Value::I32(value.cast_unsigned()),
        Val::I64(value) => Value::I64(value.cast_unsigned()),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::FuncRef(value) => Value::FuncRef { is_null: value.is_none() },
        Val::ExternRef(value) => Value::ExternRef { is_null: value.is_none() },
        // No module with anything else gets here.
        _ => Value::I64(0),
    }
}

fn given(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value.cast_signed()),
        Value::I64(value) => Val::I64(value.cast_signed()),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::FuncRef { .. } => Val::FuncRef(None),
        Value::ExternRef { .. } => Val::ExternRef(None),
    }
}
