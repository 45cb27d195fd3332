//! Tables (WebAssembly core 2.0, section 4.2.7).

use crate::store::Quota;
use crate::types::{SizeLimits, TableType, ValueType};

/// A table instance. Elements are slots.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) elements: Vec<u64>,
    pub(crate) element: ValueType,
    maximum: Option<u32>,
}

impl Table {
    pub(crate) fn new(table_type: TableType, quota: &mut Quota) -> Option<Self> {
        let TableType { element, limits } = table_type;
        let mut table = Self { elements: Vec::new(), element, maximum: limits.maximum };
        table.grow(limits.minimum, 0, quota)?;
        Some(table)
    }

    /// Its size.
    pub(crate) fn size(&self) -> u32 {
        u32::try_from(self.elements.len()).unwrap_or(u32::MAX)
    }

    /// Its type, with its size of now.
    pub(crate) fn table_type(&self) -> TableType {
        TableType { element: self.element, limits: SizeLimits { minimum: self.size(), maximum: self.maximum } }
    }

    /// `table.grow`: the size before, or nothing was done (section 4.5.3, growing tables).
    pub(crate) fn grow(&mut self, more: u32, value: u64, quota: &mut Quota) -> Option<u32> {
        let size = self.size();
        let grown = size.checked_add(more)?;
        if grown > self.maximum.unwrap_or(u32::MAX) || !quota.take(more.into()) {
            return None;
        }
        if self.elements.try_reserve(more as usize).is_err() {
            quota.give_back(more.into());
            return None;
        }
        self.elements.resize(grown as usize, value);
        Some(size)
    }
}
