//! Modules from wasm-smith: WebAssembly core 2.0 without SIMD, everything exported, memories and tables bounded by their type.

use anyhow::Result;
use arbitrary::Unstructured;
use wasm_smith::{Config, Module};

use crate::random::Random;

/// Memory is at most this many bytes: an unbounded `memory.grow` would measure the machine.
const MEMORY: u64 = 1 << 20;
/// Table elements, likewise.
const ELEMENTS: u64 = 1_000;

/// A module and how it was made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The module.
    pub bytes: Vec<u8>,
    /// Whether each loop and function counts down to a trap, so that every call ends by itself.
    pub is_terminating: bool,
}

/// The module of a seed.
///
/// # Errors
/// wasm-smith cannot make one.
pub fn module(seed: u64) -> Result<Generated> {
    let mut random = Random::new(seed);
    let choices = random.number();
    let chosen = |bit: u32| choices >> bit & 1 == 1;
    let config = Config {
        export_everything: true,
        allow_start_export: true,
        bulk_memory_enabled: true,
        multi_value_enabled: true,
        reference_types_enabled: true,
        saturating_float_to_int_enabled: true,
        sign_extension_ops_enabled: true,
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
        memory_max_size_required: true,
        table_max_size_required: true,
        max_memory32_bytes: MEMORY,
        max_table_elements: ELEMENTS,
        max_memories: 1,
        max_tables: 4,
        min_memories: u32::from(chosen(0)),
        min_tables: u32::from(chosen(1)),
        min_funcs: 1,
        max_funcs: if chosen(2) { 4 } else { 20 },
        max_imports: if chosen(3) { 0 } else { 8 },
        max_instructions: if chosen(4) { 60 } else { 600 },
        max_values: if chosen(5) { 4 } else { 10 },
        // Half of the modules trap as they like, half only where they must.
        disallow_traps: chosen(6) && chosen(7),
        allow_floats: !(chosen(8) && chosen(9)),
        ..Config::default()
    };
    #[expect(clippy::cast_possible_truncation, reason = "at most 16 KiB")]
    let length = 256 + random.below(16 << 10) as usize;
    let bytes = random.bytes(length);
    let mut module = Module::new(config, &mut Unstructured::new(&bytes))?;
    let is_terminating = chosen(10);
    if is_terminating {
        module.ensure_termination(5_000)?;
    }
    Ok(Generated { bytes: module.to_bytes(), is_terminating })
}
