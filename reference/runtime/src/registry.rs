//! The registry of runtime implementations, and the router that finds one for an object.

use std::sync::Arc;

use fayger_contracts::runtime::METHODS;
use fayger_contracts::{ErrorCode, FaygerError, Manifest, RuntimeDescriptor, RuntimeInterface};

/// Implementations by the order of their registration.
#[derive(Default)]
pub struct RuntimeRegistry {
    registered: Vec<Resolved>,
}

/// A registered implementation.
#[derive(Clone)]
pub struct Resolved {
    /// What it says of itself.
    pub descriptor: RuntimeDescriptor,
    /// The implementation.
    pub implementation: Arc<dyn RuntimeInterface>,
}

impl RuntimeRegistry {
    /// A registry without implementations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an implementation.
    ///
    /// # Errors
    /// `RT_METHODS_MISSING` with the missing names, ascending; `RT_DUPLICATE_IMPLEMENTATION` where the name is there already, in whatever version.
    //= RT-REGISTRY-001
    pub fn register(
        &mut self,
        descriptor: RuntimeDescriptor,
        implementation: Arc<dyn RuntimeInterface>,
    ) -> Result<(), FaygerError> {
        let has = |method: &&str| descriptor.methods.iter().any(|name| name == method);
        let missing: Vec<String> = METHODS.into_iter().filter(|method| !has(method)).map(str::to_owned).collect();
        if !missing.is_empty() {
            return Err(FaygerError::new(ErrorCode::RtMethodsMissing, "the implementation lacks methods")
                .with("missing", missing));
        }
        //= RT-REGISTRY-002
        if self.registered.iter().any(|other| other.descriptor.name == descriptor.name) {
            let message = "an implementation of this name is there already";
            return Err(FaygerError::new(ErrorCode::RtDuplicateImplementation, message)
                .with("name", descriptor.name)
                .with("version", descriptor.version.to_string()));
        }
        self.registered.push(Resolved { descriptor, implementation });
        Ok(())
    }

    /// Every implementation, in the order of registration.
    pub fn list(&self) -> &[Resolved] {
        &self.registered
    }

    /// The implementation for an object: of those whose version satisfies the Manifest's and that have its runtime capabilities, the one of the
    /// highest version, and of equal ones the first.
    ///
    /// # Errors
    /// `RT_NO_IMPLEMENTATION` with a reason for each candidate.
    //= RT-REGISTRY-003
    pub fn resolve(&self, manifest: &Manifest) -> Result<&Resolved, FaygerError> {
        let mut best: Option<&Resolved> = None;
        let mut fallen = Vec::new();
        for candidate in &self.registered {
            match unfit(&candidate.descriptor, manifest) {
                Some(why) => {
                    fallen.push(format!("{} {}: {why}", candidate.descriptor.name, candidate.descriptor.version))
                }
                None if best.is_none_or(|best| candidate.descriptor.version > best.descriptor.version) => {
                    best = Some(candidate);
                }
                None => {}
            }
        }
        //= RT-REGISTRY-004
        best.ok_or_else(|| {
            FaygerError::new(ErrorCode::RtNoImplementation, "no implementation can take the object")
                .with("candidates", fallen)
        })
    }
}

/// Why an implementation cannot take an object: `version`, or the runtime capabilities that it lacks.
fn unfit(descriptor: &RuntimeDescriptor, manifest: &Manifest) -> Option<String> {
    if !descriptor.version.satisfies(manifest.runtime_interface_min) {
        return Some("version".to_owned());
    }
    let needed = manifest.runtime_capabilities.iter().flatten();
    let lacking: Vec<&str> =
        needed.filter(|name| !descriptor.capabilities.contains(name)).map(String::as_str).collect();
    (!lacking.is_empty()).then(|| format!("runtime_capability {}", lacking.join(" ")))
}
