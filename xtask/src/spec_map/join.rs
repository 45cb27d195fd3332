//! Clauses, citations in the code, executed cases and exclusions, joined.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fayger_spec_map::{Clause, Exclusion, SpecMap};

use super::citations::Citation;
use super::run::Executed;

/// What is known of one clause.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) clause: &'a Clause,
    /// The files that cite it.
    pub(super) files: BTreeSet<&'a str>,
    /// The cases that cite it, ran and passed.
    pub(super) cases: BTreeSet<&'a str>,
    pub(super) exclusion: Option<&'a Exclusion>,
}

/// The rows in the order of the chapters, and what is wrong or worth a note.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    pub(super) rows: Vec<Row<'a>>,
    pub(super) problems: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// A comment is no cover: only a case that ran and passed covers a clause.
pub(super) fn join<'a>(map: &'a SpecMap, citations: &'a [Citation], executed: &'a [Executed]) -> Joined<'a> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    for citation in citations.iter().filter(|citation| map.clause(&citation.id).is_none()) {
        problems.push(format!("{}:{}: `{}` is no clause", citation.file, citation.line, citation.id));
    }
    for case in executed {
        for id in case.clauses.iter().filter(|id| map.clause(id).is_none()) {
            problems.push(format!("case `{}` cites `{id}`, which is no clause", case.id));
        }
    }
    let rows: Vec<Row<'_>> = map.clauses().map(|clause| row(map, clause, citations, executed)).collect();
    for row in &rows {
        let Row { clause, files, cases, exclusion } = row;
        let found = if clause.level.is_required() { &mut problems } else { &mut notes };
        if files.is_empty() {
            found.push(format!("{} `{}` is cited nowhere in the code", clause.level, clause.id));
        }
        match (exclusion, cases.is_empty()) {
            (None, true) => {
                found.push(format!("{} `{}` is covered by no case that ran and passed", clause.level, clause.id));
            }
            (Some(_), false) => {
                problems.push(format!("`{}` is excluded, but covered by {} cases", clause.id, cases.len()));
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    Joined { rows, problems, notes }
}

fn row<'a>(map: &'a SpecMap, clause: &'a Clause, citations: &'a [Citation], executed: &'a [Executed]) -> Row<'a> {
    // What is required is not covered by a case that a conforming implementation may fail.
    let is_binding = |case: &Executed| !clause.level.is_required() || case.level.starts_with("MUST");
    let cites = |case: &&Executed| case.outcome == "pass" && is_binding(case) && case.clauses.contains(&clause.id);
    Row {
        clause,
        files: citations
            .iter()
            .filter(|citation| citation.id == clause.id)
            .map(|citation| citation.file.as_str())
            .collect(),
        cases: executed.iter().filter(cites).map(|case| case.id.as_str()).collect(),
        exclusion: map.exclusion(&clause.id),
    }
}

/// Whether a test of this name is among the items, and is not ignored.
fn runs(items: &[syn::Item], test: &str) -> bool {
    let is =
        |function: &syn::ItemFn, name: &str| function.attrs.iter().any(|attribute| attribute.path().is_ident(name));
    items.iter().any(|item| match item {
        syn::Item::Fn(function) => function.sig.ident == test && is(function, "test") && !is(function, "ignore"),
        syn::Item::Mod(module) => module.content.as_ref().is_some_and(|(_, items)| runs(items, test)),
        _ => false,
    })
}

/// The exclusions whose test is not where they say.
pub(super) fn missing_tests(exclusions: &[Exclusion], root: &Path) -> Vec<String> {
    let is_missing = |exclusion: &&Exclusion| {
        let text = fs::read_to_string(root.join(&exclusion.file)).unwrap_or_default();
        !syn::parse_file(&text).is_ok_and(|file| runs(&file.items, &exclusion.test))
    };
    let told = |exclusion: &Exclusion| {
        format!(
            "`{}` is excluded for the test `{}`, which is not in {}",
            exclusion.clause, exclusion.test, exclusion.file
        )
    };
    exclusions.iter().filter(is_missing).map(told).collect()
}

#[cfg(test)]
mod tests {
    use fayger_spec_map::parse_chapter;

    use super::*;

    #[test]
    fn a_test_that_does_not_run_holds_nothing() {
        // `#[ignore]` is found with a reason and, as the language allows it, without.
        let text = r#"mod unix { #[test] fn runs() {} } fn helps() {} // #[test] fn gone() {}
            #[test] #[ignore = "slow"] fn sleeps() {} #[test] #[ignore] fn dozes() {}"#;
        let file = syn::parse_file(text).unwrap();
        assert_eq!(
            ["runs", "helps", "gone", "sleeps", "dozes"].map(|test| runs(&file.items, test)),
            [true, false, false, false, false]
        );
    }

    fn map(excluded: &[&str]) -> SpecMap {
        let text = "# Loader\n\n#### LDR-READ-001 · MUST · seed 8.1\nIt MUST be.\n\n#### LDR-READ-002 · SHOULD · seed 8.1\nIt SHOULD be.\n";
        let mut map = SpecMap::load().unwrap();
        map.chapters = vec![parse_chapter("loader", text).unwrap()];
        map.exclusions = excluded
            .iter()
            .map(|clause| Exclusion {
                clause: (*clause).into(),
                reason: "why".into(),
                file: "src/lib.rs".into(),
                test: "holds".into(),
            })
            .collect();
        map
    }

    fn cited(id: &str) -> Citation {
        Citation { id: id.into(), file: "reference/loader/src/read.rs".into(), line: 7 }
    }

    fn executed(clause: &str, outcome: &str) -> Executed {
        Executed { id: "loader.a".into(), clauses: vec![clause.into()], level: "MUST".into(), outcome: outcome.into() }
    }

    fn problems(excluded: &[&str], citations: &[Citation], executed: &[Executed]) -> Vec<String> {
        join(&map(excluded), citations, executed).problems
    }

    #[test]
    fn a_clause_that_is_cited_and_covered_is_good() {
        assert_eq!(problems(&[], &[cited("LDR-READ-001")], &[executed("LDR-READ-001", "pass")]), Vec::<String>::new());
    }

    #[test]
    fn a_comment_alone_is_no_cover() {
        let uncovered = ["MUST `LDR-READ-001` is covered by no case that ran and passed"];
        assert_eq!(problems(&[], &[cited("LDR-READ-001")], &[]), uncovered);
    }

    #[test]
    fn a_case_that_did_not_pass_is_no_cover() {
        let uncovered = ["MUST `LDR-READ-001` is covered by no case that ran and passed"];
        for outcome in ["fail", "skipped", "not_tested", "not_run", "crash", "hang", "protocol"] {
            let executed = [executed("LDR-READ-001", outcome)];
            assert_eq!(problems(&[], &[cited("LDR-READ-001")], &executed), uncovered, "{outcome}");
        }
    }

    #[test]
    fn a_required_clause_that_no_code_cites_is_a_problem() {
        let uncited = ["MUST `LDR-READ-001` is cited nowhere in the code"];
        assert_eq!(problems(&[], &[], &[executed("LDR-READ-001", "pass")]), uncited);
        assert_eq!(problems(&["LDR-READ-001"], &[], &[]), uncited);
    }

    #[test]
    fn what_is_not_required_is_a_note() {
        let map = map(&[]);
        let (citations, executed) = ([cited("LDR-READ-001")], [executed("LDR-READ-001", "pass")]);
        assert_eq!(
            join(&map, &citations, &executed).notes,
            [
                "SHOULD `LDR-READ-002` is cited nowhere in the code",
                "SHOULD `LDR-READ-002` is covered by no case that ran and passed"
            ]
        );
    }

    #[test]
    fn an_exclusion_stands_for_a_case_and_not_beside_one() {
        let cited = [cited("LDR-READ-001")];
        assert_eq!(problems(&["LDR-READ-001"], &cited, &[]), Vec::<String>::new());
        assert_eq!(
            problems(&["LDR-READ-001"], &cited, &[executed("LDR-READ-001", "pass")]),
            ["`LDR-READ-001` is excluded, but covered by 1 cases"]
        );
    }

    #[test]
    fn a_citation_of_no_clause_is_a_problem_in_code_and_case() {
        let citations = [cited("LDR-READ-001"), cited("LDR-READ-999")];
        let executed = [executed("LDR-READ-001", "pass"), executed("LDR-READ-998", "fail")];
        assert_eq!(
            problems(&[], &citations, &executed),
            [
                "reference/loader/src/read.rs:7: `LDR-READ-999` is no clause",
                "case `loader.a` cites `LDR-READ-998`, which is no clause"
            ]
        );
    }

    #[test]
    fn the_test_of_an_exclusion_has_to_be_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        let exclusions = map(&["LDR-READ-001"]).exclusions;
        let missing = ["`LDR-READ-001` is excluded for the test `holds`, which is not in src/lib.rs"];
        assert_eq!(missing_tests(&exclusions, folder.path()), missing);
        fs::write(folder.path().join("src/lib.rs"), "#[test]\nfn holds_more() {}\n").unwrap();
        assert_eq!(missing_tests(&exclusions, folder.path()), missing);
        fs::write(folder.path().join("src/lib.rs"), "#[test]\nfn holds() {}\n").unwrap();
        assert_eq!(missing_tests(&exclusions, folder.path()), Vec::<String>::new());
    }
}
