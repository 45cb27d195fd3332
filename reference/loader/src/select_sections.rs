//! Phase `select_sections`: which sections the profile wants, and whether that is little enough.

use fayger_contracts::artifact::SectionKind;
use fayger_contracts::{FaygerError, LoadProfile, LoadStrategy, Phase, SectionEntry};

use crate::error;
use crate::negotiate_version::Negotiated;

/// An artifact and the rows of the sections to load.
pub struct Selected {
    pub(crate) negotiated: Negotiated,
    /// By ascending id.
    pub(crate) selected: Vec<SectionEntry>,
}

/// Whether `profile` selects the section: a pure function of the row and the profile.
///
/// An absent constraint holds. A kind or a constraint that this loader does not know never does, nor does kind
/// `signature`.
//= LDR-SELECT-001
pub fn selects(profile: &LoadProfile, entry: &SectionEntry) -> bool {
    let constraints = &entry.profile_constraints;
    let names = |list: &Option<Vec<String>>, name: &String| list.as_ref().is_none_or(|list| list.contains(name));
    //= LDR-SELECT-006
    let has_all = constraints
        .capabilities
        .as_ref()
        .is_none_or(|list| list.iter().all(|name| profile.capabilities.contains(name)));
    //= LDR-SELECT-007
    //= LDR-SELECT-008
    let is_loadable = entry.kind != SectionKind::SIGNATURE && entry.kind.name().is_some();
    is_loadable
        && constraints.other.is_empty()
        && names(&constraints.profiles, &profile.name)
        //= LDR-SELECT-005
        && names(&constraints.hosts, &profile.host)
        && has_all
}

impl Negotiated {
    /// Selects by profile and holds the selection against its bounds.
    ///
    /// # Errors
    /// `LDR_PROFILE_UNSATISFIABLE` or `LDR_LIMIT_EXCEEDED`.
    pub fn select_sections(self, profile: &LoadProfile, strategy: LoadStrategy) -> Result<Selected, FaygerError> {
        let parsed = &self.trusted.intact.structured.parsed;
        let selected: Vec<_> = parsed.entries.iter().filter(|entry| selects(profile, entry)).cloned().collect();
        //= LDR-SELECT-002
        let entry_section = parsed.manifest.entry.section;
        if !selected.iter().any(|entry| entry.section_id == entry_section) {
            return Err(error::profile("entry_excluded", "the profile does not select the entry section")
                .with("section_id", entry_section));
        }
        // The structural check has added up all lengths, so a part of them cannot overflow.
        let bytes = selected.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.length));
        //= LDR-SELECT-003
        if let Some(max_bytes) = profile.max_bytes
            && bytes > max_bytes
        {
            return Err(error::profile("max_bytes", "the selected bodies are larger than the profile allows")
                .with("limit", max_bytes)
                .with("actual", bytes));
        }
        //= LDR-SELECT-004
        let limit = parsed.read.limits.body;
        let held = match strategy {
            LoadStrategy::Eager => bytes,
            //= LDR-SELECT-009
            // One body at a time; the first that is too long is named.
            LoadStrategy::Lazy { .. } => {
                selected.iter().map(|entry| entry.length).find(|&length| length > limit).unwrap_or_default()
            }
        };
        if held > limit {
            return Err(error::limit(Phase::SelectSections, "body", limit, held));
        }
        Ok(Selected { negotiated: self, selected })
    }
}
