//! The quotas on memory and tables, as wasmi asks for them.

use fayger_contracts::Quotas;
use fayger_runtime::Usage;
use wasmi::ResourceLimiter;
use wasmi::errors::{MemoryError, TableError};
use wasmi_core::LimiterError;

/// Grants what is within the quotas, and keeps count.
pub(crate) struct Limiter {
    memory_bytes: u64,
    table_elements: u64,
    usage: Usage,
    /// What is used once more if a growth that was granted fails after all. wasmi asks for it again once it has the fuel for it.
    before: Usage,
}

impl Limiter {
    pub(crate) fn new(quotas: &Quotas) -> Self {
        let (usage, before) = (Usage::default(), Usage::default());
        Self { memory_bytes: quotas.memory_bytes, table_elements: quotas.table_elements, usage, before }
    }

    pub(crate) fn usage(&self) -> Usage {
        self.usage
    }
}

impl ResourceLimiter for Limiter {
    //= RT-QUOTA-004
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // Past the module's own bound: no quota refuses that.
            return Ok(false);
        }
        let is_within = desired as u64 <= self.memory_bytes;
        self.before = self.usage;
        if is_within {
            self.usage.memory_bytes = desired as u64;
        } else {
            self.usage.memory_refusals = self.usage.memory_refusals.saturating_add(1);
        }
        Ok(is_within)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool, LimiterError> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let of_others = self.usage.table_elements.saturating_sub(current as u64);
        let wanted = of_others.saturating_add(desired as u64);
        let is_within = wanted <= self.table_elements;
        self.before = self.usage;
        if is_within {
            self.usage.table_elements = wanted;
        } else {
            self.usage.table_refusals = self.usage.table_refusals.saturating_add(1);
        }
        Ok(is_within)
    }

    fn memory_grow_failed(&mut self, _error: &MemoryError) -> Result<(), LimiterError> {
        self.usage = self.before;
        Ok(())
    }

    fn table_grow_failed(&mut self, _error: &TableError) -> Result<(), LimiterError> {
        self.usage = self.before;
        Ok(())
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        usize::MAX
    }

    fn memories(&self) -> usize {
        1
    }
}
