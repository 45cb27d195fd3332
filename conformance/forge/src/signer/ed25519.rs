//! Ed25519, by `ed25519-compact`; and values for lax verifiers.

use ed25519_compact::{KeyPair, Seed};
use sha2::{Digest as _, Sha512};

use super::not_here;
use crate::recipe::{Form, Sign};
use crate::{RecipeError, scalar};

/// The neutral point (0, 1).
const NEUTRAL: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// The neutral point again, with the sign of x = 0 stated as negative: no encoding by RFC 8032 §5.1.3.
const NEUTRAL_SIGNED: [u8; 32] = {
    let mut bytes = NEUTRAL;
    bytes[31] = 0x80;
    bytes
};

/// A point of order 8, as listed in "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020), table 6.
const ORDER_EIGHT: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53,
    0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

pub(super) fn value(seed: &[u8; 32], sign: &Sign, signed: &[u8]) -> Result<Vec<u8>, RecipeError> {
    if sign.hash.is_some() || sign.mgf.is_some() || sign.salt.is_some() {
        return Err(not_here("a choice of hash or salt", "ed25519"));
    }
    let pair = KeyPair::from_seed(Seed::new(*seed));
    Ok(match sign.form {
        None => pair.sk.sign(signed, None).to_vec(),
        Some(Form::SPlusL) => {
            let signature = *pair.sk.sign(signed, None);
            let (r, s) = signature.split_at(32);
            let s = <[u8; 32]>::try_from(s).unwrap_or_default();
            [r, &scalar::plus_order(s)].concat()
        }
        Some(Form::RNeutral) => matching(seed, &pair, NEUTRAL, signed),
        Some(Form::RNeutralSigned) => matching(seed, &pair, NEUTRAL_SIGNED, signed),
        Some(Form::ROrderEight) => matching(seed, &pair, ORDER_EIGHT, signed),
        Some(_) => return Err(not_here("this form", "ed25519")),
    })
}

/// R ‖ k·a with k = SHA-512(R ‖ A ‖ M): then [S]B − [k]A is the neutral point, whatever R is.
fn matching(seed: &[u8; 32], pair: &KeyPair, r: [u8; 32], signed: &[u8]) -> Vec<u8> {
    let k: [u8; 64] = Sha512::new().chain_update(r).chain_update(*pair.pk).chain_update(signed).finalize().into();
    let expanded = Sha512::digest(seed);
    let mut secret = [0; 32];
    for (to, from) in secret.iter_mut().zip(expanded) {
        *to = from;
    }
    secret[0] &= 0xf8;
    secret[31] = secret[31] & 0x7f | 0x40;
    [r, scalar::multiply(&k, &secret)].concat()
}
