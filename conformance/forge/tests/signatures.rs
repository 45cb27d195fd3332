//! The signer against RFC 8032 and against tools outside this project.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;

use fayger_forge::{Changes, PublicKey, Recipe, Sign, expand, test_key};
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
        assert_eq!(test_key(name).unwrap().public(), PublicKey::Ed25519(hex::decode(public).unwrap()));
    }
    assert_eq!(test_key("mallory"), None);
}

#[test]
fn a_key_id_is_the_hash_of_the_key_record() {
    for (name, id) in [
        // printf '82 67 65643235353139 5820 d75a…511a' | xxd -r -p | sha256sum
        ("alice", "c440490e00864e1f6bedef3367d299e91726f669b4acc5fa3b7813a08b99313d"),
        // 82 6a 65636473612d70323536 5841 0460fe…2299
        ("paul", "9809954662fa1976a77e1bb1a41de5b8713a092cd4bb229365a311506165a3be"),
        // 83 6e 7273612d7073732d736861323536 590100 cf1874…aeaf 43 010001
        ("rita", "0d91aa00944689cef7594d68c81a62ee8fcd69d9ad3a3fc11149884d12ac9534"),
    ] {
        assert_eq!(hex::encode(test_key(name).unwrap().id()), id);
    }
}

/// The secret key of TEST 1, RFC 8032 §7.1.
const ALICE: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5,
    0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

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
    let pair = ed25519_compact::KeyPair::from_seed(ed25519_compact::Seed::new(ALICE));
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

/// By the ECDSA of Python's `cryptography` (`deterministic_signing`), over bytes assembled by hand; for paul its s was the higher.
const PAUL: [&str; 2] = [
    "b7e73ef5a129cd8f8cc3d8b3bbe22898c67e00003ba18a92b4394630445d4074",
    "534b32680032881dc209b328ce04968bc3e3de446253c0b85368590b4aa4c707",
];

#[test]
fn ecdsa_values_are_those_of_another_tool() {
    assert_eq!(value("key = 'paul'"), PAUL.concat());
    let pia = "06656655a47141ea90bc8d9569c783c0d2cc664827b8927db90906236a4163dd\
               1808a2443a0d0504fc3bf62589fd2bd8426bc3efd5a653bc3e9be682b721f178";
    assert_eq!(value("key = 'pia'"), pia);
}

/// n is ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551; the differences are Python's.
#[test]
fn wrong_ecdsa_values_are_made_of_the_good_one() {
    let [r, s] = PAUL;
    let (zero, order) = ("00".repeat(32), "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let turned = |number: &str| hex::encode(hex::decode(number).unwrap().into_iter().rev().collect::<Vec<_>>());
    for (form, expected) in [
        ("high-s", format!("{r}acb4cd96ffcd77e33df64cd731fb6973f9031c6944c3ddcca05171b7b1be5e4a")),
        ("swapped", format!("{s}{r}")),
        ("little-endian", turned(r) + &turned(s)),
        ("r-zero", format!("{zero}{s}")),
        ("s-zero", format!("{r}{zero}")),
        ("r-order", format!("{order}{s}")),
        ("s-order", format!("{r}{order}")),
        ("r-negated", format!("4818c1095ed63271733c274c441dd766f668faad6b7613f23f808492b805e4dd{s}")),
    ] {
        assert_eq!(value(&format!("key = 'paul'\nform = '{form}'")), expected, "{form}");
    }
    let der = value("key = 'paul'\nform = 'der'");
    assert_eq!((der.len(), der.get(..8), der.get(72..76)), (140, Some("30440220"), Some("0220")));
}

/// The salt is MGF1-SHA-256 of the message's SHA-256 and a zero byte. Encoded and raised in Python with `pow`, and verified there by the
/// RSA-PSS of `cryptography`.
#[test]
fn rsa_values_are_those_of_another_tool() {
    for (name, length, digest) in [
        ("rita", 256, "87c889757e4e544b9b747d9ec30642d9d9c601b1309b63fde1344e8e14e47ee5"),
        ("ralf", 256, "e906ca948e1a3ae4266df61f670c99ed311d44ca1c964d936e7e25fb13f9d769"),
        ("ruth", 384, "98f2abe309f81913732f05a969e1828114d03982a51908ec2086fab60081d19e"),
        ("rosa", 512, "1c59bb015c07478c83bdcf2ec8d056d3ed504915fce07d6ca5f3cef0fdbba877"),
    ] {
        let value = hex::decode(value(&format!("key = '{name}'"))).unwrap();
        assert_eq!((value.len(), hex::encode(Sha256::digest(&value)).as_str()), (length, digest), "{name}");
    }
}
