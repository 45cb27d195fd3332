//! The adapters of a host, and who answers what.

use std::sync::Arc;

use fayger_contracts::instruction::Category;
use fayger_contracts::{CapabilitySet, FaygerError};

use crate::adapter::PlatformAdapter;
use crate::error::unhealthy;
use crate::health::{Inconsistency, check_adapter};

/// The adapters that were found to be what they say.
#[derive(Default)]
pub struct AdapterRegistry {
    adapters: Vec<Arc<dyn PlatformAdapter>>,
    names: Vec<String>,
    /// By category and opcode.
    routes: Vec<Route>,
    supported: CapabilitySet,
}

/// Who answers an instruction.
pub(crate) struct Route {
    category: Category,
    opcode: u16,
    /// Its place among the adapters.
    pub(crate) adapter: usize,
    /// What an experimental one needs; of the others the registry of opcodes says it.
    pub(crate) capabilities: CapabilitySet,
}

impl AdapterRegistry {
    //= ADP-REGISTER-002
    //= ADP-REGISTER-003
    /// Checks an adapter, and takes it. Of two adapters that answer one instruction the first to be registered does.
    ///
    /// # Errors
    /// `ADP_DESCRIPTOR_UNHEALTHY`, naming each inconsistency; the adapter is not registered.
    pub fn register(&mut self, adapter: Arc<dyn PlatformAdapter>) -> Result<(), FaygerError> {
        // What is checked is what is kept, whatever the adapter says of itself later.
        let descriptor = adapter.descriptor().clone();
        let mut inconsistencies = check_adapter(&descriptor, adapter.as_ref());
        if self.names.contains(&descriptor.name) {
            inconsistencies.push(Inconsistency::NameTaken(descriptor.name.clone()));
        }
        if !inconsistencies.is_empty() {
            return Err(unhealthy(&inconsistencies));
        }
        for instruction in &descriptor.supported_instructions {
            let key = (instruction.category, instruction.opcode);
            let Err(at) = self.find(key) else { continue };
            let capabilities = instruction.capabilities.unwrap_or_default();
            let (category, opcode) = key;
            self.routes.insert(at, Route { category, opcode, adapter: self.adapters.len(), capabilities });
        }
        self.supported = self.supported | descriptor.supported_capabilities;
        self.names.push(descriptor.name);
        self.adapters.push(adapter);
        Ok(())
    }

    /// The adapters, in the order of their registration.
    pub fn adapters(&self) -> &[Arc<dyn PlatformAdapter>] {
        &self.adapters
    }

    /// What they support between them.
    pub fn supported(&self) -> CapabilitySet {
        self.supported
    }

    pub(crate) fn route(&self, category: Category, opcode: u16) -> Option<&Route> {
        self.routes.get(self.find((category, opcode)).ok()?)
    }

    fn find(&self, key: (Category, u16)) -> Result<usize, usize> {
        self.routes.binary_search_by_key(&key, |route| (route.category, route.opcode))
    }
}
