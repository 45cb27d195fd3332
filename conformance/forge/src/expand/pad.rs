//! Growing a Manifest or a Section_Index to exactly so many bytes, with contents that stay valid.

use super::tree;
use crate::edn::{Item, encode};

/// The longest text that every loader takes.
const LONGEST_TEXT: usize = 4096;
/// The shortest text whose head has three bytes: from there on a byte more of text is a byte more of encoding.
const SHORTEST_FILLER: usize = 256;

/// Grows a Manifest by an `x-pad` key with a byte string of zeros.
pub(super) fn manifest(tree: &mut Item, length: usize) -> Result<(), String> {
    let Item::Map { pairs, .. } = tree else {
        return Err("only a map can be padded".to_owned());
    };
    tree::insert_sorted(pairs, "x-pad", Item::bytes(Vec::new()))?;
    let bare = encode(tree).len();
    let missing = length.checked_sub(bare).ok_or_else(|| longer(bare))?;
    // The head of the byte string grows by 1, 2 or 4 bytes with its length.
    let count = [0, 1, 2, 4]
        .into_iter()
        .filter_map(|head| missing.checked_sub(head))
        .find(|count| encode(&Item::bytes(vec![0; *count])).len() == missing + 1)
        .ok_or_else(|| format!("no byte string makes {length} bytes, only one less or more"))?;
    *tree::find(tree, &["x-pad".to_owned()])? = Item::bytes(vec![0; count]);
    Ok(())
}

/// Grows a Section_Index by names of profiles behind those of its first row, all ascending.
pub(super) fn index(tree: &mut Item, length: usize) -> Result<(), String> {
    let profiles = ["0", "profile_constraints", "profiles"].map(str::to_owned);
    let Item::Array { items: given, .. } = tree::find(tree, &profiles)?.clone() else {
        return Err("the first row's `profiles` must be an array to be padded".to_owned());
    };
    let bare = encode(tree).len();
    let missing = length.checked_sub(bare).ok_or_else(|| longer(bare))?;
    let most = missing / (LONGEST_TEXT + 3);
    for full in (most.saturating_sub(2)..=most).rev() {
        let mut fill = |filler: usize| -> Result<usize, String> {
            let names = given
                .iter()
                .cloned()
                .chain([Item::text(&"0".repeat(filler))])
                .chain((0..full).map(|number| Item::text(&format!("{number:0>width$}", width = LONGEST_TEXT))))
                .collect();
            *tree::find(tree, &profiles)? = Item::array(names);
            Ok(encode(tree).len())
        };
        let reached = fill(SHORTEST_FILLER)?;
        let filler = SHORTEST_FILLER + length.saturating_sub(reached);
        if reached <= length && filler < LONGEST_TEXT && fill(filler)? == length {
            return Ok(());
        }
    }
    Err(format!("no names of profiles make {length} bytes"))
}

fn longer(bare: usize) -> String {
    format!("it has {bare} bytes already")
}
