//! Changes to bytes: the edits of an encoded part, and the damage to a finished file.

use std::ops::Range;

use crate::recipe::{Damage, Edit};
use crate::{Part, PartName};

/// Carries out one edit of an encoded part. Edits of trees do nothing here.
pub(super) fn edit(bytes: &mut Vec<u8>, edit: &Edit) -> Result<(), String> {
    match edit {
        Edit::Overwrite(_, at, new) => overwrite(bytes, *at, new),
        Edit::Insert(_, at, new) => insert(bytes, *at, new),
        Edit::Cut(_, at, count) => {
            let end = at.checked_add(*count).filter(|end| *end <= bytes.len()).ok_or_else(past)?;
            bytes.drain(*at..end);
            Ok(())
        }
        Edit::Replace(_, new) => {
            bytes.clone_from(new);
            Ok(())
        }
        Edit::Set(..) | Edit::Remove(_) | Edit::Add(..) | Edit::Append(..) | Edit::Pad(..) => Ok(()),
    }
}

/// Damages a finished file whose parts lie as told.
pub(super) fn damage(file: &mut Vec<u8>, parts: &[Part], damage: &Damage) -> Result<(), String> {
    match damage {
        Damage::Flip(part, at, mask) => {
            let place = place(&span(file, parts, *part)?, *at)?;
            let byte = file.get_mut(place).ok_or_else(past)?;
            *byte ^= mask;
        }
        Damage::Overwrite(part, at, new) => {
            let place = place(&span(file, parts, *part)?, *at)?;
            overwrite(file, place, new)?;
        }
        Damage::Insert(part, at, new) => {
            let place = place(&span(file, parts, *part)?, *at)?;
            insert(file, place, new)?;
        }
        Damage::Truncate(length) if *length > file.len() => return Err(past()),
        Damage::Truncate(length) => file.truncate(*length),
        Damage::TruncateBy(count) => {
            let length = file.len().checked_sub(*count).ok_or_else(past)?;
            file.truncate(length);
        }
        Damage::Append(new) => file.extend_from_slice(new),
    }
    Ok(())
}

fn span(file: &[u8], parts: &[Part], name: PartName) -> Result<Range<usize>, String> {
    if name == PartName::File {
        return Ok(0..file.len());
    }
    parts
        .iter()
        .find(|part| part.name == name)
        .map(|part| part.span.clone())
        .ok_or_else(|| format!("there is no part `{name}`"))
}

/// A place inside a part; the end itself is one, for insertions.
fn place(span: &Range<usize>, at: i64) -> Result<usize, String> {
    let from = if at < 0 { span.end } else { span.start };
    i64::try_from(from)
        .ok()
        .and_then(|from| from.checked_add(at))
        .and_then(|place| usize::try_from(place).ok())
        .filter(|place| (span.start..=span.end).contains(place))
        .ok_or_else(past)
}

fn overwrite(bytes: &mut [u8], at: usize, new: &[u8]) -> Result<(), String> {
    at.checked_add(new.len()).and_then(|end| bytes.get_mut(at..end)).ok_or_else(past)?.copy_from_slice(new);
    Ok(())
}

fn insert(bytes: &mut Vec<u8>, at: usize, new: &[u8]) -> Result<(), String> {
    if at > bytes.len() {
        return Err(past());
    }
    bytes.splice(at..at, new.iter().copied());
    Ok(())
}

fn past() -> String {
    "past the end of the part".to_owned()
}
