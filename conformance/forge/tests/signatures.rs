//! The signer against RFC 8032 and against tools outside this project.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;

use fayger_forge::{Changes, Recipe, Sign, expand, key_id, test_key};
use sha2::{Digest as _, Sha256};

/// The signature's value where the recipe `signed` is signed as told, and the bytes that a right one covers.
fn signed(toml: &str) -> (String, Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/recipes/signed.toml");
    let recipe: Recipe = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let sign: Sign = toml::from_str(toml).unwrap();
    let artifact = expand(&recipe, &Changes { sign: Some(sign), ..Changes::default() }).unwrap();
    (hex::encode(artifact.model.unwrap().signature.unwrap().value), artifact.signed.unwrap())
}

fn value(toml: &str) -> String {
    signed(toml).0
}

#[test]
fn the_test_keys_are_those_of_rfc_8032() {
    for (name, public) in [
        ("alice", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        ("bob", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        ("carol", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
    ] {
        assert_eq!(hex::encode(test_key(name).unwrap().public()), public);
    }
    assert_eq!(test_key("mallory"), None);
}

#[test]
fn a_key_id_is_the_hash_of_the_key_record() {
    // printf '82 67 65643235353139 5820 d75a…511a' | xxd -r -p | sha256sum
    assert_eq!(
        hex::encode(key_id(&test_key("alice").unwrap().public())),
        "c440490e00864e1f6bedef3367d299e91726f669b4acc5fa3b7813a08b99313d"
    );
}

/// R and S by the Ed25519 of Python's `cryptography`, over the bytes assembled by hand.
const R: &str = "3d30fdd2ea04826775009ef31a53a616fd852a29f2bd6dde50979dfe00d7a7a5";
const S: &str = "46bf9856bdd715bbf5eb2d0bdd004344fb2b2639b1bb5d6b798be7a1924bf80d";

#[test]
fn a_good_value_is_that_of_another_tool() {
    let (value, covered) = signed("key = 'alice'");
    assert_eq!(value, format!("{R}{S}"));
    // Header, Manifest without the 142 bytes of the signature pair, Section_Index.
    assert_eq!(covered.len(), 48 + 413 - 142 + 42);
    assert_eq!(covered.get(..4), Some(&b"BUF\0"[..]));
    assert_eq!(covered.get(48), Some(&0xa8), "the head of M′ counts eight pairs");
}

/// The last three were worked out in Python with the formulas of RFC 8032, section 6: S = k·a mod L for the R that is given.
#[test]
fn values_for_lax_verifiers_are_those_of_the_textbook() {
    let zeros = "00".repeat(30);
    for (form, expected) in [
        ("s-plus-l", format!("{R}33938eb3d73a2813cc8825aebbfa2159fb2b2639b1bb5d6b798be7a1924bf81d")),
        ("r-neutral", format!("01{zeros}00a5e752a6ff0f696b23b05ee41290d2c0bf83fd9ddcdf254d8e6c49171e50210c")),
        ("r-neutral-signed", format!("01{zeros}80b55d4fd5fc7597107d957ec7e6b331c392862939ad2a4b37824b1a105857b103")),
        (
            "r-order-eight",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a\
             4f18f2f2e008939c74e9d863a49c54aac353bbbe93e6ce2e1a3f324f90bf7907"
                .to_owned(),
        ),
    ] {
        assert_eq!(value(&format!("key = 'alice'\nform = '{form}'")), expected, "{form}");
    }
}

#[test]
fn a_value_is_flipped_cut_and_filled_up() {
    let flipped = format!("3c{}{S}", R.strip_prefix("3d").unwrap());
    assert_eq!(value("key = 'alice'\nflip = 0"), flipped);
    assert_eq!(value("key = 'alice'\nvalue = 'ab cd'"), "abcd");
    assert_eq!(value("key = 'alice'\nvalue = 'ab cd'\nlength = 3"), "abcd00");
    // Another length is another Header, so that the 63 bytes are not a prefix of the good value.
    assert_eq!(value("key = 'alice'\nlength = 63").len(), 2 * 63);
}

/// What each wrong way of signing covers, taken apart by hand from the right bytes; Ed25519 is deterministic, so that equal values mean equal bytes.
#[test]
fn wrong_parts_are_signed_as_they_say() {
    let (right, covered) = signed("key = 'alice'");
    let mut seen = vec![right];
    for over in [
        "no-header",
        "no-index",
        "index-first",
        "signature-pair",
        "count-not-reduced",
        "header-before-signing",
        "bodies-too",
        "sha256",
    ] {
        let (value, still) = signed(&format!("key = 'alice'\nover = '{over}'"));
        assert_eq!(still, covered, "{over}: what should be covered does not depend on what is");
        assert!(!seen.contains(&value), "{over}");
        seen.push(value);
    }
    let pair = ed25519_compact::KeyPair::from_seed(ed25519_compact::Seed::new(test_key("alice").unwrap().seed));
    let of = |message: &[u8]| hex::encode(*pair.sk.sign(message, None));
    let (header, rest) = covered.split_at(48);
    let (manifest, index) = rest.split_at(271);
    let mut counted = manifest.to_vec();
    counted.splice(..1, [0xa9]);
    let unsigned_header = [&header[..24], &271_u64.to_le_bytes(), &319_u64.to_le_bytes(), &header[40..]].concat();
    for (number, message) in [
        (1, [manifest, index].concat()),
        (2, [header, manifest].concat()),
        (3, [header, index, manifest].concat()),
        (5, [header, &counted, index].concat()),
        (6, [&unsigned_header, manifest, index].concat()),
        (7, [&covered[..], b"\0asm\x01\0\0\0"].concat()),
        (8, Sha256::digest(&covered).to_vec()),
    ] {
        assert_eq!(seen.get(number), Some(&of(&message)), "{number}");
    }
}
