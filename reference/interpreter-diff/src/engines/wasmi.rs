//! wasmi.

use wasmi::errors::{ErrorKind, InstantiationError, MemoryError, TableError};
use wasmi::{
    Caller, Config, Engine, Error, Extern, ExternType, F32, F64, Func, Global, Instance, Memory, Module, Nullable, Ref,
    Store, Table, TrapCode, Val, ValType,
};

use crate::engine::{self, Ending, Start, Trap};
use crate::host::{Answers, Host};
use crate::value::{Type, Value};

/// wasmi.
pub struct Wasmi {
    engine: Engine,
}

impl Default for Wasmi {
    fn default() -> Self {
        let mut config = Config::default();
        config.consume_fuel(true);
        Self { engine: Engine::new(&config) }
    }
}

impl engine::Engine for Wasmi {
    fn name(&self) -> &'static str {
        "wasmi"
    }

    fn instantiate(&self, bytes: &[u8], fuel: u64, answers: Answers) -> Start {
        let module = match Module::new(&self.engine, bytes) {
            Ok(module) => module,
            Err(error) => return Start::Refused(error.to_string()),
        };
        let mut store = Store::new(&self.engine, Host::new(answers));
        let imports = match imports(&module, &mut store) {
            Ok(imports) => imports,
            Err(error) => return Start::Refused(error.to_string()),
        };
        if let Err(error) = store.set_fuel(fuel) {
            return Start::Refused(error.to_string());
        }
        match Instance::new(&mut store, &module, &imports) {
            Ok(instance) => Start::Ready(Box::new(Running { store, instance })),
            Err(error) => Start::Ended(ending_of(&error)),
        }
    }
}

fn imports(module: &Module, store: &mut Store<Host>) -> Result<Vec<Extern>, Error> {
    let mut items = Vec::new();
    for import in module.imports() {
        items.push(match import.ty() {
            ExternType::Func(of) => {
                let name = format!("{}.{}", import.module(), import.name());
                let types: Vec<Type> = of.results().iter().map(|of| type_of(*of)).collect();
                let call = move |mut caller: Caller<'_, Host>, arguments: &[Val], results: &mut [Val]| {
                    let arguments = arguments.iter().map(value_of).collect();
                    let answers = caller.data_mut().call(&name, arguments, &types);
                    results.iter_mut().zip(answers).for_each(|(result, answer)| *result = given(answer));
                    Ok(())
                };
                Func::new(&mut *store, of.clone(), call).into()
            }
            ExternType::Global(of) => {
                Global::new(&mut *store, Val::default_for_ty(of.content()), of.mutability()).into()
            }
            ExternType::Memory(of) => Memory::new(&mut *store, *of)?.into(),
            ExternType::Table(of) => Table::new(&mut *store, *of, Ref::null(of.element()))?.into(),
        });
    }
    Ok(items)
}

struct Running {
    store: Store<Host>,
    instance: Instance,
}

impl engine::Instance for Running {
    fn call(&mut self, export: &str, arguments: &[Value], fuel: u64) -> Ending {
        let Some(function) = self.instance.get_func(&self.store, export) else {
            return Ending::Odd(format!("no function `{export}`"));
        };
        if let Err(error) = self.store.set_fuel(fuel) {
            return Ending::Odd(error.to_string());
        }
        let arguments: Vec<Val> = arguments.iter().map(|value| given(*value)).collect();
        let mut results: Vec<Val> =
            function.ty(&self.store).results().iter().map(|of| Val::default_for_ty(*of)).collect();
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => Ending::Returned(results.iter().map(value_of).collect()),
            Err(error) => ending_of(&error),
        }
    }

    fn executed(&self) -> Option<u64> {
        None
    }

    fn memory(&mut self, export: &str) -> Option<&mut [u8]> {
        Some(self.instance.get_memory(&self.store, export)?.data_mut(&mut self.store))
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        Some(value_of(&self.instance.get_global(&self.store, export)?.get(&self.store)))
    }

    fn table(&mut self, export: &str) -> Option<Vec<bool>> {
        let table = self.instance.get_table(&self.store, export)?;
        (0..table.size(&self.store)).map(|index| Some(table.get(&self.store, index)?.is_null())).collect()
    }

    fn host(&self) -> Host {
        self.store.data().clone()
    }
}

fn ending_of(error: &Error) -> Ending {
    let trap = match error.kind() {
        ErrorKind::TrapCode(code) => match code {
            TrapCode::UnreachableCodeReached => Trap::Unreachable,
            TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
            TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
            TrapCode::IndirectCallToNull => Trap::NullElement,
            TrapCode::IntegerDivisionByZero => Trap::DivideByZero,
            TrapCode::IntegerOverflow => Trap::IntegerOverflow,
            TrapCode::BadConversionToInteger => Trap::InvalidConversion,
            TrapCode::StackOverflow => Trap::StackOverflow,
            TrapCode::BadSignature => Trap::IndirectTypeMismatch,
            TrapCode::OutOfFuel => return Ending::OutOfFuel,
            TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory => return Ending::Odd(error.to_string()),
        },
        // Active segments that do not fit.
        ErrorKind::Memory(MemoryError::OutOfBoundsAccess) => Trap::MemoryOutOfBounds,
        ErrorKind::Table(TableError::InitOutOfBounds | TableError::CopyOutOfBounds)
        | ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => Trap::TableOutOfBounds,
        ErrorKind::Fuel(_) => return Ending::OutOfFuel,
        _ => return Ending::Odd(error.to_string()),
    };
    Ending::Trapped(trap)
}

fn type_of(of: ValType) -> Type {
    match of {
        ValType::I32 => Type::I32,
        ValType::I64 | ValType::V128 => Type::I64,
        ValType::F32 => Type::F32,
        ValType::F64 => Type::F64,
        ValType::FuncRef => Type::FuncRef,
        ValType::ExternRef => Type::ExternRef,
    }
}

fn value_of(value: &Val) -> Value {
    match value {
        Val::I32(value) => Value::I32(value.cast_unsigned()),
        Val::I64(value) => Value::I64(value.cast_unsigned()),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::FuncRef(value) => Value::FuncRef { is_null: value.is_null() },
        Val::ExternRef(value) => Value::ExternRef { is_null: value.is_null() },
        // No module with vectors gets here.
        Val::V128(_) => Value::I64(0),
    }
}

fn given(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value.cast_signed()),
        Value::I64(value) => Val::I64(value.cast_signed()),
        Value::F32(bits) => Val::F32(F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(bits)),
        Value::FuncRef { .. } => Val::FuncRef(Nullable::Null),
        Value::ExternRef { .. } => Val::ExternRef(Nullable::Null),
    }
}
