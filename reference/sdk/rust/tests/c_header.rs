//! The header for C is tested by a program of its own, which is compiled for this machine and run.
#![cfg(not(target_arch = "wasm32"))]

use std::path::Path;
use std::process::Command;

#[test]
fn the_header_for_c_passes_its_own_test() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../c");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join("fayger_h_test");
    // Rust links with this compiler too.
    let compiled = Command::new("cc")
        .args(["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
        .args([program.as_path(), &sources.join("test.c")])
        .output()
        .expect("a C compiler");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let tested = Command::new(program).output().expect("it runs");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stdout));
}
