//! The entry section, decoded and judged: what every engine may rely on before it is given a module.
//!
//! Code is WebAssembly core 2.0 without SIMD. The checks run in one order, so that every engine refuses a module for the same reason: the module
//! as a whole, its imports, its memory, its start section, the exports that the entry names; then the quotas.

use bytes::Bytes;
use fayger_contracts::manifest::Entry;
use fayger_contracts::{BufObject, FaygerError, Quotas};
use wasmparser::types::{CoreTypeId, EntityType, Types, TypesRef};
use wasmparser::{CompositeInnerType, FuncType, Parser, Payload, TypeRef, ValType, Validator, WasmFeatures};

pub(crate) use fayger_contracts::Reader;

use crate::error::{CodeSubject, Resource, code_invalid, exhausted};
use crate::fayger_v1::{Import, MODULE, ValueType};
use crate::strategy::Export;

/// The `format` of code sections that this runtime executes.
pub const FORMAT: &str = "wasm-core-2";

/// The name that the memory is exported by.
pub const MEMORY: &str = "memory";

/// Bytes of a page of memory.
pub const PAGE_LEN: u64 = 65_536;

/// Core 2.0 but for SIMD, and nothing that came later.
const FEATURES: WasmFeatures = WasmFeatures::WASM2.difference(WasmFeatures::SIMD);

/// A valid module that imports what there is, exports what its entry names, and begins within the quotas.
#[derive(Clone, Debug)]
pub struct Code {
    module: Bytes,
    imports: Vec<Import>,
    entry: Entry,
}

impl Code {
    /// Reads and judges the entry section of an object.
    ///
    /// # Errors
    /// `RT_CODE_INVALID`; `RT_RESOURCE_EXHAUSTED` where the memory or the tables begin larger than their quota; the loader's error where the body is bad.
    pub fn of(object: &dyn BufObject, quotas: &Quotas) -> Result<Self, FaygerError> {
        let entry = object.manifest().entry.clone();
        // An object has selected its entry section; one that has no body is an empty module, which is malformed.
        let module = object.body(entry.section, Reader::Runtime)?.unwrap_or_default();
        let valid = validate(&module)?;
        let types = &valid.as_ref();
        let outline = Outline::of(&module)?;
        let imports = imports(&outline, types)?;
        let is_imported = outline.imports.iter().any(|import| matches!(import.ty, TypeRef::Memory(_)));
        let is_memory = |(name, of): (&str, EntityType)| name == MEMORY && matches!(of, EntityType::Memory(_));
        if is_imported || types.memory_count() != 1 || !exports(types).any(is_memory) {
            return Err(code_invalid(CodeSubject::Memory));
        }
        if outline.has_start {
            return Err(code_invalid(CodeSubject::Start));
        }
        let code = Self { module, imports, entry };
        for export in [Export::Start, Export::Init, Export::OnEvent(0)] {
            if let Some(name) = code.export(export) {
                exported(types, name, export)?;
            }
        }
        within(types, quotas)?;
        Ok(code)
    }

    /// The module's bytes.
    pub fn module(&self) -> &Bytes {
        &self.module
    }

    /// What its imports are, in their order; each is a function.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// The name of an export, where the entry names it.
    pub fn export(&self, export: Export) -> Option<&str> {
        match export {
            Export::Start => Some(&self.entry.start),
            Export::Init => self.entry.init.as_deref(),
            Export::OnEvent(_) => self.entry.on_event.as_deref(),
        }
    }
}

//= RT-CODE-002
/// Decodes and validates. More than one memory is judged later, with what else is wrong of a memory, and not as a fault of validity: many engines
/// know of more.
fn validate(module: &[u8]) -> Result<Types, FaygerError> {
    Validator::new_with_features(FEATURES).validate_all(module).or_else(|error| {
        let several = Validator::new_with_features(FEATURES | WasmFeatures::MULTI_MEMORY).validate_all(module);
        several
            .ok()
            .filter(|types| types.as_ref().memory_count() > 1)
            .ok_or_else(|| code_invalid(CodeSubject::Module).with("offset", error.offset()))
    })
}

/// What the types of a module do not tell.
struct Outline<'a> {
    /// In their order, memories among them.
    imports: Vec<wasmparser::Import<'a>>,
    has_start: bool,
}

impl<'a> Outline<'a> {
    fn of(module: &'a [u8]) -> Result<Self, FaygerError> {
        let mut outline = Self { imports: Vec::new(), has_start: false };
        // It was valid, so that it decodes again.
        let malformed = |error: wasmparser::Error| code_invalid(CodeSubject::Module).with("offset", error.offset());
        for payload in Parser::new(0).parse_all(module) {
            match payload.map_err(malformed)? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        outline.imports.push(import.map_err(malformed)?);
                    }
                }
                Payload::StartSection { .. } => outline.has_start = true,
                _ => {}
            }
        }
        Ok(outline)
    }
}

//= RT-CODE-003
/// What each import is. A memory among them is judged with the memory, after every import.
fn imports(outline: &Outline<'_>, types: &TypesRef<'_>) -> Result<Vec<Import>, FaygerError> {
    let known = |import: &wasmparser::Import<'_>| match import.ty {
        TypeRef::Func(of) if import.module == MODULE => Import::from_name(import.name)
            .filter(|known| is(types, types.core_type_at_in_module(of), known.parameters(), known.result()))
            .ok_or_else(|| foreign(import)),
        _ => Err(foreign(import)),
    };
    outline.imports.iter().filter(|import| !matches!(import.ty, TypeRef::Memory(_))).map(known).collect()
}

fn foreign(import: &wasmparser::Import<'_>) -> FaygerError {
    code_invalid(CodeSubject::Import).with("name", format!("{}.{}", import.module, import.name))
}

//= RT-CODE-004
fn exported(types: &TypesRef<'_>, name: &str, export: Export) -> Result<(), FaygerError> {
    let is_it = |(other, of): (&str, EntityType)| match of {
        EntityType::Func(of) => other == name && is(types, of, export.parameters(), ValueType::I32),
        _ => false,
    };
    if exports(types).any(is_it) { Ok(()) } else { Err(code_invalid(CodeSubject::Export).with("name", name)) }
}

fn exports<'a>(types: &'a TypesRef<'_>) -> impl Iterator<Item = (&'a str, EntityType)> {
    types.core_exports().into_iter().flatten()
}

/// Whether a type is that of a function from these to this.
fn is(types: &TypesRef<'_>, of: CoreTypeId, parameters: &[ValueType], result: ValueType) -> bool {
    let same = |actual: &[ValType], expected: &[ValueType]| {
        actual.iter().copied().eq(expected.iter().map(|expected| match expected {
            ValueType::I32 => ValType::I32,
            ValueType::I64 => ValType::I64,
        }))
    };
    let signature: &CompositeInnerType = &types[of].composite_type.inner;
    let is_function = |function: &FuncType| same(function.params(), parameters) && same(function.results(), &[result]);
    matches!(signature, CompositeInnerType::Func(function) if is_function(function))
}

//= RT-QUOTA-003
/// Whether what the module begins with is within the quotas.
fn within(types: &TypesRef<'_>, quotas: &Quotas) -> Result<(), FaygerError> {
    // A page count of 32 bits has bytes in 48.
    if types.memory_at(0).initial.saturating_mul(PAGE_LEN) > quotas.memory_bytes {
        return Err(exhausted(Resource::Memory, quotas.memory_bytes));
    }
    let elements = (0..types.table_count()).map(|at| types.table_at(at).initial);
    if elements.fold(0, u64::saturating_add) > quotas.table_elements {
        return Err(exhausted(Resource::Table, quotas.table_elements));
    }
    Ok(())
}
