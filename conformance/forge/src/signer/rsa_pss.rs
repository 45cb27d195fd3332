//! RSASSA-PSS by the textbook (RFC 8017 §8.1.1 and §9.1.1), with a salt made from the message; and values for lax verifiers.

use num_bigint::BigUint;

use super::not_here;
use crate::RecipeError;
use crate::hash::{Hash, mgf1};
use crate::number::{number, padded};
use crate::recipe::{Form, Sign};

/// The salt that the format asks for.
const SALT: usize = 32;

/// What stands before a SHA-256 in EMSA-PKCS1-v1_5 (RFC 8017 §9.2, note 1).
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

pub(super) fn value(modulus: &str, private: &str, sign: &Sign, signed: &[u8]) -> Result<Vec<u8>, RecipeError> {
    let (modulus, private) = (number(modulus), number(private));
    let length = modulus.to_bytes_be().len();
    let hash = sign.hash.unwrap_or(Hash::Sha256);
    let power = |encoded: &[u8]| BigUint::from_bytes_be(encoded).modpow(&private, &modulus);
    let encoding = Encoding { hash, mgf: sign.mgf.unwrap_or(hash), salt: sign.salt.unwrap_or(SALT), length };
    let encode = |salt: u8| encoding.encode(signed, salt, sign.form);
    Ok(match sign.form {
        None | Some(Form::Trailer | Form::PaddingNonzero | Form::NoSeparator) => padded(&power(&encode(0)?), length),
        // What is at or above the modulus cannot be raised; another salt can do.
        Some(Form::TopBit) => {
            let encoded = first(|salt| {
                let encoded = encode(salt)?;
                Ok((BigUint::from_bytes_be(&encoded) < modulus).then_some(encoded))
            })?;
            padded(&power(&encoded), length)
        }
        Some(Form::PlusModulus) => first(|salt| {
            let sum = padded(&(power(&encode(salt)?) + &modulus), length);
            Ok((sum.len() == length).then_some(sum))
        })?,
        Some(Form::Negated) => padded(&(&modulus - power(&encode(0)?)), length),
        Some(Form::LeadingZero) => padded(&power(&encode(0)?), length.saturating_add(1)),
        Some(Form::LittleEndian) => padded(&power(&encode(0)?), length).into_iter().rev().collect(),
        Some(Form::Encoded) => encode(0)?,
        Some(Form::Pkcs1V15) => {
            let digest = [&SHA256_INFO[..], &Hash::Sha256.of(signed)].concat();
            let fill = vec![0xff; length.saturating_sub(digest.len() + 3)];
            padded(&power(&[&[0, 1][..], &fill, &[0], &digest].concat()), length)
        }
        Some(_) => return Err(not_here("this form", "rsa-pss-sha256")),
    })
}

/// The first salt's value that will do; half of them do.
fn first(value: impl Fn(u8) -> Result<Option<Vec<u8>>, RecipeError>) -> Result<Vec<u8>, RecipeError> {
    for salt in 0..=u8::MAX {
        if let Some(value) = value(salt)? {
            return Ok(value);
        }
    }
    Err(super::fault("no salt gives a value of this form"))
}

/// EMSA-PSS with its parameters.
struct Encoding {
    hash: Hash,
    mgf: Hash,
    /// Bytes of the salt.
    salt: usize,
    /// Bytes of the modulus, whose highest bit is set.
    length: usize,
}

impl Encoding {
    /// The encoded message; `salt` chooses one of many salts.
    fn encode(&self, message: &[u8], salt: u8, form: Option<Form>) -> Result<Vec<u8>, RecipeError> {
        let digest = self.hash.of(message);
        let salt = mgf1(Hash::Sha256, &[&digest[..], &[salt]].concat(), self.salt);
        let h = self.hash.of(&[&[0; 8][..], &digest, &salt].concat());
        let fill =
            self.length.checked_sub(salt.len() + h.len() + 2).ok_or_else(|| super::fault("the salt is too long"))?;
        let mut data = [vec![0; fill], vec![u8::from(form != Some(Form::NoSeparator))], salt].concat();
        if form == Some(Form::PaddingNonzero)
            && let Some(middle) = data.get_mut(fill / 2)
        {
            *middle = 1;
        }
        let mask = mgf1(self.mgf, &h, data.len());
        data.iter_mut().zip(mask).for_each(|(to, with)| *to ^= with);
        if let Some(highest) = data.first_mut() {
            *highest = if form == Some(Form::TopBit) { *highest | 0x80 } else { *highest & 0x7f };
        }
        let trailer = if form == Some(Form::Trailer) { 0xcc } else { 0xbc };
        Ok([data, h, vec![trailer]].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Secret;
    use crate::test_key;

    /// What the public key makes of the value that `sign` gives for "message", and the modulus.
    fn opened(sign: &str) -> (Vec<u8>, BigUint, BigUint) {
        let sign: Sign = toml::from_str(&format!("key = 'rita'\n{sign}")).unwrap();
        let Secret::RsaPss { modulus, private } = test_key("rita").unwrap().secret else { panic!("an rsa key") };
        let value = BigUint::from_bytes_be(&value(modulus, private, &sign, b"message").unwrap());
        let modulus = number(modulus);
        (padded(&value.modpow(&BigUint::from(65537_u32), &modulus), 256), value, modulus)
    }

    /// The data block behind its mask, by RFC 8017 §9.1.2, and whether the hash is that of the salt found in it.
    fn data(encoded: &[u8], hash: Hash, mgf: Hash, salt: usize) -> (Vec<u8>, bool) {
        let width = hash.of(b"").len();
        let (masked, rest) = encoded.split_at(256 - width - 1);
        let h = &rest[..width];
        let mut data: Vec<u8> = masked.iter().zip(mgf1(mgf, h, masked.len())).map(|(byte, mask)| byte ^ mask).collect();
        data[0] &= 0x7f;
        let salt = data[data.len() - salt..].to_vec();
        let is_its = hash.of(&[&[0; 8][..], &hash.of(b"message"), &salt].concat()) == h;
        (data, is_its)
    }

    #[test]
    fn each_choice_of_parameters_is_good_under_these_parameters() {
        for (sign, hash, mgf, salt) in [
            ("", Hash::Sha256, Hash::Sha256, 32),
            ("salt = 0", Hash::Sha256, Hash::Sha256, 0),
            ("salt = 222", Hash::Sha256, Hash::Sha256, 222),
            ("mgf = 'sha1'", Hash::Sha256, Hash::Sha1, 32),
            ("hash = 'sha512'\nsalt = 64", Hash::Sha512, Hash::Sha512, 64),
            ("hash = 'sha1'\nmgf = 'sha256'", Hash::Sha1, Hash::Sha256, 32),
        ] {
            let (encoded, ..) = opened(sign);
            let (data, is_its) = data(&encoded, hash, mgf, salt);
            let end = data.len() - salt - 1;
            assert!(is_its && data[..end].iter().all(|byte| *byte == 0) && data[end] == 1, "{sign}");
            assert_eq!((encoded[0] & 0x80, encoded[255]), (0, 0xbc), "{sign}");
        }
    }

    #[test]
    fn each_form_goes_wrong_in_one_way() {
        let good = |encoded: &[u8]| data(encoded, Hash::Sha256, Hash::Sha256, 32);
        let (right, right_value, modulus) = opened("");
        let (encoded, ..) = opened("form = 'trailer'");
        assert_eq!((&encoded[..255], encoded[255]), (&right[..255], 0xcc));
        let (encoded, ..) = opened("form = 'top-bit'");
        assert!(encoded[0] & 0x80 != 0 && good(&encoded).1 && encoded[255] == 0xbc);
        let (encoded, ..) = opened("form = 'padding-nonzero'");
        assert_eq!((good(&encoded).0[..190].iter().filter(|byte| **byte != 0).count(), good(&encoded).1), (1, true));
        let (encoded, ..) = opened("form = 'no-separator'");
        assert_eq!((good(&encoded).0[..191].iter().all(|byte| *byte == 0), good(&encoded).1), (true, true));
        let (encoded, value, _) = opened("form = 'plus-modulus'");
        assert!(value > modulus && good(&encoded).1 && encoded[255] == 0xbc);
        let (_, value, _) = opened("form = 'negated'");
        assert_eq!(value + &right_value, modulus);
        let (_, value, _) = opened("form = 'encoded'");
        assert_eq!(padded(&value, 256), right);
        let (encoded, ..) = opened("form = 'pkcs1-v1_5'");
        assert_eq!((&encoded[..2], &encoded[224..]), (&[0, 1][..], &Hash::Sha256.of(b"message")[..]));
    }
}
