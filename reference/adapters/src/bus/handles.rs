//! The handles of one instance: numbers from 1, ascending, none used twice.

use fayger_contracts::instruction::{OperandRef, Operands};
use fayger_contracts::opcode::{Form, HandleKind, Opcode};

use super::in_flight::InFlight;

//= ADP-HANDLE-001
//= ADP-HANDLE-002
/// The handles that one instance has open.
#[derive(Clone, Debug)]
pub struct HandleTable {
    /// By number.
    open: Vec<(u32, HandleKind)>,
    /// Numbers that were offered to calls under way.
    reserved: usize,
    /// The largest number that was offered; 0 before the first.
    last: u32,
    limit: u32,
}

impl HandleTable {
    /// Without any, and with at most `limit` at once.
    pub fn new(limit: u32) -> Self {
        Self { open: Vec::new(), reserved: 0, last: 0, limit }
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The kind of the handle of this number, where it is open.
    pub fn kind(&self, number: u32) -> Option<HandleKind> {
        let at = self.open.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.open.get(at).map(|(_, kind)| *kind)
    }

    /// The next number; none where the limit, or the last of all numbers, is reached.
    pub(super) fn reserve(&mut self) -> Option<u32> {
        let used = self.open.len().saturating_add(self.reserved);
        if u32::try_from(used).is_ok_and(|used| used >= self.limit) {
            return None;
        }
        let number = self.last.checked_add(1)?;
        self.last = number;
        self.reserved = self.reserved.saturating_add(1);
        Some(number)
    }

    /// A number was offered and cleanly not used: it may be offered again where none was since.
    pub(super) fn give_back(&mut self, number: u32) {
        self.withdraw();
        if self.last == number {
            self.last = number.saturating_sub(1);
        }
    }

    /// A number was offered, and nobody can tell whether it was used.
    pub(super) fn withdraw(&mut self) {
        self.reserved = self.reserved.saturating_sub(1);
    }

    /// A call ended with status `ok`.
    pub(super) fn settle(&mut self, call: &InFlight) {
        if let Some((number, kind)) = call.offered.zip(call.opcode.and_then(|opcode| opcode.opens)) {
            self.withdraw();
            let at = self.open.partition_point(|(other, _)| *other < number);
            self.open.insert(at, (number, kind));
        }
        //= ADP-HANDLE-005
        if let Some(number) = call.closing {
            self.open.retain(|(other, _)| *other != number);
        }
    }

    //= ADP-BUS-006
    /// Whether every handle among the operands is open, and of the kind that the opcode asks for.
    pub(super) fn hold(&self, operands: Operands<'_>, opcode: Option<&Opcode>) -> bool {
        let Some(opcode) = opcode else {
            return self.hold_all(operands);
        };
        // Most take none, and their operands are not looked at again.
        if !opcode.operands.iter().any(|field| matches!(field.form, Form::Handle(_))) {
            return true;
        }
        opcode.operands.iter().zip(operands).all(|(field, value)| match (field.form, value) {
            (Form::Handle(kind), OperandRef::Handle(number)) => self.kind(number) == Some(kind),
            _ => true,
        })
    }

    /// Whether every handle among the values, at any depth, is open.
    pub(super) fn hold_all(&self, values: Operands<'_>) -> bool {
        values.iter().all(|value| match value {
            OperandRef::Handle(number) => self.kind(number).is_some(),
            // The decoder bounds the depth.
            OperandRef::List(list) => self.hold_all(list),
            _ => true,
        })
    }
}
