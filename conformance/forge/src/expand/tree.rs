//! Edits of a tree of items: the way to a place, and what is done there.

use crate::edn::{Item, encode};
use crate::recipe::{Edit, Path};

/// The elements of a row of the Section_Index, by name.
const ROW: [&str; 7] = ["section_id", "kind", "offset", "length", "digest", "visibility", "profile_constraints"];

/// Carries out one edit of a tree. Edits of encoded bytes and padding are not for here, and do nothing.
pub(super) fn apply(tree: &mut Item, edit: &Edit) -> Result<(), String> {
    match edit {
        Edit::Set(path, to) => *find(tree, &path.steps)? = to.clone(),
        Edit::Remove(path) => {
            let (parent, last) = parent(tree, path)?;
            match parent {
                Item::Map { pairs, .. } => {
                    let at = pairs.iter().position(|(key, _)| key.is_text(last)).ok_or_else(|| absent(last))?;
                    pairs.remove(at);
                }
                Item::Array { items, .. } => {
                    let at = ordinal(last).filter(|at| *at < items.len()).ok_or_else(|| absent(last))?;
                    items.remove(at);
                }
                _ => return Err(no_container(last)),
            }
        }
        Edit::Add(path, to) => {
            let (parent, last) = parent(tree, path)?;
            match parent {
                Item::Map { pairs, .. } => insert_sorted(pairs, last, to.clone())?,
                Item::Array { items, .. } => {
                    let at = ordinal(last).filter(|at| *at <= items.len()).ok_or_else(|| absent(last))?;
                    items.insert(at, to.clone());
                }
                _ => return Err(no_container(last)),
            }
        }
        Edit::Append(path, to) => {
            let (parent, last) = parent(tree, path)?;
            match parent {
                Item::Map { pairs, .. } => pairs.push((Item::text(last), to.clone())),
                Item::Array { items, .. } if last == "-" => items.push(to.clone()),
                Item::Array { .. } => return Err("to append to an array, let the path end in `-`".to_owned()),
                _ => return Err(no_container(last)),
            }
        }
        Edit::Overwrite(..) | Edit::Insert(..) | Edit::Cut(..) | Edit::Replace(..) | Edit::Pad(..) => {}
    }
    Ok(())
}

/// Puts a pair where its key belongs among sorted keys.
pub(super) fn insert_sorted(pairs: &mut Vec<(Item, Item)>, key: &str, value: Item) -> Result<(), String> {
    if pairs.iter().any(|(present, _)| present.is_text(key)) {
        return Err(format!("`{key}` is there already (`append` repeats a key)"));
    }
    let key = Item::text(key);
    let encoded = encode(&key);
    let at = pairs.iter().position(|(present, _)| encode(present) > encoded);
    pairs.insert(at.unwrap_or(pairs.len()), (key, value));
    Ok(())
}

/// The item at a place, which must exist.
pub(super) fn find<'a>(tree: &'a mut Item, steps: &[String]) -> Result<&'a mut Item, String> {
    steps.iter().try_fold(tree, |here, step| match here {
        Item::Map { pairs, .. } => {
            pairs.iter_mut().find(|(key, _)| key.is_text(step)).map(|(_, value)| value).ok_or_else(|| absent(step))
        }
        Item::Array { items, .. } => ordinal(step).and_then(|at| items.get_mut(at)).ok_or_else(|| absent(step)),
        _ => Err(no_container(step)),
    })
}

fn parent<'a, 'p>(tree: &'a mut Item, path: &'p Path) -> Result<(&'a mut Item, &'p str), String> {
    let (last, way) = path.steps.split_last().ok_or_else(|| "a whole part can only be set".to_owned())?;
    Ok((find(tree, way)?, last))
}

fn ordinal(step: &str) -> Option<usize> {
    ROW.iter().position(|name| *name == step).or_else(|| step.parse().ok())
}

fn absent(step: &str) -> String {
    format!("`{step}` is not there")
}

fn no_container(step: &str) -> String {
    format!("`{step}` is sought in what is neither map nor array")
}
