//! A run: every case once, through crashes, hangs and broken protocol, to the end.

use std::time::{Duration, Instant};

use fayger_fcp::HelloOk;

use crate::judge::judge;
use crate::outcome::CaseOutcome;
use crate::process::Shutdown;
use crate::schema_check::SchemaCheck;
use crate::session::{CallError, Fault, Launch, Session, Trace};
use crate::{About, Job, RunnerError};

/// How often a testee is started anew, where a launch says nothing else: more often than a suite has refusals to crash on. Beyond it, what is
/// left is not run.
pub const MOST_RESTARTS: u32 = 1000;

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The case.
    pub about: About,
    /// What came of it.
    pub outcome: CaseOutcome,
    /// How long it took, with the barrier behind it.
    pub duration: Duration,
    /// The last 64 KiB that the testee wrote to stderr meanwhile; only where the case did not pass.
    pub stderr: Vec<u8>,
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What the testee said at its first hello; `None` where it never did.
    pub hello: Option<HelloOk>,
    /// One result a case, in the order of the cases.
    pub results: Vec<CaseResult>,
    /// How the testee ended, where it lived to the end.
    pub shutdown: Option<Shutdown>,
    /// How often it was started anew.
    pub restarts: u32,
    /// Whether the testee broke off so often that the rest of the cases was not run. That is its fault, not the runner's.
    pub broke_off: bool,
    /// The runner's own faults: any makes the run incomplete.
    pub faults: Vec<String>,
}

/// Watches a run.
pub trait Observer {
    /// A case begins.
    fn started(&mut self, about: &About);
    /// A case has ended.
    fn finished(&mut self, result: &CaseResult);
}

impl Observer for () {
    fn started(&mut self, _: &About) {}
    fn finished(&mut self, _: &CaseResult) {}
}

/// Runs the cases in order. The run goes on after whatever the testee does; the runner's own faults are in [`Run::faults`].
///
/// A testee that does not get through its very first `hello` is not started again: each case has that fault as its outcome.
pub fn run(launch: &Launch, jobs: &[Job<'_>], observer: &mut dyn Observer, trace: Trace<'_>) -> Run {
    let mut run = Run::default();
    match SchemaCheck::new() {
        Ok(schema) => {
            let mut runner =
                Runner { launch, schema: &schema, session: None, starts: 0, first_fault: None, run: &mut run };
            runner.run(jobs, observer, trace);
        }
        Err(error) => run.faults.push(error.to_string()),
    }
    run
}

struct Runner<'a> {
    launch: &'a Launch,
    schema: &'a SchemaCheck,
    session: Option<Session<'a>>,
    starts: u32,
    /// What happened at the very first hello, if it failed.
    first_fault: Option<Fault>,
    run: &'a mut Run,
}

impl<'a> Runner<'a> {
    fn run(&mut self, jobs: &[Job<'_>], observer: &mut dyn Observer, trace: Trace<'_>) {
        let mut ended: Option<String> = None;
        for job in jobs {
            observer.started(&job.about);
            let began = Instant::now();
            let mut stderr = Vec::new();
            let outcome = match &ended {
                Some(reason) => CaseOutcome::NotRun { reason: reason.clone() },
                None => self.case(job, trace, &mut stderr).unwrap_or_else(|error| {
                    let reason = error.with_sources();
                    match error {
                        RunnerError::Restarts(_) => self.run.broke_off = true,
                        _ => self.run.faults.push(reason.clone()),
                    }
                    if error.ends_run() {
                        self.session = None;
                        ended = Some(reason.clone());
                    }
                    CaseOutcome::NotRun { reason }
                }),
            };
            let result = CaseResult { about: job.about.clone(), outcome, duration: began.elapsed(), stderr };
            observer.finished(&result);
            self.run.results.push(result);
        }
        self.run.shutdown = self.session.take().map(Session::shut_down);
    }

    /// Runs one case with the barrier behind it, and keeps the session only where it can be used on.
    fn case(&mut self, job: &Job<'_>, trace: Trace<'_>, stderr: &mut Vec<u8>) -> Result<CaseOutcome, RunnerError> {
        if let Some(fault) = &self.first_fault {
            return Ok(fault.clone().into());
        }
        let mut session = match self.session.take() {
            Some(session) => session,
            None => match self.start(trace, stderr)? {
                Ok(session) => session,
                Err(fault) => return Ok(fault.into()),
            },
        };
        let outcome = self.converse(&mut session, job, trace);
        if !matches!(outcome, Ok(CaseOutcome::Pass | CaseOutcome::NotTested { .. })) {
            if matches!(outcome, Err(CallError::Fault(_))) {
                session.kill();
            }
            *stderr = session.stderr_tail();
        }
        match outcome {
            Ok(outcome) => {
                self.session = Some(session);
                Ok(outcome)
            }
            Err(CallError::Fault(fault)) => Ok(fault.into()),
            // The judge answers for the methods that a case calls, the session for `reset`.
            Err(CallError::NoMethod(method)) => Ok(Fault::Protocol(format!("there is no method `{method}`")).into()),
            Err(CallError::Runner(error)) => {
                self.session = (!error.ends_run()).then_some(session);
                Err(error)
            }
        }
    }

    fn converse(&self, session: &mut Session<'_>, job: &Job<'_>, trace: Trace<'_>) -> Result<CaseOutcome, CallError> {
        let Some(hello) = &self.run.hello else {
            return Ok(CaseOutcome::NotTested { reason: "there was no hello".to_owned() });
        };
        if let Some(reason) = undeclared(&job.about, hello) {
            return Ok(CaseOutcome::NotTested { reason });
        }
        let prepared = (job.prepare)().map_err(|reason| RunnerError::Case { id: job.about.id.clone(), reason })?;
        session.forget_stderr();
        let outcome = judge(session, &hello.features, &prepared, (&job.absent, &job.absent_in_events), trace)?;
        session.reset(trace)?;
        Ok(outcome)
    }

    /// Starts the testee and greets it; the inner error is the testee's.
    fn start(&mut self, trace: Trace<'_>, stderr: &mut Vec<u8>) -> Result<Result<Session<'a>, Fault>, RunnerError> {
        if self.starts > self.launch.most_restarts {
            return Err(RunnerError::Restarts(self.launch.most_restarts));
        }
        let mut session = Session::start(self.launch, self.schema)?;
        self.run.restarts = self.starts;
        self.starts += 1;
        let fault = match (session.greet(&self.launch.suite, trace), &self.run.hello) {
            (Ok(hello), None) => {
                self.run.hello = Some(hello);
                return Ok(Ok(session));
            }
            (Ok(hello), Some(first)) if hello == *first => return Ok(Ok(session)),
            (Ok(_), Some(_)) => Fault::Protocol("hello is not the same as at the first start".to_owned()),
            (Err(CallError::Fault(fault)), _) => fault,
            (Err(CallError::NoMethod(method)), _) => Fault::Protocol(format!("there is no method `{method}`")),
            (Err(CallError::Runner(error)), _) => return Err(error),
        };
        session.kill();
        *stderr = session.stderr_tail();
        if self.run.hello.is_none() {
            self.first_fault = Some(fault.clone());
        }
        Ok(Err(fault))
    }
}

/// Why the testee's declarations exclude this case, if they do.
fn undeclared(about: &About, hello: &HelloOk) -> Option<String> {
    if let Some(feature) = about.features.iter().find(|feature| !hello.features.contains(feature)) {
        return Some(format!("feature `{feature}` is not declared"));
    }
    about.limits.iter().find_map(|name| {
        let declared = hello.limits.get(name)?.0;
        let presumed = fayger_fcp::limits::limit(name)?.default;
        (declared != presumed)
            .then(|| format!("limit `{name}` is declared as {declared}; the case presumes {presumed}"))
    })
}
