//! The kit's own Ed25519 signer, right and wrong. `ed25519-compact` signs; the loader under test is expected to use another library.

use sha2::{Digest as _, Sha512};

use crate::keys::TestKey;
use crate::recipe::{Form, Sign};
use crate::{RecipeError, scalar, test_key};

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

/// The key that signs.
pub(crate) fn key(sign: &Sign) -> Result<TestKey, RecipeError> {
    test_key(&sign.key).ok_or_else(|| RecipeError::step("sign", format!("`{}` is no test key", sign.key)))
}

/// The key id to name.
pub(crate) fn named_key_id(sign: &Sign) -> Result<Vec<u8>, RecipeError> {
    match &sign.key_id {
        None => Ok(key(sign)?.id().to_vec()),
        Some(name) => match test_key(name) {
            Some(key) => Ok(key.id().to_vec()),
            None => hex::decode(name)
                .map_err(|_| RecipeError::step("sign", format!("`{name}` is neither a test key nor hex"))),
        },
    }
}

/// How long the value will be: the Header depends on it.
pub(crate) fn value_length(sign: &Sign) -> usize {
    let natural = sign.value.as_ref().map_or(64, Vec::len);
    sign.length.unwrap_or(natural)
}

/// The value over these bytes.
pub(crate) fn value(sign: &Sign, signed: &[u8]) -> Result<Vec<u8>, RecipeError> {
    let key = key(sign)?;
    let mut value = match (&sign.value, sign.form) {
        (Some(value), _) => value.clone(),
        (None, None) => key.pair().sk.sign(signed, None).to_vec(),
        (None, Some(Form::SPlusL)) => {
            let signature = *key.pair().sk.sign(signed, None);
            let (r, s) = signature.split_at(32);
            let s = <[u8; 32]>::try_from(s).unwrap_or_default();
            [r, &scalar::plus_order(s)].concat()
        }
        (None, Some(Form::RNeutral)) => matching(&key, NEUTRAL, signed),
        (None, Some(Form::RNeutralSigned)) => matching(&key, NEUTRAL_SIGNED, signed),
        (None, Some(Form::ROrderEight)) => matching(&key, ORDER_EIGHT, signed),
    };
    if let Some(at) = sign.flip {
        let byte = value
            .get_mut(at)
            .ok_or_else(|| RecipeError::step("sign", format!("the value has no byte {at} to flip")))?;
        *byte ^= 1;
    }
    value.resize(value_length(sign), 0);
    Ok(value)
}

/// R ‖ k·a with k = SHA-512(R ‖ A ‖ M): then [S]B − [k]A is the neutral point, whatever R is.
fn matching(key: &TestKey, r: [u8; 32], signed: &[u8]) -> Vec<u8> {
    let k: [u8; 64] = Sha512::new().chain_update(r).chain_update(key.public()).chain_update(signed).finalize().into();
    let expanded = Sha512::digest(key.seed);
    let mut secret = [0; 32];
    for (to, from) in secret.iter_mut().zip(expanded) {
        *to = from;
    }
    secret[0] &= 0xf8;
    secret[31] = secret[31] & 0x7f | 0x40;
    [r, scalar::multiply(&k, &secret)].concat()
}
