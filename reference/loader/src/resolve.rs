//! Phase `resolve`: whether what is selected can be run by the runtime that was offered. No body is read.

use fayger_contracts::artifact::SectionKind;
use fayger_contracts::{FaygerError, Manifest, RuntimeOffer, SectionEntry};

use crate::error;
use crate::select_sections::Selected;

/// An artifact that can be run here, once its bodies are read.
pub struct Resolved {
    pub(crate) selected: Selected,
}

impl Selected {
    /// Checks the id that the caller expects, the entry section, the code formats and the runtime's capabilities.
    ///
    /// # Errors
    /// `LDR_RESOLVE_FAIL` with its reason.
    pub fn resolve(self, offer: &RuntimeOffer, expect_id: Option<&str>) -> Result<Resolved, FaygerError> {
        let manifest = &self.negotiated.trusted.intact.structured.parsed.manifest;
        //= LDR-RESOLVE-001
        if let Some(expected) = expect_id
            && expected != manifest.id
        {
            return Err(error::resolve("id_mismatch", "the artifact is another than the one asked for")
                .with("expected", expected)
                .with("actual", manifest.id.as_str()));
        }
        //= LDR-RESOLVE-002
        let entry = self.selected.iter().find(|entry| entry.section_id == manifest.entry.section);
        if let Some(entry) = entry
            && entry.kind != SectionKind::CODE
        {
            return Err(error::resolve("entry_kind", "the entry section is not code")
                .with("section_id", entry.section_id)
                .with("kind", u64::from(entry.kind.0)));
        }
        for entry in self.selected.iter().filter(|entry| entry.kind == SectionKind::CODE) {
            check_format(entry, manifest, offer)?;
        }
        //= LDR-RESOLVE-004
        let wanted = manifest.runtime_capabilities.iter().flatten();
        let missing: Vec<_> = wanted.filter(|name| !offer.runtime_capabilities.contains(name)).cloned().collect();
        if !missing.is_empty() {
            return Err(error::resolve("runtime_capability", "the runtime lacks what the artifact needs")
                .with("missing", missing));
        }
        Ok(Resolved { selected: self })
    }
}

/// A code section names a format that the runtime executes.
//= LDR-RESOLVE-003
fn check_format(entry: &SectionEntry, manifest: &Manifest, offer: &RuntimeOffer) -> Result<(), FaygerError> {
    // The Manifest's sections have been seen to agree with the rows, whose ids ascend.
    let position = manifest.sections.binary_search_by_key(&entry.section_id, |section| section.id);
    let declaration = position.ok().and_then(|position| manifest.sections.get(position));
    let Some(format) = declaration.and_then(|declaration| declaration.format.as_ref()) else {
        return Err(
            error::resolve("format_missing", "a code section names no format").with("section_id", entry.section_id)
        );
    };
    //= LDR-RESOLVE-005
    if !offer.formats.contains(format) {
        return Err(error::resolve(
            "format_unknown",
            "a code section is in a format that the runtime does not execute",
        )
        .with("section_id", entry.section_id)
        .with("format", format.as_str()));
    }
    Ok(())
}
