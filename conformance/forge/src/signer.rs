//! The kit's own signer, right and wrong: which key signs, what it names, and how long the value is. How a value comes about is the algorithms':
//! `ed25519-compact` signs Ed25519, the others are the textbook's formulas. The loader under test is expected to use other libraries.

mod ecdsa_p256;
mod ed25519;
mod rsa_pss;

use crate::keys::{Secret, TestKey};
use crate::recipe::{Form, Sign};
use crate::{RecipeError, test_key};

/// The key that signs.
pub(crate) fn key(sign: &Sign) -> Result<TestKey, RecipeError> {
    test_key(&sign.key).ok_or_else(|| fault(format!("`{}` is no test key", sign.key)))
}

/// The key id to name.
pub(crate) fn named_key_id(sign: &Sign) -> Result<Vec<u8>, RecipeError> {
    match &sign.key_id {
        None => Ok(key(sign)?.id().to_vec()),
        Some(name) => match test_key(name) {
            Some(key) => Ok(key.id().to_vec()),
            None => hex::decode(name).map_err(|_| fault(format!("`{name}` is neither a test key nor hex"))),
        },
    }
}

/// The algorithm to name.
pub(crate) fn named_algorithm(sign: &Sign) -> Result<String, RecipeError> {
    match &sign.algorithm {
        Some(name) => Ok(name.clone()),
        None => Ok(key(sign)?.public().algorithm().to_owned()),
    }
}

/// How long the value will be: the Header depends on it.
pub(crate) fn value_length(sign: &Sign) -> Result<usize, RecipeError> {
    let natural = match (&sign.value, sign.form) {
        (Some(value), _) => value.len(),
        (None, Some(Form::Der)) => ecdsa_p256::DER_LENGTH,
        (None, Some(Form::LeadingZero)) => key(sign)?.public().value_length().saturating_add(1),
        (None, _) => key(sign)?.public().value_length(),
    };
    Ok(sign.length.unwrap_or(natural))
}

/// The value over these bytes.
pub(crate) fn value(sign: &Sign, signed: &[u8]) -> Result<Vec<u8>, RecipeError> {
    let mut value = match (&sign.value, key(sign)?.secret) {
        (Some(value), _) => value.clone(),
        (None, Secret::Ed25519(seed)) => ed25519::value(&seed, sign, signed)?,
        (None, Secret::EcdsaP256(private)) => ecdsa_p256::value(private, sign, signed)?,
        (None, Secret::RsaPss { modulus, private }) => rsa_pss::value(modulus, private, sign, signed)?,
    };
    if let Some(at) = sign.flip {
        let byte = value.get_mut(at).ok_or_else(|| fault(format!("the value has no byte {at} to flip")))?;
        *byte ^= 1;
    }
    value.resize(value_length(sign)?, 0);
    Ok(value)
}

fn fault(what: impl Into<String>) -> RecipeError {
    RecipeError::step("sign", what)
}

/// That a recipe asks for what this algorithm does not have.
fn not_here(what: &str, algorithm: &str) -> RecipeError {
    fault(format!("{what} is not one of {algorithm}"))
}
