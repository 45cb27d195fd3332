//! The committed snapshot: what meets and what covers each clause. A text that changes changes its hash, so that a review sees what depends
//! on it.

use std::fmt::Write as _;

use fayger_spec_map::SpecMap;

use super::join::Row;

pub(super) fn text(map: &SpecMap, rows: &[Row<'_>]) -> String {
    let mut text = String::from(
        "# Map\n\nWritten by `cargo xtask spec-map --bless` from a run against the bundled reference. For each clause: the hash of its \
         text, the files that cite it, and the cases that cover it.\n\n\
         | chapter | clauses | covered | excluded |\n|---|---|---|---|\n",
    );
    let in_chapter = |name: &str| rows.iter().filter(|row| row.clause.chapter == name).collect::<Vec<_>>();
    for chapter in &map.chapters {
        let rows = in_chapter(&chapter.name);
        let covered = rows.iter().filter(|row| !row.cases.is_empty()).count();
        let excluded = rows.iter().filter(|row| row.exclusion.is_some()).count();
        push(
            &mut text,
            &format!("| [{0}](chapters/{0}.md) | {1} | {covered} | {excluded} |", chapter.name, rows.len()),
        );
    }
    for chapter in &map.chapters {
        push(&mut text, &format!("\n## {}", chapter.title));
        for row in in_chapter(&chapter.name) {
            push_row(&mut text, row);
        }
    }
    text
}

fn push_row(text: &mut String, row: &Row<'_>) {
    let Row { clause, files, cases, exclusion } = row;
    push(text, &format!("\n### {} · {} · {}", clause.id, clause.level, clause.short_hash()));
    for file in files {
        push(text, &format!("- code: {file}"));
    }
    for case in cases {
        push(text, &format!("- case: {case}"));
    }
    if let Some(exclusion) = exclusion {
        push(text, &format!("- excluded: {}; test: `{}` in {}", exclusion.reason, exclusion.test, exclusion.file));
    }
}

fn push(text: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use fayger_spec_map::{Exclusion, parse_chapter};

    use super::*;

    #[test]
    fn shows_hash_code_cases_and_exclusion() {
        let text_of_chapter =
            "# Loader\n\n#### LDR-READ-001 · MUST · seed 8.1\nabc\n\n#### LDR-READ-002 · MUST · seed 8.1\nabc\n";
        let mut map = SpecMap::load().unwrap();
        map.chapters = vec![parse_chapter("loader", text_of_chapter).unwrap()];
        let exclusion =
            Exclusion { clause: "LDR-READ-002".into(), reason: "why".into(), file: "a.rs".into(), test: "t".into() };
        let [first, second] = map.chapters[0].clauses.as_slice() else { panic!("two clauses") };
        let rows = [
            Row { clause: first, files: ["b.rs", "a.rs"].into(), cases: ["x.y"].into(), exclusion: None },
            Row { clause: second, files: [].into(), cases: [].into(), exclusion: Some(&exclusion) },
        ];
        let text = text(&map, &rows);
        let (_, body) = text.split_once("\n\n|").unwrap();
        assert_eq!(
            body,
            " chapter | clauses | covered | excluded |\n|---|---|---|---|\n\
             | [loader](chapters/loader.md) | 2 | 1 | 1 |\n\n## Loader\n\n\
             ### LDR-READ-001 · MUST · ba7816bf8f01\n- code: a.rs\n- code: b.rs\n- case: x.y\n\n\
             ### LDR-READ-002 · MUST · ba7816bf8f01\n- excluded: why; test: `t` in a.rs\n"
        );
    }
}
