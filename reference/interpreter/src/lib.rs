//! A WebAssembly interpreter.

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
#[cfg(test)]
mod dump {
    #[test]
    fn dump() {
        let path = std::env::var("WASM").unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let bytes = wat::parse_bytes(&bytes).unwrap();
        let module = crate::Module::new(&bytes).unwrap();
        for (n, code) in module.parts.codes.iter().enumerate() {
            println!("== {n} slots {} zeroed {}", code.slots, code.zeroed);
            for (pc, op) in code.ops.iter().enumerate() {
                println!("{pc} {op:?} {}", code.rest[pc]);
            }
        }
    }
}
