//! The table of opcodes by itself, and the types that stand for its entries. Bytes are written out by hand from the registry.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use fayger_contracts::CapabilitySet;
use fayger_contracts::instruction::{Category, EventRef, InstructionRef, ReplyRef, StatusSet};
use fayger_contracts::opcode::{
    Form, HostEvent as _, Instruction, Reply, crypto, event, events, fits, io, net, opcode, opcodes, proc, time, ui,
};

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).unwrap()
}

/// The instruction encodes to these bytes, and is seen in them.
#[track_caller]
fn is<'a, T: Instruction<'a> + PartialEq + std::fmt::Debug>(instruction: T, wire: &'a [u8]) {
    let mut out = Vec::new();
    instruction.encode(&mut out).unwrap();
    assert_eq!(out, wire);
    let decoded = InstructionRef::decode(wire).unwrap();
    assert_eq!(*decoded.capabilities(), T::OPCODE.capabilities);
    assert_eq!(T::view(&decoded), Some(instruction));
}

#[track_caller]
fn answers<'a, T: Reply<'a> + PartialEq + std::fmt::Debug>(reply: T, wire: &'a [u8]) {
    let mut out = Vec::new();
    reply.encode(&mut out).unwrap();
    assert_eq!(out, wire);
    assert_eq!(T::view(&ReplyRef::decode(wire).unwrap()), Some(reply));
}

#[test]
fn types_and_bytes_say_the_same() {
    is(io::OpenRead { path: "a" }, &bytes("00 1000 0200 04 01 61"));
    is(io::ReadAt { reader: 1, offset: 256, max: 9 }, &bytes("00 1200 0200 07 04 01000000 01 02 0001 01 01 09"));
    is(time::WallNow, &bytes("03 0100 8000"));
    is(proc::Exit { status: -1 }, &bytes("06 3000 0000 02 01 ff"));
    is(ui::Render { column: 0, row: 1, text: "x", style: None }, &bytes("02 0300 2000 01 01 00 01 01 01 04 01 78"));
    is(
        ui::Render { column: 0, row: 1, text: "x", style: Some(3) },
        &bytes("02 0300 2000 01 01 00 01 01 01 04 01 78 01 01 03"),
    );
    is(
        net::HttpRequest { method: "GET", url: "u", headers: (&["a", "b"]).into(), body: &[7], timeout_ms: None },
        &bytes("01 1000 0800 04 03 474554 04 01 75 08 06 04 01 61 04 01 62 03 01 07"),
    );
    is(
        proc::Spawn { program: "p", arguments: (&[]).into(), environment: Some((&["A", ""]).into()) },
        &bytes("06 1000 0010 04 01 70 08 00 08 05 04 01 41 04 00"),
    );
    answers(io::OpenReadReply { reader: 3 }, &bytes("0000 07 04 03000000"));
    answers(crypto::Ed25519VerifyReply { valid: true }, &bytes("0000 05 01 01"));
    answers(time::WallNowReply { now_ns: -1 }, &bytes("0000 02 01 ff"));
    answers(net::ResolveReply { addresses: (&["::1"]).into() }, &bytes("0000 08 05 04 03 3a3a31"));
    let wire = bytes("02 0100 04 01 61 01 01 02");
    let event = EventRef::decode(&wire).unwrap();
    assert_eq!(ui::KeyEvent::view(&event), Some(ui::KeyEvent { key: "a", modifiers: 2 }));
    let mut out = Vec::new();
    ui::KeyEvent { key: "a", modifiers: 2 }.encode(&mut out).unwrap();
    assert_eq!(out, wire);
}

#[test]
fn a_view_is_of_its_own_opcode_and_of_what_fits() {
    let view = |hex: &str| {
        let wire = bytes(hex);
        io::OpenRead::view(&InstructionRef::decode(&wire).unwrap()).is_some()
    };
    assert!(view("00 1000 0200 04 01 61"));
    for other in ["00 1100 0200 04 01 61", "01 1000 0200 04 01 61", "00 1000 0200", "00 1000 0200 04 00"] {
        assert!(!view(other), "{other}");
    }
    let reply = |hex: &str| io::OpenReadReply::view(&ReplyRef::decode(&bytes(hex)).unwrap()).is_some();
    assert!(reply("0000 07 04 01000000"));
    assert!(!reply("0300") && !reply("0000") && !reply("0000 01 01 01"));
}

#[test]
fn every_entry_of_the_table_is_found_by_its_number_and_nothing_else_is() {
    let mut found = (0, 0);
    for category in (0..16).filter_map(Category::from_number) {
        for number in 0..=u16::MAX {
            if let Some(opcode) = opcode(category, number) {
                assert_eq!((opcode.category, opcode.number), (category, number));
                found.0 += 1;
            }
            found.1 += usize::from(event(category, number).is_some());
        }
        assert!(category.name().is_some() || (opcodes(category).is_empty() && events(category).is_empty()));
    }
    assert_eq!(found, (71, 6), "as many as the registry lists");
}

#[test]
fn the_table_keeps_its_own_rules() {
    let all: Vec<_> = Category::ALL.into_iter().flat_map(opcodes).collect();
    let mut needed = CapabilitySet::EMPTY;
    for opcode in &all {
        needed = needed | opcode.capabilities;
        let first = |fields: &[fayger_contracts::opcode::Field]| fields.first().map(|field| field.form);
        assert_eq!(
            opcode.opens.map(Form::Handle),
            first(opcode.reply).filter(|form| matches!(form, Form::Handle(_))),
            "{}",
            opcode.name
        );
        if opcode.closes {
            assert!(matches!(first(opcode.operands), Some(Form::Handle(_))), "{}", opcode.name);
        }
        // Exit alone needs nothing, and is never answered.
        assert_eq!(opcode.is_exit(), opcode.capabilities.is_empty(), "{}", opcode.name);
        assert_eq!(opcode.is_exit(), opcode.statuses == StatusSet::NONE, "{}", opcode.name);
        assert!(fits(fayger_contracts::instruction::Operands::EMPTY, &[]));
    }
    assert_eq!(needed, CapabilitySet::ALL, "each of the sixteen is needed by an opcode");
    // What is opened is closed by one opcode of the same kind, with the same capabilities or more.
    for opened in &all {
        let Some(kind) = opened.opens else { continue };
        let closes = |opcode: &&&fayger_contracts::opcode::Opcode| {
            opcode.closes && opcode.operands.first().map(|field| field.form) == Some(Form::Handle(kind))
        };
        let closing: Vec<_> = all.iter().filter(closes).collect();
        assert_eq!(closing.len(), 1, "{}", opened.name);
        assert!(closing.iter().all(|opcode| opcode.capabilities == opened.capabilities), "{}", opened.name);
    }
}
