//! ECDSA over P-256 by the textbook (FIPS 186-5 §6.4), with the nonce of RFC 6979 and the lower s; and values for lax verifiers.

use num_bigint::BigUint;

use super::not_here;
use crate::hash::{Hash, hmac};
use crate::number::{number, padded};
use crate::recipe::{Form, Sign};
use crate::{RecipeError, curve};

/// Bytes of the DER of r and s where neither has a leading zero, in DER or in 32 bytes.
pub(super) const DER_LENGTH: usize = 70;

pub(super) fn value(private: &str, sign: &Sign, signed: &[u8]) -> Result<Vec<u8>, RecipeError> {
    if sign.mgf.is_some() || sign.salt.is_some() {
        return Err(not_here("a salt", "ecdsa-p256"));
    }
    let (private, order, zero) = (number(private), curve::order(), BigUint::ZERO);
    let digest: Vec<u8> = sign.hash.unwrap_or(Hash::Sha256).of(signed).into_iter().take(32).collect();
    let mut pairs = Nonces::new(&private, &digest).filter_map(|nonce| pair(&private, &digest, &nonce));
    let (r, s) = pairs.next().unwrap_or_default();
    let two = |first: &BigUint, second: &BigUint| [padded(first, 32), padded(second, 32)].concat();
    Ok(match sign.form {
        None => two(&r, &s),
        Some(Form::HighS) => two(&r, &(&order - &s)),
        Some(Form::Swapped) => two(&s, &r),
        Some(Form::LittleEndian) => {
            [padded(&r, 32), padded(&s, 32)].into_iter().flat_map(|number| number.into_iter().rev()).collect()
        }
        Some(Form::RZero) => two(&zero, &s),
        Some(Form::SZero) => two(&r, &zero),
        Some(Form::ROrder) => two(&order, &s),
        Some(Form::SOrder) => two(&r, &order),
        Some(Form::RNegated) => two(&(&order - &r), &s),
        Some(Form::Der) => {
            let plain = |number: &BigUint| (249..=255).contains(&number.bits());
            std::iter::once((r, s)).chain(pairs).find(|(r, s)| plain(r) && plain(s)).map(der).unwrap_or_default()
        }
        Some(Form::LeadingZero) => [vec![0], two(&r, &s)].concat(),
        Some(_) => return Err(not_here("this form", "ecdsa-p256")),
    })
}

/// r and the lower s for a nonce; none for the few nonces that will not do.
fn pair(private: &BigUint, digest: &[u8], nonce: &BigUint) -> Option<(BigUint, BigUint)> {
    let order = curve::order();
    let r = curve::times_base(nonce).0 % &order;
    let s = nonce.modinv(&order)? * (BigUint::from_bytes_be(digest) + &r * private) % &order;
    if r == BigUint::ZERO || s == BigUint::ZERO {
        return None;
    }
    let other = &order - &s;
    Some((r, s.min(other)))
}

/// SEQUENCE of two INTEGERs of 32 bytes each.
fn der((r, s): (BigUint, BigUint)) -> Vec<u8> {
    [vec![0x30, 68, 2, 32], padded(&r, 32), vec![2, 32], padded(&s, 32)].concat()
}

/// The nonces of RFC 6979 §3.2 with HMAC-SHA-256, one after the other.
struct Nonces {
    key: Vec<u8>,
    state: Vec<u8>,
}

impl Nonces {
    fn new(private: &BigUint, digest: &[u8]) -> Self {
        let reduced = BigUint::from_bytes_be(digest) % curve::order();
        let seed = [padded(private, 32), padded(&reduced, 32)].concat();
        let mut nonces = Self { key: vec![0; 32], state: vec![1; 32] };
        nonces.stir(&[&[0][..], &seed].concat());
        nonces.stir(&[&[1][..], &seed].concat());
        nonces
    }

    fn stir(&mut self, with: &[u8]) {
        self.key = hmac(&self.key, &[&self.state, with].concat());
        self.state = hmac(&self.key, &self.state);
    }
}

impl Iterator for Nonces {
    type Item = BigUint;

    fn next(&mut self) -> Option<BigUint> {
        loop {
            self.state = hmac(&self.key, &self.state);
            let nonce = BigUint::from_bytes_be(&self.state);
            self.stir(&[0]);
            if nonce != BigUint::ZERO && nonce < curve::order() {
                return Some(nonce);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6979 A.2.5, SHA-256, "sample" and "test": the nonces, and r with s or n − s.
    #[test]
    fn nonces_and_signatures_are_those_of_the_standard() {
        let private = number("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        for (message, nonce, r, s) in [
            (
                "sample",
                "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60",
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            ),
            (
                "test",
                "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0",
                "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
            ),
        ] {
            let digest = Hash::Sha256.of(message.as_bytes());
            let first = Nonces::new(&private, &digest).next().unwrap();
            assert_eq!(first, number(nonce), "{message}");
            let lower = number(s).min(curve::order() - number(s));
            assert_eq!(pair(&private, &digest, &first), Some((number(r), lower)), "{message}");
        }
    }
}
