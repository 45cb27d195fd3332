//! Numeric instructions (WebAssembly core 2.0, section 4.4.1).

use wasmparser::Operator;

use super::Translator;
use super::compare::{Relation, Width, immediate};
use super::frame::{Frame, Place, Scratch};
use super::fuse;
use super::operands::Operand;
use crate::code::{Op, OpCode};
use crate::value::Slot as _;

impl Translator<'_> {
    /// Translates a numeric instruction; none for any other.
    pub(super) fn numeric(&mut self, operator: &Operator<'_>) -> Option<()> {
        self.integer_32(operator)
            .or_else(|| self.integer_64(operator))
            .or_else(|| self.float_32(operator))
            .or_else(|| self.float_64(operator))
            .or_else(|| self.conversion(operator))
    }

    fn integer_32(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        use Width::W32;
        match operator {
            O::I32Eqz => self.compare_with_zero(W32),
            O::I32Eq => self.compare(Relation::Eq, W32),
            O::I32Ne => self.compare(Relation::Ne, W32),
            O::I32LtS => self.compare(Relation::LtS, W32),
            O::I32LtU => self.compare(Relation::LtU, W32),
            O::I32GtS => self.compare(Relation::GtS, W32),
            O::I32GtU => self.compare(Relation::GtU, W32),
            O::I32LeS => self.compare(Relation::LeS, W32),
            O::I32LeU => self.compare(Relation::LeU, W32),
            O::I32GeS => self.compare(Relation::GeS, W32),
            O::I32GeU => self.compare(Relation::GeU, W32),
            O::I32Clz => self.unary(OpCode::I32Clz),
            O::I32Ctz => self.unary(OpCode::I32Ctz),
            O::I32Popcnt => self.unary(OpCode::I32Popcnt),
            O::I32Extend8S => self.unary(OpCode::I32Extend8S),
            O::I32Extend16S => self.unary(OpCode::I32Extend16S),
            O::I32Add => self
                .add_shifted()
                .or_else(|| self.shifted_add())
                .or_else(|| self.commutative(OpCode::I32Add, OpCode::I32AddImm, W32)),
            O::I32Sub => self.subtract(OpCode::I32Sub, OpCode::I32AddImm, W32),
            O::I32Mul => self.commutative(OpCode::I32Mul, OpCode::I32MulImm, W32),
            O::I32DivS => self.by_constant(OpCode::I32DivS, OpCode::I32DivSImm, W32),
            O::I32DivU => self.by_constant(OpCode::I32DivU, OpCode::I32DivUImm, W32),
            O::I32RemS => self.by_constant(OpCode::I32RemS, OpCode::I32RemSImm, W32),
            O::I32RemU => self.by_constant(OpCode::I32RemU, OpCode::I32RemUImm, W32),
            O::I32And => self.commutative(OpCode::I32And, OpCode::I32AndImm, W32),
            O::I32Or => self.commutative(OpCode::I32Or, OpCode::I32OrImm, W32),
            O::I32Xor => self.commutative(OpCode::I32Xor, OpCode::I32XorImm, W32),
            O::I32Shl => self.by_constant(OpCode::I32Shl, OpCode::I32ShlImm, W32),
            O::I32ShrS => self.by_constant(OpCode::I32ShrS, OpCode::I32ShrSImm, W32),
            O::I32ShrU => self.by_constant(OpCode::I32ShrU, OpCode::I32ShrUImm, W32),
            O::I32Rotl => self.by_constant(OpCode::I32Rotl, OpCode::I32RotlImm, W32),
            O::I32Rotr => self.rotate_right(OpCode::I32Rotr, OpCode::I32RotlImm, W32),
            _ => None,
        }
    }

    fn integer_64(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        use Width::W64;
        match operator {
            O::I64Eqz => self.compare_with_zero(W64),
            O::I64Eq => self.compare(Relation::Eq, W64),
            O::I64Ne => self.compare(Relation::Ne, W64),
            O::I64LtS => self.compare(Relation::LtS, W64),
            O::I64LtU => self.compare(Relation::LtU, W64),
            O::I64GtS => self.compare(Relation::GtS, W64),
            O::I64GtU => self.compare(Relation::GtU, W64),
            O::I64LeS => self.compare(Relation::LeS, W64),
            O::I64LeU => self.compare(Relation::LeU, W64),
            O::I64GeS => self.compare(Relation::GeS, W64),
            O::I64GeU => self.compare(Relation::GeU, W64),
            O::I64Clz => self.unary(OpCode::I64Clz),
            O::I64Ctz => self.unary(OpCode::I64Ctz),
            O::I64Popcnt => self.unary(OpCode::I64Popcnt),
            O::I64Extend8S => self.unary(OpCode::I64Extend8S),
            O::I64Extend16S => self.unary(OpCode::I64Extend16S),
            O::I64Extend32S => self.unary(OpCode::I64Extend32S),
            O::I64Add => self.commutative(OpCode::I64Add, OpCode::I64AddImm, W64),
            O::I64Sub => self.subtract(OpCode::I64Sub, OpCode::I64AddImm, W64),
            O::I64Mul => self.commutative(OpCode::I64Mul, OpCode::I64MulImm, W64),
            O::I64DivS => self.by_constant(OpCode::I64DivS, OpCode::I64DivSImm, W64),
            O::I64DivU => self.by_constant(OpCode::I64DivU, OpCode::I64DivUImm, W64),
            O::I64RemS => self.by_constant(OpCode::I64RemS, OpCode::I64RemSImm, W64),
            O::I64RemU => self.by_constant(OpCode::I64RemU, OpCode::I64RemUImm, W64),
            O::I64And => self.commutative(OpCode::I64And, OpCode::I64AndImm, W64),
            O::I64Or => self.commutative(OpCode::I64Or, OpCode::I64OrImm, W64),
            O::I64Xor => self.commutative(OpCode::I64Xor, OpCode::I64XorImm, W64),
            O::I64Shl => self.by_constant(OpCode::I64Shl, OpCode::I64ShlImm, W64),
            O::I64ShrS => self.by_constant(OpCode::I64ShrS, OpCode::I64ShrSImm, W64),
            O::I64ShrU => self.by_constant(OpCode::I64ShrU, OpCode::I64ShrUImm, W64),
            O::I64Rotl => self.by_constant(OpCode::I64Rotl, OpCode::I64RotlImm, W64),
            O::I64Rotr => self.rotate_right(OpCode::I64Rotr, OpCode::I64RotlImm, W64),
            _ => None,
        }
    }

    fn float_32(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        match operator {
            O::F32Abs => self.unary(OpCode::F32Abs),
            O::F32Neg => self.unary(OpCode::F32Neg),
            O::F32Ceil => self.unary(OpCode::F32Ceil),
            O::F32Floor => self.unary(OpCode::F32Floor),
            O::F32Trunc => self.unary(OpCode::F32Trunc),
            O::F32Nearest => self.unary(OpCode::F32Nearest),
            O::F32Sqrt => self.unary(OpCode::F32Sqrt),
            O::F32Add => self.binary(OpCode::F32Add),
            O::F32Sub => self.binary(OpCode::F32Sub),
            O::F32Mul => self.binary(OpCode::F32Mul),
            O::F32Div => self.binary(OpCode::F32Div),
            O::F32Min => self.binary(OpCode::F32Min),
            O::F32Max => self.binary(OpCode::F32Max),
            O::F32Copysign => self.binary(OpCode::F32Copysign),
            O::F32Eq => self.binary(OpCode::F32Eq),
            O::F32Ne => self.binary(OpCode::F32Ne),
            O::F32Lt => self.binary(OpCode::F32Lt),
            O::F32Gt => self.exchanged(OpCode::F32Lt),
            O::F32Le => self.binary(OpCode::F32Le),
            O::F32Ge => self.exchanged(OpCode::F32Le),
            _ => None,
        }
    }

    fn float_64(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        match operator {
            O::F64Abs => self.unary(OpCode::F64Abs),
            O::F64Neg => self.unary(OpCode::F64Neg),
            O::F64Ceil => self.unary(OpCode::F64Ceil),
            O::F64Floor => self.unary(OpCode::F64Floor),
            O::F64Trunc => self.unary(OpCode::F64Trunc),
            O::F64Nearest => self.unary(OpCode::F64Nearest),
            O::F64Sqrt => self.unary(OpCode::F64Sqrt),
            O::F64Add => self.binary(OpCode::F64Add),
            O::F64Sub => self.binary(OpCode::F64Sub),
            O::F64Mul => self.binary(OpCode::F64Mul),
            O::F64Div => self.binary(OpCode::F64Div),
            O::F64Min => self.binary(OpCode::F64Min),
            O::F64Max => self.binary(OpCode::F64Max),
            O::F64Copysign => self.binary(OpCode::F64Copysign),
            O::F64Eq => self.binary(OpCode::F64Eq),
            O::F64Ne => self.binary(OpCode::F64Ne),
            O::F64Lt => self.binary(OpCode::F64Lt),
            O::F64Gt => self.exchanged(OpCode::F64Lt),
            O::F64Le => self.binary(OpCode::F64Le),
            O::F64Ge => self.exchanged(OpCode::F64Le),
            _ => None,
        }
    }

    fn conversion(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        match operator {
            O::I32WrapI64 => self.unary(OpCode::I32WrapI64),
            O::I64ExtendI32S => self.unary(OpCode::I64ExtendI32S),
            // The high half of a slot of 32 bits is zero, and a slot has no type.
            O::I64ExtendI32U
            | O::I32ReinterpretF32
            | O::I64ReinterpretF64
            | O::F32ReinterpretI32
            | O::F64ReinterpretI64 => Some(()),
            O::I32TruncF32S => self.unary(OpCode::I32TruncF32S),
            O::I32TruncF32U => self.unary(OpCode::I32TruncF32U),
            O::I32TruncF64S => self.unary(OpCode::I32TruncF64S),
            O::I32TruncF64U => self.unary(OpCode::I32TruncF64U),
            O::I64TruncF32S => self.unary(OpCode::I64TruncF32S),
            O::I64TruncF32U => self.unary(OpCode::I64TruncF32U),
            O::I64TruncF64S => self.unary(OpCode::I64TruncF64S),
            O::I64TruncF64U => self.unary(OpCode::I64TruncF64U),
            O::I32TruncSatF32S => self.unary(OpCode::I32TruncSatF32S),
            O::I32TruncSatF32U => self.unary(OpCode::I32TruncSatF32U),
            O::I32TruncSatF64S => self.unary(OpCode::I32TruncSatF64S),
            O::I32TruncSatF64U => self.unary(OpCode::I32TruncSatF64U),
            O::I64TruncSatF32S => self.unary(OpCode::I64TruncSatF32S),
            O::I64TruncSatF32U => self.unary(OpCode::I64TruncSatF32U),
            O::I64TruncSatF64S => self.unary(OpCode::I64TruncSatF64S),
            O::I64TruncSatF64U => self.unary(OpCode::I64TruncSatF64U),
            O::F32ConvertI32S => self.unary(OpCode::F32ConvertI32S),
            O::F32ConvertI32U => self.unary(OpCode::F32ConvertI32U),
            O::F32ConvertI64S => self.unary(OpCode::F32ConvertI64S),
            O::F32ConvertI64U => self.unary(OpCode::F32ConvertI64U),
            O::F32DemoteF64 => self.unary(OpCode::F32DemoteF64),
            O::F64ConvertI32S => self.unary(OpCode::F64ConvertI32S),
            O::F64ConvertI32U => self.unary(OpCode::F64ConvertI32U),
            O::F64ConvertI64S => self.unary(OpCode::F64ConvertI64S),
            O::F64ConvertI64U => self.unary(OpCode::F64ConvertI64U),
            O::F64PromoteF32 => self.unary(OpCode::F64PromoteF32),
            _ => None,
        }
    }

    /// a > b is b < a.
    fn exchanged(&mut self, code: OpCode) -> Option<()> {
        let b = self.pop_slot(Scratch::Second)?;
        let a = self.pop_slot(Scratch::First)?;
        self.produce(Op::new(code).with(0, b, a, 0))
    }

    /// Where the second operand is a constant that fits, it goes into the operation.
    fn by_constant(&mut self, code: OpCode, with_constant: OpCode, width: Width) -> Option<()> {
        let height = self.operands.height().checked_sub(1)?;
        let second = self.operands.pop()?;
        if let Operand::Constant(constant) = second
            && let Some(imm) = immediate(constant, width)
        {
            let a = self.pop_slot(Scratch::First)?;
            return self.produce(Op::new(with_constant).with(0, a, 0, imm));
        }
        let b = self.read(second, height, Scratch::Second);
        let a = self.pop_slot(Scratch::First)?;
        self.produce(Op::new(code).with(0, a, b, 0))
    }

    /// The same where operands may be exchanged.
    fn commutative(&mut self, code: OpCode, with_constant: OpCode, width: Width) -> Option<()> {
        let height = self.operands.height().checked_sub(2)?;
        let (second, first) = (self.operands.pop()?, self.operands.pop()?);
        let (constant, other, at) = match (first, second) {
            (other, Operand::Constant(constant)) => (Some(constant), other, height),
            (Operand::Constant(constant), other) => (Some(constant), other, height + 1),
            _ => (None, first, height),
        };
        if let Some(imm) = constant.and_then(|constant| immediate(constant, width)) {
            let a = self.read(other, at, Scratch::First);
            return self.produce(Op::new(with_constant).with(0, a, 0, imm));
        }
        let a = self.read(first, height, Scratch::First);
        let b = self.read(second, height + 1, Scratch::Second);
        self.produce(Op::new(code).with(0, a, b, 0))
    }

    /// `i32.add` where the second operand was just shifted; nothing is done where it was not.
    fn add_shifted(&mut self) -> Option<()> {
        let height = self.operands.height().checked_sub(2)?;
        let second = self.operands.get(height + 1)?;
        let first = self.operands.get(height)?;
        let shift = self.just_made(second).filter(|shift| shift.code == OpCode::I32ShlImm)?;
        let a = match first {
            Operand::Constant(_) => return None,
            Operand::Local(local) => self.frame.local(local),
            Operand::Computed(_) => self.frame.operand(height),
        };
        let Place::Near(a) = Frame::place(a) else { return None };
        let op = fuse::add_shifted(shift, a)?;
        self.emitter.take_back();
        self.operands.pop()?;
        self.operands.pop()?;
        self.produce(op)
    }

    /// `i32.add` of a constant to what was just shifted; nothing is done where it is something else.
    fn shifted_add(&mut self) -> Option<()> {
        let height = self.operands.height().checked_sub(2)?;
        let (first, second) = (self.operands.get(height)?, self.operands.get(height + 1)?);
        let (shifted, constant) = match (first, second) {
            (shifted, Operand::Constant(constant)) | (Operand::Constant(constant), shifted) => (shifted, constant),
            _ => return None,
        };
        let shift = self.just_made(shifted)?;
        let op = fuse::shifted_add(shift, u32::from_slot(constant))?;
        self.emitter.take_back();
        self.operands.pop()?;
        self.operands.pop()?;
        self.produce(op)
    }

    /// By a constant, the other way round.
    fn rotate_right(&mut self, code: OpCode, left_by_constant: OpCode, width: Width) -> Option<()> {
        let height = self.operands.height().checked_sub(1)?;
        if let Some(Operand::Constant(constant)) = self.operands.get(height) {
            self.operands.pop()?;
            let bits = match width {
                Width::W32 => 32,
                Width::W64 => 64,
            };
            let a = self.pop_slot(Scratch::First)?;
            let by = (bits - (constant % bits)) % bits;
            return self.produce(Op::new(left_by_constant).with(0, a, 0, by as u32));
        }
        self.binary(code)
    }

    /// a - c is a + -c.
    fn subtract(&mut self, code: OpCode, add_constant: OpCode, width: Width) -> Option<()> {
        let height = self.operands.height().checked_sub(1)?;
        let second = self.operands.pop()?;
        let negative = match (second, width) {
            (Operand::Constant(constant), Width::W32) => Some(u64::from((constant as u32).wrapping_neg())),
            (Operand::Constant(constant), Width::W64) => Some(constant.wrapping_neg()),
            _ => None,
        };
        if let Some(imm) = negative.and_then(|constant| immediate(constant, width)) {
            let a = self.pop_slot(Scratch::First)?;
            return self.produce(Op::new(add_constant).with(0, a, 0, imm));
        }
        let b = self.read(second, height, Scratch::Second);
        let a = self.pop_slot(Scratch::First)?;
        self.produce(Op::new(code).with(0, a, b, 0))
    }
}
