//! Operations as they are emitted: their fuel, the labels between them, and the branches that are resolved at the end.

use super::fuse;
use super::{TooLarge, index};
use crate::code::{Code, FarBranch, Op, OpCode, Side, Target};

/// Operations between two at which straight code goes back to the machine's loop.
const STRIDE: usize = 64;

/// A place in the code that branches go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(usize);

/// The code under way.
#[derive(Default)]
pub(super) struct Emitter {
    pub(super) ops: Vec<Op>,
    /// Fuel that each operation uses.
    pub(super) costs: Vec<u32>,
    /// Fuel of instructions that have no operation yet.
    pending: u32,
    /// Where each label is bound.
    pub(super) labels: Vec<Option<u32>>,
    /// Operations before this one may be reached otherwise than from the one before, or leave otherwise: nothing is changed there any more.
    floor: usize,
    /// Branches by their operation, ascending.
    pub(super) branches: Vec<(usize, Label)>,
    /// Targets of the side table, by their operation.
    targets: Vec<(usize, Label)>,
    pub(super) side: Side,
}

/// Where a label is, once it is bound.
fn bound(labels: &[Option<u32>], label: Label) -> Option<u32> {
    labels.get(label.0).copied().flatten()
}

impl Emitter {
    /// Counts one instruction. The next operation uses its fuel: an operation is not begun before everything up to it is paid for.
    pub(super) fn count(&mut self) {
        self.pending = self.pending.saturating_add(1);
    }

    /// Drops what was counted in code that is never reached.
    pub(super) fn forget(&mut self) {
        self.pending = 0;
    }

    /// Appends an operation: its number.
    pub(super) fn emit(&mut self, op: Op) -> usize {
        if self.ops.len() % STRIDE == STRIDE - 1 {
            self.push(Op::new(OpCode::Pause), 0);
        }
        let cost = std::mem::take(&mut self.pending);
        self.push(op, cost);
        self.ops.len() - 1
    }

    fn push(&mut self, op: Op, cost: u32) {
        self.ops.push(op);
        self.costs.push(cost);
    }

    /// Appends a call, and behind it what is no longer paid for when the callee returns.
    pub(super) fn emit_call(&mut self, op: Op) {
        // The two stay together: the second must not come where a pause has to be.
        if self.ops.len() % STRIDE == STRIDE - 2 {
            self.push(Op::new(OpCode::Pause), 0);
        }
        self.emit(op);
        self.push(Op::new(OpCode::Fuel), 0);
        self.floor = self.ops.len();
    }

    /// The last operation, where it is that number and may still be changed.
    pub(super) fn last(&mut self, number: usize) -> Option<&mut Op> {
        let is_last = number.checked_add(1) == Some(self.ops.len()) && number >= self.floor;
        if is_last { self.ops.last_mut() } else { None }
    }

    /// Takes the last operation back.
    pub(super) fn take_back(&mut self) {
        self.ops.pop();
        self.pending = self.pending.saturating_add(self.costs.pop().unwrap_or_default());
    }

    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// A label that is bound already.
    pub(super) fn label_at(&mut self, place: usize) -> Label {
        self.labels.push(Some(index(place)));
        Label(self.labels.len() - 1)
    }

    /// Where a label is.
    pub(super) fn place(&self, label: Label) -> Option<usize> {
        Some(bound(&self.labels, label)? as usize)
    }

    /// Binds a label to the next operation. What was counted before it is paid before it, as who branches here does not pay.
    pub(super) fn bind(&mut self, label: Label) {
        if self.pending > 0 {
            let may_change = self.ops.len() > self.floor;
            match (self.ops.last(), self.costs.last_mut()) {
                (Some(op), Some(cost)) if may_change && op.code.is_plain() => {
                    *cost = cost.saturating_add(std::mem::take(&mut self.pending));
                }
                _ => {
                    self.emit(Op::new(OpCode::Fuel));
                }
            }
        }
        self.floor = self.ops.len();
        if let Some(bound) = self.labels.get_mut(label.0) {
            *bound = Some(index(self.ops.len()));
        }
    }

    /// Appends a branch. Where the operation before steps what it looks at, as at the end of a loop, the two become one.
    pub(super) fn branch(&mut self, op: Op, label: Label) {
        let op = match self.last(self.ops.len().wrapping_sub(1)).and_then(|step| fuse::step(*step, op)) {
            Some(fused) => {
                self.take_back();
                fused
            }
            None => op,
        };
        let number = self.emit(op);
        self.branches.push((number, label));
    }

    /// Appends a branch table: the default target is the last.
    pub(super) fn branch_table(&mut self, index_slot: u8, labels: &[Label]) {
        let first = self.side.targets.len();
        let table = self.side.tables.len();
        self.side.tables.push((index(first), index(labels.len().saturating_sub(1))));
        let number = self.emit(Op::new(OpCode::BranchTable).with(0, index_slot, 0, index(table)));
        for label in labels {
            self.targets.push((number, *label));
            self.side.targets.push(Target::default());
        }
    }

    /// Resolves the branches.
    pub(super) fn finish(mut self, number: u32, slots: usize) -> Result<Code, TooLarge> {
        self.shorten();
        let mut rest = vec![0_u32; self.costs.len() + 1];
        let mut sum = 0_u32;
        for (rest, cost) in rest.iter_mut().zip(&self.costs).rev() {
            sum = sum.checked_add(*cost).ok_or(TooLarge)?;
            *rest = sum;
        }
        let labels = &self.labels;
        let target = |number: usize, label: Label| {
            let pc = bound(labels, label).ok_or(TooLarge)?;
            let rest_at = |at: usize| rest.get(at).copied().map_or(0, i64::from);
            let passed = rest_at(number + 1) - rest_at(pc as usize);
            Ok(Target { pc, passed: i32::try_from(passed).map_err(|_| TooLarge)? })
        };
        for (number, label) in &self.branches {
            let target = target(*number, *label)?;
            let Some(op) = self.ops.get_mut(*number) else { continue };
            *op = op.with_target(target).unwrap_or_else(|| {
                let far = index(self.side.far_branches.len());
                self.side.far_branches.push(FarBranch { op: *op, target });
                Op::new(OpCode::FarBranch).with(0, 0, 0, far)
            });
        }
        for (op, rest) in self.ops.iter_mut().zip(rest.iter().skip(1)) {
            if op.code.returns() || op.code == OpCode::Fuel {
                op.imm = *rest;
            }
        }
        for ((number, label), entry) in self.targets.iter().zip(&mut self.side.targets) {
            *entry = target(*number, *label)?;
        }
        self.ops.shrink_to_fit();
        let is_empty = self.side.is_empty();
        Ok(Code { ops: self.ops, rest, side: (!is_empty).then(|| Box::new(self.side)), number, cost: sum, slots })
    }
}
