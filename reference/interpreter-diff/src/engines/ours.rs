//! The interpreter of this project, in whole steps or in small ones.

use fayger_interpreter::{
    self as ours, Execution, Extern, ExternType, InstanceAddress, InstantiationError, Limits, Module, StepResult,
    Store, ValueType,
};

use crate::engine::{self, Ending, Start, Trap};
use crate::host::{Answers, Host};
use crate::random::Random;
use crate::value::{Type, Value};

/// fayger-interpreter.
pub struct Ours {
    /// Fuel of one step at most. Small steps differ in size, so that they end everywhere.
    most: u64,
}

impl Ours {
    /// All the fuel in one step.
    #[must_use]
    pub const fn whole() -> Self {
        Self { most: u64::MAX }
    }

    /// Steps of 1 to 64 instructions.
    #[must_use]
    pub const fn sliced() -> Self {
        Self { most: 64 }
    }
}

impl engine::Engine for Ours {
    fn name(&self) -> &'static str {
        if self.most == u64::MAX { "fayger" } else { "fayger-sliced" }
    }

    fn instantiate(&self, bytes: &[u8], fuel: u64, answers: Answers) -> Start {
        let module = match Module::new(bytes) {
            Ok(module) => module,
            Err(error) => return Start::Refused(error.to_string()),
        };
        let mut store = Store::new(Limits::default());
        let imports = match imports(&module, &mut store) {
            Ok(imports) => imports,
            Err(error) => return Start::Refused(error.to_string()),
        };
        let instance = match store.instantiate(&module, &imports) {
            Ok(instance) => instance,
            Err(InstantiationError::Trap(trap)) => return Start::Ended(Ending::Trapped(trap_of(trap))),
            Err(error) => return Start::Refused(error.to_string()),
        };
        let host = Host::new(answers);
        let mut running =
            Running { store, instance, module, imports, host, executed: 0, most: self.most, random: Random::new(fuel) };
        match running.store.start(instance) {
            None => Start::Ready(Box::new(running)),
            Some(start) => match running.run(start, &[], fuel) {
                Ending::Returned(_) => Start::Ready(Box::new(running)),
                ending => Start::Ended(ending),
            },
        }
    }
}

fn imports(module: &Module, store: &mut Store) -> Result<Vec<Extern>, InstantiationError> {
    let mut given = Vec::new();
    for import in module.imports() {
        given.push(match &import.extern_type {
            ExternType::Function(function_type) => Extern::Function(store.new_function(function_type)?),
            ExternType::Table(table_type) => Extern::Table(store.new_table(*table_type)?),
            ExternType::Memory(limits) => Extern::Memory(store.new_memory(*limits)?),
            ExternType::Global(global_type) => {
                Extern::Global(store.new_global(ours::Value::from_slot(0, global_type.value), global_type.is_mutable)?)
            }
        });
    }
    Ok(given)
}

struct Running {
    store: Store,
    instance: InstanceAddress,
    module: Module,
    imports: Vec<Extern>,
    host: Host,
    executed: u64,
    most: u64,
    random: Random,
}

impl Running {
    fn run(&mut self, function: ours::FunctionAddress, arguments: &[ours::Value], fuel: u64) -> Ending {
        self.executed = 0;
        let mut execution = Execution::new();
        if let Err(error) = execution.call(&self.store, function, arguments) {
            return Ending::Odd(error.to_string());
        }
        loop {
            let left = fuel.saturating_sub(self.executed);
            let slice = if self.most == u64::MAX { left } else { left.min(1 + self.random.number() % self.most) };
            let step = execution.step(&mut self.store, slice);
            self.executed += step.fuel;
            match step.result {
                StepResult::OutOfFuel if self.executed >= fuel => return Ending::OutOfFuel,
                StepResult::OutOfFuel => {}
                StepResult::HostCall(called) => {
                    let name = self.name_of(called);
                    let arguments = execution.arguments(&self.store).map(value_of).collect();
                    let types = self.store.function_type(called).map(|known| known.results.clone()).unwrap_or_default();
                    let types: Vec<Type> = types.into_iter().map(type_of).collect();
                    let answers: Vec<_> = self.host.call(&name, arguments, &types).into_iter().map(given).collect();
                    if let Err(error) = execution.resume(&self.store, &answers) {
                        return Ending::Odd(error.to_string());
                    }
                }
                StepResult::Returned => return Ending::Returned(execution.results().map(value_of).collect()),
                StepResult::Trapped(trap) => return Ending::Trapped(trap_of(trap)),
                StepResult::Idle => return Ending::Odd("the call is lost".to_owned()),
            }
        }
    }

    /// The import that this function was given for.
    fn name_of(&self, called: ours::FunctionAddress) -> String {
        let at = self.imports.iter().position(|given| *given == Extern::Function(called));
        let import = at.and_then(|at| self.module.imports().get(at));
        import.map(|import| format!("{}.{}", import.module, import.name)).unwrap_or_default()
    }
}

impl engine::Instance for Running {
    fn call(&mut self, export: &str, arguments: &[Value], fuel: u64) -> Ending {
        let Some(Extern::Function(function)) = self.store.export(self.instance, export) else {
            return Ending::Odd(format!("no function `{export}`"));
        };
        let arguments: Vec<_> = arguments.iter().copied().map(given).collect();
        self.run(function, &arguments, fuel)
    }

    fn executed(&self) -> Option<u64> {
        Some(self.executed)
    }

    fn memory(&mut self, export: &str) -> Option<&mut [u8]> {
        match self.store.export(self.instance, export)? {
            Extern::Memory(memory) => self.store.memory_mut(memory),
            _ => None,
        }
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        match self.store.export(self.instance, export)? {
            Extern::Global(global) => self.store.global(global).map(value_of),
            _ => None,
        }
    }

    fn table(&mut self, export: &str) -> Option<Vec<bool>> {
        let Extern::Table(table) = self.store.export(self.instance, export)? else { return None };
        let elements = (0..).map_while(|index| self.store.element(table, index));
        Some(elements.map(|value| matches!(value, ours::Value::FuncRef(None) | ours::Value::ExternRef(None))).collect())
    }

    fn host(&self) -> Host {
        self.host.clone()
    }
}

fn trap_of(trap: ours::Trap) -> Trap {
    match trap {
        ours::Trap::Unreachable => Trap::Unreachable,
        ours::Trap::DivideByZero => Trap::DivideByZero,
        ours::Trap::IntegerOverflow => Trap::IntegerOverflow,
        ours::Trap::InvalidConversion => Trap::InvalidConversion,
        ours::Trap::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        ours::Trap::TableOutOfBounds => Trap::TableOutOfBounds,
        ours::Trap::IndirectTypeMismatch => Trap::IndirectTypeMismatch,
        ours::Trap::NullElement => Trap::NullElement,
        ours::Trap::StackOverflow => Trap::StackOverflow,
    }
}

fn type_of(of: ValueType) -> Type {
    match of {
        ValueType::I32 => Type::I32,
        ValueType::I64 => Type::I64,
        ValueType::F32 => Type::F32,
        ValueType::F64 => Type::F64,
        ValueType::FuncRef => Type::FuncRef,
        ValueType::ExternRef => Type::ExternRef,
    }
}

fn value_of(value: ours::Value) -> Value {
    match value {
        ours::Value::I32(value) => Value::I32(value.cast_unsigned()),
        ours::Value::I64(value) => Value::I64(value.cast_unsigned()),
        ours::Value::F32(bits) => Value::F32(bits),
        ours::Value::F64(bits) => Value::F64(bits),
        ours::Value::FuncRef(function) => Value::FuncRef { is_null: function.is_none() },
        ours::Value::ExternRef(number) => Value::ExternRef { is_null: number.is_none() },
    }
}

fn given(value: Value) -> ours::Value {
    match value {
        Value::I32(value) => ours::Value::I32(value.cast_signed()),
        Value::I64(value) => ours::Value::I64(value.cast_signed()),
        Value::F32(bits) => ours::Value::F32(bits),
        Value::F64(bits) => ours::Value::F64(bits),
        Value::FuncRef { .. } => ours::Value::FuncRef(None),
        Value::ExternRef { .. } => ours::Value::ExternRef(None),
    }
}
