//! Section bodies, the Section_Index that is right for them, and what the Manifest says of them.

use sha2::{Digest as _, Sha256};

use super::edits::Edits;
use crate::edn::Item;
use crate::recipe::{Body, Section};
use crate::{PartName, RecipeError};

/// The kind of a section that holds code.
const CODE: u64 = 1;

/// The sections in order, each with its body as edited.
pub(super) struct Sections<'a> {
    described: Vec<&'a Section>,
    /// Ids and bodies.
    pub(super) bodies: Vec<(u32, Vec<u8>)>,
}

impl<'a> Sections<'a> {
    pub(super) fn of(sections: &'a [Section], edits: &Edits<'_>) -> Result<Self, RecipeError> {
        let mut described = Vec::new();
        let mut bodies = Vec::new();
        for section in sections {
            for number in 0..section.repeat {
                let id = section
                    .id
                    .checked_add(number)
                    .ok_or_else(|| RecipeError::step("section", "ids run past 2^32-1"))?;
                described.push(section);
                bodies.push((id, edits.on_bytes(PartName::Body(id), body(&section.body))?));
            }
        }
        let mut ids: Vec<_> = bodies.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() != bodies.len() {
            let what = "an id stands twice; give the sections different ids and edit the index";
            return Err(RecipeError::step("section", what));
        }
        Ok(Self { described, bodies })
    }

    /// The Section_Index that is right for these sections.
    pub(super) fn index(&self) -> Item {
        let mut offset = 0_u64;
        let rows = self
            .described
            .iter()
            .zip(&self.bodies)
            .map(|(section, (id, body))| {
                let length = body.len() as u64;
                let row = vec![
                    Item::unsigned(*id),
                    Item::unsigned(section.kind),
                    Item::unsigned(offset),
                    Item::unsigned(length),
                    Item::bytes(Sha256::digest(body).to_vec()),
                    Item::unsigned(section.visibility),
                    section.constraints.clone(),
                ];
                offset += length;
                Item::array(row)
            })
            .collect();
        Item::array(rows)
    }

    pub(super) fn digest(&self, wanted: u32) -> Result<Item, String> {
        self.bodies
            .iter()
            .find(|(id, _)| *id == wanted)
            .map(|(_, body)| Item::bytes(Sha256::digest(body).to_vec()))
            .ok_or_else(|| format!("`$digest({wanted})` names no section"))
    }

    /// What the Manifest says of the sections, at the least: a section of code needs its format.
    pub(super) fn entries(&self) -> Item {
        let entries = self.described.iter().zip(&self.bodies).map(|(section, (id, body))| {
            let mut pairs = vec![
                (Item::text("id"), Item::unsigned(*id)),
                (Item::text("digest"), Item::bytes(Sha256::digest(body).to_vec())),
            ];
            if section.kind == CODE {
                pairs.push((Item::text("format"), Item::text("wasm-core-2")));
            }
            Item::map(pairs)
        });
        Item::array(entries.collect())
    }
}

fn body(described: &Body) -> Vec<u8> {
    match described {
        Body::Hex(bytes) | Body::Wat(bytes) => bytes.clone(),
        Body::Text(text) => text.as_bytes().to_vec(),
        Body::Fill { byte, count } => (0..*count).map(|_| *byte).collect(),
        Body::Count(count) => (0..=255).cycle().take(*count as usize).collect(),
    }
}
