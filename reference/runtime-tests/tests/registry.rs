//! The registry of runtime implementations, with two that are real.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use fayger_contracts::{ContextValue, ErrorCode, FaygerError, InterfaceVersion, RuntimeDescriptor};
use fayger_runtime::RuntimeRegistry;
use fayger_runtime_tests::{Fay, Stage, engines};

fn fay() -> Fay {
    Fay::new(r#"(func (export "start") (result i32) (i32.const 0))"#)
}

/// What the two are called, and a registry with both.
fn both() -> (RuntimeRegistry, Vec<(RuntimeDescriptor, Stage)>) {
    let mut registry = RuntimeRegistry::new();
    let stages = engines().into_iter().map(|engine| {
        let name = engine.name();
        let stage = Stage::new(engine);
        (stage.runtime.descriptor(name), stage)
    });
    let stages: Vec<_> = stages.collect();
    for (descriptor, stage) in &stages {
        assert_eq!(registry.register(descriptor.clone(), Arc::clone(&stage.runtime) as _), Ok(()));
    }
    (registry, stages)
}

fn resolved(registry: &RuntimeRegistry, fay: &Fay) -> Result<String, FaygerError> {
    registry.resolve(fay.object().manifest()).map(|resolved| resolved.descriptor.name.clone())
}

fn names(error: &FaygerError, key: &str) -> Vec<String> {
    match error.context.get(key) {
        Some(ContextValue::Names(names)) => names.clone(),
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn an_object_goes_to_the_first_of_equal_versions_that_has_what_it_needs() {
    let (registry, _stages) = both();
    assert_eq!(resolved(&registry, &fay()), Ok("interpreter".to_owned()));
    assert_eq!(resolved(&registry, &fay().with_runtime_capability("runtime.fuel-exact")), Ok("interpreter".to_owned()));

    // The other way round, what needs nothing goes to the other.
    let mut reversed = RuntimeRegistry::new();
    for (descriptor, stage) in both().1.into_iter().rev() {
        assert_eq!(reversed.register(descriptor, stage.runtime as _), Ok(()));
    }
    assert_eq!(resolved(&reversed, &fay()), Ok("wasmi".to_owned()));
    assert_eq!(
        resolved(&reversed, &fay().with_runtime_capability("runtime.nan-canonical")),
        Ok("interpreter".to_owned())
    );
}

#[test]
fn a_higher_version_wins_where_it_is_compatible() {
    let (mut registry, stages) = both();
    for (name, version) in [("newer", (1, 2, 0)), ("newest", (1, 10, 0)), ("other", (2, 0, 0))] {
        let (mut descriptor, stage) = (stages[1].0.clone(), &stages[1].1);
        (descriptor.name, descriptor.version) = (name.into(), InterfaceVersion::new(version.0, version.1, version.2));
        assert_eq!(registry.register(descriptor, Arc::clone(&stage.runtime) as _), Ok(()));
    }
    assert_eq!(resolved(&registry, &fay()), Ok("newest".to_owned()));
    // It lacks what the older has.
    assert_eq!(resolved(&registry, &fay().with_runtime_capability("runtime.fuel-exact")), Ok("interpreter".to_owned()));
}

#[test]
fn where_none_fits_each_is_told_why() {
    let (mut registry, stages) = both();
    let (mut descriptor, stage) = (stages[0].0.clone(), &stages[0].1);
    (descriptor.name, descriptor.version) = ("other".into(), InterfaceVersion::new(2, 0, 0));
    assert_eq!(registry.register(descriptor, Arc::clone(&stage.runtime) as _), Ok(()));
    // Only the second is in this one, and only what needs more than it has.
    let mut lacking = RuntimeRegistry::new();
    let (descriptor, stage) = &stages[1];
    assert_eq!(lacking.register(descriptor.clone(), Arc::clone(&stage.runtime) as _), Ok(()));
    let needs = fay().with_runtime_capability("runtime.fuel-exact").with_runtime_capability("runtime.nan-canonical");
    let error = resolved(&lacking, &needs).unwrap_err();
    assert_eq!(error.code, ErrorCode::RtNoImplementation);
    let why = "wasmi 1.0.0: runtime_capability runtime.fuel-exact runtime.nan-canonical";
    assert_eq!(names(&error, "candidates"), [why]);
    let empty = resolved(&RuntimeRegistry::new(), &fay()).unwrap_err();
    assert_eq!((empty.code, names(&empty, "candidates")), (ErrorCode::RtNoImplementation, vec![]));
}

#[test]
fn what_lacks_methods_or_is_there_already_is_not_registered() {
    let (mut registry, stages) = both();
    let (descriptor, stage) = &stages[0];
    let again = registry.register(descriptor.clone(), Arc::clone(&stage.runtime) as _).unwrap_err();
    assert_eq!(again.code, ErrorCode::RtDuplicateImplementation);
    assert_eq!((&again.context["name"], &again.context["version"]), (&"interpreter".into(), &"1.0.0".into()));
    let newer = RuntimeDescriptor { version: InterfaceVersion::new(1, 1, 0), ..descriptor.clone() };
    let again = registry.register(newer, Arc::clone(&stage.runtime) as _).unwrap_err();
    assert_eq!((again.code, &again.context["version"]), (ErrorCode::RtDuplicateImplementation, &"1.1.0".into()));

    let mut poor = RuntimeDescriptor { name: "poor".into(), ..descriptor.clone() };
    poor.methods.retain(|method| method != "suspend" && method != "emit");
    let missing = registry.register(poor.clone(), Arc::clone(&stage.runtime) as _).unwrap_err();
    assert_eq!(
        (missing.code, names(&missing, "missing")),
        (ErrorCode::RtMethodsMissing, vec!["emit".into(), "suspend".into()])
    );
    // More than the twelve are no matter.
    poor.methods.extend(["emit".into(), "suspend".into(), "pause".into()]);
    assert_eq!(registry.register(poor, Arc::clone(&stage.runtime) as _), Ok(()));
    assert_eq!(registry.list().len(), 3);
}

#[test]
fn the_one_that_is_found_runs_the_object() {
    let (registry, stages) = both();
    for fay in [fay(), fay().with_runtime_capability("runtime.fuel-exact")] {
        let object = fay.object();
        let runtime = &registry.resolve(object.manifest()).unwrap().implementation;
        assert_eq!(
            (runtime.rt_version(), runtime.capabilities()),
            (stages[0].0.version, stages[0].0.capabilities.clone())
        );
        let submission = fayger_contracts::Submission {
            object,
            granted: fayger_contracts::CapabilitySet::ALL,
            quotas: fayger_contracts::Quotas::default(),
        };
        let id = runtime.load(submission).unwrap();
        assert_eq!([runtime.init(id), runtime.start(id)], [Ok(()), Ok(())]);
        assert_eq!(stages[0].1.run(id), fayger_runtime::Stopped::Ended);
    }
}
