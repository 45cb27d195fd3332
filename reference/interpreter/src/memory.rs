//! Memories (WebAssembly core 2.0, section 4.2.8).

use crate::store::Quota;
use crate::types::SizeLimits;

/// Bytes of a page.
pub(crate) const PAGE: u64 = 65_536;
/// Pages that 32 bits can address.
const MOST_PAGES: u32 = 65_536;

/// A memory instance.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) bytes: Vec<u8>,
    maximum: Option<u32>,
}

impl Memory {
    pub(crate) fn new(limits: SizeLimits, quota: &mut Quota) -> Option<Self> {
        let mut memory = Self { bytes: Vec::new(), maximum: limits.maximum };
        memory.grow(limits.minimum, quota)?;
        Some(memory)
    }

    /// Its size in pages.
    pub(crate) fn pages(&self) -> u32 {
        (self.bytes.len() as u64 / PAGE) as u32
    }

    /// Its type, with its size of now.
    pub(crate) fn limits(&self) -> SizeLimits {
        SizeLimits { minimum: self.pages(), maximum: self.maximum }
    }

    /// `memory.grow`: the size before, or nothing was done (section 4.5.3, growing memories).
    pub(crate) fn grow(&mut self, more: u32, quota: &mut Quota) -> Option<u32> {
        let pages = self.pages();
        let grown = pages.checked_add(more)?;
        if grown > self.maximum.unwrap_or(MOST_PAGES).min(MOST_PAGES) {
            return None;
        }
        let more_bytes = u64::from(more) * PAGE;
        if !quota.take(more_bytes) {
            return None;
        }
        let length = usize::try_from(u64::from(grown) * PAGE).ok();
        let Some(length) = length.filter(|_| self.has_room_for(more_bytes)) else {
            quota.give_back(more_bytes);
            return None;
        };
        self.bytes.resize(length, 0);
        Some(pages)
    }

    fn has_room_for(&mut self, more: u64) -> bool {
        usize::try_from(more).is_ok_and(|more| self.bytes.try_reserve(more).is_ok())
    }
}
