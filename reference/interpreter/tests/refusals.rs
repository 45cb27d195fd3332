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
