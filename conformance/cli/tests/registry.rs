//! The protocol as code says what the registry says.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail by panicking")]

use std::collections::BTreeMap;

use fayger_fcp::METHODS;
use fayger_fcp::limits::LIMITS;
use fayger_runner::Class;
use fayger_spec_map::{Registry, SpecMap};

fn registry() -> Registry {
    SpecMap::load().unwrap().registry
}

#[test]
fn features_bring_the_same_methods() {
    let mut in_code: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for method in METHODS {
        if let Some(feature) = method.feature {
            in_code.entry(feature).or_default().push(method.name);
        }
    }
    let registry = registry();
    let registered = registry.features.iter().filter(|feature| !feature.methods.is_empty());
    let registered: BTreeMap<&str, Vec<&str>> = registered
        .map(|feature| (feature.name.as_str(), feature.methods.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(in_code, registered);
}

#[test]
fn states_and_traps_are_the_same_closed_lists() {
    let runtime = registry().runtime;
    assert!(runtime.states.iter().map(|state| state.name.as_str()).eq(fayger_fcp::STATES));
    assert!(runtime.traps.iter().map(|trap| trap.name.as_str()).eq(fayger_fcp::TRAPS));
}

#[test]
fn limits_have_the_same_default_floor_and_ceiling() {
    let in_code: Vec<_> = LIMITS.iter().map(|limit| (limit.name, limit.default, limit.floor, limit.ceiling)).collect();
    let registry = registry();
    let registered: Vec<_> =
        registry.limits.iter().map(|limit| (limit.name.as_str(), limit.default, limit.floor, limit.ceiling)).collect();
    assert_eq!(in_code, registered);
}

#[test]
fn classes_need_the_same_features() {
    let in_code: Vec<_> = Class::ALL.iter().map(|class| (class.name(), class.features().to_vec())).collect();
    let registry = registry();
    let registered: Vec<_> = registry
        .classes
        .iter()
        .map(|class| (class.name.as_str(), class.features.iter().map(String::as_str).collect::<Vec<_>>()))
        .collect();
    assert_eq!(in_code, registered);
    for feature in in_code.iter().flat_map(|(_, features)| features) {
        assert!(registry.features.iter().any(|registered| registered.name == *feature), "{feature}");
    }
}
