//! Table instructions (WebAssembly core 2.0, section 4.4.6).

use wasmparser::Operator;

use super::frame::Scratch;
use super::{Translator, index};
use crate::code::{Op, OpCode};

impl Translator<'_> {
    /// Translates a table instruction; none for any other.
    pub(super) fn table(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        match *operator {
            O::TableGet { table } => {
                let element = self.pop_slot(Scratch::First)?;
                self.produce(Op::new(OpCode::TableGet).with(0, element, 0, table))
            }
            O::TableSet { table } => {
                let value = self.pop_slot(Scratch::Second)?;
                let element = self.pop_slot(Scratch::First)?;
                self.act(Op::new(OpCode::TableSet).with(0, element, value, table))
            }
            O::TableSize { table } => self.produce(Op::new(OpCode::TableSize).with(0, 0, 0, table)),
            O::TableGrow { table } => {
                let count = self.pop_slot(Scratch::Second)?;
                let value = self.pop_slot(Scratch::First)?;
                self.produce(Op::new(OpCode::TableGrow).with(0, value, count, table))
            }
            O::TableFill { table } => {
                let (target, value, count) = self.three()?;
                self.act(Op::new(OpCode::TableFill).with(count, target, value, table))
            }
            O::TableCopy { dst_table, src_table } => {
                let (target, source, count) = self.three()?;
                let pair = self.pair(dst_table, src_table);
                self.act(Op::new(OpCode::TableCopy).with(count, target, source, pair))
            }
            O::TableInit { elem_index, table } => {
                let (target, source, count) = self.three()?;
                let pair = self.pair(table, elem_index);
                self.act(Op::new(OpCode::TableInit).with(count, target, source, pair))
            }
            O::ElemDrop { elem_index } => self.act(Op::new(OpCode::ElemDrop).with(0, 0, 0, elem_index)),
            _ => None,
        }
    }

    fn pair(&mut self, first: u32, second: u32) -> u32 {
        let pairs = &mut self.emitter.side.pairs;
        pairs.push((first, second));
        index(pairs.len() - 1)
    }
}
