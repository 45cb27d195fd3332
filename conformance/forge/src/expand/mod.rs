//! From a recipe to an artifact, in the order in which a file hangs together: bodies, Section_Index, Manifest, Header, signature, Trailer, damage.
//!
//! Each stage computes its numbers and digests from what the stages before came to *after* their edits, so that an edited artifact is consistent in
//! all but the edit. Damage comes last, and nothing is computed anew after it.

mod fixed;
mod pad;
mod splice;
mod tree;

use crc::{CRC_32_ISO_HDLC, Crc};
use sha2::{Digest as _, Sha256};

use crate::edn::{Item, Placeholder, encode};
use crate::recipe::{Body, Edit, Over, Path, Section, Sign};
use crate::{Artifact, Changes, Draft, Model, Part, PartName, Recipe, RecipeError, Row, SignatureParts, Value, signer};

use fixed::Fixed;

/// The kind of a section that holds code.
const CODE: u64 = 1;

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

/// All edits in order, handed to the stage that each is for.
struct Edits<'a>(Vec<&'a Edit>);

impl Edits<'_> {
    fn for_part(&self, part: PartName) -> impl Iterator<Item = (usize, &Edit)> {
        self.0
            .iter()
            .enumerate()
            .map(|(number, edit)| (number + 1, *edit))
            .filter(move |(_, edit)| target(edit) == part)
    }

    /// Bodies are told by the sections, the file is no target at all, and only trees are padded.
    fn have_known_targets(&self) -> Result<(), RecipeError> {
        for (number, edit) in self.0.iter().enumerate() {
            let allowed = match (edit, target(edit)) {
                (_, PartName::File) => false,
                (Edit::Overwrite(..) | Edit::Insert(..) | Edit::Cut(..) | Edit::Replace(..), _) => true,
                (Edit::Pad(..), part) => matches!(part, PartName::Manifest | PartName::Index),
                (_, part) => !matches!(part, PartName::Body(_)),
            };
            if !allowed {
                let what = format!("this edit cannot be made in `{}`", target(edit));
                return Err(step_of(number + 1)(what));
            }
        }
        Ok(())
    }

    fn on_tree(
        &self,
        part: PartName,
        item: &mut Item,
        mut pad: impl FnMut(&mut Item, usize) -> Result<(), String>,
    ) -> Result<(), RecipeError> {
        for (number, edit) in self.for_part(part) {
            match edit {
                Edit::Pad(_, length) => pad(item, *length),
                other => tree::apply(item, other),
            }
            .map_err(step_of(number))?;
        }
        Ok(())
    }

    fn on_fixed(&self, part: PartName, mut fields: Fixed) -> Result<Fixed, RecipeError> {
        for (number, edit) in self.for_part(part) {
            fields.apply(edit).map_err(step_of(number))?;
        }
        Ok(fields)
    }

    fn on_bytes(&self, part: PartName, mut bytes: Vec<u8>) -> Result<Vec<u8>, RecipeError> {
        for (number, edit) in self.for_part(part) {
            splice::edit(&mut bytes, edit).map_err(step_of(number))?;
        }
        Ok(bytes)
    }

    fn set_field(&self, part: PartName, name: &str) -> bool {
        self.for_part(part).any(|(_, edit)| matches!(edit, Edit::Set(Path { steps, .. }, _) if steps == &[name]))
    }
}

fn target(edit: &Edit) -> PartName {
    match edit {
        Edit::Set(path, _) | Edit::Remove(path) | Edit::Add(path, _) | Edit::Append(path, _) => path.root,
        Edit::Overwrite(part, ..) | Edit::Insert(part, ..) | Edit::Cut(part, ..) => *part,
        Edit::Replace(part, _) | Edit::Pad(part, _) => *part,
    }
}

fn step_of(number: usize) -> impl Fn(String) -> RecipeError {
    move |what| RecipeError::step(format!("edit {number}"), what)
}

/// The sections in order, each with its body as edited.
struct Sections<'a> {
    described: Vec<&'a Section>,
    bodies: Vec<(u32, Vec<u8>)>,
}

impl<'a> Sections<'a> {
    fn of(sections: &'a [Section], edits: &Edits<'_>) -> Result<Self, RecipeError> {
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
    fn index(&self) -> Item {
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

    fn digest(&self, wanted: u32) -> Result<Item, String> {
        self.bodies
            .iter()
            .find(|(id, _)| *id == wanted)
            .map(|(_, body)| Item::bytes(Sha256::digest(body).to_vec()))
            .ok_or_else(|| format!("`$digest({wanted})` names no section"))
    }

    /// What the Manifest says of the sections, at the least: a section of code needs its format.
    fn entries(&self) -> Item {
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
        Body::Hex(bytes) => bytes.clone(),
        Body::Text(text) => text.as_bytes().to_vec(),
        Body::Fill { byte, count } => (0..*count).map(|_| *byte).collect(),
        Body::Count(count) => (0..=255).cycle().take(*count as usize).collect(),
    }
}

/// Puts the signature pair where it belongs, its value still open.
fn place_signature(manifest: &mut Item, sign: &Sign) -> Result<(), RecipeError> {
    let Item::Map { pairs, .. } = manifest else {
        return Err(RecipeError::step("sign", "the manifest is not a map"));
    };
    let open = Placeholder::SignatureValue(signer::value_length(sign)?);
    let signature = Item::map(vec![
        (Item::text("value"), Item::Placeholder(open)),
        (Item::text("key_id"), Item::bytes(signer::named_key_id(sign)?)),
        (Item::text("algorithm"), Item::text(&signer::named_algorithm(sign)?)),
    ]);
    tree::insert_sorted(pairs, "signature", signature).map_err(|what| RecipeError::step("sign", what))
}

/// Fills in all placeholders but the signature's value.
fn fill(manifest: &mut Item, sections: &Sections<'_>, index: &[u8]) -> Result<(), String> {
    replace(manifest, &|placeholder| match placeholder {
        Placeholder::Digest(id) => sections.digest(*id),
        Placeholder::IndexDigest => Ok(Item::bytes(Sha256::digest(index).to_vec())),
        Placeholder::Sections => Ok(sections.entries()),
        Placeholder::SignatureValue(length) => Ok(Item::Placeholder(Placeholder::SignatureValue(*length))),
    })
}

fn replace(item: &mut Item, with: &impl Fn(&Placeholder) -> Result<Item, String>) -> Result<(), String> {
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

/// What goes under a signature, and what is wrongly put there. Edits of the Manifest's bytes do not enter it: M′ is written from the tree.
struct SignedParts<'a> {
    header: &'a [u8],
    manifest: &'a Item,
    index: &'a [u8],
    sections: &'a Sections<'a>,
}

impl SignedParts<'_> {
    fn signed(&self, over: Option<Over>) -> Vec<u8> {
        let manifest = encode(&unsigned(self.manifest));
        let right = [self.header, &manifest, self.index].concat();
        match over {
            None => right,
            Some(Over::NoHeader) => [&manifest, self.index].concat(),
            Some(Over::NoIndex) => [self.header, &manifest].concat(),
            Some(Over::IndexFirst) => [self.header, self.index, &manifest].concat(),
            Some(Over::SignaturePair) => [self.header, &encode(self.manifest), self.index].concat(),
            Some(Over::CountNotReduced) => {
                let manifest = encode(&with_count_kept(self.manifest));
                [self.header, &manifest, self.index].concat()
            }
            Some(Over::HeaderBeforeSigning) => {
                let header = fixed::header(manifest.len(), self.index.len()).bytes();
                [&header, &manifest, self.index].concat()
            }
            Some(Over::BodiesToo) => {
                let bodies = self.sections.bodies.iter().flat_map(|(_, body)| body);
                right.iter().chain(bodies).copied().collect()
            }
            Some(Over::Sha256) => Sha256::digest(&right).to_vec(),
        }
    }
}

/// M′: the Manifest without its signature pair.
fn unsigned(manifest: &Item) -> Item {
    match manifest {
        Item::Map { pairs, width } => Item::Map {
            pairs: pairs.iter().filter(|(key, _)| !key.is_text("signature")).cloned().collect(),
            width: *width,
        },
        other => other.clone(),
    }
}

/// M′ with the count of pairs that the signed Manifest has: the pair's bytes are left out, no more.
fn with_count_kept(manifest: &Item) -> Item {
    match manifest {
        Item::Map { pairs, width } => Item::Map {
            pairs: pairs
                .iter()
                .map(|(key, value)| match key.is_text("signature") {
                    true => (Item::Raw(Vec::new()), Item::Raw(Vec::new())),
                    false => (key.clone(), value.clone()),
                })
                .collect(),
            width: *width,
        },
        other => other.clone(),
    }
}

/// The parts before the Trailer.
struct Layout {
    header: Vec<u8>,
    manifest: Vec<u8>,
    index: Vec<u8>,
    bodies: Vec<(u32, Vec<u8>)>,
}

impl Layout {
    /// Puts the file together and closes it with its Trailer.
    fn close(self, edits: &Edits<'_>) -> Result<(Vec<u8>, Vec<Part>), RecipeError> {
        let manifest_digest = Sha256::digest(&self.manifest).into();
        let checked = [self.header.as_slice(), &self.manifest, &self.index].concat();
        let parts =
            [(PartName::Header, self.header), (PartName::Manifest, self.manifest), (PartName::Index, self.index)]
                .into_iter()
                .chain(self.bodies.into_iter().map(|(id, body)| (PartName::Body(id), body)));
        let mut file = File::default();
        parts.for_each(|(name, bytes)| file.push(name, &bytes));

        let trailer_length = 44;
        let mut trailer =
            edits.on_fixed(PartName::Trailer, fixed::trailer(file.bytes.len() + trailer_length, manifest_digest))?;
        if !edits.set_field(PartName::Trailer, "crc32") {
            let crc = crc32(&[&checked, trailer.field("total_length"), trailer.field("manifest_digest")]);
            trailer.set("crc32", &Item::unsigned(crc)).map_err(|what| RecipeError::step("trailer", what))?;
        }
        let trailer = edits.on_bytes(PartName::Trailer, trailer.bytes())?;
        file.push(PartName::Trailer, &trailer);
        Ok((file.bytes, file.parts))
    }
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

impl File {
    fn push(&mut self, name: PartName, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.parts.push(Part { name, span: start..self.bytes.len() });
    }
}

fn crc32(slices: &[&[u8]]) -> u32 {
    let crc = Crc::<u32>::new(&CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    slices.iter().for_each(|slice| digest.update(slice));
    digest.finalize()
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
