//! What a recipe leaves open and the stages fill in.

use sha2::{Digest as _, Sha256};

use super::sections::Sections;
use crate::edn::{Item, Placeholder};

/// Fills in all placeholders but the signature's value.
pub(super) fn fill(manifest: &mut Item, sections: &Sections<'_>, index: &[u8]) -> Result<(), String> {
    replace(manifest, &|placeholder| match placeholder {
        Placeholder::Digest(id) => sections.digest(*id),
        Placeholder::IndexDigest => Ok(Item::bytes(Sha256::digest(index).to_vec())),
        Placeholder::Sections => Ok(sections.entries()),
        Placeholder::SignatureValue(length) => Ok(Item::Placeholder(Placeholder::SignatureValue(*length))),
    })
}

pub(super) fn replace(item: &mut Item, with: &impl Fn(&Placeholder) -> Result<Item, String>) -> Result<(), String> {
    match item {
        Item::Placeholder(placeholder) => *item = with(placeholder)?,
        Item::Array { items, .. } | Item::Chunks { chunks: items, .. } => {
            items.iter_mut().try_for_each(|item| replace(item, with))?;
        }
        Item::Map { pairs, .. } => {
            for (key, value) in pairs {
                replace(key, with)?;
                replace(value, with)?;
            }
        }
        Item::Tag { content, .. } => replace(content, with)?,
        Item::Int { .. } | Item::Bytes { .. } | Item::Text { .. } => {}
        Item::Simple { .. } | Item::Float { .. } | Item::Raw(_) => {}
    }
    Ok(())
}
