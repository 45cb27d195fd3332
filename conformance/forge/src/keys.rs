//! The three test keys, public by design: the secret keys of RFC 8032 §7.1, TEST 1 to TEST 3. They protect nothing.

use ed25519_compact::{KeyPair, Seed};
use sha2::{Digest as _, Sha256};

use crate::edn::{Item, encode};

/// A key pair that everyone knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestKey {
    /// Its name in recipes and cases.
    pub name: &'static str,
    /// The seed: what RFC 8032 calls the secret key.
    pub seed: [u8; 32],
}

const KEYS: [TestKey; 3] = [
    TestKey {
        name: "alice",
        seed: [
            0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
            0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
        ],
    },
    TestKey {
        name: "bob",
        seed: [
            0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a,
            0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
        ],
    },
    TestKey {
        name: "carol",
        seed: [
            0xc5, 0xaa, 0x8d, 0xf4, 0x3f, 0x9f, 0x83, 0x7b, 0xed, 0xb7, 0x44, 0x2f, 0x31, 0xdc, 0xb7, 0xb1, 0x66, 0xd3,
            0x85, 0x35, 0x07, 0x6f, 0x09, 0x4b, 0x85, 0xce, 0x3a, 0x2e, 0x0b, 0x44, 0x58, 0xf7,
        ],
    },
];

/// The test key of this name: `alice`, `bob` or `carol`.
#[must_use]
pub fn test_key(name: &str) -> Option<TestKey> {
    KEYS.into_iter().find(|key| key.name == name)
}

impl TestKey {
    pub(crate) fn pair(&self) -> KeyPair {
        KeyPair::from_seed(Seed::new(self.seed))
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        *self.pair().pk
    }

    /// The id of the public key.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        key_id(&self.public())
    }
}

/// The id of an Ed25519 public key: the SHA-256 of the deterministic CBOR of `["ed25519", key]`.
#[must_use]
pub fn key_id(public: &[u8]) -> [u8; 32] {
    let record = Item::array(vec![Item::text("ed25519"), Item::bytes(public.to_vec())]);
    Sha256::digest(encode(&record)).into()
}
