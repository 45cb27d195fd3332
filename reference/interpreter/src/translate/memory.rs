//! Memory instructions (WebAssembly core 2.0, section 4.4.7).

use wasmparser::{MemArg, Operator};

use super::Translator;
use super::frame::{Frame, Place, Scratch};
use super::fuse;
use super::operands::Operand;
use crate::code::{Op, OpCode};

impl Translator<'_> {
    /// Translates a memory instruction; none for any other.
    pub(super) fn memory(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        match *operator {
            O::I32Load { memarg } | O::F32Load { memarg } | O::I64Load32U { memarg } => {
                self.load(OpCode::Load32, memarg)
            }
            O::I64Load { memarg } | O::F64Load { memarg } => self.load(OpCode::Load64, memarg),
            O::I32Load8U { memarg } | O::I64Load8U { memarg } => self.load(OpCode::Load8U, memarg),
            O::I32Load16U { memarg } | O::I64Load16U { memarg } => self.load(OpCode::Load16U, memarg),
            O::I32Load8S { memarg } => self.load(OpCode::I32Load8S, memarg),
            O::I32Load16S { memarg } => self.load(OpCode::I32Load16S, memarg),
            O::I64Load8S { memarg } => self.load(OpCode::I64Load8S, memarg),
            O::I64Load16S { memarg } => self.load(OpCode::I64Load16S, memarg),
            O::I64Load32S { memarg } => self.load(OpCode::I64Load32S, memarg),
            O::I32Store { memarg } | O::F32Store { memarg } | O::I64Store32 { memarg } => {
                self.store(OpCode::Store32, memarg)
            }
            O::I64Store { memarg } | O::F64Store { memarg } => self.store(OpCode::Store64, memarg),
            O::I32Store8 { memarg } | O::I64Store8 { memarg } => self.store(OpCode::Store8, memarg),
            O::I32Store16 { memarg } | O::I64Store16 { memarg } => self.store(OpCode::Store16, memarg),
            O::MemorySize { .. } => self.produce(Op::new(OpCode::MemorySize)),
            O::MemoryGrow { .. } => self.unary(OpCode::MemoryGrow),
            O::MemoryFill { .. } => {
                let (target, value, count) = self.three()?;
                self.act(Op::new(OpCode::MemoryFill).with(0, target, value, count.into()))
            }
            O::MemoryCopy { .. } => {
                let (target, source, count) = self.three()?;
                self.act(Op::new(OpCode::MemoryCopy).with(0, target, source, count.into()))
            }
            O::MemoryInit { data_index, .. } => {
                let (target, source, count) = self.three()?;
                self.act(Op::new(OpCode::MemoryInit).with(count, target, source, data_index))
            }
            O::DataDrop { data_index } => self.act(Op::new(OpCode::DataDrop).with(0, 0, 0, data_index)),
            _ => None,
        }
    }

    fn load(&mut self, code: OpCode, argument: MemArg) -> Option<()> {
        let address = self.operands.pop()?;
        if let Some(sum) = self.just_made(address)
            && let Some(load) = fuse::load_sum(sum, code, offset(argument))
        {
            self.emitter.take_back();
            return self.produce(load);
        }
        let address = self.read(address, self.operands.height(), Scratch::First);
        self.produce(Op::new(code).with(0, address, 0, offset(argument)))
    }

    fn store(&mut self, code: OpCode, argument: MemArg) -> Option<()> {
        let (value, address) = (self.operands.pop()?, self.operands.pop()?);
        let height = self.operands.height();
        if let Some(sum) = self.just_made(address)
            && let Operand::Local(local) = value
            && let Place::Near(value) = Frame::place(self.frame.local(local))
            && let Some(store) = fuse::store_sum(sum, code, value, offset(argument))
        {
            self.emitter.take_back();
            return self.act(store);
        }
        let address = self.read(address, height, Scratch::First);
        if let Operand::Constant(constant) = value
            && let Some(store) = fuse::store_constant(code, address, constant, offset(argument))
        {
            return self.act(store);
        }
        let value = self.read(value, height + 1, Scratch::Second);
        self.act(Op::new(code).with(0, address, value, offset(argument)))
    }

    /// Three operands, the topmost last.
    pub(super) fn three(&mut self) -> Option<(u8, u8, u8)> {
        let third = self.pop_slot(Scratch::Third)?;
        let second = self.pop_slot(Scratch::Second)?;
        let first = self.pop_slot(Scratch::First)?;
        Some((first, second, third))
    }

    /// Emits an operation that has no result.
    pub(super) fn act(&mut self, op: Op) -> Option<()> {
        self.emitter.emit(op);
        Some(())
    }
}

/// Offsets of a memory of 32 bits have 32 bits, which the validator has seen to.
fn offset(argument: MemArg) -> u32 {
    u32::try_from(argument.offset).unwrap_or(u32::MAX)
}
