//! One instance of a module in the interpreter, stepped. What an import does is in `fayger_runtime`; here it is only called.

use fayger_contracts::{FaygerError, Quotas};
use fayger_interpreter::{
    Execution, Extern, FunctionAddress, FunctionType, InstantiationError, Limits, MemoryAddress, Module, Store, Trap,
    Value,
};
use fayger_runtime::{
    Answer, Code, CodeSubject, Executable, ExecutionContext, Export, Import, MEMORY, Resource, Step, StepResult,
    TrapKind, Usage, ValueType, call, code_invalid, exhausted, reply_length, trap,
};

//= RT-TRAP-002
//= RT-TRAP-003
/// Frames at most. The specification promises a thousand, of up to sixteen locals.
const FRAMES: usize = 16_384;

/// Slots of 8 bytes of all frames at most.
const SLOTS: usize = 1 << 20;

/// Fuel of one step at most: the interpreter counts in 62 bits.
const STEP: u64 = 1 << 61;

/// A module that can run.
pub(crate) struct Instance {
    store: Store,
    execution: Execution,
    memory: MemoryAddress,
    /// The host's functions, and what each is.
    imports: Vec<(FunctionAddress, Import)>,
    start: Option<FunctionAddress>,
    init: Option<FunctionAddress>,
    on_event: Option<FunctionAddress>,
    stands: Stands,
}

/// In what import the code stands still.
#[derive(Clone, Copy, Debug)]
enum Stands {
    Nowhere,
    /// In an emit, whose reply is in the context.
    Emit,
    /// In a call that is made again with the section in the context.
    Section(Import, [u64; 4]),
}

impl Instance {
    /// Translates and instantiates. Nothing of the module runs: it has no start section.
    pub(crate) fn new(code: &Code, quotas: &Quotas) -> Result<Self, FaygerError> {
        let module = Module::new(code.module())
            .map_err(|error| code_invalid(CodeSubject::Module).with("offset", error.offset))?;
        let limits = Limits { memory: quotas.memory_bytes, table: quotas.table_elements, frames: FRAMES, slots: SLOTS };
        let mut store = Store::new(limits);
        let refuse = |error| refused(&error, quotas);
        let mut imports = Vec::new();
        for import in Import::ALL {
            imports.push((store.new_function(&function_type(import)).map_err(refuse)?, import));
        }
        let given = |import: &Import| {
            let known = imports.iter().find(|(_, known)| known == import);
            known.map(|(address, _)| Extern::Function(*address))
        };
        let given: Vec<Extern> = code.imports().iter().filter_map(given).collect();
        let instance = store.instantiate(&module, &given).map_err(refuse)?;
        // The code was judged: what its entry names is there, and the memory too.
        let Some(Extern::Memory(memory)) = store.export(instance, MEMORY) else {
            return Err(code_invalid(CodeSubject::Memory));
        };
        let export = |export| match store.export(instance, code.export(export)?) {
            Some(Extern::Function(address)) => Some(address),
            _ => None,
        };
        let (start, init, on_event) = (export(Export::Start), export(Export::Init), export(Export::OnEvent(0)));
        let (execution, stands) = (Execution::new(), Stands::Nowhere);
        Ok(Self { store, execution, memory, imports, start, init, on_event, stands })
    }

    /// Lets the import that the code stands in return, now that the context has what it wanted.
    fn go_on(&mut self, context: &mut ExecutionContext) -> Result<(), StepResult> {
        match std::mem::replace(&mut self.stands, Stands::Nowhere) {
            Stands::Nowhere => {}
            Stands::Emit => self.give(Import::Emit, reply_length(context).into()),
            Stands::Section(import, arguments) => self.import(import, &arguments, context)?,
        }
        Ok(())
    }

    /// Calls an import, as all engines do, and lets it return where it can.
    fn import(
        &mut self,
        import: Import,
        arguments: &[u64; 4],
        context: &mut ExecutionContext,
    ) -> Result<(), StepResult> {
        let memory = self.store.memory_mut(self.memory).unwrap_or_default();
        match call(import, arguments, memory, context) {
            Ok(Answer::Value(value)) => {
                self.give(import, value);
                Ok(())
            }
            Ok(Answer::HostCall) => {
                self.stands = Stands::Emit;
                Err(StepResult::HostCall)
            }
            Ok(Answer::WantSection(section_id)) => {
                self.stands = Stands::Section(import, *arguments);
                Err(StepResult::WantSection(section_id))
            }
            Err(kind) => {
                self.execution.abandon();
                Err(StepResult::Trap(kind))
            }
        }
    }

    fn give(&mut self, import: Import, value: i64) {
        let value = match import.result() {
            // An i32 is the low half.
            ValueType::I32 => Value::I32(value as i32),
            ValueType::I64 => Value::I64(value),
        };
        // A host call is open, and its result is of this type.
        let _ = self.execution.resume(&self.store, &[value]);
    }

    /// The import that is called; its arguments are put in.
    fn called(&self, function: FunctionAddress, arguments: &mut [u64; 4]) -> Option<Import> {
        let (_, import) = self.imports.iter().find(|(address, _)| *address == function)?;
        for (slot, argument) in arguments.iter_mut().zip(self.execution.arguments(&self.store)) {
            *slot = argument.to_slot();
        }
        Some(*import)
    }
}

impl Executable for Instance {
    fn enter(&mut self, export: Export) {
        let (function, argument) = match export {
            Export::Init => (self.init, None),
            Export::Start => (self.start, None),
            Export::OnEvent(length) => (self.on_event, Some(Value::I32(length))),
        };
        if let Some(function) = function {
            // The entry's exports are of these types, and no other is on the stack.
            let _ = self.execution.call(&self.store, function, argument.as_slice());
        }
    }

    fn step(&mut self, fuel: u64, context: &mut ExecutionContext) -> Step {
        let fuel = fuel.min(STEP);
        let mut left = fuel;
        let mut arguments = [0; 4];
        let mut went_on = self.go_on(context);
        loop {
            if let Err(result) = went_on {
                return Step { result, fuel: fuel.saturating_sub(left) };
            }
            let step = self.execution.step(&mut self.store, left);
            left = left.saturating_sub(step.fuel);
            went_on = match step.result {
                fayger_interpreter::StepResult::OutOfFuel => Err(StepResult::OutOfFuel),
                fayger_interpreter::StepResult::Trapped(trap) => Err(StepResult::Trap(kind(trap))),
                fayger_interpreter::StepResult::Returned | fayger_interpreter::StepResult::Idle => {
                    Err(StepResult::Returned(match self.execution.results().next() {
                        Some(Value::I32(value)) => value,
                        _ => 0,
                    }))
                }
                fayger_interpreter::StepResult::HostCall(function) => match self.called(function, &mut arguments) {
                    Some(import) => self.import(import, &arguments, context),
                    // The store has no other function of the host's.
                    None => Err(StepResult::Trap(TrapKind::Unreachable)),
                },
            };
        }
    }

    fn usage(&self) -> Usage {
        let usage = self.store.usage();
        Usage {
            memory_bytes: usage.memory,
            table_elements: usage.table,
            memory_refusals: usage.memory_refusals,
            table_refusals: usage.table_refusals,
        }
    }
}

fn function_type(import: Import) -> FunctionType {
    let of = |value_type: &ValueType| match value_type {
        ValueType::I32 => fayger_interpreter::ValueType::I32,
        ValueType::I64 => fayger_interpreter::ValueType::I64,
    };
    FunctionType { parameters: import.parameters().iter().map(of).collect(), results: vec![of(&import.result())] }
}

/// Why the interpreter does not take a module that was judged.
fn refused(error: &InstantiationError, quotas: &Quotas) -> FaygerError {
    match error {
        InstantiationError::Trap(of) => trap(kind(*of)),
        InstantiationError::Limit(fayger_interpreter::Resource::Memory) => {
            exhausted(Resource::Memory, quotas.memory_bytes)
        }
        InstantiationError::Limit(fayger_interpreter::Resource::Table) => {
            exhausted(Resource::Table, quotas.table_elements)
        }
        InstantiationError::ImportCount { .. }
        | InstantiationError::ImportType { .. }
        | InstantiationError::StoreFull => code_invalid(CodeSubject::Module),
    }
}

//= RT-TRAP-001
fn kind(trap: Trap) -> TrapKind {
    match trap {
        Trap::Unreachable => TrapKind::Unreachable,
        Trap::DivideByZero => TrapKind::DivideByZero,
        Trap::IntegerOverflow => TrapKind::IntegerOverflow,
        Trap::InvalidConversion => TrapKind::InvalidConversion,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::TableOutOfBounds => TrapKind::TableOutOfBounds,
        Trap::IndirectTypeMismatch => TrapKind::IndirectTypeMismatch,
        Trap::NullElement => TrapKind::NullElement,
        Trap::StackOverflow => TrapKind::StackOverflow,
    }
}
