//! A chapter: Markdown, in which a heading of four `#` begins a clause.
//!
//! ```text
//! #### LDR-READ-003 · MUST · kit: the first bytes tell
//! A file of fewer than 8 bytes MUST be refused …
//! ```
//!
//! The clause's text goes on to the next heading. Everything else explains.

use crate::clause::{Clause, Level, Provenance, is_clause_id};
use crate::error::Error;

/// One file under `chapters/`.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The file's name without its ending.
    pub name: String,
    /// The first heading.
    pub title: String,
    /// The whole text.
    pub text: String,
    /// The clauses in their order.
    pub clauses: Vec<Clause>,
}

/// Reads a chapter from the text of its file.
///
/// # Errors
/// The line whose heading is not of the form above, or whose clause has no text.
pub fn parse_chapter(name: &str, text: &str) -> Result<Chapter, Error> {
    let file = format!("chapters/{name}.md");
    let mut chapter =
        Chapter { name: name.to_owned(), title: String::new(), text: text.to_owned(), clauses: Vec::new() };
    let mut heading = String::new();
    let mut open: Option<Clause> = None;
    for (line, content) in (1..).zip(text.lines()) {
        let level = content.bytes().take_while(|&byte| byte == b'#').count();
        if level == 0 {
            if let Some(clause) = &mut open {
                clause.text.push_str(content);
                clause.text.push('\n');
            }
            continue;
        }
        close(&file, &mut chapter, open.take())?;
        let title = content.trim_start_matches('#').trim();
        let is_clause = title.split([' ', '·']).next().is_some_and(is_clause_id);
        match level {
            4 => open = Some(begin(&file, line, title, &chapter.name, &heading)?),
            _ if is_clause => return Err(Error::new(&file, line, "the heading of a clause has four `#`")),
            1 => chapter.title = title.to_owned(),
            _ => heading = title.to_owned(),
        }
    }
    close(&file, &mut chapter, open)?;
    if chapter.title.is_empty() {
        return Err(Error::new(&file, 1, "the chapter has no title"));
    }
    Ok(chapter)
}

fn begin(file: &str, line: usize, title: &str, chapter: &str, heading: &str) -> Result<Clause, Error> {
    let failed = |what: String| Error::new(file, line, what);
    let mut parts = title.splitn(3, " · ");
    let (Some(id), Some(level), Some(provenance)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(failed(format!("`{title}` is not `ID · LEVEL · PROVENANCE`")));
    };
    if !is_clause_id(id) {
        return Err(failed(format!("`{id}` is not the id of a clause, such as `LDR-READ-003`")));
    }
    Ok(Clause {
        id: id.to_owned(),
        level: Level::from_name(level).ok_or_else(|| failed(format!("`{level}` is no level")))?,
        provenance: Provenance::parse(provenance)
            .ok_or_else(|| failed(format!("`{provenance}` is not `seed 8.1`, `blueprint 3` or `kit: reason`")))?,
        chapter: chapter.to_owned(),
        heading: heading.to_owned(),
        text: String::new(),
        line,
    })
}

fn close(file: &str, chapter: &mut Chapter, clause: Option<Clause>) -> Result<(), Error> {
    let Some(mut clause) = clause else { return Ok(()) };
    clause.text = clause.text.trim().to_owned();
    if clause.text.is_empty() {
        return Err(Error::new(file, clause.line, format!("`{}` has no text", clause.id)));
    }
    chapter.clauses.push(clause);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_goes_on_to_the_next_heading() {
        let text = "# Loader\n\nWhy.\n\n## Phase `read`\n\n#### LDR-READ-001 · MUST · seed 8.1\nIt MUST\nread.\n\n\
                    #### LDR-READ-002 · SHOULD · kit: a · b\nIt SHOULD stop.\n\n## Next\n\nMore.\n";
        let chapter = parse_chapter("loader", text).unwrap();
        assert_eq!(chapter.title, "Loader");
        let [first, second] = chapter.clauses.as_slice() else { panic!("two clauses") };
        assert_eq!((first.id.as_str(), first.level, first.line), ("LDR-READ-001", Level::Must, 7));
        assert_eq!(first.text, "It MUST\nread.");
        assert_eq!(first.heading, "Phase `read`");
        assert_eq!(second.provenance, Provenance::Kit("a · b".into()));
        assert_eq!(second.text, "It SHOULD stop.");
    }

    #[test]
    fn a_malformed_heading_is_an_error_at_its_line() {
        for (heading, what) in [
            ("#### LDR-READ-001", "is not `ID · LEVEL · PROVENANCE`"),
            ("#### LDR-READ-001 - MUST - seed 8.1", "is not `ID · LEVEL · PROVENANCE`"),
            ("#### LDR-READ-1 · MUST · seed 8.1", "is not the id of a clause"),
            ("#### LDR-READ-001 · SHALL · seed 8.1", "`SHALL` is no level"),
            ("#### LDR-READ-001 · must · seed 8.1", "`must` is no level"),
            ("#### LDR-READ-001 · MUST · kit:", "is not `seed 8.1`"),
            ("#### LDR-READ-001 · MUST · folklore", "is not `seed 8.1`"),
            ("### LDR-READ-001 · MUST · seed 8.1", "four `#`"),
            ("##### LDR-READ-001 · MUST · seed 8.1", "four `#`"),
        ] {
            let error = parse_chapter("loader", &format!("# Loader\n\n{heading}\nText.\n")).unwrap_err();
            assert_eq!((error.file.as_str(), error.line), ("chapters/loader.md", 3), "{heading}");
            assert!(error.what.contains(what), "{heading}: {error}");
        }
    }

    #[test]
    fn a_clause_without_text_is_an_error() {
        let text = "# Loader\n\n#### LDR-READ-001 · MUST · seed 8.1\n\n## Next\n";
        assert_eq!(
            parse_chapter("loader", text).unwrap_err().to_string(),
            "chapters/loader.md:3: `LDR-READ-001` has no text"
        );
        assert_eq!(parse_chapter("loader", "Text.\n").unwrap_err().what, "the chapter has no title");
    }
}
