//! The store (WebAssembly core 2.0, section 4.2.3): everything that instances have made, by address.

use std::collections::HashMap;
use std::sync::Arc;

use crate::address::{Extern, FunctionAddress, GlobalAddress, InstanceAddress, MemoryAddress, TableAddress};
use crate::error::InstantiationError;
use crate::limits::Limits;
use crate::memory::Memory;
use crate::module::{Exported, Parts};
use crate::table::Table;
use crate::trap::Resource;
use crate::types::{ExternType, FunctionType, GlobalType, SizeLimits, TableType};
use crate::value::Value;

/// All functions, tables, memories and globals of one or more instances. Nothing is freed before the store is.
#[derive(Debug)]
pub struct Store {
    pub(crate) types: Types,
    pub(crate) functions: Vec<Function>,
    pub(crate) tables: Vec<Table>,
    pub(crate) memories: Vec<Memory>,
    pub(crate) globals: Vec<Global>,
    pub(crate) instances: Vec<Instance>,
    /// Of each instance.
    pub(crate) segments: Vec<Segments>,
    pub(crate) quotas: Quotas,
    pub(crate) limits: Limits,
}

/// Types of functions, each once: equal types have equal numbers.
#[derive(Debug, Default)]
pub(crate) struct Types {
    list: Vec<FunctionType>,
    numbers: HashMap<FunctionType, u32>,
}

impl Types {
    pub(crate) fn number(&mut self, function_type: &FunctionType) -> u32 {
        if let Some(number) = self.numbers.get(function_type) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(function_type.clone());
        self.numbers.insert(function_type.clone(), number);
        number
    }

    pub(crate) fn get(&self, number: u32) -> Option<&FunctionType> {
        self.list.get(number as usize)
    }
}

/// A function instance (section 4.2.6).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    /// Its number in [`Types`].
    pub(crate) function_type: u32,
    pub(crate) body: Body,
}

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// The host knows.
    Host,
    /// This code of this instance's module.
    Code { instance: u32, code: u32 },
}

/// A global instance (section 4.2.9).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Global {
    pub(crate) global_type: GlobalType,
    pub(crate) slot: u64,
}

/// A module instance (section 4.2.5): addresses by index.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) parts: Arc<Parts>,
    /// Numbers in [`Types`].
    pub(crate) types: Vec<u32>,
    pub(crate) functions: Vec<u32>,
    pub(crate) tables: Vec<u32>,
    pub(crate) memory: Option<u32>,
    pub(crate) globals: Vec<u32>,
}

/// The segments of an instance (sections 4.2.10 and 4.2.11): what is dropped is empty.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    pub(crate) elements: Vec<Vec<u64>>,
    pub(crate) is_data_dropped: Vec<bool>,
}

/// What is used of the limits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quotas {
    pub(crate) memory: Quota,
    pub(crate) table: Quota,
}

/// What is used of one limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quota {
    pub(crate) limit: u64,
    pub(crate) used: u64,
    pub(crate) refusals: u64,
}

impl Quota {
    /// Takes more, or nothing.
    pub(crate) fn take(&mut self, more: u64) -> bool {
        match self.used.checked_add(more) {
            Some(used) if used <= self.limit => {
                self.used = used;
                true
            }
            _ => {
                self.refusals = self.refusals.saturating_add(1);
                false
            }
        }
    }

    pub(crate) fn give_back(&mut self, less: u64) {
        self.used = self.used.saturating_sub(less);
    }
}

/// What a store uses of its [`Limits`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of all memories.
    pub memory: u64,
    /// Elements of all tables.
    pub table: u64,
    /// How often the limit refused a memory, its first size or its growth.
    pub memory_refusals: u64,
    /// How often the limit refused a table, its first size or its growth.
    pub table_refusals: u64,
}

impl Store {
    /// An empty store.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let quota = |limit| Quota { limit, ..Quota::default() };
        Self {
            types: Types::default(),
            functions: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            instances: Vec::new(),
            segments: Vec::new(),
            quotas: Quotas { memory: quota(limits.memory), table: quota(limits.table) },
            // Slots are numbered by 32 bits.
            limits: Limits { slots: limits.slots.min(u32::MAX as usize), ..limits },
        }
    }

    /// What is used of the limits.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let Quotas { memory, table } = self.quotas;
        Usage {
            memory: memory.used,
            table: table.used,
            memory_refusals: memory.refusals,
            table_refusals: table.refusals,
        }
    }

    /// A function of the host's: calls of it come out of [`Execution::step`](crate::Execution::step).
    ///
    /// # Errors
    /// Where there are 2^32 already.
    pub fn new_function(&mut self, function_type: &FunctionType) -> Result<FunctionAddress, InstantiationError> {
        let address = next(&self.functions)?;
        let function_type = self.types.number(function_type);
        self.functions.push(Function { function_type, body: Body::Host });
        Ok(FunctionAddress(address))
    }

    /// A table, of nulls.
    ///
    /// # Errors
    /// Where its first size passes the limit.
    pub fn new_table(&mut self, table_type: TableType) -> Result<TableAddress, InstantiationError> {
        let address = next(&self.tables)?;
        let table = Table::new(table_type, &mut self.quotas.table).ok_or(InstantiationError::Limit(Resource::Table))?;
        self.tables.push(table);
        Ok(TableAddress(address))
    }

    /// A memory, of zeros; sizes are in pages of 64 KiB.
    ///
    /// # Errors
    /// Where its first size passes the limit.
    pub fn new_memory(&mut self, limits: SizeLimits) -> Result<MemoryAddress, InstantiationError> {
        let address = next(&self.memories)?;
        let memory = Memory::new(limits, &mut self.quotas.memory).ok_or(InstantiationError::Limit(Resource::Memory))?;
        self.memories.push(memory);
        Ok(MemoryAddress(address))
    }

    /// A global of that value and type.
    ///
    /// # Errors
    /// Where there are 2^32 already.
    pub fn new_global(&mut self, value: Value, is_mutable: bool) -> Result<GlobalAddress, InstantiationError> {
        let address = next(&self.globals)?;
        let global_type = GlobalType { value: value.value_type(), is_mutable };
        self.globals.push(Global { global_type, slot: value.to_slot() });
        Ok(GlobalAddress(address))
    }

    /// What an instance exports by that name.
    #[must_use]
    pub fn export(&self, instance: InstanceAddress, name: &str) -> Option<Extern> {
        let instance = self.instances.get(instance.0 as usize)?;
        let (_, exported) = instance.parts.exports.iter().find(|(exported, _)| exported == name)?;
        instance.address(*exported)
    }

    /// Everything that an instance exports, in its order.
    pub fn exports(&self, instance: InstanceAddress) -> impl Iterator<Item = (&str, Extern)> {
        let instance = self.instances.get(instance.0 as usize);
        instance.into_iter().flat_map(|instance| {
            let named = instance.parts.exports.iter();
            named.filter_map(|(name, exported)| Some((name.as_str(), instance.address(*exported)?)))
        })
    }

    /// The start function of an instance, to be called before anything else of it.
    #[must_use]
    pub fn start(&self, instance: InstanceAddress) -> Option<FunctionAddress> {
        let instance = self.instances.get(instance.0 as usize)?;
        instance.functions.get(instance.parts.start? as usize).copied().map(FunctionAddress)
    }

    /// The type of what an address is of, a memory or table with its size of now.
    #[must_use]
    pub fn extern_type(&self, address: Extern) -> Option<ExternType> {
        Some(match address {
            Extern::Function(address) => ExternType::Function(self.function_type(address)?.clone()),
            Extern::Table(address) => ExternType::Table(self.tables.get(address.0 as usize)?.table_type()),
            Extern::Memory(address) => ExternType::Memory(self.memories.get(address.0 as usize)?.limits()),
            Extern::Global(address) => ExternType::Global(self.globals.get(address.0 as usize)?.global_type),
        })
    }

    /// The type of a function.
    #[must_use]
    #[inline]
    pub fn function_type(&self, address: FunctionAddress) -> Option<&FunctionType> {
        self.types.get(self.functions.get(address.0 as usize)?.function_type)
    }

    /// The bytes of a memory.
    #[must_use]
    pub fn memory(&self, address: MemoryAddress) -> Option<&[u8]> {
        self.memories.get(address.0 as usize).map(Memory::bytes)
    }

    /// The bytes of a memory.
    pub fn memory_mut(&mut self, address: MemoryAddress) -> Option<&mut [u8]> {
        self.memories.get_mut(address.0 as usize).map(Memory::bytes_mut)
    }

    /// The value of a global.
    #[must_use]
    pub fn global(&self, address: GlobalAddress) -> Option<Value> {
        let global = self.globals.get(address.0 as usize)?;
        Some(Value::from_slot(global.slot, global.global_type.value))
    }

    /// An element of a table; none past its end.
    #[must_use]
    pub fn element(&self, address: TableAddress, index: u32) -> Option<Value> {
        let table = self.tables.get(address.0 as usize)?;
        Some(Value::from_slot(*table.elements.get(index as usize)?, table.element))
    }
}

impl Instance {
    pub(crate) fn address(&self, exported: Exported) -> Option<Extern> {
        let at = |list: &[u32], index: u32| list.get(index as usize).copied();
        Some(match exported {
            Exported::Function(index) => Extern::Function(FunctionAddress(at(&self.functions, index)?)),
            Exported::Table(index) => Extern::Table(TableAddress(at(&self.tables, index)?)),
            Exported::Memory(_) => Extern::Memory(MemoryAddress(self.memory?)),
            Exported::Global(index) => Extern::Global(GlobalAddress(at(&self.globals, index)?)),
        })
    }
}

/// The next address in a list.
pub(crate) fn next<T>(list: &[T]) -> Result<u32, InstantiationError> {
    // The largest number is left free: a reference is one more than its address.
    u32::try_from(list.len()).ok().filter(|address| *address < u32::MAX).ok_or(InstantiationError::StoreFull)
}
