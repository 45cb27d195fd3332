//! The checkout, and what a check comes to.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result};

/// What a check comes to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Nothing is wrong; how much was looked at.
    Passed(String),
    /// What is wrong, one thing a line.
    Failed(Vec<String>),
    /// What is missing here, so that nothing was looked at.
    Skipped(String),
}

impl Outcome {
    /// Failed where there is a problem.
    pub(crate) fn of(problems: Vec<String>, passed: impl Into<String>) -> Self {
        if problems.is_empty() { Self::Passed(passed.into()) } else { Self::Failed(problems) }
    }

    /// Tells it, and whether nothing is wrong.
    pub(crate) fn report(&self) -> bool {
        match self {
            Self::Passed(what) => println!("ok: {what}"),
            Self::Failed(problems) => {
                for problem in problems {
                    println!("error: {problem}");
                }
            }
            Self::Skipped(what) => println!("SKIPPED: {what}"),
        }
        !matches!(self, Self::Failed(_))
    }
}

/// The root of the checkout.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().context("xtask lies in the root of the project")?.to_owned())
}

/// Cargo, in the root.
pub(crate) fn cargo() -> Result<Command> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()?);
    Ok(command)
}

/// Whether a program can be started with these arguments and ends well.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// The Rust files below a folder, sorted. Build output and hidden folders are left out.
pub(crate) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))? {
            let path = entry?.path();
            let is_hidden = path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with('.'));
            if path.is_dir() && !is_hidden && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A file's text.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// A path as it is written in reports: from the root, with `/`.
pub(crate) fn relative(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
