//! Ed25519 keys in files: private ones as PKCS#8 PEM (RFC 8410 §7), public ones as SPKI PEM (RFC 8410 §4).

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes};
use fayger_contracts::Digest;
use fayger_loader::PublicKey;
use zeroize::Zeroizing;

/// Makes a key pair and says where it is.
pub(crate) fn generate(name: &Path) -> anyhow::Result<String> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut()).map_err(|error| anyhow!("the system gives no random bytes: {error}"))?;
    let key = SigningKey::from_bytes(&secret);
    // The first version of the format, without the public key: every reader takes it.
    let pair = KeypairBytes { secret_key: *secret, public_key: None };
    let private = pair.to_pkcs8_pem(LineEnding::LF).map_err(|error| anyhow!("cannot encode the key: {error}"))?;
    let public = key
        .verifying_key()
        .to_public_key_pem(LineEnding::LF)
        .map_err(|error| anyhow!("cannot encode the public key: {error}"))?;

    let (private_path, public_path) = (with_suffix(name, ".pem"), with_suffix(name, ".pub.pem"));
    create(&public_path, public.as_bytes(), 0o666)?;
    create(&private_path, private.as_bytes(), 0o600)?;
    Ok(format!("key_id   {}\nprivate  {}\npublic   {}\n", key_id(&key)?, private_path.display(), public_path.display()))
}

/// A private key to sign with.
pub(crate) fn read_private(path: &Path) -> anyhow::Result<SigningKey> {
    let text = Zeroizing::new(read(path)?);
    SigningKey::from_pkcs8_pem(&text)
        .map_err(|error| anyhow!("`{}` is not an Ed25519 private key in PKCS#8 PEM: {error}", path.display()))
}

/// A public key to trust.
pub(crate) fn read_public(path: &Path) -> anyhow::Result<PublicKey> {
    let key = ed25519_dalek::VerifyingKey::from_public_key_pem(&read(path)?)
        .map_err(|error| anyhow!("`{}` is not an Ed25519 public key in SPKI PEM: {error}", path.display()))?;
    PublicKey::ed25519(key.as_bytes()).with_context(|| format!("`{}`", path.display()))
}

/// The id by which artifacts name the key.
pub(crate) fn key_id(key: &SigningKey) -> anyhow::Result<Digest> {
    Ok(PublicKey::ed25519(key.verifying_key().as_bytes())?.key_id())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn with_suffix(name: &Path, suffix: &str) -> PathBuf {
    let mut path = name.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// Writes a file that does not exist yet.
fn create(path: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let failed = || format!("cannot create `{}`", path.display());
    options.open(path).with_context(failed)?.write_all(bytes).with_context(failed)
}
