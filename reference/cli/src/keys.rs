//! Keys in files: private ones as PKCS#8 PEM (RFC 5208, RFC 8410 §7), public ones as SubjectPublicKeyInfo PEM, hexadecimal or raw bytes.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use ed25519_dalek::SigningKey as Ed25519;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, KeypairBytes};
use fayger_loader::{PublicKey, Signer};
use p256::ecdsa::SigningKey as EcdsaP256;
use p256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

/// An algorithm that this tool makes keys for and signs with. RSA it verifies only: no library at hand signs with RSA in constant time.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// ECDSA over P-256.
    EcdsaP256,
}

/// A private key in memory.
pub(crate) struct PrivateKey {
    secret: Secret,
    public: PublicKey,
}

enum Secret {
    Ed25519(Ed25519),
    EcdsaP256(EcdsaP256),
}

impl PrivateKey {
    fn new(secret: Secret) -> anyhow::Result<Self> {
        let public = match &secret {
            Secret::Ed25519(key) => PublicKey::ed25519(key.verifying_key().as_bytes())?,
            Secret::EcdsaP256(key) => PublicKey::ecdsa_p256(key.verifying_key().to_sec1_point(false).as_bytes())?,
        };
        Ok(Self { secret, public })
    }
}

impl Signer for PrivateKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(match &self.secret {
            Secret::Ed25519(key) => key.try_sign(payload)?.to_bytes().to_vec(),
            // Deterministic (RFC 6979), and of its two values the one with the lower s.
            Secret::EcdsaP256(key) => {
                let value: p256::ecdsa::Signature = key.try_sign(payload)?;
                value.normalize_s().to_bytes().to_vec()
            }
        })
    }
}

/// Makes a key pair and says where it is.
pub(crate) fn generate(name: &Path, kind: KeyKind) -> anyhow::Result<String> {
    let (private, public, key) = match kind {
        KeyKind::Ed25519 => {
            let secret = random()?;
            let key = Ed25519::from_bytes(&secret);
            // The first version of the format, without the public key: every reader takes it.
            let pair = KeypairBytes { secret_key: *secret, public_key: None };
            (
                pair.to_pkcs8_pem(LineEnding::LF),
                key.verifying_key().to_public_key_pem(LineEnding::LF),
                Secret::Ed25519(key),
            )
        }
        KeyKind::EcdsaP256 => {
            let key = loop {
                // All but one in 2^32 random numbers are below the order of the group.
                if let Ok(key) = EcdsaP256::from_slice(random()?.as_ref()) {
                    break key;
                }
            };
            let public = key.verifying_key().to_public_key_pem(LineEnding::LF);
            (key.to_pkcs8_pem(LineEnding::LF), public, Secret::EcdsaP256(key))
        }
    };
    let private = private.map_err(|error| anyhow!("cannot encode the key: {error}"))?;
    let public = public.map_err(|error| anyhow!("cannot encode the public key: {error}"))?;
    let key = PrivateKey::new(key)?;

    let (private_path, public_path) = (with_suffix(name, ".pem"), with_suffix(name, ".pub.pem"));
    // The public one first: where it is in the way, no private key is left behind.
    create(&public_path, public.as_bytes(), 0o666)?;
    if let Err(error) = create(&private_path, private.as_bytes(), 0o600) {
        // Nobody has the private key of it.
        let _ = std::fs::remove_file(&public_path);
        return Err(error);
    }
    Ok(format!(
        "key_id   {}\nprivate  {}\npublic   {}\n",
        key.public.key_id(),
        private_path.display(),
        public_path.display()
    ))
}

/// A private key to sign with.
pub(crate) fn read_private(path: &Path) -> anyhow::Result<PrivateKey> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let text = Zeroizing::new(text);
    let ed25519 = Ed25519::from_pkcs8_pem(&text).map(Secret::Ed25519).ok();
    let secret = ed25519.or_else(|| EcdsaP256::from_pkcs8_pem(&text).map(Secret::EcdsaP256).ok());
    match secret {
        Some(secret) => PrivateKey::new(secret),
        None => bail!(
            "`{}` is not an Ed25519 or P-256 private key in PKCS#8 PEM; sign with another key elsewhere, through --payload and --value",
            path.display()
        ),
    }
}

/// A public key to trust: PEM, hexadecimal or raw.
pub(crate) fn read_public(path: &Path) -> anyhow::Result<PublicKey> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let key = match std::str::from_utf8(&bytes) {
        Ok(text) if text.trim_start().starts_with("-----BEGIN") => PublicKey::from_pem(text),
        Ok(text) if !text.trim().is_empty() && text.trim().bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            PublicKey::from_hex(text)
        }
        _ => PublicKey::from_raw(&bytes),
    };
    key.with_context(|| format!("`{}` is not a key to trust", path.display()))
}

fn random() -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut()).map_err(|error| anyhow!("the system gives no random bytes: {error}"))?;
    Ok(secret)
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
