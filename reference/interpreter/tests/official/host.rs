//! The module `spectest` that the suite imports: printing functions, globals, a table and a memory.

use std::collections::HashMap;

use fayger_interpreter::{Extern, FunctionType, SizeLimits, Store, TableType, Value, ValueType};

/// Makes it in a store.
pub(crate) fn spectest(store: &mut Store) -> HashMap<String, Extern> {
    use ValueType::{F32, F64, I32, I64};
    let mut exports = HashMap::new();
    let prints: [(&str, &[ValueType]); 7] = [
        ("print", &[]),
        ("print_i32", &[I32]),
        ("print_i64", &[I64]),
        ("print_f32", &[F32]),
        ("print_f64", &[F64]),
        ("print_i32_f32", &[I32, F32]),
        ("print_f64_f64", &[F64, F64]),
    ];
    for (name, parameters) in prints {
        let function_type = FunctionType { parameters: parameters.to_vec(), results: Vec::new() };
        let function = store.new_function(&function_type).expect("there is room");
        exports.insert(name.to_owned(), Extern::Function(function));
    }
    let globals = [
        ("global_i32", Value::I32(666)),
        ("global_i64", Value::I64(666)),
        ("global_f32", Value::F32(666.6_f32.to_bits())),
        ("global_f64", Value::F64(666.6_f64.to_bits())),
    ];
    for (name, value) in globals {
        exports.insert(name.to_owned(), Extern::Global(store.new_global(value, false).expect("there is room")));
    }
    let limits = SizeLimits { minimum: 10, maximum: Some(20) };
    let table = store.new_table(TableType { element: ValueType::FuncRef, limits }).expect("there is room");
    exports.insert("table".to_owned(), Extern::Table(table));
    let memory = store.new_memory(SizeLimits { minimum: 1, maximum: Some(2) }).expect("there is room");
    exports.insert("memory".to_owned(), Extern::Memory(memory));
    exports
}
