//! Where the code says that it meets a clause: a comment line of `//=` and ids.

use std::path::Path;

use anyhow::Result;
use fayger_spec_map::is_clause_id;

use crate::project::{read, relative, rust_files};

/// The folders whose code can meet a clause.
const FOLDERS: [&str; 2] = ["reference", "conformance/fcp"];

/// One clause cited in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Citation {
    /// The clause's id.
    pub(super) id: String,
    /// The file, from the root.
    pub(super) file: String,
    /// The line, counted from 1.
    pub(super) line: usize,
}

/// The citations of the project, and the comments that are none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Citations {
    pub(super) found: Vec<Citation>,
    pub(super) problems: Vec<String>,
}

/// Looks into the sources, not into tests: a test meets no clause.
pub(super) fn of_project(root: &Path) -> Result<Citations> {
    let mut citations = Citations::default();
    for folder in FOLDERS {
        for path in rust_files(&root.join(folder))? {
            let file = relative(&path, root);
            if file.contains("/src/") {
                of_text(&file, &read(&path)?, &mut citations);
            }
        }
    }
    Ok(citations)
}

fn of_text(file: &str, text: &str, citations: &mut Citations) {
    for (line, content) in (1..).zip(text.lines()) {
        let Some(ids) = content.trim_start().strip_prefix("//=") else { continue };
        for id in ids.split(',').map(str::trim) {
            if is_clause_id(id) {
                citations.found.push(Citation { id: id.to_owned(), file: file.to_owned(), line });
            } else {
                citations.problems.push(format!("{file}:{line}: `{id}` is not the id of a clause"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_is_a_comment_of_its_own() {
        let mut citations = Citations::default();
        let text =
            "//= LDR-READ-001\nlet a = 1; //= LDR-READ-002\n    //= LDR-READ-003, LDR-READ-004\n// LDR-READ-005\n";
        of_text("a/src/b.rs", text, &mut citations);
        let found: Vec<_> = citations.found.iter().map(|citation| (citation.id.as_str(), citation.line)).collect();
        assert_eq!(found, [("LDR-READ-001", 1), ("LDR-READ-003", 3), ("LDR-READ-004", 3)]);
        assert_eq!(citations.problems, Vec::<String>::new());
    }

    #[test]
    fn what_is_no_id_is_a_problem() {
        let mut citations = Citations::default();
        of_text("a/src/b.rs", "\n//= LDR-READ-1\n//= ldr-read-001 and more\n//=\n", &mut citations);
        assert_eq!(citations.found, []);
        assert_eq!(
            citations.problems,
            [
                "a/src/b.rs:2: `LDR-READ-1` is not the id of a clause",
                "a/src/b.rs:3: `ldr-read-001 and more` is not the id of a clause",
                "a/src/b.rs:4: `` is not the id of a clause",
            ]
        );
    }
}
