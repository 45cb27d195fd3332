//! Live progress on stderr: a bar on a terminal, a line a case elsewhere.

use std::io::{self, IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{About, CaseOutcome, CaseResult, Observer};

/// Shows a run while it lasts.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    red: usize,
}

impl Progress {
    /// For a run of this many cases.
    #[must_use]
    pub fn new(cases: usize) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(u64::try_from(cases).unwrap_or(u64::MAX));
            // A template that did not parse would leave the default style.
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {prefix} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, red: 0 }
    }

    /// Takes the bar away before the report is written.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Progress {
    fn started(&mut self, about: &About) {
        if let Some(bar) = &self.bar {
            bar.set_message(about.id.clone());
        }
    }

    fn finished(&mut self, result: &CaseResult) {
        self.red += usize::from(result.outcome.is_red());
        match &self.bar {
            Some(bar) => {
                if result.outcome.is_red() {
                    bar.set_prefix(format!("{} wrong", self.red));
                }
                bar.inc(1);
            }
            None if matches!(result.outcome, CaseOutcome::NotTested { .. }) => {}
            // Progress that nobody reads any more is no reason to end the run.
            None => drop(writeln!(io::stderr(), "{:8} {}", result.outcome.word(), result.about.id)),
        }
    }
}
