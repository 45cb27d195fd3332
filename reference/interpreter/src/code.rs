//! The code that functions are translated to: operations of 8 bytes over slots, with resolved branches.
//!
//! A slot is 64 bits. An operation names the first 252 slots of its frame directly, in a byte; what lies beyond is moved in and out through the last
//! four. An operand that is a constant stands in the operation where it fits.

use std::mem::size_of;

/// An operation. What `d`, `a`, `b` and `imm` mean is said at its [`OpCode`]; most read slots `a` and `b` and write slot `d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Op {
    pub(crate) code: OpCode,
    pub(crate) d: u8,
    pub(crate) a: u8,
    pub(crate) b: u8,
    pub(crate) imm: u32,
}

const _: () = assert!(size_of::<Op>() == 8);

impl Op {
    pub(crate) const fn new(code: OpCode) -> Self {
        Self { code, d: 0, a: 0, b: 0, imm: 0 }
    }

    pub(crate) const fn with(self, d: u8, a: u8, b: u8, imm: u32) -> Self {
        Self { d, a, b, imm, ..self }
    }

    /// `d`, `a` and `b` as one number of 24 bits.
    #[inline(always)]
    pub(crate) fn wide(&self) -> usize {
        usize::from(self.d) | usize::from(self.a) << 8 | usize::from(self.b) << 16
    }

    /// Sets [`wide`](Self::wide); none where the number does not fit.
    pub(crate) fn with_wide(self, number: usize) -> Option<Self> {
        let [d, a, b, rest @ ..] = number.to_le_bytes();
        rest.iter().all(|byte| *byte == 0).then_some(Self { d, a, b, ..self })
    }

    /// `d`, as an integer with a sign: the step of a loop.
    #[inline(always)]
    pub(crate) fn step(&self) -> u32 {
        i32::from(self.d.cast_signed()).cast_unsigned()
    }

    /// `b`, as an integer with a sign: where a loop ends.
    #[inline(always)]
    pub(crate) fn limit(&self) -> u32 {
        i32::from(self.b.cast_signed()).cast_unsigned()
    }

    /// The slot that `imm` names: a third operand.
    #[inline(always)]
    pub(crate) fn third(&self) -> u8 {
        let [slot, ..] = self.imm.to_le_bytes();
        slot
    }

    /// The 16 bits of `d` and `b`: a constant that is compared with slot `a`.
    #[inline(always)]
    pub(crate) fn small(&self) -> i16 {
        i16::from_le_bytes([self.d, self.b])
    }

    pub(crate) fn with_small(self, constant: i16) -> Self {
        let [d, b] = constant.to_le_bytes();
        Self { d, b, ..self }
    }

    /// The operation that a branch goes to.
    #[inline(always)]
    pub(crate) fn target(&self) -> usize {
        usize::from(self.imm as u16)
    }

    /// What a branch adds to the slack: the cost of the code that it passes over, negative where it goes back.
    #[inline(always)]
    pub(crate) fn passed(&self) -> i64 {
        ((self.imm >> 16) as u16).cast_signed().into()
    }

    /// Sets target and cost of a branch; none where they do not fit.
    pub(crate) fn with_target(self, target: Target) -> Option<Self> {
        let pc = u16::try_from(target.pc).ok()?;
        let passed = i16::try_from(target.passed).ok()?.cast_unsigned();
        Some(Self { imm: u32::from(pc) | u32::from(passed) << 16, ..self })
    }
}

/// The code of a function.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) ops: Vec<Op>,
    /// Before each operation, and at the end: the fuel that executing everything from here to the end of the function would use. What an
    /// operation uses by itself is the difference to the next.
    pub(crate) rest: Vec<u32>,
    /// Operands that do not fit into an operation; most functions have none.
    pub(crate) side: Option<Box<Side>>,
    /// Its number among the module's.
    pub(crate) number: u32,
    /// The fuel that executing all of it would use: the first of [`rest`](Self::rest), at hand for calls.
    pub(crate) cost: u32,
    /// Slots of the frame, at least 256.
    pub(crate) slots: usize,
}

impl Code {
    /// Its side tables.
    pub(crate) fn side(&self) -> &Side {
        static NONE: Side = Side::new();
        self.side.as_deref().unwrap_or(&NONE)
    }
}

/// Operands that do not fit into an operation, by number.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// Constants of 64 bits.
    pub(crate) constants: Vec<u64>,
    pub(crate) far_branches: Vec<FarBranch>,
    /// Targets of `br_table`, one table after the other, the default one last.
    pub(crate) targets: Vec<Target>,
    /// Where the tables begin and the number of the default target.
    pub(crate) tables: Vec<(u32, u32)>,
    pub(crate) indirect_calls: Vec<IndirectCall>,
    pub(crate) moves: Vec<Move>,
    /// Pairs of indices: target and source of `table.copy`, table and segment of `table.init`.
    pub(crate) pairs: Vec<(u32, u32)>,
}

impl Side {
    pub(crate) fn is_empty(&self) -> bool {
        self.constants.is_empty()
            && self.far_branches.is_empty()
            && self.targets.is_empty()
            && self.indirect_calls.is_empty()
            && self.moves.is_empty()
            && self.pairs.is_empty()
    }

    const fn new() -> Self {
        Self {
            constants: Vec::new(),
            far_branches: Vec::new(),
            targets: Vec::new(),
            tables: Vec::new(),
            indirect_calls: Vec::new(),
            moves: Vec::new(),
            pairs: Vec::new(),
        }
    }
}

/// A branch that is too far for its operation: the operation, to know its condition, and the target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FarBranch {
    pub(crate) op: Op,
    pub(crate) target: Target,
}

/// The target of a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// The operation.
    pub(crate) pc: u32,
    /// See [`Op::passed`].
    pub(crate) passed: i32,
}

/// The operands of a `call_indirect`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndirectCall {
    /// Index of the table.
    pub(crate) table: u32,
    /// Index of the type.
    pub(crate) function_type: u32,
    /// Where the new frame begins in this one.
    pub(crate) base: u32,
}

/// Slots that are copied in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) count: usize,
}

/// What an operation does. Where the words differ from the instruction's of the same name, it is said; `imm` as an operand of 64 bits is
/// extended with its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum OpCode {
    // Constants and moves.
    /// d := a
    Copy,
    /// d := imm, unsigned
    Constant,
    /// d := constant number imm
    LongConstant,
    /// Copies slots as move number imm says.
    CopyMany,
    /// imm slots from [`wide`](Op::wide) on := 0
    Zero,
    /// d := slot 256 + imm
    FarGet,
    /// slot 256 + imm := a
    FarSet,
    /// d := a where slot imm is not zero, else b
    Select,
    /// d := global imm
    GlobalGet,
    /// global imm := a
    GlobalSet,
    /// d := a reference to function imm
    RefFunc,

    // Control (section 4.4.8).
    Unreachable,
    /// Nothing; it uses the fuel of what has no operation. Behind a call, where it uses none, it says what everything behind it would use.
    Fuel,
    /// Nothing; straight code goes back to the loop here.
    Pause,
    Branch,
    /// Branches where slot a, of 32 bits, is zero.
    BranchI32Zero,
    BranchI32NotZero,
    BranchI32Eq,
    BranchI32Ne,
    BranchI32LtS,
    BranchI32LtU,
    BranchI32LeS,
    BranchI32LeU,
    /// Branches where slot a equals [`Op::small`]; so the next five, and the six of 64 bits.
    BranchI32EqImm,
    BranchI32NeImm,
    BranchI32LtSImm,
    BranchI32LtUImm,
    BranchI32GtSImm,
    BranchI32GtUImm,
    BranchI64Eq,
    BranchI64Ne,
    BranchI64LtS,
    BranchI64LtU,
    BranchI64LeS,
    BranchI64LeU,
    BranchI64EqImm,
    BranchI64NeImm,
    BranchI64LtSImm,
    BranchI64LtUImm,
    BranchI64GtSImm,
    BranchI64GtUImm,
    /// Branches where slot a and [`Op::small`] have a bit in common, or none.
    BranchI32AndZero,
    BranchI32AndNotZero,
    /// Adds d, with its sign, to slot a, then branches.
    StepI32,
    /// Adds d, with its sign, to slot a, then branches where it is not b, with its sign; so the next three, by slot b.
    StepI32NeImm,
    StepI32Ne,
    StepI32LtS,
    StepI32LtU,
    /// Far branch number imm.
    FarBranch,
    /// Branches by table number imm, to the target that slot a names, or else to the last.
    BranchTable,
    /// Calls function imm of the module's own; its frame begins at slot [`Op::wide`].
    Call,
    /// Calls imported function imm.
    CallImported,
    /// Makes indirect call number imm, of the element that slot a names.
    CallIndirect,
    /// Returns; the results are in their place. `imm` is the cost of what comes after it in the code.
    Return,
    /// Returns slot a; so `imm`.
    ReturnOne,

    // Integers (section 4.3.2).
    I32Clz,
    I32Ctz,
    I32Popcnt,
    I32Extend8S,
    I32Extend16S,
    I32Add,
    I32Sub,
    I32Mul,
    I32DivS,
    I32DivU,
    I32RemS,
    I32RemU,
    I32And,
    I32Or,
    I32Xor,
    I32Shl,
    I32ShrS,
    I32ShrU,
    I32Rotl,
    I32Rotr,
    /// d := a + imm; so the other twelve.
    I32AddImm,
    I32MulImm,
    I32DivSImm,
    I32DivUImm,
    I32RemSImm,
    I32RemUImm,
    I32AndImm,
    I32OrImm,
    I32XorImm,
    I32ShlImm,
    I32ShrSImm,
    I32ShrUImm,
    I32RotlImm,
    /// d := a + (b << imm)
    I32AddShl,
    /// d := (a << the number b) + imm
    I32ShlAddImm,
    I32Eq,
    I32Ne,
    I32LtS,
    I32LtU,
    I32LeS,
    I32LeU,
    I32EqImm,
    I32NeImm,
    I32LtSImm,
    I32LtUImm,
    I32GtSImm,
    I32GtUImm,
    I64Clz,
    I64Ctz,
    I64Popcnt,
    I64Extend8S,
    I64Extend16S,
    I64Extend32S,
    I64Add,
    I64Sub,
    I64Mul,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
    I64And,
    I64Or,
    I64Xor,
    I64Shl,
    I64ShrS,
    I64ShrU,
    I64Rotl,
    I64Rotr,
    I64AddImm,
    I64MulImm,
    I64DivSImm,
    I64DivUImm,
    I64RemSImm,
    I64RemUImm,
    I64AndImm,
    I64OrImm,
    I64XorImm,
    I64ShlImm,
    I64ShrSImm,
    I64ShrUImm,
    I64RotlImm,
    I64Eq,
    I64Ne,
    I64LtS,
    I64LtU,
    I64LeS,
    I64LeU,
    I64EqImm,
    I64NeImm,
    I64LtSImm,
    I64LtUImm,
    I64GtSImm,
    I64GtUImm,

    // Floats (section 4.3.3).
    F32Abs,
    F32Neg,
    F32Ceil,
    F32Floor,
    F32Trunc,
    F32Nearest,
    F32Sqrt,
    F32Add,
    F32Sub,
    F32Mul,
    F32Div,
    F32Min,
    F32Max,
    F32Copysign,
    F32Eq,
    F32Ne,
    F32Lt,
    F32Le,
    F64Abs,
    F64Neg,
    F64Ceil,
    F64Floor,
    F64Trunc,
    F64Nearest,
    F64Sqrt,
    F64Add,
    F64Sub,
    F64Mul,
    F64Div,
    F64Min,
    F64Max,
    F64Copysign,
    F64Eq,
    F64Ne,
    F64Lt,
    F64Le,

    // Conversions (section 4.3.4). Extending without a sign and reinterpreting change nothing in a slot.
    I32WrapI64,
    I64ExtendI32S,
    I32TruncF32S,
    I32TruncF32U,
    I32TruncF64S,
    I32TruncF64U,
    I64TruncF32S,
    I64TruncF32U,
    I64TruncF64S,
    I64TruncF64U,
    I32TruncSatF32S,
    I32TruncSatF32U,
    I32TruncSatF64S,
    I32TruncSatF64U,
    I64TruncSatF32S,
    I64TruncSatF32U,
    I64TruncSatF64S,
    I64TruncSatF64U,
    F32ConvertI32S,
    F32ConvertI32U,
    F32ConvertI64S,
    F32ConvertI64U,
    F32DemoteF64,
    F64ConvertI32S,
    F64ConvertI32U,
    F64ConvertI64S,
    F64ConvertI64U,
    F64PromoteF32,

    // Memory (section 4.4.7). A load reads at slot a + imm; without a sign it fills the slot with zeros, so one serves all types.
    Load8U,
    Load16U,
    Load32,
    Load64,
    I32Load8S,
    I32Load16S,
    I64Load8S,
    I64Load16S,
    I64Load32S,
    /// Reads at slot a + slot b, which wraps, + imm; so the other eight.
    Load8USum,
    Load16USum,
    Load32Sum,
    Load64Sum,
    I32Load8SSum,
    I32Load16SSum,
    I64Load8SSum,
    I64Load16SSum,
    I64Load32SSum,
    /// Writes the low 8 bits of slot b at slot a + imm; so the other three.
    Store8,
    Store16,
    Store32,
    Store64,
    /// Writes the low bits of `b`, extended with its sign, at slot a + imm.
    Store8Imm,
    Store16Imm,
    Store32Imm,
    Store64Imm,
    /// Writes slot d at slot a + slot b, which wraps, + imm.
    Store8Sum,
    Store16Sum,
    Store32Sum,
    Store64Sum,
    MemorySize,
    /// d := memory.grow a
    MemoryGrow,
    /// At slot a, slot imm times the byte in slot b.
    MemoryFill,
    /// To slot a, from slot b, slot imm bytes.
    MemoryCopy,
    /// To slot a, from slot b of segment imm, slot d bytes.
    MemoryInit,
    DataDrop,

    // Tables (section 4.4.6).
    /// d := element a of table imm
    TableGet,
    /// Element a of table imm := b.
    TableSet,
    TableSize,
    /// d := table.grow of table imm, by slot b, with a
    TableGrow,
    /// In table imm, from element a, slot d times b.
    TableFill,
    /// To element a, from element b, slot d elements, of the tables of pair imm.
    TableCopy,
    /// To element a, from element b, slot d elements, table and segment of pair imm.
    TableInit,
    ElemDrop,
}

impl OpCode {
    /// Whether it does nothing but write slots: it cannot trap, leave or branch, and nobody else sees what it did.
    pub(crate) const fn is_plain(self) -> bool {
        !matches!(
            self,
            Self::GlobalSet
                | Self::Unreachable
                | Self::Pause
                | Self::FarBranch
                | Self::BranchTable
                | Self::Call
                | Self::CallImported
                | Self::CallIndirect
                | Self::Return
                | Self::ReturnOne
                | Self::I32DivS
                | Self::I32DivU
                | Self::I32RemS
                | Self::I32RemU
                | Self::I32DivSImm
                | Self::I32DivUImm
                | Self::I32RemSImm
                | Self::I32RemUImm
                | Self::I64DivS
                | Self::I64DivU
                | Self::I64RemS
                | Self::I64RemU
                | Self::I64DivSImm
                | Self::I64DivUImm
                | Self::I64RemSImm
                | Self::I64RemUImm
                | Self::I32TruncF32S
                | Self::I32TruncF32U
                | Self::I32TruncF64S
                | Self::I32TruncF64U
                | Self::I64TruncF32S
                | Self::I64TruncF32U
                | Self::I64TruncF64S
                | Self::I64TruncF64U
        ) && !self.is_branch()
            && (self as u8) < (Self::Load8U as u8)
    }

    /// Whether it returns.
    pub(crate) const fn returns(self) -> bool {
        matches!(self, Self::Return | Self::ReturnOne)
    }

    /// Whether it goes to another frame, or to the host.
    pub(crate) const fn is_call_or_return(self) -> bool {
        self.returns() || matches!(self, Self::Call | Self::CallImported | Self::CallIndirect)
    }

    /// Whether it is a branch to [`Op::target`].
    pub(crate) const fn is_branch(self) -> bool {
        self as u8 >= Self::Branch as u8 && self as u8 <= Self::StepI32LtU as u8
    }
}
