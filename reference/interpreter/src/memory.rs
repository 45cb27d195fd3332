//! Memories (WebAssembly core 2.0, section 4.2.8).

use crate::store::Quota;
use crate::types::SizeLimits;

/// Bytes of a page.
pub(crate) const PAGE: u64 = 65_536;
/// Pages that 32 bits can address.
const MOST_PAGES: u32 = 65_536;

/// Bytes up to which a memory may be there twice while it is moved.
const SMALL: usize = 16 << 20;

/// A memory instance.
#[derive(Debug)]
pub(crate) struct Memory {
    /// The memory, and zeros that it may grow into: zeros that nobody has read or written cost address space alone.
    zeroed: Vec<u8>,
    length: usize,
    maximum: Option<u32>,
}

impl Memory {
    pub(crate) fn new(limits: SizeLimits, quota: &mut Quota) -> Option<Self> {
        let mut memory = Self { zeroed: Vec::new(), length: 0, maximum: limits.maximum };
        memory.grow(limits.minimum, quota)?;
        Some(memory)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.zeroed.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        self.zeroed.get_mut(..self.length).unwrap_or_default()
    }

    /// Its size in pages.
    pub(crate) fn pages(&self) -> u32 {
        (self.length as u64 / PAGE) as u32
    }

    /// Its type, with its size of now.
    pub(crate) fn limits(&self) -> SizeLimits {
        SizeLimits { minimum: self.pages(), maximum: self.maximum }
    }

    /// `memory.grow`: the size before, or nothing was done (section 4.5.3, growing memories).
    pub(crate) fn grow(&mut self, more: u32, quota: &mut Quota) -> Option<u32> {
        let pages = self.pages();
        let grown = pages.checked_add(more)?;
        let most = self.maximum.unwrap_or(MOST_PAGES).min(MOST_PAGES);
        if grown > most {
            return None;
        }
        let more_bytes = u64::from(more) * PAGE;
        if !quota.take(more_bytes) {
            return None;
        }
        let within = quota.limit / PAGE;
        if self.make_room(grown, most.min(u32::try_from(within).unwrap_or(most)).max(grown)).is_none() {
            quota.give_back(more_bytes);
            return None;
        }
        Some(pages)
    }

    /// A memory that is small or empty is moved to zeros of twice the room, so that growing page by page moves it seldom. A large one is extended:
    /// allocators move large blocks by their pages, so that what it holds is never there twice, and what nobody has touched stays untouched.
    fn make_room(&mut self, pages: u32, most: u32) -> Option<()> {
        let length = bytes_of(pages)?;
        if length > self.zeroed.len() {
            let ample = bytes_of(pages.max(self.pages().saturating_mul(2)).min(most))?;
            if self.length == 0 || ample <= SMALL {
                let mut zeroed = zeros(ample)?;
                zeroed.get_mut(..self.length)?.copy_from_slice(self.bytes());
                self.zeroed = zeroed;
            } else {
                self.zeroed.try_reserve_exact(length - self.zeroed.len()).ok()?;
                self.zeroed.resize(length, 0);
            }
        }
        self.length = length;
        Some(())
    }
}

fn bytes_of(pages: u32) -> Option<usize> {
    usize::try_from(u64::from(pages) * PAGE).ok()
}

/// Zeros, where the host has room for them: asked for first, as there is no other way to be refused.
fn zeros(length: usize) -> Option<Vec<u8>> {
    Vec::<u8>::new().try_reserve_exact(length).ok()?;
    Some(vec![0; length])
}
