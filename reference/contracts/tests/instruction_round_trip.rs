//! Laws of the encoding: round trips both ways, one encoding for one value.

use fayger_contracts::CapabilitySet;
use fayger_contracts::instruction::{
    Category, EventRef, F64, InstructionRef, Operand, ReplyRef, Status, Unencodable, UniversalEvent,
    UniversalInstruction, UniversalReply,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn operand() -> impl Strategy<Value = Operand> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Operand::Unsigned),
        (0..64_u32, any::<u64>()).prop_map(|(shift, number)| Operand::Unsigned(number >> shift)),
        (0..64_u32, any::<i64>()).prop_map(|(shift, number)| Operand::Signed(number >> shift)),
        vec(any::<u8>(), 0..200).prop_map(Operand::Bytes),
        ".{0,20}".prop_map(Operand::Text),
        any::<bool>().prop_map(Operand::Bool),
        any::<f64>().prop_map(|number| Operand::F64(F64::new(number))),
        Just(Operand::F64(F64::NAN)),
        Just(Operand::F64(F64::new(-0.0))),
        any::<u32>().prop_map(Operand::Handle),
    ];
    leaf.prop_recursive(3, 40, 8, |inner| vec(inner, 0..8).prop_map(Operand::List))
}

fn operands() -> impl Strategy<Value = Vec<Operand>> {
    vec(operand(), 0..12)
}

fn category() -> impl Strategy<Value = Category> {
    prop::sample::select((0..16).filter_map(Category::from_number).collect::<Vec<_>>())
}

fn capabilities() -> impl Strategy<Value = CapabilitySet> {
    (any::<u16>(), vec(16..=271_u16, 0..4)).prop_map(|(bits, numbers)| {
        numbers.into_iter().fold(CapabilitySet::from_bits(bits), CapabilitySet::with_number)
    })
}

fn instruction() -> impl Strategy<Value = UniversalInstruction> {
    (category(), any::<u16>(), operands(), capabilities()).prop_map(
        |(category, opcode, operands, capabilities_required)| UniversalInstruction {
            category,
            opcode,
            operands,
            capabilities_required,
        },
    )
}

fn event() -> impl Strategy<Value = UniversalEvent> {
    (category(), any::<u16>(), operands()).prop_map(|(category, opcode, payload)| UniversalEvent {
        category,
        opcode,
        payload,
    })
}

fn reply() -> impl Strategy<Value = UniversalReply> {
    (prop::sample::select(Status::ALL.to_vec()), operands())
        .prop_map(|(status, values)| UniversalReply { status, values })
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_again(instruction in instruction(), event in event(), reply in reply()) {
        let wire = instruction.encode().unwrap();
        prop_assert_eq!(InstructionRef::decode(&wire).unwrap().to_universal(), instruction);
        let wire = event.encode().unwrap();
        prop_assert_eq!(EventRef::decode(&wire).unwrap().to_universal(), event);
        let wire = reply.encode().unwrap();
        prop_assert_eq!(ReplyRef::decode(&wire).unwrap().to_universal(), reply);
    }

    #[test]
    fn what_is_decoded_encodes_to_the_same_bytes(wire in vec(any::<u8>(), 0..40)) {
        if let Ok(decoded) = InstructionRef::decode(&wire) {
            prop_assert_eq!(&decoded.to_universal().encode().unwrap(), &wire);
        }
        if let Ok(decoded) = EventRef::decode(&wire) {
            prop_assert_eq!(&decoded.to_universal().encode().unwrap(), &wire);
        }
        if let Ok(decoded) = ReplyRef::decode(&wire) {
            prop_assert_eq!(&decoded.to_universal().encode().unwrap(), &wire);
        }
    }

    #[test]
    fn a_flipped_bit_never_decodes_to_an_equal_value(instruction in instruction(), at in any::<prop::sample::Index>()) {
        let wire = instruction.encode().unwrap();
        let bit = at.index(wire.len() * 8);
        let mut flipped = wire.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(decoded) = InstructionRef::decode(&flipped) {
            let other = decoded.to_universal();
            prop_assert_ne!(&other, &instruction);
            prop_assert_eq!(other.encode().unwrap(), flipped);
        }
    }

    #[test]
    fn no_prefix_of_an_instruction_is_an_equal_one(instruction in instruction(), at in any::<prop::sample::Index>()) {
        let wire = instruction.encode().unwrap();
        let cut = &wire[..at.index(wire.len())];
        if let Ok(decoded) = InstructionRef::decode(cut) {
            prop_assert_ne!(decoded.to_universal(), instruction);
        }
    }
}

#[test]
fn every_flipped_bit_of_an_instruction_with_each_type_changes_its_value() {
    let instruction = UniversalInstruction {
        category: Category::IO,
        opcode: 1,
        operands: vec![
            Operand::Unsigned(0),
            Operand::Unsigned(300),
            Operand::Signed(-1),
            Operand::Bytes(vec![0]),
            Operand::Text("aé".into()),
            Operand::Bool(false),
            Operand::F64(F64::new(0.0)),
            Operand::F64(F64::NAN),
            Operand::Handle(1),
            Operand::List(vec![Operand::List(vec![Operand::Bool(true)])]),
        ],
        capabilities_required: CapabilitySet::from_bits(1).with_number(16),
    };
    let wire = instruction.encode().unwrap();
    for bit in 0..wire.len() * 8 {
        let mut flipped = wire.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let decoded = InstructionRef::decode(&flipped).map(|decoded| decoded.to_universal());
        assert_ne!(decoded.as_ref(), Ok(&instruction), "bit {bit}");
    }
}

#[test]
fn what_is_too_much_is_not_encoded_and_leaves_no_bytes() {
    use fayger_contracts::instruction::Encoder;
    let encode = |operands: Vec<Operand>| {
        let capabilities_required = CapabilitySet::EMPTY;
        UniversalInstruction { category: Category::IO, opcode: 1, operands, capabilities_required }.encode()
    };
    // 5 bytes of header, 1 of type, 3 of length.
    assert_eq!(encode(vec![Operand::Bytes(vec![0; 65_527])]).map(|wire| wire.len()), Ok(65_536));
    assert_eq!(encode(vec![Operand::Bytes(vec![0; 65_528])]), Err(Unencodable::Size { limit: 65_536 }));
    assert_eq!(encode(vec![Operand::Bool(true); 64]).map(|wire| wire.len()), Ok(5 + 64 * 3));
    assert_eq!(encode(vec![Operand::Bool(true); 65]), Err(Unencodable::Operands));
    let nested = |depth| (1..depth).fold(Operand::List(vec![]), |inner, _| Operand::List(vec![inner]));
    assert_eq!(encode(vec![nested(4)]).map(|wire| wire.len()), Ok(5 + 8));
    assert_eq!(encode(vec![nested(5)]), Err(Unencodable::Depth));
    assert_eq!(encode(vec![nested(1_000)]), Err(Unencodable::Depth));
    // A list that outgrows the limit by its own head alone.
    assert_eq!(
        encode(vec![Operand::List(vec![Operand::Bytes(vec![0; 65_527])])]),
        Err(Unencodable::Size { limit: 65_536 })
    );
    let mut buffer = vec![1, 2, 3];
    let mut encoder = Encoder::reply(&mut buffer, Status::Ok);
    for _ in 0..100 {
        encoder.bytes(&[0; 65_536]);
    }
    assert_eq!(encoder.finish(), Err(Unencodable::Size { limit: 1_048_576 }));
    assert_eq!(buffer, [1, 2, 3]);
}
