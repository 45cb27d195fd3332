//! From bytes to a module (WebAssembly core 2.0, chapters 3 and 5): wasmparser decodes and validates, this module keeps what is needed to run.

use wasmparser::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FuncToValidate, FuncValidatorAllocations,
    FunctionBody, Operator, Parser, Payload, RefType, TypeRef, ValType, ValidPayload, Validator, ValidatorResources,
    WasmFeatures,
};

use crate::error::ModuleError;
use crate::module::{DataSegment, ElementSegment, Exported, Import, Initial, Parts, SegmentMode};
use crate::translate::{Budget, Room, translate};
use crate::types::{ExternType, FunctionType, GlobalType, SizeLimits, TableType, ValueType};
use crate::value::{Slot as _, reference_slot};

/// Core 2.0 without SIMD.
const FEATURES: WasmFeatures = WasmFeatures::WASM2.difference(WasmFeatures::SIMD);

impl From<wasmparser::BinaryReaderError> for ModuleError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self { offset: error.offset(), message: error.message().to_owned() }
    }
}

/// What wasmparser lets through and this crate does not know. There is no such thing; but a panic is no way to say so.
fn unknown(offset: u64, what: &str) -> ModuleError {
    ModuleError { offset, message: format!("{what} is not part of WebAssembly core 2.0 without SIMD") }
}

/// Decodes, validates and translates.
pub(crate) fn decode(bytes: &[u8]) -> Result<Parts, ModuleError> {
    let mut decoder = Decoder {
        parts: Parts::default(),
        allocations: FuncValidatorAllocations::default(),
        room: Room::default(),
        budget: Budget::of(bytes.len()),
    };
    let mut validator = Validator::new_with_features(FEATURES);
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    for payload in parser.parse_all(bytes) {
        let payload = payload?;
        match validator.payload(&payload)? {
            ValidPayload::Func(function, body) => decoder.function(function, &body)?,
            _ => decoder.section(payload)?,
        }
    }
    Ok(decoder.parts)
}

struct Decoder {
    parts: Parts,
    allocations: FuncValidatorAllocations,
    room: Room,
    budget: Budget,
}

impl Decoder {
    fn function(
        &mut self,
        function: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), ModuleError> {
        let mut validator = function.into_validator(std::mem::take(&mut self.allocations));
        let index = validator.index();
        let code = translate(&self.parts, index, body, &mut validator, &mut self.room, &mut self.budget)?;
        self.allocations = validator.into_allocations();
        self.parts.codes.push(code);
        Ok(())
    }

    fn section(&mut self, payload: Payload<'_>) -> Result<(), ModuleError> {
        let parts = &mut self.parts;
        match payload {
            Payload::TypeSection(reader) => {
                for function_type in reader.into_iter_err_on_gc_types() {
                    parts.types.push(FunctionType {
                        parameters: value_types(function_type.as_ref().map_or(&[], |known| known.params()))?,
                        results: value_types(function_type?.results())?,
                    });
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import?;
                    self.import(import.module, import.name, import.ty)?;
                }
            }
            Payload::FunctionSection(reader) => {
                for type_index in reader {
                    parts.functions.push(type_index?);
                }
            }
            Payload::TableSection(reader) => {
                for table in reader {
                    parts.tables.push(table_type(table?.ty)?);
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    parts.memories.push(memory_limits(memory?));
                }
            }
            Payload::GlobalSection(reader) => {
                for global in reader {
                    let global = global?;
                    parts.globals.push(global_type(global.ty)?);
                    parts.initial.push(initial(&global.init_expr)?);
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export?;
                    let exported = match export.kind {
                        ExternalKind::Func => Exported::Function(export.index),
                        ExternalKind::Table => Exported::Table(export.index),
                        ExternalKind::Memory => Exported::Memory(export.index),
                        ExternalKind::Global => Exported::Global(export.index),
                        _ => return Err(unknown(0, "an export of this kind")),
                    };
                    parts.exports.push((export.name.to_owned(), exported));
                }
            }
            Payload::StartSection { func, .. } => parts.start = Some(func),
            Payload::ElementSection(reader) => {
                for element in reader {
                    let element = element?;
                    let mode = match element.kind {
                        ElementKind::Passive => SegmentMode::Passive,
                        ElementKind::Declared => SegmentMode::Declarative,
                        ElementKind::Active { table_index, offset_expr } => SegmentMode::Active {
                            index: table_index.unwrap_or_default(),
                            offset: initial(&offset_expr)?,
                        },
                    };
                    parts.elements.push(ElementSegment { items: items(element.items)?, mode });
                }
            }
            Payload::DataSection(reader) => {
                for data in reader {
                    let data = data?;
                    let mode = match data.kind {
                        DataKind::Passive => SegmentMode::Passive,
                        DataKind::Active { memory_index, offset_expr } => {
                            SegmentMode::Active { index: memory_index, offset: initial(&offset_expr)? }
                        }
                    };
                    parts.data.push(DataSegment { bytes: data.data.to_vec(), mode });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, module: &str, name: &str, type_ref: TypeRef) -> Result<(), ModuleError> {
        let parts = &mut self.parts;
        let extern_type = match type_ref {
            TypeRef::Func(type_index) => {
                parts.functions.push(type_index);
                parts.imported_functions += 1;
                let function_type = parts.types.get(type_index as usize).cloned().unwrap_or_default();
                ExternType::Function(function_type)
            }
            TypeRef::Table(table) => {
                let table = table_type(table)?;
                parts.tables.push(table);
                parts.imported_tables += 1;
                ExternType::Table(table)
            }
            TypeRef::Memory(memory) => {
                let limits = memory_limits(memory);
                parts.memories.push(limits);
                parts.imported_memories += 1;
                ExternType::Memory(limits)
            }
            TypeRef::Global(global) => {
                let global = global_type(global)?;
                parts.globals.push(global);
                ExternType::Global(global)
            }
            _ => return Err(unknown(0, "an import of this kind")),
        };
        parts.imports.push(Import { module: module.to_owned(), name: name.to_owned(), extern_type });
        Ok(())
    }
}

fn value_types(types: &[ValType]) -> Result<Vec<ValueType>, ModuleError> {
    types.iter().map(|value_type| self::value_type(*value_type)).collect()
}

fn value_type(value_type: ValType) -> Result<ValueType, ModuleError> {
    match value_type {
        ValType::I32 => Ok(ValueType::I32),
        ValType::I64 => Ok(ValueType::I64),
        ValType::F32 => Ok(ValueType::F32),
        ValType::F64 => Ok(ValueType::F64),
        ValType::Ref(reference) => reference_type(reference),
        ValType::V128 => Err(unknown(0, "`v128`")),
    }
}

fn reference_type(reference: RefType) -> Result<ValueType, ModuleError> {
    match reference {
        RefType::FUNCREF => Ok(ValueType::FuncRef),
        RefType::EXTERNREF => Ok(ValueType::ExternRef),
        _ => Err(unknown(0, "this reference type")),
    }
}

/// Sizes of memories and tables have 32 bits in core 2.0, which the validator has seen to.
fn size(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

fn table_type(table: wasmparser::TableType) -> Result<TableType, ModuleError> {
    let limits = SizeLimits { minimum: size(table.initial), maximum: table.maximum.map(size) };
    Ok(TableType { element: reference_type(table.element_type)?, limits })
}

fn memory_limits(memory: wasmparser::MemoryType) -> SizeLimits {
    SizeLimits { minimum: size(memory.initial), maximum: memory.maximum.map(size) }
}

fn global_type(global: wasmparser::GlobalType) -> Result<GlobalType, ModuleError> {
    Ok(GlobalType { value: value_type(global.content_type)?, is_mutable: global.mutable })
}

fn items(items: ElementItems<'_>) -> Result<Vec<Initial>, ModuleError> {
    match items {
        ElementItems::Functions(reader) => reader.into_iter().map(|index| Ok(Initial::Function(index?))).collect(),
        ElementItems::Expressions(_, reader) => reader.into_iter().map(|expression| initial(&expression?)).collect(),
    }
}

/// A constant expression: one instruction and `end` (section 3.3.10).
fn initial(expression: &ConstExpr<'_>) -> Result<Initial, ModuleError> {
    let mut reader = expression.get_operators_reader();
    let offset = reader.original_position();
    match reader.read()? {
        Operator::I32Const { value } => Ok(Initial::Slot(value.cast_unsigned().to_slot())),
        Operator::I64Const { value } => Ok(Initial::Slot(value.cast_unsigned())),
        Operator::F32Const { value } => Ok(Initial::Slot(value.bits().to_slot())),
        Operator::F64Const { value } => Ok(Initial::Slot(value.bits())),
        Operator::RefNull { .. } => Ok(Initial::Slot(reference_slot(None))),
        Operator::RefFunc { function_index } => Ok(Initial::Function(function_index)),
        Operator::GlobalGet { global_index } => Ok(Initial::Global(global_index)),
        _ => Err(unknown(offset, "this constant expression")),
    }
}
