//! Which context keys the registry gives each error code: what an error says beyond them is free, and what it says of them is compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use fayger_spec_map::Registry;

/// The context keys of every error code. It is cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextKeys(Arc<BTreeMap<String, Vec<String>>>);

impl ContextKeys {
    /// The keys as a registry has them.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        let keys = |code: &String| (code.clone(), registry.context_keys_of(code));
        Self(Arc::new(registry.errors.iter().map(|entry| keys(&entry.code)).collect()))
    }

    /// The keys of this code, sorted; none for a code that is not known.
    #[must_use]
    pub fn of_code(&self, code: &str) -> &[String] {
        self.0.get(code).map(Vec::as_slice).unwrap_or_default()
    }
}

impl FromIterator<(String, Vec<String>)> for ContextKeys {
    fn from_iter<I: IntoIterator<Item = (String, Vec<String>)>>(keys: I) -> Self {
        Self(Arc::new(keys.into_iter().collect()))
    }
}
