//! Files that are generated and committed: check that they are current, or write them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::project::{Outcome, read, root};

/// The JSON Schema of FCP.
pub(crate) fn schema(bless: bool) -> Result<Outcome> {
    let name = "conformance/fcp/schema/fcp-1.0.schema.json";
    let stale = update(&root()?.join(name), &fayger_fcp::schema_text(), bless)?;
    let problems = stale.then(|| format!("`{name}` is stale; write it by `cargo xtask schema --bless`"));
    Ok(Outcome::of(problems.into_iter().collect(), format!("`{name}` is current")))
}

/// Whether the file at `path` has another text, which `bless` mends.
pub(crate) fn update(path: &Path, text: &str, bless: bool) -> Result<bool> {
    let is_current = path.exists() && read(path)? == text;
    if bless && !is_current {
        fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(!is_current && !bless)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_told_until_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.md");
        assert!(update(&path, "new", false).unwrap());
        assert!(!path.exists());
        assert!(!update(&path, "new", true).unwrap());
        assert!(!update(&path, "new", false).unwrap());
        assert!(update(&path, "newer", false).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }
}
