//! The edits of a recipe and its case, each handed to the stage that it is for.

use super::fixed::Fixed;
use super::{splice, tree};
use crate::edn::Item;
use crate::recipe::{Edit, Path};
use crate::{PartName, RecipeError};

/// All edits in order, handed to the stage that each is for.
pub(super) struct Edits<'a>(pub(super) Vec<&'a Edit>);

impl Edits<'_> {
    fn for_part(&self, part: PartName) -> impl Iterator<Item = (usize, &Edit)> {
        self.0
            .iter()
            .enumerate()
            .map(|(number, edit)| (number + 1, *edit))
            .filter(move |(_, edit)| target(edit) == part)
    }

    /// Bodies are told by the sections, the file is no target at all, and only trees are padded.
    pub(super) fn have_known_targets(&self) -> Result<(), RecipeError> {
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

    pub(super) fn on_tree(
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

    pub(super) fn on_fixed(&self, part: PartName, mut fields: Fixed) -> Result<Fixed, RecipeError> {
        for (number, edit) in self.for_part(part) {
            fields.apply(edit).map_err(step_of(number))?;
        }
        Ok(fields)
    }

    pub(super) fn on_bytes(&self, part: PartName, mut bytes: Vec<u8>) -> Result<Vec<u8>, RecipeError> {
        for (number, edit) in self.for_part(part) {
            splice::edit(&mut bytes, edit).map_err(step_of(number))?;
        }
        Ok(bytes)
    }

    pub(super) fn set_field(&self, part: PartName, name: &str) -> bool {
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
