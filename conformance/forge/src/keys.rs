//! The test keys, public by design; they protect nothing. `alice`, `bob` and `carol` are Ed25519, names in P are P-256, names in R are RSA.

mod rsa;

use ed25519_compact::{KeyPair, Seed};
use sha2::{Digest as _, Sha256};

use crate::curve;
use crate::edn::{Item, encode};
use crate::number::number;

/// The public exponent of every RSA test key: 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A key pair that everyone knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestKey {
    /// Its name in recipes and cases.
    pub name: &'static str,
    pub(crate) secret: Secret,
}

/// What signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    /// The seed: what RFC 8032 calls the secret key.
    Ed25519([u8; 32]),
    /// The private key d, in hexadecimal.
    EcdsaP256(&'static str),
    /// Modulus and private exponent, in hexadecimal.
    RsaPss {
        /// The modulus.
        modulus: &'static str,
        /// The private exponent.
        private: &'static str,
    },
}

/// A public key, right or wrong, in the parts that its record has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// The 32 bytes of an Ed25519 key.
    Ed25519(Vec<u8>),
    /// The 65 bytes `04` ‖ x ‖ y of a P-256 key.
    EcdsaP256(Vec<u8>),
    /// An RSA key, both numbers big-endian.
    RsaPssSha256 {
        /// The modulus.
        modulus: Vec<u8>,
        /// The public exponent.
        exponent: Vec<u8>,
    },
}

/// The secret keys of RFC 8032 §7.1, TEST 1 to TEST 3.
const ED25519: [TestKey; 3] = [
    TestKey {
        name: "alice",
        secret: Secret::Ed25519([
            0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
            0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
        ]),
    },
    TestKey {
        name: "bob",
        secret: Secret::Ed25519([
            0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a,
            0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
        ]),
    },
    TestKey {
        name: "carol",
        secret: Secret::Ed25519([
            0xc5, 0xaa, 0x8d, 0xf4, 0x3f, 0x9f, 0x83, 0x7b, 0xed, 0xb7, 0x44, 0x2f, 0x31, 0xdc, 0xb7, 0xb1, 0x66, 0xd3,
            0x85, 0x35, 0x07, 0x6f, 0x09, 0x4b, 0x85, 0xce, 0x3a, 0x2e, 0x0b, 0x44, 0x58, 0xf7,
        ]),
    },
];

/// The private keys of RFC 6979 A.2.5 and RFC 7515 A.3.
const P256: [TestKey; 2] = [
    p256("paul", "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"),
    p256("pia", "8e9b109e719098bf980487df1f5d77e9cb29606ebed2263b5f57c213df84f4b2"),
];

const fn p256(name: &'static str, private: &'static str) -> TestKey {
    TestKey { name, secret: Secret::EcdsaP256(private) }
}

/// The test key of this name: `alice`, `bob`, `carol` (Ed25519); `paul`, `pia` (P-256); `rita`, `ralf` (RSA of 2048 bits), `ruth` (3072),
/// `rosa` (4096).
#[must_use]
pub fn test_key(name: &str) -> Option<TestKey> {
    ED25519.into_iter().chain(P256).chain(self::rsa::KEYS).find(|key| key.name == name)
}

impl TestKey {
    /// The public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match self.secret {
            Secret::Ed25519(seed) => PublicKey::Ed25519(KeyPair::from_seed(Seed::new(seed)).pk.to_vec()),
            Secret::EcdsaP256(private) => PublicKey::EcdsaP256(curve::public(&number(private))),
            Secret::RsaPss { modulus, .. } => {
                PublicKey::RsaPssSha256 { modulus: number(modulus).to_bytes_be(), exponent: EXPONENT.to_vec() }
            }
        }
    }

    /// The id of the public key.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        self.public().id()
    }
}

impl PublicKey {
    /// The name of the algorithm that the key is for.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "ed25519",
            Self::EcdsaP256(_) => "ecdsa-p256",
            Self::RsaPssSha256 { .. } => "rsa-pss-sha256",
        }
    }

    /// Bytes that a signature's value has.
    #[must_use]
    pub fn value_length(&self) -> usize {
        match self {
            Self::Ed25519(_) | Self::EcdsaP256(_) => 64,
            Self::RsaPssSha256 { modulus, .. } => modulus.len(),
        }
    }

    /// The public key record: algorithm and key in deterministic CBOR.
    #[must_use]
    pub fn record(&self) -> Vec<u8> {
        let mut fields = vec![Item::text(self.algorithm())];
        match self {
            Self::Ed25519(key) | Self::EcdsaP256(key) => fields.push(Item::bytes(key.clone())),
            Self::RsaPssSha256 { modulus, exponent } => {
                fields.extend([Item::bytes(modulus.clone()), Item::bytes(exponent.clone())]);
            }
        }
        encode(&Item::array(fields))
    }

    /// The id of the key: the SHA-256 of its record.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        Sha256::digest(self.record()).into()
    }
}
