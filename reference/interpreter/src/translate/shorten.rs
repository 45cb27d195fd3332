//! Ways that become shorter, once it is known where every label is.

use super::compare::opposite;
use super::emit::{Emitter, Label};
use super::fuse;
use crate::code::{Op, OpCode};

impl Emitter {
    /// Looks at every branch. Labels that are added here are behind a test, where nothing looks for a target.
    pub(super) fn shorten(&mut self) {
        let mut is_target = vec![false; self.ops.len() + 1];
        for bound in self.labels.iter().flatten() {
            if let Some(is_target) = is_target.get_mut(*bound as usize) {
                *is_target = true;
            }
        }
        let mut branches = std::mem::take(&mut self.branches);
        for at in 0..branches.len() {
            let Some((number, label)) = branches.get(at).copied() else { continue };
            let Some(arrival) = self.place(label) else { continue };
            if self.return_at_once(number, arrival, &is_target) {
                continue;
            }
            let arrival_goes_to = branches.binary_search_by_key(&arrival, |(number, _)| *number).ok();
            let arrival_goes_to = arrival_goes_to.and_then(|at| self.place(branches.get(at)?.1));
            let leaves_the_loop = arrival_goes_to == Some(number + 1);
            if leaves_the_loop
                && let Some(label) = self.test_at_end(number, arrival)
                && let Some((_, changed)) = branches.get_mut(at)
            {
                *changed = label;
            }
        }
        branches.retain(|(number, _)| self.ops.get(*number).is_some_and(|op| !op.code.returns()));
        self.branches = branches;
    }

    /// A branch to a return becomes that return; a value that is copied for it is returned from where it was, in the place of the copy, and the
    /// branch is never reached.
    fn return_at_once(&mut self, number: usize, arrival: usize, is_target: &[bool]) -> bool {
        let (Some(op), Some(returns)) = (self.ops.get(number).copied(), self.ops.get(arrival).copied()) else {
            return false;
        };
        if op.code != OpCode::Branch || !returns.code.returns() || self.costs.get(arrival) != Some(&0) {
            return false;
        }
        if let Some(op) = self.ops.get_mut(number) {
            *op = returns;
        }
        if returns.code == OpCode::ReturnOne
            && is_target.get(number) == Some(&false)
            && let Some([copy, _]) = number.checked_sub(1).and_then(|at| self.ops.get_mut(at..=number))
            && copy.code == OpCode::Copy
            && copy.d == returns.a
            && let Some([cost, own]) = self.costs.get_mut(number - 1..=number)
        {
            *copy = Op { a: copy.a, ..returns };
            *cost = cost.saturating_add(std::mem::take(own));
        }
        true
    }

    /// A branch back to a test that leaves the loop to behind the branch becomes the opposite test, to behind the first.
    fn test_at_end(&mut self, number: usize, test: usize) -> Option<Label> {
        let branch = *self.ops.get(number)?;
        let goes_on = opposite(*self.ops.get(test)?)?;
        let joined = match branch.code {
            OpCode::Branch => goes_on,
            OpCode::StepI32 => {
                let add = Op::new(OpCode::I32AddImm).with(branch.a, branch.a, 0, branch.step());
                fuse::step(add, goes_on)?
            }
            _ => return None,
        };
        let cost = *self.costs.get(test)?;
        let (op, own) = (self.ops.get_mut(number)?, self.costs.get_mut(number)?);
        *op = joined;
        *own = own.saturating_add(cost);
        Some(self.label_at(test + 1))
    }
}
