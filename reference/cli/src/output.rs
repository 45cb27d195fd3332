//! What people see: results on stdout, errors on stderr, and files that appear whole or not at all.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use fayger_contracts::FaygerError;
use fayger_contracts::artifact::MAGIC;

/// Prints a result. A reader that has gone away is no failure of ours.
pub(crate) fn print(text: &str) -> ExitCode {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("error: cannot write to stdout: {error}\n"));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Tells on stderr. Where nobody listens, there is nobody to tell.
pub(crate) fn complain(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// An error and its causes, a line each; a Fayger error with code, phase and context.
pub(crate) fn explain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for (depth, cause) in error.chain().enumerate() {
        let lead = if depth == 0 { "error: " } else { "  because: " };
        text.push_str(lead);
        match cause.downcast_ref::<FaygerError>() {
            Some(cause) => describe(&mut text, cause),
            None => text.push_str(&cause.to_string()),
        }
        text.push('\n');
    }
    text
}

/// `CODE in phase: message (context)`.
pub(crate) fn describe(text: &mut String, error: &FaygerError) {
    let phase = error.phase.map(|phase| format!(" in {}", phase.name())).unwrap_or_default();
    // Writing to a string cannot fail.
    let _ = write!(text, "{}{phase}: {error}", error.code.name());
}

/// Writes an artifact, or the front of one, and replaces nothing else: a draft, a section's input or a key given as output by mistake stays.
pub(crate) fn write_artifact<T>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if std::fs::metadata(path).is_ok_and(|found| found.is_file()) {
        let failed = || format!("cannot write `{}`", path.display());
        let mut start = Vec::new();
        // One that cannot be looked at is not replaced either.
        std::fs::File::open(path).with_context(failed)?.take(4).read_to_end(&mut start).with_context(failed)?;
        if !start.is_empty() && start != MAGIC {
            bail!("cannot write `{}`: it exists and is no artifact, so it is not replaced", path.display());
        }
    }
    write_whole(path, fill)
}

/// Writes a file that does not exist yet; a device or a pipe is written to.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file() || found.is_symlink()) {
        bail!("cannot write `{}`: it exists", path.display());
    }
    write_whole(path, |file| Ok(file.write_all(bytes)?))
}

/// Writes a file through a temporary one beside it, so that what stands at `path` is always whole.
pub(crate) fn write_whole<T>(path: &Path, fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let failed = || format!("cannot write `{}`", path.display());
    // What a link leads to is written, and the link stays.
    let found = std::fs::canonicalize(path);
    let path = found.as_deref().unwrap_or(path);
    // A device or a pipe is written to; only a regular file is replaced.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let mut buffered = io::BufWriter::new(std::fs::File::create(path).with_context(failed)?);
        let result = fill(&mut buffered).with_context(failed)?;
        buffered.flush().with_context(failed)?;
        return Ok(result);
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // A new file has the permissions that the user's mask leaves, not a temporary file's.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(directory).with_context(failed)?;
    let mut buffered = io::BufWriter::new(file);
    let result = fill(&mut buffered).with_context(failed)?;
    let file = buffered.into_inner().map_err(io::IntoInnerError::into_error).with_context(failed)?;
    if let Ok(before) = std::fs::metadata(path) {
        file.as_file().set_permissions(before.permissions()).with_context(failed)?;
    }
    file.as_file().sync_all().with_context(failed)?;
    file.persist(path).with_context(failed)?;
    Ok(result)
}
