//! Which context keys the registry gives each error code and each event: what is said beyond them is free, and what is said of them is compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use fayger_spec_map::Registry;

/// The context keys of every error code and every event. It is cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextKeys(Arc<BTreeMap<String, Vec<String>>>);

impl ContextKeys {
    /// The keys as a registry has them.
    #[must_use]
    pub fn new(registry: &Registry) -> Self {
        let errors = registry.errors.iter().map(|entry| (entry.code.clone(), registry.context_keys_of(&entry.code)));
        let events = registry.events.iter().map(|entry| (entry.name.clone(), registry.event_keys_of(&entry.name)));
        Self(Arc::new(errors.chain(events).collect()))
    }

    /// The keys of this code or event, sorted; none for what is not known.
    #[must_use]
    pub fn of(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

impl FromIterator<(String, Vec<String>)> for ContextKeys {
    fn from_iter<I: IntoIterator<Item = (String, Vec<String>)>>(keys: I) -> Self {
        Self(Arc::new(keys.into_iter().collect()))
    }
}
