//! See `fayger_fuzz::cbor`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::cbor(data));
