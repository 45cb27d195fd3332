//! How a recipe signs its artifact, rightly and wrongly.

use serde::Deserialize;

use super::maybe_commented_hex;
use crate::hash::Hash;

/// How an artifact is signed. Every key but the first is there to go wrong in one way.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// The name of the test key that signs.
    pub key: String,
    /// The algorithm to name; absent: that of the signing key.
    pub algorithm: Option<String>,
    /// The key id to name, as hex or as a test key's name; absent: that of the signing key.
    pub key_id: Option<String>,
    /// The signature's value, given in hex instead of computed.
    #[serde(default, deserialize_with = "maybe_commented_hex")]
    pub value: Option<Vec<u8>>,
    /// The value's length: cut, or filled up with zeros.
    pub length: Option<usize>,
    /// The value's byte whose lowest bit is flipped.
    pub flip: Option<usize>,
    /// What is signed instead of the right bytes.
    pub over: Option<Over>,
    /// For ECDSA and RSA, the hash; absent: SHA-256.
    pub hash: Option<Hash>,
    /// For RSA, the hash of MGF1; absent: the one of the message.
    pub mgf: Option<Hash>,
    /// For RSA, the bytes of the salt; absent: 32.
    pub salt: Option<usize>,
    /// A value that a lax verifier takes.
    pub form: Option<Form>,
}

/// Wrong bytes to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Without the Header.
    NoHeader,
    /// Without the Section_Index.
    NoIndex,
    /// Header, Section_Index, Manifest.
    IndexFirst,
    /// The Manifest with its signature pair, the value all zeros.
    SignaturePair,
    /// The Manifest without the pair, but with the count of its map head as it was.
    CountNotReduced,
    /// The Header as it would be without a signature.
    HeaderBeforeSigning,
    /// The right bytes and all section bodies behind them.
    BodiesToo,
    /// The SHA-256 of the right bytes.
    Sha256,
}

/// A signature value that is made to slip through one missing check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// S + L instead of S.
    SPlusL,
    /// R the neutral point, S to match: the group equation holds.
    RNeutral,
    /// R the neutral point with the sign bit set, S to match: the equation holds for what a lax decoder makes of R.
    RNeutralSigned,
    /// R a point of order 8, S to match: the equation times eight holds.
    ROrderEight,
    /// ECDSA: n − s instead of s.
    HighS,
    /// ECDSA: s ‖ r.
    Swapped,
    /// ECDSA: r = 0.
    RZero,
    /// ECDSA: s = 0.
    SZero,
    /// ECDSA: r = n, the order.
    ROrder,
    /// ECDSA: s = n, the order.
    SOrder,
    /// ECDSA: n − r instead of r.
    RNegated,
    /// ECDSA: the DER of r and s, 70 bytes.
    Der,
    /// ECDSA and RSA: the numbers with their least significant byte first.
    LittleEndian,
    /// ECDSA and RSA: one zero byte in front.
    LeadingZero,
    /// RSA: the value and the modulus added, in as many bytes.
    PlusModulus,
    /// RSA: the modulus less the value.
    Negated,
    /// RSA: the encoded message itself, not raised to anything.
    Encoded,
    /// RSA: the encoded message ends in `cc`, not `bc`.
    Trailer,
    /// RSA: the encoded message's highest bit is set.
    TopBit,
    /// RSA: a byte of the padding is 1, not 0.
    PaddingNonzero,
    /// RSA: the padding ends in 0, not 1.
    NoSeparator,
    /// RSA: RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "pkcs1-v1_5")]
    Pkcs1V15,
}
