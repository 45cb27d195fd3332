//! The signature pair in the Manifest, and the bytes that go under a signature, rightly and wrongly.

use sha2::{Digest as _, Sha256};

use super::sections::Sections;
use super::{fixed, tree};
use crate::edn::{Item, Placeholder, encode};
use crate::recipe::{Over, Sign};
use crate::{RecipeError, signer};

/// Puts the signature pair where it belongs, its value still open.
pub(super) fn place_signature(manifest: &mut Item, sign: &Sign) -> Result<(), RecipeError> {
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

/// What goes under a signature, and what is wrongly put there. Edits of the Manifest's bytes do not enter it: M′ is written from the tree.
pub(super) struct SignedParts<'a> {
    pub(super) header: &'a [u8],
    pub(super) manifest: &'a Item,
    pub(super) index: &'a [u8],
    pub(super) sections: &'a Sections<'a>,
}

impl SignedParts<'_> {
    pub(super) fn signed(&self, over: Option<Over>) -> Vec<u8> {
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
