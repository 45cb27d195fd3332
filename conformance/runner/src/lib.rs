//! The conformance runner: starts an implementation, asks it every case that its features call for, judges the answers and reports.
//!
//! ```text
//! jobs ─▶ run ─▶ judge ─▶ session ─▶ process ─▶ testee
//!          │                 └ schema check, both directions
//!          ▼
//!        verdict ─▶ report (text, JSON, timing)
//! ```
//!
//! The runner knows the protocol and the suite, and nothing of any implementation: it must not link the loader, the runtime or an adapter.
//! Whatever a testee does (exits, hangs, floods, answers twice, answers nonsense) is an outcome of the case at hand, and the run goes on.

mod abbreviate;
mod class;
mod command;
mod context_keys;
mod error;
mod filter;
mod job;
mod judge;
mod outcome;
mod played;
mod process;
mod progress;
mod releases;
mod report;
mod run;
mod schema_check;
mod session;
mod verdict;

pub use abbreviate::abbreviate;
pub use class::{Class, Classes, UnknownClass};
pub use command::{CommandError, TesteeCommand, quoted};
pub use context_keys::ContextKeys;
pub use error::RunnerError;
pub use filter::selects;
pub use job::{About, Job};
pub use outcome::{CaseOutcome, Difference};
pub use process::{Exit, Shutdown};
pub use progress::Progress;
pub use report::{
    FileDigest, Fingerprint, Report, Suite, fingerprint, json_report, timing_report, write_case, write_text,
};
pub use run::{CaseResult, MOST_RESTARTS, Observer, Run, run};
pub use session::{DEADLINE, Direction, Launch, Trace};
pub use verdict::{Counts, Judgement, Verdict, judge_run};
