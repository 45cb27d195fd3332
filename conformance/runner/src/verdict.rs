//! The verdict of a run for a class. Nothing ran is never green, and neither is anything unknown.

use std::collections::{BTreeMap, BTreeSet};

use fayger_fcp::limits::{Limit, limit};
use serde::Serialize;

use crate::outcome::CaseOutcome;
use crate::{CaseResult, Classes, Run};

/// What a run says of the implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is conformant to the class.
    Conformant,
    /// Every case that the filter let through is green; that is no verdict on the class.
    Partial,
    /// It is not conformant.
    NotConformant,
    /// The run does not allow a verdict.
    Incomplete,
}

impl Verdict {
    /// The process's exit code: 0, 1 or 3.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Conformant | Self::Partial => 0,
            Self::NotConformant => 1,
            Self::Incomplete => 3,
        }
    }

    /// The words for it in texts.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Conformant => "conformant",
            Self::Partial => "all selected cases pass (no verdict on the class)",
            Self::NotConformant => "not conformant",
            Self::Incomplete => "incomplete",
        }
    }
}

/// How many cases came out how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Everything as expected.
    pub pass: usize,
    /// Something not as expected.
    pub fail: usize,
    /// The testee ended.
    pub crash: usize,
    /// No answer in time.
    pub hang: usize,
    /// The protocol was broken.
    pub protocol: usize,
    /// The testee answered `skipped`.
    pub skipped: usize,
    /// Not declared by the testee.
    pub not_tested: usize,
    /// The run ended before.
    pub not_run: usize,
}

impl Counts {
    /// Counts results.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a CaseResult>) -> Self {
        let mut counts = Self::default();
        for result in results {
            *match result.outcome {
                CaseOutcome::Pass => &mut counts.pass,
                CaseOutcome::Fail { .. } => &mut counts.fail,
                CaseOutcome::Crash { .. } => &mut counts.crash,
                CaseOutcome::Hang => &mut counts.hang,
                CaseOutcome::Protocol { .. } => &mut counts.protocol,
                CaseOutcome::Skipped { .. } => &mut counts.skipped,
                CaseOutcome::NotTested { .. } => &mut counts.not_tested,
                CaseOutcome::NotRun { .. } => &mut counts.not_run,
            } += 1;
        }
        counts
    }

    /// Cases in which the testee did something wrong.
    #[must_use]
    pub fn red(&self) -> usize {
        self.fail + self.crash + self.hang + self.protocol
    }
}

/// A verdict and what led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not better, one sentence each; empty when it is conformant.
    pub reasons: Vec<String>,
    /// Features that the testee does not declare and limits that it declares otherwise, with the number of cases that test less or nothing
    /// for it.
    pub not_tested: BTreeMap<String, usize>,
    /// What should be known but does not change the verdict.
    pub remarks: Vec<String>,
}

/// Judges a run for a class. `filtered` tells that not all cases of the suite were selected.
///
/// A MUST case of any declared feature counts when it is red: a declared feature is a claim. A skipped one counts when the class needs all
/// its features. SHOULD and MAY cases never count.
#[must_use]
pub fn judge_run(run: &Run, classes: impl Into<Classes>, filtered: bool) -> Judgement {
    let classes = classes.into();
    let declared: BTreeSet<&str> =
        run.hello.iter().flat_map(|hello| hello.features.iter().map(String::as_str)).collect();
    let needed = classes.features();
    let mut judgement = Judgement {
        verdict: Verdict::Conformant,
        reasons: Vec::new(),
        not_tested: BTreeMap::new(),
        remarks: Vec::new(),
    };

    let mut incomplete: Vec<String> = run.faults.clone();
    let not_run = Counts::of(&run.results).not_run;
    if not_run > 0 && !run.broke_off {
        incomplete.push(format!("cases not run: {not_run}"));
    }
    if run.results.is_empty() {
        incomplete.push("there was no case to run".to_owned());
    }

    let mut failing: Vec<String> = Vec::new();
    if run.broke_off {
        failing.push(format!("the testee broke off more than {} times; cases not run: {not_run}", run.restarts));
    }
    if run.hello.is_none() && !run.results.is_empty() && incomplete.is_empty() {
        failing.push("the testee did not get through hello".to_owned());
    }
    for (name, declared) in run.hello.iter().flat_map(|hello| &hello.limits) {
        if let Some(Limit { floor, ceiling, .. }) = limit(name)
            && !(*floor..=*ceiling).contains(&declared.0)
        {
            failing.push(format!("limit `{name}` is declared as {declared}, which is not from {floor} to {ceiling}"));
        }
    }
    let red_musts = run.results.iter().filter(|result| result.about.is_must() && result.outcome.is_red()).count();
    if red_musts > 0 {
        failing.push(format!("MUST cases that went wrong: {red_musts}"));
    }
    let class_needs =
        |result: &CaseResult| result.about.features.iter().all(|feature| needed.contains(feature.as_str()));
    let skipped = run
        .results
        .iter()
        .filter(|result| {
            result.about.is_must() && class_needs(result) && matches!(result.outcome, CaseOutcome::Skipped { .. })
        })
        .count();
    if skipped > 0 {
        failing.push(format!("skipped MUST cases needed for {classes}: {skipped}"));
    }
    if run.hello.is_some() {
        // A part of the suite is judged by the features that it asks for.
        let asked = |feature: &&&str| {
            let asks = |result: &CaseResult| result.about.features.iter().any(|name| name == **feature);
            !filtered || run.results.iter().any(asks)
        };
        for feature in needed.difference(&declared).filter(asked) {
            failing.push(format!("feature `{feature}`, needed for {classes}, is not declared"));
        }
    }
    if run.hello.is_some() && !filtered {
        for feature in needed.intersection(&declared) {
            let ran = |result: &CaseResult| {
                result.about.is_must()
                    && result.about.features.iter().any(|name| name == feature)
                    && !matches!(result.outcome, CaseOutcome::NotTested { .. } | CaseOutcome::NotRun { .. })
            };
            if !run.results.iter().any(ran) {
                incomplete.push(format!("no MUST case of feature `{feature}` was run"));
            }
        }
    }
    // Cases that were asked for by name are to pass, whatever their level and class.
    if filtered {
        let lacking = run.results.iter().filter(|result| {
            let is_skipped = matches!(result.outcome, CaseOutcome::Skipped { .. });
            let counts_already = result.about.is_must() && (!is_skipped || class_needs(result));
            (result.outcome.is_red() || is_skipped) && !counts_already
        });
        let lacking = lacking.count();
        if lacking > 0 {
            failing.push(format!("other selected cases that do not pass: {lacking}"));
        }
    }
    let ran = run.results.iter().any(|result| {
        let Counts { not_tested, not_run, skipped, .. } = Counts::of([result]);
        not_tested + not_run + skipped == 0
    });
    if !ran && failing.is_empty() && incomplete.is_empty() {
        incomplete.push("no case was run: the testee does not declare what they need".to_owned());
    }

    for result in &run.results {
        let about = &result.about;
        let is_declared = |feature: &&String| declared.contains(feature.as_str());
        let mut untested: Vec<String> = about.uses.iter().filter(|feature| !is_declared(feature)).cloned().collect();
        if matches!(result.outcome, CaseOutcome::NotTested { .. }) {
            let features: Vec<_> = about.features.iter().filter(|feature| !is_declared(feature)).cloned().collect();
            // A case that lacks no feature was left out for a limit that it presumes.
            let limits = about.limits.iter().map(|limit| format!("limit {limit}"));
            untested = if features.is_empty() { limits.collect() } else { features };
        }
        for what in untested {
            *judgement.not_tested.entry(what).or_default() += 1;
        }
    }
    let other_red = run.results.iter().filter(|result| !result.about.is_must() && result.outcome.is_red()).count();
    if other_red > 0 {
        judgement.remarks.push(format!("SHOULD and MAY cases that went wrong, which do not count: {other_red}"));
    }
    if let Some(shutdown) = run.shutdown.filter(|shutdown| !shutdown.is_clean()) {
        judgement.remarks.push(format!("the testee {shutdown}"));
    }
    if run.restarts > 0 {
        judgement.remarks.push(format!("restarts of the testee: {}", run.restarts));
    }

    judgement.verdict = match (incomplete.is_empty(), failing.is_empty(), filtered) {
        (false, _, _) => Verdict::Incomplete,
        (true, false, _) => Verdict::NotConformant,
        (true, true, true) => Verdict::Partial,
        (true, true, false) => Verdict::Conformant,
    };
    judgement.reasons = incomplete.into_iter().chain(failing).collect();
    judgement
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use fayger_fcp::{Decimal, HelloOk, Implementation};
    use fayger_spec_map::Level;

    use super::*;
    use crate::Class;
    use crate::{About, Exit, Shutdown};

    fn result(level: Level, features: &[&str], outcome: CaseOutcome) -> CaseResult {
        CaseResult {
            about: About {
                id: "loader.header.accepts-it".into(),
                clauses: vec!["LDR-001".into()],
                level,
                features: features.iter().map(|feature| (*feature).to_owned()).collect(),
                uses: Vec::new(),
                limits: Vec::new(),
            },
            outcome,
            duration: Duration::ZERO,
            stderr: Vec::new(),
        }
    }

    fn run(features: &[&str], results: Vec<CaseResult>) -> Run {
        let hello = HelloOk {
            protocol: "1.0".into(),
            implementation: Implementation {
                name: "it".into(),
                version: "1".into(),
                language: "rust".into(),
                url: None,
            },
            features: features.iter().map(|feature| (*feature).to_owned()).collect(),
            limits: BTreeMap::new(),
            notes: None,
        };
        Run { hello: Some(hello), results, ..Run::default() }
    }

    const LOADER: [&str; 3] = ["cbor", "loader", "signature.ed25519"];

    fn green() -> Vec<CaseResult> {
        LOADER.iter().map(|feature| result(Level::Must, &[feature], CaseOutcome::Pass)).collect()
    }

    fn with(more: CaseResult) -> Vec<CaseResult> {
        green().into_iter().chain([more]).collect()
    }

    fn verdict(run: &Run) -> Verdict {
        judge_run(run, Class::Loader, false).verdict
    }

    fn skipped() -> CaseOutcome {
        CaseOutcome::Skipped { reason: "later".into() }
    }

    fn not_tested() -> CaseOutcome {
        CaseOutcome::NotTested { reason: "undeclared".into() }
    }

    #[test]
    fn all_green_is_conformant() {
        let judgement = judge_run(&run(&LOADER, green()), Class::Loader, false);
        assert_eq!((judgement.verdict, judgement.reasons), (Verdict::Conformant, vec![]));
    }

    #[test]
    fn a_red_must_is_not_conformant_even_outside_the_class() {
        for outcome in [
            CaseOutcome::Fail { differences: vec![] },
            CaseOutcome::Crash { exit: Exit::Code(1) },
            CaseOutcome::Hang,
            CaseOutcome::Protocol { what: "noise".into() },
        ] {
            assert_eq!(
                verdict(&run(&LOADER, with(result(Level::Must, &["cbor"], outcome.clone())))),
                Verdict::NotConformant
            );
            assert_eq!(
                verdict(&run(&LOADER, with(result(Level::MustNot, &["cbor"], outcome.clone())))),
                Verdict::NotConformant
            );
            let declared = [&LOADER[..], &["serializer"]].concat();
            assert_eq!(
                verdict(&run(&declared, with(result(Level::Must, &["serializer"], outcome.clone())))),
                Verdict::NotConformant
            );
            assert_eq!(verdict(&run(&LOADER, with(result(Level::Should, &["cbor"], outcome)))), Verdict::Conformant);
        }
    }

    #[test]
    fn a_skipped_must_of_the_class_is_never_green() {
        assert_eq!(verdict(&run(&LOADER, with(result(Level::Must, &["loader"], skipped())))), Verdict::NotConformant);
        assert_eq!(verdict(&run(&LOADER, with(result(Level::Should, &["loader"], skipped())))), Verdict::Conformant);
        assert_eq!(
            verdict(&run(&LOADER, with(result(Level::Must, &["loader", "events"], skipped())))),
            Verdict::Conformant
        );
    }

    #[test]
    fn nothing_that_ran_is_never_green() {
        assert_eq!(verdict(&run(&LOADER, vec![])), Verdict::Incomplete);
        assert_eq!(verdict(&run(&[], vec![result(Level::Must, &["cbor"], not_tested())])), Verdict::NotConformant);
        let filtered =
            judge_run(&run(&LOADER, vec![result(Level::Must, &["events"], not_tested())]), Class::Loader, true);
        assert_eq!(filtered.verdict, Verdict::Incomplete);
        // Every class feature has to be tested by something.
        assert_eq!(verdict(&run(&LOADER, green().split_off(1))), Verdict::Incomplete);
        assert_eq!(
            verdict(&run(&LOADER, vec![result(Level::Should, &LOADER, CaseOutcome::Pass)])),
            Verdict::Incomplete
        );
    }

    #[test]
    fn undeclared_optional_features_are_named_and_do_not_count() {
        let judgement =
            judge_run(&run(&LOADER, with(result(Level::Must, &["events"], not_tested()))), Class::Loader, false);
        assert_eq!(judgement.verdict, Verdict::Conformant);
        assert_eq!(judgement.not_tested, BTreeMap::from([("events".to_owned(), 1)]));
    }

    #[test]
    fn what_was_left_out_for_a_limit_or_not_compared_for_a_feature_is_named() {
        let mut limited = result(Level::Must, &["cbor"], not_tested());
        limited.about.limits = vec!["text".into()];
        let mut silent = result(Level::Must, &["loader"], CaseOutcome::Pass);
        silent.about.uses = vec!["events".into()];
        let results = green().into_iter().chain([limited, silent]).collect();
        let judgement = judge_run(&run(&LOADER, results), Class::Loader, false);
        assert_eq!(judgement.not_tested, BTreeMap::from([("events".to_owned(), 1), ("limit text".to_owned(), 1)]));
    }

    #[test]
    fn undeclared_features_of_the_class_are_not_conformant() {
        assert_eq!(verdict(&run(&["cbor", "loader"], green())), Verdict::NotConformant);
    }

    #[test]
    fn a_declared_limit_out_of_its_bounds_is_not_conformant() {
        for (name, declared, expected) in [
            ("depth", 8, Verdict::Conformant),
            ("depth", 7, Verdict::NotConformant),
            ("depth", 64, Verdict::Conformant),
            ("depth", 65, Verdict::NotConformant),
            ("patience", 0, Verdict::Conformant),
        ] {
            let mut run = run(&LOADER, green());
            run.hello.as_mut().unwrap().limits.insert(name.into(), Decimal(declared));
            assert_eq!(verdict(&run), expected, "{name} {declared}");
        }
    }

    #[test]
    fn what_was_not_run_and_faults_of_the_runner_are_incomplete() {
        let not_run = CaseOutcome::NotRun { reason: "restarts".into() };
        assert_eq!(verdict(&run(&LOADER, with(result(Level::May, &["cbor"], not_run)))), Verdict::Incomplete);
        let mut faulty = run(&LOADER, green());
        faulty.faults.push("no such program".into());
        assert_eq!(verdict(&faulty), Verdict::Incomplete);
    }

    #[test]
    fn a_filtered_run_is_no_verdict_on_the_class() {
        assert_eq!(judge_run(&run(&LOADER, green()), Class::Loader, true).verdict, Verdict::Partial);
        let red = with(result(Level::Must, &["cbor"], CaseOutcome::Hang));
        assert_eq!(judge_run(&run(&LOADER, red), Class::Loader, true).verdict, Verdict::NotConformant);
    }

    #[test]
    fn a_filtered_run_is_green_only_where_its_cases_pass() {
        let judged = |features: &[&str], more| judge_run(&run(features, with(more)), Class::Loader, true).verdict;
        let declared = [&LOADER[..], &["events"]].concat();
        assert_eq!(judged(&declared, result(Level::Must, &["events"], skipped())), Verdict::NotConformant);
        assert_eq!(judged(&LOADER, result(Level::Should, &["cbor"], CaseOutcome::Hang)), Verdict::NotConformant);
        assert_eq!(judged(&LOADER, result(Level::May, &["cbor"], skipped())), Verdict::NotConformant);
    }

    #[test]
    fn a_filtered_run_asks_for_the_features_of_its_cases() {
        let results = || {
            vec![
                result(Level::Must, &["cbor"], CaseOutcome::Pass),
                result(Level::Must, &["loader"], not_tested()),
                result(Level::Must, &["events"], not_tested()),
            ]
        };
        let judgement = judge_run(&run(&["cbor"], results()), Class::Loader, true);
        assert_eq!(judgement.verdict, Verdict::NotConformant);
        assert_eq!(judgement.reasons, ["feature `loader`, needed for class loader, is not declared"]);
        // What no selected case asks for is not missed, nor is what the class does not need.
        assert_eq!(judge_run(&run(&["cbor", "loader"], results()), Class::Loader, true).verdict, Verdict::Partial);
    }

    #[test]
    fn an_unclean_end_is_remarked() {
        let mut run = run(&LOADER, green());
        run.shutdown = Some(Shutdown::Killed);
        let judgement = judge_run(&run, Class::Loader, false);
        assert_eq!(judgement.verdict, Verdict::Conformant);
        assert_eq!(judgement.remarks, ["the testee ignored the end of stdin and TERM, and was killed"]);
    }
}
