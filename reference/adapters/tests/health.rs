//! An adapter that lies, once for each rule, is named for it and not registered.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fayger_adapters::{
    AdapterRegistry, Call, Descriptor, HostFailure, HostKind, PlatformAdapter, Progress, SupportedInstruction,
};
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::{self, io, proc, random};
use fayger_contracts::{CapabilitySet, ContextValue, ErrorCode, Layer};

/// Says what it is told to say, and answers the self-test of `io.read` so.
struct Told {
    descriptor: Descriptor,
    read: fn() -> Result<(), String>,
}

impl PlatformAdapter for Told {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, category: Category, opcode: u16) -> Result<(), String> {
        if (category, opcode) == (Category::IO, io::READ.number) { (self.read)() } else { Ok(()) }
    }

    fn call(&self, _call: &Call<'_>, _reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        Ok(Progress::Ready)
    }
}

fn experimental(opcode: u16, capabilities: Option<CapabilitySet>) -> SupportedInstruction {
    SupportedInstruction { category: Category::IO, opcode, capabilities }
}

/// Truthful: `io.read`, `random.bytes` and an experimental opcode that needs `#20`.
fn truthful() -> Descriptor {
    let instructions = vec![
        SupportedInstruction::registered(&io::READ),
        SupportedInstruction::registered(&random::BYTES),
        experimental(0x8001, Some(CapabilitySet::EMPTY.with_number(20))),
    ];
    Descriptor {
        name: "told".into(),
        host: HostKind::Server,
        supported_capabilities: CapabilitySet::from_names(["fs.read", "random", "#20"]).unwrap(),
        supported_instructions: instructions,
    }
}

/// What the registry finds in the truthful adapter with one lie.
fn found(lie: impl FnOnce(&mut Descriptor), read: fn() -> Result<(), String>) -> Vec<String> {
    let mut descriptor = truthful();
    lie(&mut descriptor);
    let mut registry = AdapterRegistry::default();
    let Err(error) = registry.register(Arc::new(Told { descriptor, read })) else {
        assert_eq!(registry.adapters().len(), 1);
        return Vec::new();
    };
    assert_eq!((error.code, error.source_layer()), (ErrorCode::AdpDescriptorUnhealthy, Layer::Adapter));
    assert!(registry.adapters().is_empty() && registry.supported().is_empty());
    let ContextValue::Names(names) = &error.context["inconsistencies"] else { panic!("names: {error}") };
    names.clone()
}

fn lie(lie: impl FnOnce(&mut Descriptor)) -> Vec<String> {
    found(lie, || Ok(()))
}

#[test]
fn a_truthful_adapter_is_registered() {
    assert_eq!(lie(|_| ()), [""; 0]);
    assert_eq!(Descriptor::new("told", HostKind::Server, truthful().supported_instructions), truthful());
}

#[test]
fn capabilities_are_the_closure_of_the_instructions() {
    let without = |name: &'static str| {
        lie(move |it| {
            it.supported_capabilities = it.supported_capabilities - CapabilitySet::from_names([name]).unwrap()
        })
    };
    assert_eq!(without("fs.read"), ["capability_missing fs.read"]);
    assert_eq!(without("#20"), ["capability_missing #20"]);
    let with = |number| lie(move |it| it.supported_capabilities = it.supported_capabilities.with_number(number));
    assert_eq!(with(4), ["capability_extra net.listen"]);
    assert_eq!(with(21), ["capability_unknown #21"]);
    assert_eq!(with(271), ["capability_unknown #271"]);
}

#[test]
fn no_instruction_is_reserved_unknown_listed_twice_or_the_buss_own() {
    let with = |instruction| lie(move |it: &mut Descriptor| it.supported_instructions.push(instruction));
    let at = |category, opcode| SupportedInstruction {
        category: Category::from_number(category).unwrap(),
        opcode,
        capabilities: None,
    };
    assert_eq!(with(at(8, 1)), ["category_reserved 8:1"]);
    assert_eq!(with(at(15, 0x8001)), ["category_reserved 15:32769"]);
    assert_eq!(with(at(4, 2)), ["instruction_unknown 4:2"]);
    assert_eq!(with(at(0, 0)), ["instruction_unknown 0:0"]);
    assert_eq!(with(SupportedInstruction::registered(&io::READ)), ["instruction_duplicate 0:17"]);
    assert_eq!(with(SupportedInstruction::registered(&proc::EXIT)), ["instruction_exit 6:48"]);
}

#[test]
fn an_experimental_instruction_alone_says_what_it_needs() {
    let with = |instruction| lie(move |it: &mut Descriptor| it.supported_instructions.push(instruction));
    assert_eq!(with(experimental(0x8002, None)), ["experimental_without_capabilities 0:32770"]);
    assert_eq!(with(experimental(0x8002, Some(CapabilitySet::EMPTY))), [""; 0]);
    assert_eq!(with(experimental(io::STAT.number, Some(io::STAT.capabilities))), ["capabilities_overridden 0:20"]);
}

#[test]
fn a_self_test_that_fails_or_panics_is_named() {
    assert_eq!(found(|_| (), || Err("no such device".into())), ["self_test_failed 0:17"]);
    assert_eq!(found(|_| (), || panic!("as planned")), ["self_test_failed 0:17"]);
}

#[test]
fn every_inconsistency_is_named_in_order_of_its_text() {
    let named = lie(|it| {
        it.supported_capabilities = CapabilitySet::from_names(["random", "crypto", "#20"]).unwrap();
        it.supported_instructions.push(SupportedInstruction::registered(&random::BYTES));
    });
    assert_eq!(named, ["capability_extra crypto", "capability_missing fs.read", "instruction_duplicate 4:1"]);
}

#[test]
fn two_adapters_of_one_name_are_one_too_many_and_the_first_answers() {
    let mut registry = AdapterRegistry::default();
    let told = |name: &str| Told { descriptor: Descriptor { name: name.into(), ..truthful() }, read: || Ok(()) };
    registry.register(Arc::new(told("a"))).unwrap();
    let error = registry.register(Arc::new(told("a"))).unwrap_err();
    assert_eq!(error.context["inconsistencies"], vec!["name_taken a".to_owned()].into());
    registry.register(Arc::new(told("b"))).unwrap();
    assert_eq!(registry.adapters().len(), 2);
}

#[test]
fn an_adapter_is_held_to_what_it_said_when_it_was_registered() {
    /// Says something else each time that it is asked.
    struct Changing([Descriptor; 2], AtomicUsize);
    impl PlatformAdapter for Changing {
        fn descriptor(&self) -> &Descriptor {
            &self.0[self.1.fetch_add(1, Ordering::Relaxed).min(1)]
        }
        fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
            Ok(())
        }
        fn call(&self, _call: &Call<'_>, _reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
            Ok(Progress::Ready)
        }
    }
    let lie = Descriptor { supported_capabilities: CapabilitySet::UNIVERSE, ..truthful() };
    let mut registry = AdapterRegistry::default();
    registry.register(Arc::new(Changing([truthful(), lie], AtomicUsize::new(0)))).unwrap();
    assert_eq!(registry.supported(), truthful().supported_capabilities);
}

#[test]
fn an_adapter_of_the_whole_registry_is_healthy() {
    let listed = Category::ALL.into_iter().flat_map(opcode::opcodes).filter(|opcode| !opcode.is_exit());
    let descriptor = Descriptor::new("all", HostKind::Desktop, listed.map(SupportedInstruction::registered).collect());
    assert_eq!(descriptor.supported_capabilities, CapabilitySet::ALL, "each of the sixteen is needed by an opcode");
    assert_eq!(fayger_adapters::check_descriptor(&descriptor), []);
}
