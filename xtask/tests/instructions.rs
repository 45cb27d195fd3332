//! The tables of instructions in the code are those of the registry. The opcodes themselves are written from it (`cargo xtask opcodes`).
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use fayger_contracts::instruction::{Category, EXTENSION_TYPE, OperandType, Rule, Status, StatusSet};
use fayger_contracts::opcode::{HandleKind, events, opcodes};
use fayger_contracts::{Event, Invisible};
use fayger_spec_map::registry::Instructions;
use fayger_spec_map::{Registry, SpecMap};

fn registry() -> Registry {
    SpecMap::load().unwrap().registry
}

fn instructions() -> Instructions {
    registry().instructions
}

#[test]
fn categories_and_types() {
    let registry = instructions();
    let listed: Vec<_> = registry.categories.iter().map(|entry| (entry.number, Some(entry.name.as_str()))).collect();
    assert_eq!(listed, Category::ALL.map(|category| (category.number(), category.name())));
    let listed: Vec<_> = registry.types.iter().map(|entry| (entry.number, entry.name.as_str())).collect();
    let coded = OperandType::ALL.map(|kind| (kind.number(), kind.name()));
    assert_eq!(listed, [coded.as_slice(), &[(EXTENSION_TYPE, "extension")]].concat());
}

#[test]
fn statuses_and_which_are_universal() {
    let registry = instructions();
    let listed: Vec<_> =
        registry.statuses.iter().map(|entry| (entry.number, entry.name.as_str(), entry.universal)).collect();
    let coded = Status::ALL.map(|status| (status.number(), status.name(), StatusSet::UNIVERSAL.contains(status)));
    assert_eq!(listed, coded);
}

#[test]
fn opcodes_and_events_with_what_they_need() {
    let registry = instructions();
    let listed: Vec<_> = registry
        .opcodes
        .iter()
        .map(|entry| (format!("{}.{}", entry.category, entry.name), entry.number, entry.capabilities.clone()))
        .collect();
    let coded = Category::ALL.into_iter().flat_map(opcodes);
    let coded: Vec<_> =
        coded.map(|opcode| (opcode.name.to_owned(), opcode.number, opcode.capabilities.names())).collect();
    assert_eq!(listed, coded);
    let listed: Vec<_> = registry
        .events
        .iter()
        .map(|entry| (format!("{}.{}", entry.category, entry.name), entry.number, entry.capabilities.clone()))
        .collect();
    let coded = Category::ALL.into_iter().flat_map(events);
    let coded: Vec<_> = coded.map(|event| (event.name.to_owned(), event.number, event.capabilities.names())).collect();
    assert_eq!(listed, coded);
}

#[test]
fn kinds_of_handles() {
    let mut listed: Vec<_> = instructions().opcodes.into_iter().filter_map(|opcode| opcode.opens).collect();
    listed.sort();
    listed.dedup();
    let mut coded = HandleKind::ALL.map(HandleKind::name);
    coded.sort_unstable();
    assert_eq!(listed, coded);
}

#[test]
fn rules_of_the_encoding() {
    let registry = registry();
    let pairs = registry.error("ADP_INSTRUCTION_MALFORMED").unwrap().pairs();
    let listed: Vec<_> = pairs.into_iter().filter_map(|pair| pair.value).map(|(_, rule)| rule).collect();
    assert_eq!(listed, Rule::ALL.map(Rule::name));
}

#[test]
fn reasons_of_invisibility_are_named_by_the_clause() {
    let map = SpecMap::load().unwrap();
    let clause = map.clause("ADP-BUS-003").unwrap();
    for reason in Invisible::ALL {
        assert!(clause.names(reason.name()), "{reason:?}");
    }
    let event = Event::InstructionInvisible { instance: None, category: 0, opcode: 0, reason: Invisible::NotGranted };
    assert!(map.registry.events.iter().any(|listed| listed.name == event.name()));
}
