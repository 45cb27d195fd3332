//! `fayger sign`: an artifact that is whole, signed anew, with a key in a file or one that lives elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use fayger_loader::{BufBuilder, FileSource, Limits, Parsed, PublicKey, Read, Signer, Structured};

use crate::{keys, output};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The artifact.
    file: PathBuf,
    /// The private key, Ed25519 or P-256 (PKCS#8 PEM).
    #[arg(long, required_unless_present = "public")]
    key: Option<PathBuf>,
    /// The public key of a signer elsewhere: with --payload, then --value.
    #[arg(long, conflicts_with = "key")]
    public: Option<PathBuf>,
    /// Write the bytes to sign, and nothing else.
    #[arg(long, requires = "public", conflicts_with_all = ["value", "output"])]
    payload: Option<PathBuf>,
    /// The signature's value that the signer made of the payload: R ‖ S, r ‖ s, or as many bytes as the RSA modulus.
    #[arg(long, requires = "public")]
    value: Option<PathBuf>,
    /// Where to write the signed artifact; without it, FILE is replaced.
    #[arg(short, long)]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let builder = open(&arguments.file)?;
    let elsewhere = match (&arguments.public, &arguments.payload, &arguments.value) {
        (Some(public), Some(payload), _) => return write_payload(builder, &keys::read_public(public)?, payload),
        (Some(public), None, Some(value)) => {
            let value = std::fs::read(value).with_context(|| format!("cannot read `{}`", value.display()))?;
            Some(Finished { key: keys::read_public(public)?, value })
        }
        (Some(_), None, None) => {
            anyhow::bail!("--public goes with --payload, to get the bytes to sign, or with --value")
        }
        (None, ..) => None,
    };
    match (elsewhere, &arguments.key) {
        (Some(signer), _) => write_signed(builder, &signer, arguments),
        (None, Some(key)) => write_signed(builder, &keys::read_private(key)?, arguments),
        (None, None) => anyhow::bail!("--key or --public is needed"),
    }
}

fn open(file: &Path) -> anyhow::Result<BufBuilder> {
    let source = FileSource::open(file).with_context(|| format!("cannot open `{}`", file.display()))?;
    let intact = Read::from_source(Arc::new(source), Limits::default())
        .and_then(Read::parse)
        .and_then(Parsed::verify_structural)
        .and_then(Structured::verify_digest)
        .with_context(|| format!("`{}` is not whole", file.display()))?;
    Ok(BufBuilder::from_artifact(intact))
}

fn write_payload(builder: BufBuilder, key: &PublicKey, target: &Path) -> anyhow::Result<String> {
    let waiting = builder.to_sign(key.algorithm().name(), key.key_id(), key.signature_length())?;
    let payload = waiting.signing_payload()?;
    output::write_new(target, &payload)?;
    Ok(format!(
        "payload  {} ({} bytes, to be signed with {})\n",
        target.display(),
        payload.len(),
        key.algorithm().name()
    ))
}

fn write_signed(builder: BufBuilder, signer: &dyn Signer, arguments: &Arguments) -> anyhow::Result<String> {
    let signed = builder.sign(signer)?;
    let target = arguments.output.as_ref().unwrap_or(&arguments.file);
    let artifact = signed.artifact()?;
    let length = output::write_artifact(target, |file| Ok(artifact.write_to(file)?))?;
    let key = signer.public_key();
    Ok(format!(
        "signed  {} ({length} bytes)\nkey_id  {} ({})\n",
        target.display(),
        key.key_id(),
        key.algorithm().name()
    ))
}

/// A signer that has signed already.
struct Finished {
    key: PublicKey,
    value: Vec<u8>,
}

impl Signer for Finished {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, _payload: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.value.clone())
    }
}
