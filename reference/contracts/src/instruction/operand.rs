//! One operand, reply value or event value: borrowed from the bytes, or owned.

use super::decode::Operands;

//= ADP-VALUE-007
/// A number of 64 bits (IEEE 754), equal by its bits. Of the NaNs it holds the canonical one alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct F64(u64);

impl F64 {
    /// The positive quiet NaN without payload.
    pub const NAN: Self = Self(0x7FF8_0000_0000_0000);

    /// This number; any NaN becomes the canonical one.
    pub fn new(number: f64) -> Self {
        if number.is_nan() { Self::NAN } else { Self(number.to_bits()) }
    }

    /// The number with these bits; none for a NaN other than the canonical one.
    pub fn from_bits(bits: u64) -> Option<Self> {
        (!f64::from_bits(bits).is_nan() || bits == Self::NAN.0).then_some(Self(bits))
    }

    /// Its bits.
    pub fn to_bits(self) -> u64 {
        self.0
    }

    /// The number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl std::fmt::Debug for F64 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(f)
    }
}

//= ADP-TLV-001
/// The type of a value. The number is on the wire; none is ever reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OperandType {
    /// 1 to 8 bytes, little-endian, without a zero byte at the end but for 0 itself.
    Unsigned = 1,
    /// 1 to 8 bytes, the shortest two's complement, little-endian.
    Signed = 2,
    /// Bytes.
    Bytes = 3,
    /// UTF-8.
    Text = 4,
    /// One byte, 0 or 1.
    Bool = 5,
    /// 8 bytes, little-endian; of the NaNs the canonical one alone.
    F64 = 6,
    /// 4 bytes, little-endian: a handle of this instance.
    Handle = 7,
    /// TLVs back to back.
    List = 8,
}

impl OperandType {
    /// All of them, by number.
    pub const ALL: [Self; 8] =
        [Self::Unsigned, Self::Signed, Self::Bytes, Self::Text, Self::Bool, Self::F64, Self::Handle, Self::List];

    /// The type of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number.checked_sub(1)?)).copied()
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Signed => "signed",
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::F64 => "f64",
            Self::Handle => "handle",
            Self::List => "list",
        }
    }
}

/// A value, borrowed from the bytes that it was decoded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandRef<'a> {
    /// Type 1.
    Unsigned(u64),
    /// Type 2.
    Signed(i64),
    /// Type 3.
    Bytes(&'a [u8]),
    /// Type 4.
    Text(&'a str),
    /// Type 5.
    Bool(bool),
    /// Type 6.
    F64(F64),
    /// Type 7.
    Handle(u32),
    /// Type 8.
    List(Operands<'a>),
}

/// A value of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// Type 1.
    Unsigned(u64),
    /// Type 2.
    Signed(i64),
    /// Type 3.
    Bytes(Vec<u8>),
    /// Type 4.
    Text(String),
    /// Type 5.
    Bool(bool),
    /// Type 6.
    F64(F64),
    /// Type 7: a handle of this instance.
    Handle(u32),
    /// Type 8.
    List(Vec<Operand>),
}

impl OperandRef<'_> {
    /// Its type.
    pub fn kind(&self) -> OperandType {
        match self {
            Self::Unsigned(_) => OperandType::Unsigned,
            Self::Signed(_) => OperandType::Signed,
            Self::Bytes(_) => OperandType::Bytes,
            Self::Text(_) => OperandType::Text,
            Self::Bool(_) => OperandType::Bool,
            Self::F64(_) => OperandType::F64,
            Self::Handle(_) => OperandType::Handle,
            Self::List(_) => OperandType::List,
        }
    }

    /// The same value, of its own.
    pub fn to_owned(self) -> Operand {
        match self {
            Self::Unsigned(number) => Operand::Unsigned(number),
            Self::Signed(number) => Operand::Signed(number),
            Self::Bytes(bytes) => Operand::Bytes(bytes.to_vec()),
            Self::Text(text) => Operand::Text(text.to_owned()),
            Self::Bool(truth) => Operand::Bool(truth),
            Self::F64(number) => Operand::F64(number),
            Self::Handle(number) => Operand::Handle(number),
            // The decoder bounds the depth.
            Self::List(list) => Operand::List(list.iter().map(OperandRef::to_owned).collect()),
        }
    }
}
