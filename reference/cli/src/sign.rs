//! `fayger sign`: an artifact that is whole, signed anew.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use ed25519_dalek::{Signer, SigningKey};
use fayger_loader::{BufBuilder, ED25519, FileSource, Limits, Parsed, Read, Structured};

use crate::{keys, output};

pub(crate) fn run(file: &Path, key: &Path, output: Option<&Path>) -> anyhow::Result<String> {
    let key = keys::read_private(key)?;
    let source = FileSource::open(file).with_context(|| format!("cannot open `{}`", file.display()))?;
    let intact = Read::from_source(Arc::new(source), Limits::default())
        .and_then(Read::parse)
        .and_then(Parsed::verify_structural)
        .and_then(Structured::verify_digest)
        .with_context(|| format!("`{}` is not whole", file.display()))?;
    let signed = attach(BufBuilder::from_artifact(intact), &key)?;
    let target = output.unwrap_or(file);
    let artifact = signed.artifact()?;
    let length = output::write_whole(target, |file| Ok(artifact.write_to(file)?))?;
    Ok(format!("signed  {} ({length} bytes)\nkey_id  {}\n", target.display(), keys::key_id(&key)?))
}

/// Signs what a builder is to write.
pub(crate) fn attach(builder: BufBuilder, key: &SigningKey) -> anyhow::Result<BufBuilder> {
    let waiting = builder.to_sign(ED25519, keys::key_id(key)?, ed25519_dalek::SIGNATURE_LENGTH)?;
    let value = key.sign(&waiting.signing_payload()?).to_bytes();
    Ok(waiting.attach(&value)?)
}
