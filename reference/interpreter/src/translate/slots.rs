//! How operands come into slots and results leave them.

use super::frame::{Frame, Place, Scratch};
use super::operands::{NO_PRODUCER, Operand};
use super::{Translator, index};
use crate::code::{Move, Op, OpCode};

impl Translator<'_> {
    /// Pops an operand: a slot that holds it.
    pub(super) fn pop_slot(&mut self, scratch: Scratch) -> Option<u8> {
        let operand = self.operands.pop()?;
        Some(self.read(operand, self.operands.height(), scratch))
    }

    /// The operation that has just made an operand that was popped: it may be taken back, as nothing else sees its result.
    pub(super) fn just_made(&mut self, operand: Operand) -> Option<Op> {
        match operand {
            Operand::Computed(producer) => self.emitter.last(producer).copied(),
            Operand::Local(_) | Operand::Constant(_) => None,
        }
    }

    /// A near slot that holds an operand of that height.
    pub(super) fn read(&mut self, operand: Operand, height: usize, scratch: Scratch) -> u8 {
        let slot = match operand {
            Operand::Local(local) => self.frame.local(local),
            Operand::Computed(_) => self.frame.operand(height),
            Operand::Constant(constant) => {
                let slot = match Frame::place(self.frame.operand(height)) {
                    Place::Near(slot) => slot,
                    Place::Far(_) => scratch as u8,
                };
                self.load_constant(slot, constant);
                return slot;
            }
        };
        match Frame::place(slot) {
            Place::Near(slot) => slot,
            Place::Far(far) => {
                self.emitter.emit(Op::new(OpCode::FarGet).with(scratch as u8, 0, 0, far));
                scratch as u8
            }
        }
    }

    fn load_constant(&mut self, slot: u8, constant: u64) {
        let op = match u32::try_from(constant) {
            Ok(short) => Op::new(OpCode::Constant).with(slot, 0, 0, short),
            Err(_) => {
                let number = index(self.emitter.side.constants.len());
                self.emitter.side.constants.push(constant);
                Op::new(OpCode::LongConstant).with(slot, 0, 0, number)
            }
        };
        self.emitter.emit(op);
    }

    /// Emits an operation whose result, in its `d`, is pushed.
    pub(super) fn produce(&mut self, op: Op) -> Option<()> {
        let producer = match Frame::place(self.frame.operand(self.operands.height())) {
            Place::Near(slot) => self.emitter.emit(Op { d: slot, ..op }),
            Place::Far(far) => {
                self.emitter.emit(Op { d: Scratch::Result as u8, ..op });
                self.emitter.emit(Op::new(OpCode::FarSet).with(0, Scratch::Result as u8, 0, far));
                NO_PRODUCER
            }
        };
        self.operands.push(Operand::Computed(producer));
        Some(())
    }

    /// One operand, one result.
    pub(super) fn unary(&mut self, code: OpCode) -> Option<()> {
        let a = self.pop_slot(Scratch::First)?;
        self.produce(Op::new(code).with(0, a, 0, 0))
    }

    /// Two operands, one result.
    pub(super) fn binary(&mut self, code: OpCode) -> Option<()> {
        let b = self.pop_slot(Scratch::Second)?;
        let a = self.pop_slot(Scratch::First)?;
        self.produce(Op::new(code).with(0, a, b, 0))
    }

    /// `select`
    pub(super) fn select(&mut self) -> Option<()> {
        let condition = self.pop_slot(Scratch::Third)?;
        let b = self.pop_slot(Scratch::Second)?;
        let a = self.pop_slot(Scratch::First)?;
        self.produce(Op::new(OpCode::Select).with(0, a, b, condition.into()))
    }

    /// `local.set`. Where the value was just computed, the operation puts it into the local at once.
    pub(super) fn local_set(&mut self, local: u32) -> Option<()> {
        let local = local as usize;
        let value = self.operands.pop()?;
        while let Some(height) = self.operands.take_local(local) {
            self.write(Operand::Local(local), height, self.frame.operand(height));
        }
        self.write(value, self.operands.height(), self.frame.local(local));
        Some(())
    }

    /// Brings an operand of that height into a slot, and need not leave it where it was.
    pub(super) fn write(&mut self, operand: Operand, height: usize, slot: usize) {
        let source = match operand {
            Operand::Constant(constant) => match Frame::place(slot) {
                Place::Near(slot) => return self.load_constant(slot, constant),
                Place::Far(far) => {
                    self.load_constant(Scratch::Result as u8, constant);
                    self.emitter.emit(Op::new(OpCode::FarSet).with(0, Scratch::Result as u8, 0, far));
                    return;
                }
            },
            Operand::Local(local) => self.frame.local(local),
            Operand::Computed(_) if self.redirect(operand, slot) => return,
            Operand::Computed(_) => self.frame.operand(height),
        };
        self.copy(source, slot);
    }

    /// Whether an operand was just made by an operation that can put it into that slot instead, and now does.
    pub(super) fn redirect(&mut self, operand: Operand, slot: usize) -> bool {
        if let (Operand::Computed(producer), Place::Near(slot)) = (operand, Frame::place(slot))
            && let Some(op) = self.emitter.last(producer)
        {
            op.d = slot;
            return true;
        }
        false
    }

    fn copy(&mut self, from: usize, to: usize) {
        let op = match (Frame::place(from), Frame::place(to)) {
            _ if from == to => return,
            (Place::Near(from), Place::Near(to)) => Op::new(OpCode::Copy).with(to, from, 0, 0),
            (Place::Near(from), Place::Far(to)) => Op::new(OpCode::FarSet).with(0, from, 0, to),
            (Place::Far(from), Place::Near(to)) => Op::new(OpCode::FarGet).with(to, 0, 0, from),
            (Place::Far(from), Place::Far(to)) => {
                self.emitter.emit(Op::new(OpCode::FarGet).with(Scratch::Result as u8, 0, 0, from));
                Op::new(OpCode::FarSet).with(0, Scratch::Result as u8, 0, to)
            }
        };
        self.emitter.emit(op);
    }

    /// Brings every operand into the slot of its own height.
    pub(super) fn settle(&mut self) {
        while let Some((height, operand)) = self.operands.take_lowest() {
            self.write(operand, height, self.frame.operand(height));
        }
    }

    /// Brings the operands from that height on into the slots of their own heights.
    pub(super) fn settle_from(&mut self, height: usize) {
        for height in self.operands.first_unsettled(height)..self.operands.height() {
            if let Some(operand) = self.operands.take(height) {
                self.write(operand, height, self.frame.operand(height));
            }
        }
    }

    /// Brings every operand that is a local into its slot: on the ways through a block the local may change or not.
    pub(super) fn settle_locals(&mut self) {
        while let Some((height, operand)) = self.operands.take_any_local() {
            self.write(operand, height, self.frame.operand(height));
        }
    }

    /// Copies settled operands, `count` of them from one height on, to another height below or above. Where they go up, they do not overlap.
    pub(super) fn move_operands(&mut self, from: usize, to: usize, count: usize) {
        self.move_pieces(
            from,
            count,
            |frame, at| frame.operand(to + at),
            |frame| frame.near_operands().checked_sub(to),
        );
    }

    /// Copies settled operands to the first slots of the frame.
    pub(super) fn move_to_results(&mut self, from: usize, count: usize) {
        self.move_pieces(from, count, |_, at| at, |_| None);
    }

    /// Copies operands piece by piece: near and far slots are not in one piece. `border` is where, in the target, far slots begin.
    fn move_pieces(
        &mut self,
        from: usize,
        count: usize,
        target: impl Fn(Frame, usize) -> usize,
        border: impl Fn(Frame) -> Option<usize>,
    ) {
        let frame = self.frame;
        let borders = [frame.near_operands().checked_sub(from), border(frame)];
        let mut at = 0;
        while at < count {
            let next = borders.iter().flatten().copied().filter(|border| *border > at).min();
            let end = next.map_or(count, |border| border.min(count));
            self.move_slots(Move { from: frame.operand(from + at), to: target(frame, at), count: end - at });
            at = end;
        }
    }

    pub(super) fn move_slots(&mut self, slots: Move) {
        if slots.from == slots.to || slots.count == 1 {
            return self.copy(slots.from, slots.to);
        }
        let number = index(self.emitter.side.moves.len());
        self.emitter.side.moves.push(slots);
        self.emitter.emit(Op::new(OpCode::CopyMany).with(0, 0, 0, number));
    }
}
