//! Modules (WebAssembly core 2.0, section 2.5) that are decoded, validated and translated: what instances are made of.

use std::sync::Arc;

use crate::code::Code;
use crate::decode::decode;
use crate::error::ModuleError;
use crate::types::{ExternType, FunctionType, GlobalType, SizeLimits, TableType};

/// A module. A clone is another reference to the same.
#[derive(Clone, Debug)]
pub struct Module {
    pub(crate) parts: Arc<Parts>,
}

/// An import (section 2.5.11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// First name.
    pub module: String,
    /// Second name.
    pub name: String,
    /// What has to be given.
    pub extern_type: ExternType,
}

/// An export (section 2.5.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name, unique in the module.
    pub name: String,
    /// What it is.
    pub extern_type: ExternType,
}

/// What a module is made of. Indices are those of the module, imports first.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) types: Vec<FunctionType>,
    pub(crate) imports: Vec<Import>,
    /// The type index of each function.
    pub(crate) functions: Vec<u32>,
    pub(crate) imported_functions: usize,
    /// The code of each function that is not imported.
    pub(crate) codes: Vec<Code>,
    pub(crate) tables: Vec<TableType>,
    pub(crate) imported_tables: usize,
    pub(crate) memories: Vec<SizeLimits>,
    pub(crate) imported_memories: usize,
    pub(crate) globals: Vec<GlobalType>,
    /// First values of the globals that are not imported.
    pub(crate) initial: Vec<Initial>,
    pub(crate) exports: Vec<(String, Exported)>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<ElementSegment>,
    pub(crate) data: Vec<DataSegment>,
}

/// What an export names, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exported {
    Function(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
}

/// A constant expression (section 3.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initial {
    /// `t.const` and `ref.null`, as a slot.
    Slot(u64),
    /// `global.get`
    Global(u32),
    /// `ref.func`
    Function(u32),
}

/// An element segment (section 2.5.7).
#[derive(Debug)]
pub(crate) struct ElementSegment {
    pub(crate) items: Vec<Initial>,
    pub(crate) mode: SegmentMode,
}

/// A data segment (section 2.5.8).
#[derive(Debug)]
pub(crate) struct DataSegment {
    pub(crate) bytes: Vec<u8>,
    pub(crate) mode: SegmentMode,
}

/// When a segment is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentMode {
    /// By an instruction.
    Passive,
    /// At instantiation: where.
    Active { index: u32, offset: Initial },
    /// Never: it declares functions.
    Declarative,
}

impl Module {
    /// Decodes, validates and translates a module.
    ///
    /// Accepted is WebAssembly core 2.0 without SIMD, within the limits of [wasmparser](https://docs.rs/wasmparser) (a function of at most
    /// 7,654,321 bytes and 50,000 locals, a type of at most 1,000 parameters and 1,000 results, and so on).
    ///
    /// # Errors
    /// Where the module is malformed, invalid or beyond that.
    pub fn new(bytes: &[u8]) -> Result<Self, ModuleError> {
        Ok(Self { parts: Arc::new(decode(bytes)?) })
    }

    /// The imports, in the order in which [`Store::instantiate`](crate::Store::instantiate) takes them.
    #[must_use]
    pub fn imports(&self) -> &[Import] {
        &self.parts.imports
    }

    /// The exports, in their order.
    pub fn exports(&self) -> impl Iterator<Item = Export> + '_ {
        self.parts.exports.iter().filter_map(|(name, exported)| {
            let extern_type = self.parts.exported_type(*exported)?;
            Some(Export { name: name.clone(), extern_type })
        })
    }

    /// How many memories there are, imported ones among them: at most one.
    #[must_use]
    pub fn memory_count(&self) -> usize {
        self.parts.memories.len()
    }

    /// Whether there is a start function, to be run before anything else.
    #[must_use]
    pub fn has_start(&self) -> bool {
        self.parts.start.is_some()
    }
}

impl Parts {
    /// The type of a function.
    pub(crate) fn function_type(&self, index: u32) -> Option<&FunctionType> {
        self.types.get(*self.functions.get(index as usize)? as usize)
    }

    fn exported_type(&self, exported: Exported) -> Option<ExternType> {
        Some(match exported {
            Exported::Function(index) => ExternType::Function(self.function_type(index)?.clone()),
            Exported::Table(index) => ExternType::Table(*self.tables.get(index as usize)?),
            Exported::Memory(index) => ExternType::Memory(*self.memories.get(index as usize)?),
            Exported::Global(index) => ExternType::Global(*self.globals.get(index as usize)?),
        })
    }
}
