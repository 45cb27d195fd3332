//! Signers that live elsewhere: what they give is verified before it goes in.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod common;

use std::error::Error;

use common::*;
use ed25519_dalek::{Signer as _, SigningKey};
use fayger_contracts::{BufObject, ErrorCode, FaygerError, SignatureStatus};
use fayger_loader::{BufBuilder, PublicKey, Signer};

type Sign = fn(&[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>>;

/// A signer that does as it is told.
struct Told {
    public: PublicKey,
    sign: Sign,
}

impl Signer for Told {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
        (self.sign)(payload)
    }
}

fn sign_with(sign: Sign) -> Result<BufBuilder, FaygerError> {
    let public = PublicKey::ed25519(SigningKey::from_bytes(&ALICE).verifying_key().as_bytes()).expect("good");
    BufBuilder::new(draft()).expect("a good draft").sign(&Told { public, sign })
}

fn good(payload: &[u8]) -> Vec<u8> {
    SigningKey::from_bytes(&ALICE).sign(payload).to_bytes().to_vec()
}

#[test]
fn a_good_value_goes_in() {
    let builder = sign_with(|payload| Ok(good(payload))).expect("signed");
    assert_eq!(written(&builder), signed());
    let object = load_bytes(&signed(), &request()).expect("good");
    assert!(matches!(object.signature(), SignatureStatus::Verified { algorithm: "ed25519", .. }));
}

#[test]
fn a_value_that_does_not_verify_never_goes_in() {
    let faulty: [(Sign, &str); 3] = [
        (|payload| Ok(good(&[payload, b"."].concat())), "BadSignature"),
        (|payload| Ok(good(payload).into_iter().take(63).collect()), "MalformedSignature"),
        (|payload| Ok([good(payload), vec![0]].concat()), "MalformedSignature"),
    ];
    for (sign, reason) in faulty {
        let error = sign_with(sign).err().expect("refused");
        assert_eq!(error.code, ErrorCode::SerDraftInvalid);
        assert_eq!(
            (&error.context["field"], &error.context["reason"]),
            (&"/signature/value".into(), &"signature".into())
        );
        let cause = error.cause.expect("the verdict");
        assert_eq!((cause.code, &cause.context["reason"]), (ErrorCode::LdrSignatureFail, &reason.into()));
    }
}

#[test]
fn a_signer_that_fails_is_reported_over_what_it_said() {
    let error = sign_with(|_| Err("no card in the reader".into())).err().expect("refused");
    assert_eq!((error.code, &error.context["reason"]), (ErrorCode::SerIo, &"signer".into()));
    let cause = error.cause.expect("the signer's own words");
    assert_eq!((cause.code, cause.message.as_str()), (ErrorCode::HostNative, "no card in the reader"));
}
