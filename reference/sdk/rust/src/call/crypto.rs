//! Category `crypto`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode};

/// `crypto.sha256`: the SHA-256 digest.
pub const SHA256: Opcode = Opcode::new(5, 1, 0x0400);

/// `crypto.sha256`: the SHA-256 digest.
///
/// - `data`: Bytes.
///
/// # Errors
/// A status: a universal one.
pub fn sha256<'x>(exchange: &'x mut Exchange<'_>, data: &[u8]) -> Result<&'x [u8], Error> {
    exchange
        .call(SHA256, |operands| {
            operands.bytes(data);
        })?
        .bytes()
}

/// `crypto.hmac_sha256`: the HMAC with SHA-256.
pub const HMAC_SHA256: Opcode = Opcode::new(5, 2, 0x0400);

/// `crypto.hmac_sha256`: the HMAC with SHA-256.
///
/// - `key`: Bytes.
/// - `data`: Bytes.
///
/// # Errors
/// A status: a universal one.
pub fn hmac_sha256<'x>(exchange: &'x mut Exchange<'_>, key: &[u8], data: &[u8]) -> Result<&'x [u8], Error> {
    exchange
        .call(HMAC_SHA256, |operands| {
            operands.bytes(key);
            operands.bytes(data);
        })?
        .bytes()
}

/// `crypto.aead_seal`: encrypts by AES-256-GCM; a nonce is used once with a key.
pub const AEAD_SEAL: Opcode = Opcode::new(5, 3, 0x0400);

/// `crypto.aead_seal`: encrypts by AES-256-GCM; a nonce is used once with a key.
///
/// - `key`: Bytes, 32 bytes.
/// - `nonce`: Bytes, 12 bytes.
/// - `associated`: Bytes.
/// - `plaintext`: Bytes.
///
/// # Errors
/// A status: a universal one.
pub fn aead_seal<'x>(
    exchange: &'x mut Exchange<'_>,
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    plaintext: &[u8],
) -> Result<&'x [u8], Error> {
    exchange
        .call(AEAD_SEAL, |operands| {
            operands.bytes(key);
            operands.bytes(nonce);
            operands.bytes(associated);
            operands.bytes(plaintext);
        })?
        .bytes()
}

/// `crypto.aead_open`: decrypts by AES-256-GCM; status denied where the tag is wrong.
pub const AEAD_OPEN: Opcode = Opcode::new(5, 4, 0x0400);

/// `crypto.aead_open`: decrypts by AES-256-GCM; status denied where the tag is wrong.
///
/// - `key`: Bytes, 32 bytes.
/// - `nonce`: Bytes, 12 bytes.
/// - `associated`: Bytes.
/// - `sealed`: Bytes, 16 bytes or more.
///
/// # Errors
/// A status: `denied`, or a universal one.
pub fn aead_open<'x>(
    exchange: &'x mut Exchange<'_>,
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    sealed: &[u8],
) -> Result<&'x [u8], Error> {
    exchange
        .call(AEAD_OPEN, |operands| {
            operands.bytes(key);
            operands.bytes(nonce);
            operands.bytes(associated);
            operands.bytes(sealed);
        })?
        .bytes()
}

/// `crypto.ed25519_public`: the public key of a secret one.
pub const ED25519_PUBLIC: Opcode = Opcode::new(5, 5, 0x0400);

/// `crypto.ed25519_public`: the public key of a secret one.
///
/// - `secret`: Bytes, 32 bytes.
///
/// # Errors
/// A status: a universal one.
pub fn ed25519_public<'x>(exchange: &'x mut Exchange<'_>, secret: &[u8]) -> Result<&'x [u8], Error> {
    exchange
        .call(ED25519_PUBLIC, |operands| {
            operands.bytes(secret);
        })?
        .bytes()
}

/// `crypto.ed25519_sign`: signs a message by Ed25519.
pub const ED25519_SIGN: Opcode = Opcode::new(5, 6, 0x0400);

/// `crypto.ed25519_sign`: signs a message by Ed25519.
///
/// - `secret`: Bytes, 32 bytes.
/// - `message`: Bytes.
///
/// # Errors
/// A status: a universal one.
pub fn ed25519_sign<'x>(exchange: &'x mut Exchange<'_>, secret: &[u8], message: &[u8]) -> Result<&'x [u8], Error> {
    exchange
        .call(ED25519_SIGN, |operands| {
            operands.bytes(secret);
            operands.bytes(message);
        })?
        .bytes()
}

/// `crypto.ed25519_verify`: whether an Ed25519 signature is right.
pub const ED25519_VERIFY: Opcode = Opcode::new(5, 7, 0x0400);

/// `crypto.ed25519_verify`: whether an Ed25519 signature is right.
///
/// - `public`: Bytes, 32 bytes.
/// - `message`: Bytes.
/// - `signature`: Bytes, 64 bytes.
///
/// # Errors
/// A status: a universal one.
pub fn ed25519_verify(
    exchange: &mut Exchange<'_>,
    public: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<bool, Error> {
    exchange
        .call(ED25519_VERIFY, |operands| {
            operands.bytes(public);
            operands.bytes(message);
            operands.bytes(signature);
        })?
        .bool()
}
