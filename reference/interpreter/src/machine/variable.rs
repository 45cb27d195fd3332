//! Global variables (WebAssembly core 2.0, section 4.4.5).

use crate::store::{Global, Instance};

/// `global.get`
#[inline(always)]
pub(super) fn get(globals: &[Global], instance: &Instance, index: u32) -> u64 {
    let address = instance.globals.get(index as usize);
    address.and_then(|address| globals.get(*address as usize)).map_or(0, |global| global.slot)
}

/// `global.set`
#[inline(always)]
pub(super) fn set(globals: &mut [Global], instance: &Instance, index: u32, slot: u64) {
    let address = instance.globals.get(index as usize);
    if let Some(global) = address.and_then(|address| globals.get_mut(*address as usize)) {
        global.slot = slot;
    }
}
