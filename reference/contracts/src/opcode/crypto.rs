//! Category `crypto`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Field, Form, Instruction, Opcode, Reply};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, Operands, Status, StatusSet};

//= ADP-CRYPTO-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] =
    &[SHA256, HMAC_SHA256, AEAD_SEAL, AEAD_OPEN, ED25519_PUBLIC, ED25519_SIGN, ED25519_VERIFY];

/// `crypto.sha256`: the SHA-256 digest.
pub const SHA256: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 1,
    name: "crypto.sha256",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    reply: &[Field { name: "digest", form: Form::Bytes { min: 32, max: 32 }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `crypto.sha256`: the SHA-256 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sha256<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for Sha256<'a> {
    const OPCODE: Opcode = SHA256;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// What `crypto.sha256` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sha256Reply<'a> {
    /// Bytes, 32 bytes.
    pub digest: &'a [u8],
}

impl<'a> Reply<'a> for Sha256Reply<'a> {
    const OPCODE: Opcode = SHA256;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.digest);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(digest)) = values.next() else { return None };
        Some(Self { digest })
    }
}

/// `crypto.hmac_sha256`: the HMAC with SHA-256.
pub const HMAC_SHA256: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 2,
    name: "crypto.hmac_sha256",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[
        Field { name: "key", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "tag", form: Form::Bytes { min: 32, max: 32 }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `crypto.hmac_sha256`: the HMAC with SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HmacSha256<'a> {
    /// Bytes.
    pub key: &'a [u8],
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for HmacSha256<'a> {
    const OPCODE: Opcode = HMAC_SHA256;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.key);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(key)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { key, data })
    }
}

/// What `crypto.hmac_sha256` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HmacSha256Reply<'a> {
    /// Bytes, 32 bytes.
    pub tag: &'a [u8],
}

impl<'a> Reply<'a> for HmacSha256Reply<'a> {
    const OPCODE: Opcode = HMAC_SHA256;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.tag);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(tag)) = values.next() else { return None };
        Some(Self { tag })
    }
}

/// `crypto.aead_seal`: encrypts by AES-256-GCM; a nonce is used once with a key.
pub const AEAD_SEAL: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 3,
    name: "crypto.aead_seal",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[
        Field { name: "key", form: Form::Bytes { min: 32, max: 32 }, optional: false },
        Field { name: "nonce", form: Form::Bytes { min: 12, max: 12 }, optional: false },
        Field { name: "associated", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
        Field { name: "plaintext", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "sealed", form: Form::Bytes { min: 16, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `crypto.aead_seal`: encrypts by AES-256-GCM; a nonce is used once with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AeadSeal<'a> {
    /// Bytes, 32 bytes.
    pub key: &'a [u8],
    /// Bytes, 12 bytes.
    pub nonce: &'a [u8],
    /// Bytes.
    pub associated: &'a [u8],
    /// Bytes.
    pub plaintext: &'a [u8],
}

impl<'a> Instruction<'a> for AeadSeal<'a> {
    const OPCODE: Opcode = AEAD_SEAL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.key);
        encoder.bytes(self.nonce);
        encoder.bytes(self.associated);
        encoder.bytes(self.plaintext);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(key)) = values.next() else { return None };
        let Some(OperandRef::Bytes(nonce)) = values.next() else { return None };
        let Some(OperandRef::Bytes(associated)) = values.next() else { return None };
        let Some(OperandRef::Bytes(plaintext)) = values.next() else { return None };
        Some(Self { key, nonce, associated, plaintext })
    }
}

/// What `crypto.aead_seal` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AeadSealReply<'a> {
    /// Bytes, 16 bytes or more.
    pub sealed: &'a [u8],
}

impl<'a> Reply<'a> for AeadSealReply<'a> {
    const OPCODE: Opcode = AEAD_SEAL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.sealed);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(sealed)) = values.next() else { return None };
        Some(Self { sealed })
    }
}

/// `crypto.aead_open`: decrypts by AES-256-GCM; status denied where the tag is wrong.
pub const AEAD_OPEN: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 4,
    name: "crypto.aead_open",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[
        Field { name: "key", form: Form::Bytes { min: 32, max: 32 }, optional: false },
        Field { name: "nonce", form: Form::Bytes { min: 12, max: 12 }, optional: false },
        Field { name: "associated", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
        Field { name: "sealed", form: Form::Bytes { min: 16, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "plaintext", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied]),
    opens: None,
    closes: false,
};

/// `crypto.aead_open`: decrypts by AES-256-GCM; status denied where the tag is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AeadOpen<'a> {
    /// Bytes, 32 bytes.
    pub key: &'a [u8],
    /// Bytes, 12 bytes.
    pub nonce: &'a [u8],
    /// Bytes.
    pub associated: &'a [u8],
    /// Bytes, 16 bytes or more.
    pub sealed: &'a [u8],
}

impl<'a> Instruction<'a> for AeadOpen<'a> {
    const OPCODE: Opcode = AEAD_OPEN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.key);
        encoder.bytes(self.nonce);
        encoder.bytes(self.associated);
        encoder.bytes(self.sealed);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(key)) = values.next() else { return None };
        let Some(OperandRef::Bytes(nonce)) = values.next() else { return None };
        let Some(OperandRef::Bytes(associated)) = values.next() else { return None };
        let Some(OperandRef::Bytes(sealed)) = values.next() else { return None };
        Some(Self { key, nonce, associated, sealed })
    }
}

/// What `crypto.aead_open` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AeadOpenReply<'a> {
    /// Bytes.
    pub plaintext: &'a [u8],
}

impl<'a> Reply<'a> for AeadOpenReply<'a> {
    const OPCODE: Opcode = AEAD_OPEN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.plaintext);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(plaintext)) = values.next() else { return None };
        Some(Self { plaintext })
    }
}

/// `crypto.ed25519_public`: the public key of a secret one.
pub const ED25519_PUBLIC: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 5,
    name: "crypto.ed25519_public",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[Field { name: "secret", form: Form::Bytes { min: 32, max: 32 }, optional: false }],
    reply: &[Field { name: "public", form: Form::Bytes { min: 32, max: 32 }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `crypto.ed25519_public`: the public key of a secret one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Public<'a> {
    /// Bytes, 32 bytes.
    pub secret: &'a [u8],
}

impl<'a> Instruction<'a> for Ed25519Public<'a> {
    const OPCODE: Opcode = ED25519_PUBLIC;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.secret);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(secret)) = values.next() else { return None };
        Some(Self { secret })
    }
}

/// What `crypto.ed25519_public` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519PublicReply<'a> {
    /// Bytes, 32 bytes.
    pub public: &'a [u8],
}

impl<'a> Reply<'a> for Ed25519PublicReply<'a> {
    const OPCODE: Opcode = ED25519_PUBLIC;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.public);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(public)) = values.next() else { return None };
        Some(Self { public })
    }
}

/// `crypto.ed25519_sign`: signs a message by Ed25519.
pub const ED25519_SIGN: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 6,
    name: "crypto.ed25519_sign",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[
        Field { name: "secret", form: Form::Bytes { min: 32, max: 32 }, optional: false },
        Field { name: "message", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "signature", form: Form::Bytes { min: 64, max: 64 }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `crypto.ed25519_sign`: signs a message by Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Sign<'a> {
    /// Bytes, 32 bytes.
    pub secret: &'a [u8],
    /// Bytes.
    pub message: &'a [u8],
}

impl<'a> Instruction<'a> for Ed25519Sign<'a> {
    const OPCODE: Opcode = ED25519_SIGN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.secret);
        encoder.bytes(self.message);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(secret)) = values.next() else { return None };
        let Some(OperandRef::Bytes(message)) = values.next() else { return None };
        Some(Self { secret, message })
    }
}

/// What `crypto.ed25519_sign` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519SignReply<'a> {
    /// Bytes, 64 bytes.
    pub signature: &'a [u8],
}

impl<'a> Reply<'a> for Ed25519SignReply<'a> {
    const OPCODE: Opcode = ED25519_SIGN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.signature);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(signature)) = values.next() else { return None };
        Some(Self { signature })
    }
}

/// `crypto.ed25519_verify`: whether an Ed25519 signature is right.
pub const ED25519_VERIFY: Opcode = Opcode {
    category: Category::CRYPTO,
    number: 7,
    name: "crypto.ed25519_verify",
    capabilities: CapabilitySet::from_bits(0x0400),
    operands: &[
        Field { name: "public", form: Form::Bytes { min: 32, max: 32 }, optional: false },
        Field { name: "message", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
        Field { name: "signature", form: Form::Bytes { min: 64, max: 64 }, optional: false },
    ],
    reply: &[Field { name: "valid", form: Form::Bool, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `crypto.ed25519_verify`: whether an Ed25519 signature is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Verify<'a> {
    /// Bytes, 32 bytes.
    pub public: &'a [u8],
    /// Bytes.
    pub message: &'a [u8],
    /// Bytes, 64 bytes.
    pub signature: &'a [u8],
}

impl<'a> Instruction<'a> for Ed25519Verify<'a> {
    const OPCODE: Opcode = ED25519_VERIFY;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.public);
        encoder.bytes(self.message);
        encoder.bytes(self.signature);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(public)) = values.next() else { return None };
        let Some(OperandRef::Bytes(message)) = values.next() else { return None };
        let Some(OperandRef::Bytes(signature)) = values.next() else { return None };
        Some(Self { public, message, signature })
    }
}

/// What `crypto.ed25519_verify` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519VerifyReply {
    /// A truth value.
    pub valid: bool,
}

impl<'a> Reply<'a> for Ed25519VerifyReply {
    const OPCODE: Opcode = ED25519_VERIFY;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bool(self.valid);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bool(valid)) = values.next() else { return None };
        Some(Self { valid })
    }
}
