//! Where an object keeps its bodies: all of them, or the entry section's and a bounded cache of the rest.

use bytes::Bytes;
use fayger_contracts::FaygerError;
use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};

/// Verified bodies, by section id.
pub(crate) struct Bodies {
    /// Ascending. Under Lazy, the entry section's alone: whoever makes an instance of the object needs it, whenever that is.
    held: Vec<(u32, Bytes)>,
    /// Under Lazy: what was read later. Concurrent first reads of one body wait for one.
    cache: Option<Cache<u32, Bytes, Length>>,
}

impl Bodies {
    /// All bodies that there will be.
    pub(crate) fn eager(held: Vec<(u32, Bytes)>) -> Self {
        Self { held, cache: None }
    }

    /// The entry section's, and room for others.
    pub(crate) fn lazy(held: Vec<(u32, Bytes)>, cache_bytes: u64) -> Self {
        // Two items are the least that the cache plans for; its bound is the bytes.
        let options = OptionsBuilder::new().estimated_items_capacity(2).weight_capacity(cache_bytes).shards(1).build();
        let cache =
            options.ok().map(|options| Cache::with_options(options, Length, Default::default(), Default::default()));
        Self { held, cache }
    }

    /// The body, held or from `read`, which verifies it. A body that `read` refuses leaves nothing behind.
    //= LDR-BODIES-005
    //= LDR-BODIES-007
    pub(crate) fn get(
        &self,
        section_id: u32,
        read: impl FnOnce() -> Result<Bytes, FaygerError>,
    ) -> Result<Bytes, FaygerError> {
        if let Some(body) = self.held(section_id) {
            return Ok(body);
        }
        match &self.cache {
            Some(cache) => cache.get_or_insert_with(&section_id, read),
            None => read(),
        }
    }

    /// The body, where it is held.
    pub(crate) fn held(&self, section_id: u32) -> Option<Bytes> {
        let position = self.held.binary_search_by_key(&section_id, |(id, _)| *id).ok()?;
        self.held.get(position).map(|(_, body)| body.clone())
    }
}

/// A body weighs its bytes; an empty one still takes a place.
#[derive(Clone)]
struct Length;

impl Weighter<u32, Bytes> for Length {
    fn weight(&self, _section_id: &u32, body: &Bytes) -> u64 {
        (body.len() as u64).max(1)
    }
}
