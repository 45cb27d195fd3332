//! Which programs answered: digests of the files that the testee's command names.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::TesteeCommand;

/// Digests of what was tested. A program that is looked up in `PATH` is named without one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// The command, as it splits again.
    pub command: String,
    /// The words of the command that name files, with the files' SHA-256 in hex.
    pub files: Vec<FileDigest>,
}

/// A file and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileDigest {
    /// The file's name without its folders.
    pub name: String,
    /// The SHA-256 of its content, hex.
    pub sha256: String,
}

/// Hashes every regular file that the command names. `told` is what the report calls the command: what the user wrote, not where it was found.
#[must_use]
pub fn fingerprint(command: &TesteeCommand, told: &str) -> Fingerprint {
    let words = std::iter::once(&command.program).chain(&command.arguments);
    let files = words
        .map(Path::new)
        .filter(|path| path.is_file())
        .filter_map(|path| {
            // A file that cannot be read is named without a digest, as one that is no file is.
            let sha256 = digest(path).ok()?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Some(FileDigest { name, sha256 })
        })
        .collect();
    Fingerprint { command: told.to_owned(), files }
}

fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            count => hasher.update(buffer.get(..count).unwrap_or_default()),
        }
    }
}
