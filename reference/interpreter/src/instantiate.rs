//! Instantiation (WebAssembly core 2.0, section 4.5.4).

use std::sync::Arc;

use crate::address::{Extern, InstanceAddress};
use crate::error::InstantiationError;
use crate::machine::{bulk, table};
use crate::module::{Import, Initial, Module, Parts, SegmentMode};
use crate::store::{Body, Function, Global, Instance, Segments, Store, next};
use crate::trap::Trap;
use crate::types::ExternType;
use crate::value::{Slot as _, reference_slot};

impl Store {
    /// Makes an instance of a module: checks what its imports are given, makes what it defines, and applies its active segments.
    ///
    /// The start function is not called: see [`Store::start`]. So instantiation is bounded by the size of the module and the limits.
    ///
    /// # Errors
    /// See [`InstantiationError`]. What was made before stays in the store, out of reach, and counts against its limits.
    pub fn instantiate(&mut self, module: &Module, imports: &[Extern]) -> Result<InstanceAddress, InstantiationError> {
        let parts = &module.parts;
        self.check_imports(parts, imports)?;
        let address = next(&self.instances)?;
        let instance = self.allocate(parts, imports, address)?;
        let segments = Segments {
            elements: parts.elements.iter().map(|segment| self.items(&instance, &segment.items)).collect(),
            is_data_dropped: vec![false; parts.data.len()],
        };
        self.instances.push(instance);
        self.segments.push(segments);
        self.apply_elements(parts, address)?;
        self.apply_data(parts, address)?;
        Ok(InstanceAddress(address))
    }

    fn check_imports(&self, parts: &Parts, imports: &[Extern]) -> Result<(), InstantiationError> {
        let (expected, actual) = (parts.imports.len(), imports.len());
        if expected != actual {
            return Err(InstantiationError::ImportCount { expected, actual });
        }
        for (import, given) in parts.imports.iter().zip(imports) {
            if !self.extern_type(*given).is_some_and(|given| matches(&given, &import.extern_type)) {
                let Import { module, name, .. } = import.clone();
                return Err(InstantiationError::ImportType { module, name });
            }
        }
        Ok(())
    }

    fn allocate(
        &mut self,
        parts: &Arc<Parts>,
        imports: &[Extern],
        address: u32,
    ) -> Result<Instance, InstantiationError> {
        let types: Vec<u32> = parts.types.iter().map(|function_type| self.types.number(function_type)).collect();
        let mut instance = Instance {
            parts: Arc::clone(parts),
            types,
            functions: vec![],
            tables: vec![],
            memory: None,
            globals: vec![],
        };
        for import in imports {
            match *import {
                Extern::Function(address) => instance.functions.push(address.0),
                Extern::Table(address) => instance.tables.push(address.0),
                Extern::Memory(address) => instance.memory = Some(address.0),
                Extern::Global(address) => instance.globals.push(address.0),
            }
        }
        for (code, type_index) in parts.functions.iter().skip(parts.imported_functions).enumerate() {
            let function_type = instance.types.get(*type_index as usize).copied().unwrap_or(u32::MAX);
            let code = u32::try_from(code).map_err(|_| InstantiationError::StoreFull)?;
            instance.functions.push(next(&self.functions)?);
            self.functions.push(Function { function_type, body: Body::Code { instance: address, code } });
        }
        for table_type in parts.tables.iter().skip(parts.imported_tables) {
            instance.tables.push(self.new_table(*table_type)?.0);
        }
        for limits in parts.memories.iter().skip(parts.imported_memories) {
            instance.memory = Some(self.new_memory(*limits)?.0);
        }
        let imported_globals = parts.globals.len() - parts.initial.len();
        for (global_type, initial) in parts.globals.iter().skip(imported_globals).zip(&parts.initial) {
            let slot = self.evaluate(&instance, *initial);
            instance.globals.push(next(&self.globals)?);
            self.globals.push(Global { global_type: *global_type, slot });
        }
        Ok(instance)
    }

    /// The slot of a constant expression.
    fn evaluate(&self, instance: &Instance, initial: Initial) -> u64 {
        match initial {
            Initial::Slot(slot) => slot,
            Initial::Global(index) => {
                let address = instance.globals.get(index as usize);
                let global = address.and_then(|address| self.globals.get(*address as usize));
                global.map_or(0, |global| global.slot)
            }
            Initial::Function(index) => reference_slot(instance.functions.get(index as usize).copied()),
        }
    }

    fn items(&self, instance: &Instance, items: &[Initial]) -> Vec<u64> {
        items.iter().map(|item| self.evaluate(instance, *item)).collect()
    }

    fn offset(&self, address: u32, initial: Initial) -> u32 {
        let instance = self.instances.get(address as usize);
        instance.map_or(0, |instance| u32::from_slot(self.evaluate(instance, initial)))
    }

    /// `table.init` and `elem.drop` for each active segment, `elem.drop` for each declarative one.
    fn apply_elements(&mut self, parts: &Parts, address: u32) -> Result<(), Trap> {
        for (number, segment) in parts.elements.iter().enumerate() {
            if let SegmentMode::Active { index, offset } = segment.mode {
                let offset = self.offset(address, offset);
                let instance = self.instances.get(address as usize).ok_or(Trap::TableOutOfBounds)?;
                let elements = self.segments.get(address as usize).and_then(|segments| segments.elements.get(number));
                let elements = elements.ok_or(Trap::TableOutOfBounds)?;
                let target = table::at(&mut self.tables, instance, index).ok_or(Trap::TableOutOfBounds)?;
                let count = u32::try_from(elements.len()).map_err(|_| Trap::TableOutOfBounds)?;
                bulk::init(&mut target.elements, elements, offset, 0, count).ok_or(Trap::TableOutOfBounds)?;
            }
            if segment.mode != SegmentMode::Passive
                && let Some(segments) = self.segments.get_mut(address as usize)
                && let Some(elements) = segments.elements.get_mut(number)
            {
                *elements = Vec::new();
            }
        }
        Ok(())
    }

    /// `memory.init` and `data.drop` for each active segment.
    fn apply_data(&mut self, parts: &Parts, address: u32) -> Result<(), Trap> {
        for (number, segment) in parts.data.iter().enumerate() {
            let SegmentMode::Active { offset, .. } = segment.mode else { continue };
            let offset = self.offset(address, offset);
            let memory = self.instances.get(address as usize).and_then(|instance| instance.memory);
            let memory = memory.and_then(|memory| self.memories.get_mut(memory as usize));
            let memory = memory.ok_or(Trap::MemoryOutOfBounds)?;
            let count = u32::try_from(segment.bytes.len()).map_err(|_| Trap::MemoryOutOfBounds)?;
            bulk::init(memory.bytes_mut(), &segment.bytes, offset, 0, count).ok_or(Trap::MemoryOutOfBounds)?;
            if let Some(segments) = self.segments.get_mut(address as usize)
                && let Some(is_dropped) = segments.is_data_dropped.get_mut(number)
            {
                *is_dropped = true;
            }
        }
        Ok(())
    }
}

/// Whether what is given matches what is imported (section 4.5.2).
fn matches(given: &ExternType, wanted: &ExternType) -> bool {
    match (given, wanted) {
        (ExternType::Function(given), ExternType::Function(wanted)) => given == wanted,
        (ExternType::Table(given), ExternType::Table(wanted)) => {
            given.element == wanted.element && given.limits.matches(wanted.limits)
        }
        (ExternType::Memory(given), ExternType::Memory(wanted)) => given.matches(*wanted),
        (ExternType::Global(given), ExternType::Global(wanted)) => given == wanted,
        _ => false,
    }
}
