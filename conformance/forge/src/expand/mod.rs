//! From a recipe to an artifact, in the order in which a file hangs together: bodies, Section_Index, Manifest, Header, signature, Trailer, damage.
//!
//! Each stage computes its numbers and digests from what the stages before came to *after* their edits, so that an edited artifact is consistent in
//! all but the edit. Damage comes last, and nothing is computed anew after it.

mod edits;
mod fixed;
mod layout;
mod pad;
mod placeholders;
mod sections;
mod signature;
mod splice;
mod tree;

use crate::edn::{Item, Placeholder, encode};
use crate::{Artifact, Changes, Draft, Model, PartName, Recipe, RecipeError, Row, SignatureParts, Value, signer};

use edits::Edits;
use fixed::Fixed;
use layout::Layout;
use placeholders::{fill, replace};
use sections::Sections;
use signature::{SignedParts, place_signature};

/// Expands a recipe, changed as told.
///
/// # Errors
/// The step that cannot be carried out, and why.
pub fn expand(recipe: &Recipe, changes: &Changes) -> Result<Artifact, RecipeError> {
    let edits = Edits(recipe.edit.iter().chain(&changes.edit).collect());
    edits.have_known_targets()?;
    let sections = Sections::of(&recipe.section, &edits)?;

    let mut index = sections.index();
    edits.on_tree(PartName::Index, &mut index, pad::index)?;
    let index_bytes = edits.on_bytes(PartName::Index, encode(&index))?;

    let sign = changes.sign.as_ref().or(recipe.sign.as_ref());
    let mut manifest = recipe.manifest.clone();
    fill(&mut manifest, &sections, &index_bytes).map_err(|what| RecipeError::step("manifest", what))?;
    if let Some(sign) = sign {
        place_signature(&mut manifest, sign)?;
    }
    edits.on_tree(PartName::Manifest, &mut manifest, |tree, length| {
        fill(tree, &sections, &index_bytes)?;
        pad::manifest(tree, length)
    })?;
    fill(&mut manifest, &sections, &index_bytes).map_err(|what| RecipeError::step("manifest", what))?;
    let manifest_length = edits.on_bytes(PartName::Manifest, encode(&manifest))?.len();

    let header = edits.on_fixed(PartName::Header, fixed::header(manifest_length, index_bytes.len()))?;
    let header_bytes = edits.on_bytes(PartName::Header, header.bytes())?;

    let mut signed = None;
    if let Some(sign) = sign {
        let parts =
            SignedParts { header: &header_bytes, manifest: &manifest, index: &index_bytes, sections: &sections };
        let value = signer::value(sign, &parts.signed(sign.over))?;
        signed = Some(parts.signed(None));
        replace(&mut manifest, &|placeholder| match placeholder {
            Placeholder::SignatureValue(_) => Ok(Item::bytes(value.clone())),
            other => Err(format!("{other:?} is open behind the signature")),
        })
        .map_err(|what| RecipeError::step("manifest", what))?;
    }
    let manifest_bytes = edits.on_bytes(PartName::Manifest, encode(&manifest))?;

    let file = Layout {
        header: header_bytes,
        manifest: manifest_bytes,
        index: index_bytes,
        bodies: sections.bodies.iter().map(|(id, body)| (*id, body.clone())).collect(),
    };
    let (mut bytes, parts) = file.close(&edits)?;
    for (number, damage) in recipe.damage.iter().chain(&changes.damage).enumerate() {
        splice::damage(&mut bytes, &parts, damage)
            .map_err(|what| RecipeError::step(format!("damage {}", number + 1), what))?;
    }
    let model = model(&header, &manifest, &index, &sections);
    Ok(Artifact { bytes, parts, draft: model.as_ref().and_then(Draft::of), model, signed })
}

fn model(header: &Fixed, manifest: &Item, index: &Item, sections: &Sections<'_>) -> Option<Model> {
    let manifest = Value::of(manifest)?;
    let rows = Value::of(index)?.items()?.iter().map(Row::of).collect::<Option<Vec<_>>>()?;
    if rows.len() != sections.bodies.len() {
        return None;
    }
    Some(Model {
        major: u16::from_le_bytes(header.field("major").try_into().ok()?),
        minor: u16::from_le_bytes(header.field("minor").try_into().ok()?),
        flags: u32::from_le_bytes(header.field("flags").try_into().ok()?),
        signature: SignatureParts::of(&manifest),
        manifest,
        rows,
        bodies: sections.bodies.iter().map(|(_, body)| body.clone()).collect(),
    })
}
