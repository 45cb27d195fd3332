//! Control instructions (WebAssembly core 2.0, section 4.4.8): blocks become labels, and branches go straight to them.

use std::collections::BTreeMap;

use wasmparser::{BlockType, BrTable, Operator};

use super::emit::Label;
use super::frame::Scratch;
use super::operands::{NO_PRODUCER, Operand};
use super::{Translator, index};
use crate::code::{IndirectCall, Op, OpCode};

/// A block that is open.
#[derive(Clone, Copy)]
pub(super) struct Control {
    kind: Kind,
    /// Where branches to it go.
    label: Label,
    /// Height of the stack below its parameters.
    height: usize,
    parameters: usize,
    results: usize,
    /// Whether its label has a branch.
    is_target: bool,
    /// What is settled below, see [`Operands::begin`](super::operands::Operands::begin).
    settled: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    /// A branch to it returns.
    Function,
    Block,
    Loop,
    /// With the label of its `else`.
    If(Label),
    Else,
}

impl Control {
    /// How many values a branch to it carries (section 3.3.8, labels).
    fn carried(self) -> usize {
        match self.kind {
            Kind::Loop => self.parameters,
            _ => self.results,
        }
    }
}

impl Translator<'_> {
    pub(super) fn enter_function(&mut self) {
        let label = self.emitter.label();
        let results = self.results;
        self.controls.push(Control {
            kind: Kind::Function,
            label,
            height: 0,
            parameters: 0,
            results,
            is_target: false,
            settled: 0,
        });
    }

    /// Code that is never reached: nothing is emitted up to the end of its block.
    pub(super) fn skip(&mut self, operator: &Operator<'_>) -> Option<()> {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => self.dead_blocks += 1,
            Operator::Else if self.dead_blocks == 0 => return self.enter_else(),
            Operator::End if self.dead_blocks == 0 => return self.end(),
            Operator::End => self.dead_blocks -= 1,
            _ => {}
        }
        Some(())
    }

    fn arity(&self, block_type: BlockType) -> Option<(usize, usize)> {
        Some(match block_type {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(type_index) => {
                let known = self.parts.types.get(type_index as usize)?;
                (known.parameters.len(), known.results.len())
            }
        })
    }

    fn enter(&mut self, kind: Kind, label: Label, block_type: BlockType) -> Option<()> {
        let (parameters, results) = self.arity(block_type)?;
        let height = self.operands.height().checked_sub(parameters)?;
        let settled = self.operands.begin(height);
        self.controls.push(Control { kind, label, height, parameters, results, is_target: false, settled });
        Some(())
    }

    pub(super) fn block(&mut self, block_type: BlockType) -> Option<()> {
        self.settle_locals();
        let label = self.emitter.label();
        self.enter(Kind::Block, label, block_type)
    }

    pub(super) fn enter_loop(&mut self, block_type: BlockType) -> Option<()> {
        self.settle_locals();
        if self.arity(block_type)?.0 > 0 {
            self.settle();
        }
        let label = self.emitter.label();
        self.emitter.bind(label);
        self.enter(Kind::Loop, label, block_type)
    }

    pub(super) fn enter_if(&mut self, block_type: BlockType) -> Option<()> {
        let condition = self.condition(false)?;
        self.settle_locals();
        if self.arity(block_type)?.0 > 0 {
            self.settle();
        }
        let otherwise = self.emitter.label();
        self.emitter.branch(condition, otherwise);
        let label = self.emitter.label();
        self.enter(Kind::If(otherwise), label, block_type)
    }

    pub(super) fn enter_else(&mut self) -> Option<()> {
        let control = *self.controls.last()?;
        let Kind::If(otherwise) = control.kind else { return None };
        let is_target = control.is_target || self.is_reachable;
        if self.is_reachable {
            self.carry(control)?;
            self.emitter.branch(Op::new(OpCode::Branch), control.label);
        }
        self.emitter.forget();
        self.emitter.bind(otherwise);
        self.is_reachable = true;
        self.drop_to(control.height);
        self.operands.begin(control.height);
        self.push_settled(control.parameters);
        let innermost = self.controls.last_mut()?;
        *innermost = Control { kind: Kind::Else, is_target, ..control };
        Some(())
    }

    pub(super) fn end(&mut self) -> Option<()> {
        let control = self.controls.pop()?;
        match control.kind {
            Kind::Function => {
                if self.is_reachable {
                    self.give_results()?;
                }
                return Some(());
            }
            Kind::Block | Kind::Else if control.is_target => {}
            Kind::If(_) => {}
            Kind::Loop | Kind::Block | Kind::Else => {
                if !self.is_reachable {
                    self.drop_to(control.height);
                }
                self.operands.end(control.settled);
                return Some(());
            }
        }
        if self.is_reachable {
            self.carry(control)?;
        } else {
            self.emitter.forget();
        }
        self.emitter.bind(control.label);
        if let Kind::If(otherwise) = control.kind {
            // Without an `else` its parameters are its results, and they stand where results stand.
            self.emitter.bind(otherwise);
        }
        self.is_reachable = true;
        self.drop_to(control.height);
        self.operands.end(control.settled);
        self.push_settled(control.results);
        Some(())
    }

    fn drop_to(&mut self, height: usize) {
        while self.operands.height() > height {
            self.operands.pop();
        }
    }

    fn push_settled(&mut self, count: usize) {
        for _ in 0..count {
            self.operands.push(Operand::Computed(NO_PRODUCER));
        }
    }

    /// The rest of the block is never reached.
    fn unreachable_from_here(&mut self) -> Option<()> {
        self.is_reachable = false;
        self.emitter.forget();
        let height = self.controls.last()?.height;
        self.drop_to(height);
        Some(())
    }

    pub(super) fn unreachable(&mut self) -> Option<()> {
        self.emitter.emit(Op::new(OpCode::Unreachable));
        self.unreachable_from_here()
    }

    /// The block that a branch goes to.
    fn target(&mut self, depth: u32) -> Option<Control> {
        let at = self.controls.len().checked_sub(depth as usize + 1)?;
        let control = self.controls.get_mut(at)?;
        control.is_target = true;
        Some(*control)
    }

    /// Brings the values that a branch carries to where its target has them. They stay on the stack.
    fn carry(&mut self, control: Control) -> Option<()> {
        let count = control.carried();
        let from = self.operands.height().checked_sub(count)?;
        match count {
            0 => {}
            1 => {
                let operand = self.operands.pop()?;
                self.write(operand, from, self.frame.operand(control.height));
                self.operands.push(operand);
            }
            _ => {
                self.settle();
                self.move_operands(from, control.height, count);
            }
        }
        Some(())
    }

    pub(super) fn branch(&mut self, depth: u32) -> Option<()> {
        let control = self.target(depth)?;
        if let Kind::Function = control.kind {
            return self.leave();
        }
        self.carry(control)?;
        self.emitter.branch(Op::new(OpCode::Branch), control.label);
        self.unreachable_from_here()
    }

    pub(super) fn branch_if(&mut self, depth: u32) -> Option<()> {
        let control = self.target(depth)?;
        let count = control.carried();
        let is_function = matches!(control.kind, Kind::Function);
        let is_in_place = count == 0 || self.operands.height() == control.height + count + 1;
        if is_in_place && !is_function {
            let condition = self.condition(true)?;
            if count > 0 {
                self.settle();
            }
            self.emitter.branch(condition, control.label);
            return Some(());
        }
        let condition = self.condition(false)?;
        if count > 1 {
            self.settle();
        }
        let otherwise = self.emitter.label();
        self.emitter.branch(condition, otherwise);
        if is_function {
            self.give_results()?;
        } else {
            self.carry(control)?;
            self.emitter.branch(Op::new(OpCode::Branch), control.label);
        }
        self.emitter.bind(otherwise);
        Some(())
    }

    /// One label for each depth: a label that values have first to be brought to is one of its own, after the table.
    pub(super) fn branch_table(&mut self, table: &BrTable<'_>) -> Option<()> {
        let index_slot = self.pop_slot(Scratch::First)?;
        let height = self.operands.height();
        self.settle();
        let mut labels = Vec::new();
        let mut by_depth = BTreeMap::new();
        let mut detours = Vec::new();
        for depth in table.targets().chain([Ok(table.default())]) {
            let depth = depth.ok()?;
            if let Some(label) = by_depth.get(&depth) {
                labels.push(*label);
                continue;
            }
            let control = self.target(depth)?;
            let is_function = matches!(control.kind, Kind::Function);
            let is_in_place = control.carried() == 0 || height == control.height + control.carried();
            let label = if is_in_place && !is_function {
                control.label
            } else {
                let label = self.emitter.label();
                detours.push((label, control));
                label
            };
            by_depth.insert(depth, label);
            labels.push(label);
        }
        self.emitter.branch_table(index_slot, &labels);
        for (label, control) in detours {
            self.emitter.bind(label);
            if let Kind::Function = control.kind {
                self.give_results()?;
            } else {
                self.carry(control)?;
                self.emitter.branch(Op::new(OpCode::Branch), control.label);
            }
        }
        self.unreachable_from_here()
    }

    pub(super) fn leave(&mut self) -> Option<()> {
        self.give_results()?;
        self.unreachable_from_here()
    }

    /// Returns with the topmost operands, which stay on the stack.
    fn give_results(&mut self) -> Option<()> {
        let from = self.operands.height().checked_sub(self.results)?;
        let op = match self.results {
            0 => Op::new(OpCode::Return),
            1 => {
                let operand = self.operands.pop()?;
                let op = if self.redirect(operand, 0) {
                    Op::new(OpCode::Return)
                } else {
                    let slot = self.read(operand, from, Scratch::First);
                    Op::new(OpCode::ReturnOne).with(0, slot, 0, 0)
                };
                self.operands.push(operand);
                op
            }
            count => {
                self.settle();
                self.move_to_results(from, count);
                Op::new(OpCode::Return)
            }
        };
        self.emitter.emit(op);
        Some(())
    }

    pub(super) fn call(&mut self, function: u32) -> Option<()> {
        let function_type = self.parts.function_type(function)?;
        let (parameters, results) = (function_type.parameters.len(), function_type.results.len());
        let imported = self.parts.imported_functions;
        self.make_call(parameters, results, |_, base| {
            let op = match (function as usize).checked_sub(imported) {
                Some(own) => Op { imm: index(own), ..Op::new(OpCode::Call) },
                None => Op { imm: function, ..Op::new(OpCode::CallImported) },
            };
            op.with_wide(base)
        })
    }

    pub(super) fn call_indirect(&mut self, function_type: u32, table: u32) -> Option<()> {
        let known = self.parts.types.get(function_type as usize)?;
        let (parameters, results) = (known.parameters.len(), known.results.len());
        let element = self.pop_slot(Scratch::Third)?;
        self.make_call(parameters, results, |translator, base| {
            let calls = &mut translator.emitter.side.indirect_calls;
            let number = index(calls.len());
            calls.push(IndirectCall { table, function_type, base: index(base) });
            Some(Op::new(OpCode::CallIndirect).with(0, element, 0, number))
        })
    }

    /// The new frame begins at the arguments. It may cover everything above them, so where far locals would be covered, or where arguments or
    /// results would be partly near and partly far, they are moved up first and results are moved down after.
    fn make_call(
        &mut self,
        parameters: usize,
        results: usize,
        op: impl FnOnce(&mut Self, usize) -> Option<Op>,
    ) -> Option<()> {
        let height = self.operands.height();
        let from = height.checked_sub(parameters)?;
        let near = self.frame.near_operands();
        let is_split = from < near && from + parameters.max(results) > near;
        let covers_locals = from < near && self.frame.far_locals() > 0;
        let is_moved = is_split || covers_locals;
        let start = if is_moved { height.max(near) } else { from };
        self.settle_from(from);
        if is_moved {
            self.move_operands(from, start, parameters);
        }
        self.operands.reserve(start + parameters.max(results));
        let op = op(self, self.frame.operand(start))?;
        self.emitter.emit_call(op);
        self.drop_to(from);
        self.push_settled(results);
        if is_moved {
            self.move_operands(start, from, results);
        }
        Some(())
    }
}
