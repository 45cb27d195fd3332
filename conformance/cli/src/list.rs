//! `list`: the cases, one a line.

use std::io::Write as _;

use anyhow::Result;

use crate::args;
use crate::output::Output;
use crate::suite::Suite;

pub(crate) fn list(args: &args::List) -> Result<u8> {
    let suite = Suite::load()?;
    let mut out = Output::new();
    for job in suite.jobs(args.filter.as_deref()) {
        let about = job.about;
        writeln!(out, "{}  {}  {}", about.id, about.level.name(), about.clauses.join(" "))?;
    }
    Ok(0)
}
