//! The committed modules are what their sources and recipes make.
#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use fayger_fays::{ALL, CLOCK, Fay, HELLO, REPORT};
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

/// Runs a recipe where the compilers say what it was written for, and compares; elsewhere says loudly that it did not.
fn rebuilds(fay: Fay, compilers: &[(&str, &str, &str)]) {
    for (program, argument, expected) in compilers {
        let output = Command::new(program).arg(argument).output();
        let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        if !said.contains(expected) {
            println!("SKIPPED: `{}` was not built anew: `{program} {argument}` does not say `{expected}`", fay.name);
            return;
        }
    }
    let folder = tempfile::tempdir().expect("a directory");
    let to = folder.path().join("built.wasm");
    let status = Command::new(file(fay, "build.sh")).arg(&to).status().expect("a shell");
    assert!(status.success(), "`build.sh` of `{}` fails", fay.name);
    assert!(fs::read(to).expect("built") == fay.module, "`{}` is built to other bytes", fay.name);
}

#[test]
fn the_report_is_built_to_the_same_bytes() {
    rebuilds(REPORT, &[("clang", "--version", "clang version 14.0.6"), ("wasm-ld", "--version", "LLD 14.0.6")]);
}

#[test]
fn the_clock_is_built_to_the_same_bytes() {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let compiler =
        [(rustc.as_str(), "-vV", "ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96"), (&rustc, "-vV", "LLVM version: 22.1.8")];
    rebuilds(CLOCK, &[compiler[0], compiler[1], ("wasm-ld", "--version", "LLD 14.0.6")]);
}
