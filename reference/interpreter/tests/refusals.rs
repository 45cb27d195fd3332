//! Proposals that are not part of WebAssembly core 2.0 without SIMD are refused, each with a place.

use fayger_interpreter::Module;

#[test]
fn what_is_beyond_the_version_is_refused() {
    for (proposal, text) in [
        ("simd", "(module (func (drop (v128.const i64x2 0 0))))"),
        ("simd types", "(module (func (param v128)))"),
        (
            "relaxed simd",
            "(module (func (param v128 v128) (drop (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))))",
        ),
        ("threads", "(module (memory 1 1 shared))"),
        ("atomics", "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))"),
        ("exceptions", "(module (tag (param i32)))"),
        ("throw_ref", "(module (func (param exnref) (throw_ref (local.get 0))))"),
        ("gc", "(module (type (struct (field i32))))"),
        ("i31", "(module (func (drop (ref.i31 (i32.const 0)))))"),
        ("function references", "(module (type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0))))"),
        ("memory64", "(module (memory i64 1))"),
        ("table64", "(module (table i64 1 funcref))"),
        ("multi-memory", "(module (memory 1) (memory 1))"),
        ("tail calls", "(module (func $f (return_call $f)))"),
        ("extended constants", "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))"),
        (
            "wide arithmetic",
            "(module (func (param i64 i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 1))))",
        ),
        ("custom page sizes", "(module (memory 1 (pagesize 1)))"),
        ("stack switching", "(module (type $f (func)) (type $c (cont $f)))"),
    ] {
        let bytes = wat::parse_str(text).expect(proposal);
        let refusal = Module::new(&bytes).expect_err(proposal);
        assert!(refusal.offset >= 8 && refusal.offset <= bytes.len() as u64, "{proposal}: {refusal}");
        assert!(!refusal.message.is_empty(), "{proposal}");
    }
}

#[test]
fn what_is_no_module_is_refused_where_it_ends_to_be_one() {
    for (bytes, offset) in [
        (b"".as_slice(), 0),
        (b"\0asm", 4),
        (b"\0asm\x01\0\0", 4),
        (b"\0bsm\x01\0\0\0", 0),
        // A component.
        (b"\0asm\x0d\0\x01\0", 0),
    ] {
        let refusal = Module::new(bytes).expect_err("no module");
        assert!(refusal.offset >= offset && refusal.offset <= 8, "{bytes:?}: {refusal}");
    }
}

/// A type of 1,000 parameters and results: few bytes move many operands. 20,000 times 2,000 and 100,000 labels with 1,000 each are more than 64 for
/// a byte and 4,194,304; 2,000 times 2,000 are not.
#[test]
fn a_module_whose_bytes_move_too_many_operands_is_refused() {
    let results = "i32 ".repeat(1_000);
    let calls = |count: usize| {
        let body = "(call $many) ".repeat(count);
        format!(
            "(module (func $first (result {results}) (unreachable)) (func $many (param {results}) (result {results}) (unreachable))
                (func (call $first) {body} (unreachable)))"
        )
    };
    let labels = "0 ".repeat(100_000);
    let table = format!(
        "(module (func (block (result {results}) (block (result {results}) (unreachable) (br_table {labels}) (unreachable))) (unreachable)))"
    );
    for (text, is_refused) in [(calls(2_000), false), (calls(20_000), true), (table, true)] {
        let bytes = wat::parse_str(&text).expect("a module");
        let refusal = Module::new(&bytes).err();
        assert_eq!(refusal.is_some(), is_refused, "{refusal:?}");
    }
}
