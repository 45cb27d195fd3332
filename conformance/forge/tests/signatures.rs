//! The signer against RFC 8032, and each lax-verifier value against a tool outside this project.

use fayger_forge::{key_id, test_key};

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
