//! Bulk operations, the same over bytes and elements: ranges are checked before anything is written (WebAssembly core 2.0, section 4.4.7,
//! `memory.fill`, `memory.copy`, `memory.init`; section 4.4.6 for tables). None: a range is past an end.

use std::ops::Range;

/// A range; it does not wrap, and may be past the end.
fn range(start: u32, count: u32) -> Option<Range<usize>> {
    let end = u64::from(start) + u64::from(count);
    Some(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// Sets `count` items from `start` on.
pub(crate) fn fill<T: Copy>(items: &mut [T], start: u32, value: T, count: u32) -> Option<()> {
    items.get_mut(range(start, count)?)?.fill(value);
    Some(())
}

/// Copies within one list; ranges may overlap.
pub(crate) fn copy<T: Copy>(items: &mut [T], target: u32, source: u32, count: u32) -> Option<()> {
    let (target, source) = (range(target, count)?, range(source, count)?);
    items.get(target.clone())?;
    items.get(source.clone())?;
    items.copy_within(source, target.start);
    Some(())
}

/// Copies from one list into another.
pub(crate) fn init<T: Copy>(items: &mut [T], source: &[T], target: u32, from: u32, count: u32) -> Option<()> {
    let source = source.get(range(from, count)?)?;
    items.get_mut(range(target, count)?)?.copy_from_slice(source);
    Some(())
}
