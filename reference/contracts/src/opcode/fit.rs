//! Whether values are those that a schema asks for.

use super::{Field, Form};
use crate::instruction::{OperandRef, Operands};

//= ADP-BUS-005
/// Whether `values` are these fields in their order: none more, none fewer but for optional ones at the end, each of its type and between
/// its bounds. Handles are judged by their type alone.
pub fn fits(values: Operands<'_>, fields: &[Field]) -> bool {
    let mut values = values.iter();
    for field in fields {
        match values.next() {
            Some(value) if field.form.fits(value) => {}
            Some(_) => return false,
            // All after an optional field are optional too.
            None => return field.optional,
        }
    }
    values.next().is_none()
}

impl Form {
    fn fits(&self, value: OperandRef<'_>) -> bool {
        match (self, value) {
            (Self::Unsigned { min, max }, OperandRef::Unsigned(number)) => (min..=max).contains(&&number),
            (Self::Signed { min, max }, OperandRef::Signed(number)) => (min..=max).contains(&&number),
            (Self::Bytes { min, max }, OperandRef::Bytes(bytes)) => (*min..=*max).contains(&bytes.len()),
            (Self::Text { min, max }, OperandRef::Text(text)) => (*min..=*max).contains(&text.len()),
            (Self::Bool, OperandRef::Bool(_)) | (Self::F64, OperandRef::F64(_)) => true,
            (Self::Handle(_), OperandRef::Handle(_)) => true,
            (Self::List { element, max }, OperandRef::List(list)) => {
                // One more than may be is enough to know.
                list.iter().take(max.saturating_add(1)).count() <= *max
                    && list.iter().all(|value| value.kind() == *element)
            }
            _ => false,
        }
    }
}
