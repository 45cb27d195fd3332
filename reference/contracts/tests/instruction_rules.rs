//! Near misses of each field of instruction, event and reply. The bytes are written out by hand from the layout; each line says which mistake
//! it imitates.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use fayger_contracts::instruction::{
    EventRef, F64, INSTRUCTION_LEN, InstructionRef, Malformed, OPERANDS, Operand, REPLY_LEN, ReplyRef, Rule, Status,
};

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).expect("hexadecimal")
}

/// An instruction `00 0100 0000` with these TLVs: offset 5 is the first one's type, 6 its length, 7 its value.
fn operands(hex: &str) -> Result<Vec<Operand>, Malformed> {
    InstructionRef::decode(&bytes(&format!("00 0100 0000 {hex}"))).map(|decoded| decoded.to_universal().operands)
}

#[track_caller]
fn refused(hex: &str, rule: Rule, offset: usize) {
    assert_eq!(operands(hex), Err(rule.at(offset)), "{hex}");
}

#[track_caller]
fn accepted(hex: &str, values: &[Operand]) {
    assert_eq!(operands(hex).as_deref(), Ok(values), "{hex}");
}

#[test]
fn reads_the_header_field_by_field() {
    let wire = bytes("06 3412 0108");
    let decoded = InstructionRef::decode(&wire).unwrap();
    assert_eq!(decoded.category().number(), 6);
    assert_eq!(decoded.opcode(), 0x1234);
    assert_eq!(decoded.capabilities().bits(), 0x0801);
    assert!(decoded.operands().is_empty() && !decoded.is_experimental());
    let wire = bytes("0f 0080 0000");
    let decoded = InstructionRef::decode(&wire).unwrap();
    assert_eq!((decoded.category().number(), decoded.category().name()), (15, None));
    assert!(decoded.is_experimental());
}

#[test]
fn each_header_field_is_there_before_its_value_counts() {
    let instruction = |hex: &str| InstructionRef::decode(&bytes(hex)).map(|_| ());
    let event = |hex: &str| EventRef::decode(&bytes(hex)).map(|_| ());
    let reply = |hex: &str| ReplyRef::decode(&bytes(hex)).map(|_| ());
    for hex in ["", "00", "00 01", "00 0100", "00 0100 00"] {
        assert_eq!(instruction(hex), Err(Rule::Truncated.at(bytes(hex).len())), "{hex}");
    }
    for hex in ["", "00", "00 01"] {
        assert_eq!(event(hex), Err(Rule::Truncated.at(bytes(hex).len())), "{hex}");
    }
    for hex in ["", "00"] {
        assert_eq!(reply(hex), Err(Rule::Truncated.at(bytes(hex).len())), "{hex}");
    }
    // The lowest and the highest bit of the flags; the flags come before the bytes that are missing after them.
    for hex in ["10 0100 0000", "80 0100 0000", "10"] {
        assert_eq!(instruction(hex), Err(Rule::Flags.at(0)), "{hex}");
        assert_eq!(event(hex), Err(Rule::Flags.at(0)), "{hex}");
    }
    // The last status, and the one after it; a status in the wrong byte order.
    assert_eq!(reply("0c00"), Ok(()));
    for hex in ["0d00", "0001", "ffff"] {
        assert_eq!(reply(hex), Err(Rule::Status.at(0)), "{hex}");
    }
}

#[test]
fn a_type_is_one_of_eight() {
    accepted("01 01 05", &[Operand::Unsigned(5)]);
    for kind in ["00", "09", "7e", "80", "81", "ff"] {
        refused(&format!("{kind} 01 05"), Rule::Type, 5);
        // The type comes before a length that is not there.
        refused(kind, Rule::Type, 5);
    }
}

#[test]
fn the_extension_segment_comes_first_and_ends_in_a_set_bit() {
    let wire = bytes("00 0100 0000 7f 02 0180");
    let decoded = InstructionRef::decode(&wire).unwrap();
    assert_eq!(decoded.capabilities().numbers().collect::<Vec<_>>(), [16, 31]);
    assert!(decoded.operands().is_empty());
    // Nothing in it, a byte too many, a zero byte at its end, a zero bitmap.
    refused("7f 00", Rule::Length, 6);
    refused(&format!("7f 20 {}01", "00".repeat(30)), Rule::Truncated, 38);
    accepted(&format!("7f 20 {} 80", "00".repeat(31)), &[]);
    refused(&format!("7f 21 {}", "01".repeat(33)), Rule::Length, 6);
    refused("7f 02 0100", Rule::ExtensionMinimal, 7);
    refused("7f 01 00", Rule::ExtensionMinimal, 7);
    // A second one, after an operand, in a list; cut off.
    refused("7f 01 01 7f 01 01", Rule::ExtensionPlace, 8);
    refused("05 01 01 7f 01 01", Rule::ExtensionPlace, 8);
    refused("08 03 7f 01 01", Rule::ExtensionPlace, 7);
    refused("7f", Rule::Truncated, 6);
    refused("7f 02 01", Rule::Truncated, 8);
    // An event and a reply have no capabilities.
    assert_eq!(EventRef::decode(&bytes("00 0100 7f 01 01")), Err(Rule::ExtensionPlace.at(3)));
    assert_eq!(ReplyRef::decode(&bytes("0000 7f 01 01")), Err(Rule::ExtensionPlace.at(2)));
}

#[test]
fn a_length_is_minimal_and_of_five_bytes_at_most() {
    accepted("03 00", &[Operand::Bytes(Vec::new())]);
    refused("03", Rule::Truncated, 6);
    refused("03 80", Rule::Truncated, 7);
    refused("03 80 00", Rule::LengthMinimal, 6);
    refused("03 81 00 aa", Rule::LengthMinimal, 6);
    refused("03 80 80 80 80 00", Rule::LengthMinimal, 6);
    refused("03 80 80 80 80 10", Rule::LengthOverflow, 6);
    refused("03 80 80 80 80 80 01", Rule::LengthOverflow, 6);
    // The largest length that can be written: no bytes of it are there.
    refused("03 ff ff ff ff 0f", Rule::Truncated, 11);
    let wire = bytes(&format!("00 0100 0000 03 8001 {}", "aa".repeat(128)));
    assert_eq!(InstructionRef::decode(&wire).unwrap().to_universal().operands, [Operand::Bytes(vec![0xaa; 128])]);
}

#[test]
fn a_length_fits_the_type_before_the_bytes_are_looked_for() {
    for kind in ["01", "02"] {
        refused(&format!("{kind} 00"), Rule::Length, 6);
        refused(&format!("{kind} 09 {}", "01".repeat(9)), Rule::Length, 6);
        refused(&format!("{kind} 09"), Rule::Length, 6);
        refused(&format!("{kind} 02 01"), Rule::Truncated, 8);
    }
    for hex in ["05 00", "05 02 0100", "06 07 00000000000000", "06 09", "06 04 0000803f", "07 03 010000", "07 08"] {
        refused(hex, Rule::Length, 6);
    }
    refused("05 01", Rule::Truncated, 7);
    refused("06 08 00000000000000", Rule::Truncated, 14);
    refused("07 04 010000", Rule::Truncated, 10);
    refused("04 02 61", Rule::Truncated, 8);
    refused("08 02 05", Rule::Truncated, 8);
}

#[test]
fn an_unsigned_number_has_no_zero_byte_at_its_end() {
    for (hex, number) in [
        ("01 01 00", 0),
        ("01 01 ff", 255),
        ("01 02 0001", 256),
        ("01 08 ffffffffffffffff", u64::MAX),
        ("01 08 0000000000000080", 1 << 63),
    ] {
        accepted(hex, &[Operand::Unsigned(number)]);
    }
    for hex in ["01 02 0000", "01 02 0500", "01 08 ffffffffffffff00"] {
        refused(hex, Rule::IntegerMinimal, 7);
    }
}

#[test]
fn a_signed_number_is_the_shortest_twos_complement() {
    for (hex, number) in [
        ("02 01 00", 0),
        ("02 01 7f", 127),
        ("02 02 8000", 128),
        ("02 01 ff", -1),
        ("02 01 80", -128),
        ("02 02 7fff", -129),
        ("02 02 ff7f", 32_767),
        ("02 02 0080", -32_768),
        ("02 08 ffffffffffffff7f", i64::MAX),
        ("02 08 0000000000000080", i64::MIN),
    ] {
        accepted(hex, &[Operand::Signed(number)]);
    }
    for hex in ["02 02 0000", "02 02 7f00", "02 02 ffff", "02 02 80ff", "02 03 0080ff", "02 08 ffffffffffffffff"] {
        refused(hex, Rule::IntegerMinimal, 7);
    }
}

#[test]
fn a_bool_is_zero_or_one_and_of_the_nans_one_is_canonical() {
    accepted("05 01 00", &[Operand::Bool(false)]);
    accepted("05 01 01", &[Operand::Bool(true)]);
    refused("05 01 02", Rule::Bool, 7);
    refused("05 01 ff", Rule::Bool, 7);
    accepted("06 08 000000000000f87f", &[Operand::F64(F64::NAN)]);
    accepted("06 08 000000000000f07f", &[Operand::F64(F64::new(f64::INFINITY))]);
    accepted("06 08 0100000000000000", &[Operand::F64(F64::new(f64::from_bits(1)))]);
    assert_ne!(operands("06 08 0000000000000000"), operands("06 08 0000000000000080"), "two zeros, two values");
    // A payload, the sign, a signalling one.
    for hex in ["06 08 010000000000f87f", "06 08 000000000000f8ff", "06 08 010000000000f07f"] {
        refused(hex, Rule::Nan, 7);
    }
}

#[test]
fn a_handle_is_any_number_of_32_bits() {
    accepted("07 04 00000000", &[Operand::Handle(0)]);
    accepted("07 04 01000080", &[Operand::Handle(0x8000_0001)]);
}

#[test]
fn lists_nest_four_deep() {
    let list = |values| Operand::List(values);
    accepted("08 00", &[list(vec![])]);
    accepted("08 06 08 04 08 02 08 00", &[list(vec![list(vec![list(vec![list(vec![])])])])]);
    refused("08 08 08 06 08 04 08 02 08 00", Rule::Depth, 13);
    // Too deep comes before the length of the list that is too much.
    refused("08 07 08 05 08 03 08 01 08", Rule::Depth, 13);
    // A value within ends where its list ends, though there are bytes after the list.
    refused("08 03 03 02 aa 05 01 01", Rule::Truncated, 10);
    refused("08 04 05 01 02 05 01 01", Rule::Bool, 9);
}

#[test]
fn sixty_four_operands_and_not_one_more() {
    let tlvs = |count: usize| "05 01 01".repeat(count);
    assert_eq!(operands(&tlvs(OPERANDS)).map(|values| values.len()), Ok(64));
    refused(&tlvs(65), Rule::Size, 5 + 64 * 3);
    // The extension segment is no operand.
    assert_eq!(operands(&format!("7f 01 01 {}", tlvs(64))).map(|values| values.len()), Ok(64));
    refused(&format!("7f 01 01 {}", tlvs(65)), Rule::Size, 8 + 64 * 3);
    // What is in a list is not counted.
    let (list, length) = ("05 01 01".repeat(100), "ac02");
    assert_eq!(operands(&format!("08 {length} {list}")).map(|values| values.len()), Ok(1));
    // Too many come before flags, types, values and lengths that are wrong.
    assert_eq!(InstructionRef::decode(&bytes(&format!("f0 0100 0000 {}", tlvs(65)))), Err(Rule::Size.at(197)));
    refused(&"00 00".repeat(65), Rule::Size, 5 + 64 * 2);
    refused(&format!("{}00 80 80 00", tlvs(64)), Rule::Size, 197);
    // Where they cannot be told apart they are not counted.
    refused(&format!("05 01 02 03 ff ff 03 {}", tlvs(65)), Rule::Bool, 7);
    assert_eq!(EventRef::decode(&bytes(&format!("00 0100 {}", tlvs(65)))), Err(Rule::Size.at(3 + 64 * 3)));
    assert_eq!(ReplyRef::decode(&bytes(&format!("0000 {}", tlvs(65)))), Err(Rule::Size.at(2 + 64 * 3)));
}

#[test]
fn an_instruction_an_event_and_a_reply_have_a_largest_size() {
    // 5 + 1 + 3 + n: a length of 65,527 is f7 ff 03.
    let mut wire = bytes("00 0100 0000 03 f7ff03");
    wire.resize(INSTRUCTION_LEN, 0xAA);
    assert_eq!(InstructionRef::decode(&wire).map(|decoded| decoded.operands().iter().count()), Ok(1));
    wire.push(0);
    assert_eq!(InstructionRef::decode(&wire), Err(Rule::Size.at(65_536)));
    wire[0] = 0xFF;
    assert_eq!(InstructionRef::decode(&wire), Err(Rule::Size.at(65_536)), "size comes before flags");
    // 3 + 1 + 3 + n: 65,529 is f9 ff 03.
    let mut wire = bytes("00 0100 03 f9ff03");
    wire.resize(INSTRUCTION_LEN, 0xAA);
    assert_eq!(EventRef::decode(&wire).map(|decoded| decoded.payload().iter().count()), Ok(1));
    wire.push(0);
    assert_eq!(EventRef::decode(&wire), Err(Rule::Size.at(65_536)));
    // 2 + 1 + 3 + n: 1,048,570 is fa ff 3f.
    let mut wire = bytes("0000 03 faff3f");
    wire.resize(REPLY_LEN, 0xAA);
    assert_eq!(ReplyRef::decode(&wire).map(|decoded| decoded.status()), Ok(Status::Ok));
    wire.push(0);
    assert_eq!(ReplyRef::decode(&wire), Err(Rule::Size.at(1_048_576)));
}

/// Unicode 17, table 3-7, at the edges of each row, and the classes of Markus Kuhn's stress test.
#[test]
fn text_is_well_formed_utf8() {
    let text = |hex: &str| {
        let value = bytes(hex);
        operands(&format!("04 {:02x} {hex}", value.len()))
    };
    for well_formed in [
        "",
        "00",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "e0bfbf",
        "e18080",
        "ecbfbf",
        "ed8080",
        "ed9fbf",
        "ee8080",
        "efbfbf",
        "efbfbd",
        "efbfbe",
        "efb790",
        "f0908080",
        "f0bfbfbf",
        "f1808080",
        "f3bfbfbf",
        "f4808080",
        "f48fbfbf",
        // κόσμε, the first line of the stress test; a byte order mark is text.
        "cebae1bdb9cf83cebcceb5",
        "efbbbf61",
    ] {
        let expected = String::from_utf8(bytes(well_formed)).unwrap();
        assert_eq!(text(well_formed), Ok(vec![Operand::Text(expected)]), "{well_formed}");
    }
    for ill_formed in [
        // 3.1 continuation bytes alone, 3.2 first bytes alone, each before a space.
        "80",
        "bf",
        "80bf",
        "80bf80bf80bf",
        "c020",
        "df20",
        "e020",
        "ef20",
        "f020",
        "f720",
        "f820",
        "fc20",
        // 3.3 sequences whose last byte is missing.
        "c0",
        "c2",
        "e080",
        "e0a0",
        "efbf",
        "f08080",
        "f09080",
        "f7bfbf",
        "f8808080",
        "fbbfbfbf",
        "fc80808080",
        "efbf61",
        "e28261",
        // 3.5 impossible bytes.
        "fe",
        "ff",
        "fefeffff",
        // 2.x beyond U+10FFFF, and sequences of five and six bytes.
        "f4908080",
        "f5808080",
        "f7bfbfbf",
        "f888808080",
        "fbbfbfbfbf",
        "fc8480808080",
        "fdbfbfbfbfbf",
        // 4.1 to 4.3 overlong: the slash, the largest of each length, and NUL.
        "c0af",
        "e080af",
        "f08080af",
        "f8808080af",
        "fc80808080af",
        "c1bf",
        "e09fbf",
        "f08fbfbf",
        "f887bfbfbf",
        "fc83bfbfbfbf",
        "c080",
        "e08080",
        "f0808080",
        // 5.1 and 5.2 surrogates, single and paired.
        "eda080",
        "edadbf",
        "edae80",
        "edafbf",
        "edb080",
        "edbe80",
        "edbfbf",
        "eda080edb080",
        "edafbfedbfbf",
        // Second bytes at the wrong side of table 3-7, and a Latin-1 text.
        "c27f",
        "c2c0",
        "e0a07f",
        "e1c080",
        "ecbfc0",
        "f08f8080",
        "f0907f80",
        "f490bfbf",
        "636166e9",
    ] {
        assert_eq!(text(ill_formed), Err(Rule::Utf8.at(7)), "{ill_formed}");
    }
}
