//! A WebAssembly interpreter: core 2.0 without SIMD, readable, deterministic, resumable, without `unsafe`.
//!
//! It knows nothing of artifacts, instances of the runtime or a host's functions: a [`Module`] is made from bytes, a [`Store`] makes instances of
//! modules and of what their imports are given, and an [`Execution`] is a call that is made in steps. A step ends when its fuel is used up, when a
//! function of the host's is called, or with the call itself; nothing of a call is on the host's stack, so a step can be the last one at any point.
//!
//! ```
//! use fayger_interpreter::{Execution, Extern, Limits, Module, StepResult, Store, Value};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bytes = wat::parse_str(
//!     r#"(module
//!         (import "host" "ask" (func $ask (param i32) (result i32)))
//!         (func (export "twice") (param i32) (result i32)
//!             (i32.mul (i32.const 2) (call $ask (local.get 0)))))"#,
//! )?;
//! let module = Module::new(&bytes)?;
//! let mut store = Store::new(Limits::default());
//! let mut imports = Vec::new();
//! for import in module.imports() {
//!     let fayger_interpreter::ExternType::Function(function_type) = &import.extern_type else { continue };
//!     imports.push(Extern::Function(store.new_function(function_type)?));
//! }
//! let instance = store.instantiate(&module, &imports)?;
//! let Some(Extern::Function(twice)) = store.export(instance, "twice") else { return Err("no function".into()) };
//!
//! let mut execution = Execution::new();
//! execution.call(&store, twice, &[Value::I32(20)])?;
//! loop {
//!     match execution.step(&mut store, 1_000).result {
//!         StepResult::HostCall(_) => {
//!             let Some(Value::I32(asked)) = execution.arguments(&store).next() else { continue };
//!             execution.resume(&store, &[Value::I32(asked + 1)])?;
//!         }
//!         StepResult::OutOfFuel => continue,
//!         _ => break,
//!     }
//! }
//! assert_eq!(execution.results().collect::<Vec<_>>(), [Value::I32(42)]);
//! # Ok(())
//! # }
//! ```
//!
//! # From instructions to code
//!
//! WebAssembly is a stack machine; interpreted as it stands, most of the time goes into moving operands. So a function is translated once, when its
//! module is made, to operations over the *slots* of its frame: 64 bits each, first the locals, then the operands by their height in the stack.
//! An operation has 8 bytes: what it does, three slots, and 32 bits for a constant, an offset or a branch.
//!
//! The translation is one pass beside wasmparser's validation and keeps the operand stack as it will be. What is pushed on it is not a value but
//! where the value is: a local, a constant, or the slot of that height, where an operation has put it. `local.get` and `i32.const` so emit
//! nothing, and an operation reads locals where they are. Before a local changes, operands that are that local are copied to their own slots, and
//! before a block begins, all that are locals, since ways through the block may differ. `local.set` of what was just computed changes where
//! the operation puts its result. Blocks become labels; a branch that carries values copies them first, and goes straight to its target. Some pairs
//! that are frequent become one: a comparison and its branch, the end of a loop, a sum and the load at it. At the end, when every label is known, a
//! branch to a return becomes that return, and a loop that tests at its beginning and branches back at its end tests at its end.
//!
//! An example. Slot 0 is `$n`, slot 1 is `$i`, slot 2 is `$sum`:
//!
//! ```text
//! (func (param $n i32) (result i64) (local $i i32) (local $sum i64)
//!   (loop $again
//!     (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $i))))
//!     (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
//!   (local.get $sum))
//!
//!      operation                                        uses   rest
//! 0:   Zero        1 := 0, 2 := 0                          0     13
//! 1:   I64Add      2 := 2 + 1                              4     13
//! 2:   StepI32LtU  1 := 1 + 1, to 1 where 1 < 0            8      9
//! 3:   ReturnOne   2                                       1      1
//! ```
//!
//! Thirteen instructions became three operations, behind one that begins the locals. `i64.extend_i32_u` has none: a slot of 32 bits has zeros above
//! them.
//!
//! # Fuel
//!
//! Each executed instruction uses 1, but `block`, `loop`, `else`, `end` and `nop`, which do nothing. An operation uses what all its instructions do,
//! and an instruction that has no operation is paid by the next one: an operation is not begun before everything up to it is paid for. So
//! `I64Add` is `local.get`, `local.get`, `i64.extend_i32_u` and `i64.add`, and the `local.set` after it belongs to the next. It follows that
//! what an instance does with an amount of fuel, down to the trap that comes before or after it is used up, does not depend on the translation.
//! See the machine's module for how it is counted.
//!
//! # Where to read
//!
//! `numeric` is what instructions compute, `translate` is what they become, one file for each group of instructions, `machine` runs it, `store` and
//! `instantiate` are chapter 4.5 of the specification. Sections are cited from
//! [WebAssembly core 2.0](https://www.w3.org/TR/wasm-core-2/).

mod address;
mod code;
mod decode;
mod error;
mod execution;
mod instantiate;
mod limits;
mod machine;
mod memory;
mod module;
mod numeric;
mod store;
mod table;
mod translate;
mod trap;
mod types;
mod value;

pub use self::address::{Extern, FunctionAddress, GlobalAddress, InstanceAddress, MemoryAddress, TableAddress};
pub use self::error::{CallError, InstantiationError, ModuleError};
pub use self::execution::{Execution, Step, StepResult};
pub use self::limits::Limits;
pub use self::module::{Export, Import, Module};
pub use self::store::{Store, Usage};
pub use self::trap::{Resource, Trap};
pub use self::types::{ExternType, FunctionType, GlobalType, SizeLimits, TableType, ValueType};
pub use self::value::Value;
