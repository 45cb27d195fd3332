//! `fayger trust`: a trust store in a file, written whole or not at all. Every change shows the store's digest before and after.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use fayger_contracts::{Digest, Event, Observer};
use fayger_loader::{Change, TrustStore};

use crate::{keys, output};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Trusts a public key (PEM, hexadecimal or raw); makes the store if there is none.
    Add {
        /// The store.
        store: PathBuf,
        /// The key.
        key: PathBuf,
        /// A name for people.
        #[arg(long, default_value = "")]
        label: String,
    },
    /// Shows every key of the store.
    List {
        /// The store.
        store: PathBuf,
    },
    /// Refuses signatures by a key from now on. It stays in the store, so that adding it again does not undo this.
    Revoke {
        /// The store.
        store: PathBuf,
        /// The key's id, 64 hexadecimal digits.
        key_id: String,
    },
    /// Forgets a key, also that it was revoked.
    Remove {
        /// The store.
        store: PathBuf,
        /// The key's id, 64 hexadecimal digits.
        key_id: String,
    },
}

pub(crate) fn run(command: &Command) -> anyhow::Result<String> {
    match command {
        Command::Add { store, key, label } => {
            let key = keys::read_public(key)?;
            change(store, true, |trust, seen| Ok(trust.add(key, label, seen)?))
        }
        Command::List { store } => list(&read(store)?),
        Command::Revoke { store, key_id } => {
            let key_id = parse(key_id)?;
            change(store, false, |trust, seen| Ok(trust.revoke(key_id, seen)?))
        }
        Command::Remove { store, key_id } => {
            let key_id = parse(key_id)?;
            change(store, false, |trust, seen| {
                trust.remove(key_id, seen)?;
                Ok(Change::Made)
            })
        }
    }
}

/// The store in a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<TrustStore> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    TrustStore::from_bytes(&bytes).with_context(|| format!("`{}`", path.display()))
}

fn change(
    path: &Path,
    may_be_new: bool,
    make: impl FnOnce(&mut TrustStore, &Seen) -> anyhow::Result<Change>,
) -> anyhow::Result<String> {
    let _alone = lock(path)?;
    let is_absent = std::fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    let mut store = if is_absent && may_be_new { TrustStore::new() } else { read(path)? };
    let seen = Seen::default();
    if make(&mut store, &seen)? == Change::Nothing {
        return Ok("nothing to change\n".to_owned());
    }
    output::write_whole(path, |file| Ok(file.write_all(&store.to_bytes())?))?;
    let mut text = String::new();
    for event in seen.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let (Event::TrustRootAdded { key_id, before, after }
        | Event::TrustRootRevoked { key_id, before, after }
        | Event::TrustRootRemoved { key_id, before, after }) = event
        else {
            continue;
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "{}\n  key_id  {key_id}\n  before  {before}\n  after   {after}\n", event.name());
    }
    Ok(text)
}

/// Keeps other changes of stores in the same directory away until it is dropped: of two at once, one would be lost. Where a directory cannot be
/// opened as a file, which is Windows, there is no such lock.
fn lock(path: &Path) -> anyhow::Result<Option<File>> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !cfg!(unix) {
        return Ok(None);
    }
    let failed = || format!("cannot lock `{}`", directory.display());
    let directory = File::open(directory).with_context(failed)?;
    directory.lock().with_context(failed)?;
    Ok(Some(directory))
}

fn list(store: &TrustStore) -> anyhow::Result<String> {
    let mut text = format!("digest {}\n", store.digest());
    for (key_id, root) in store.roots() {
        let (algorithm, status) = (root.key.algorithm().name(), root.status.name());
        writeln!(text, "{key_id}  {algorithm:<14}  {status:<7}  {}", root.label.escape_debug())?;
    }
    Ok(text)
}

fn parse(key_id: &str) -> anyhow::Result<Digest> {
    let mut digest = [0; 32];
    if hex::decode_to_slice(key_id, &mut digest).is_err() {
        bail!("`{}` is not a key id: 64 hexadecimal digits", key_id.escape_debug());
    }
    Ok(Digest(digest))
}

#[derive(Default)]
struct Seen(Mutex<Vec<Event>>);

impl Observer for Seen {
    fn observe(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}
