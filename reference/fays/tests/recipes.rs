//! The committed modules are what stands beside them. `cargo xtask fays` builds them anew where the compilers are.

use std::fs;
use std::path::{Path, PathBuf};

use fayger_fays::{ALL, Fay, HELLO};
use sha2::{Digest as _, Sha256};

fn file(fay: Fay, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(fay.folder).join(name)
}

#[test]
fn each_module_has_the_hash_that_stands_beside_it() {
    for fay in ALL {
        let sums = fs::read_to_string(file(fay, "SHA256SUMS")).expect("sums");
        let expected = format!("{}  {}.wasm\n", hex::encode(Sha256::digest(fay.module)), fay.name);
        assert_eq!(sums, expected, "{}", fay.name);
    }
}

#[test]
fn the_greeting_is_what_its_text_says() {
    let text = fs::read_to_string(file(HELLO, "hello.wat")).expect("source");
    let module = wat::parse_str(text).expect("a module");
    assert!(module == HELLO.module, "`hello.wasm` is not what `hello.wat` says");
}
