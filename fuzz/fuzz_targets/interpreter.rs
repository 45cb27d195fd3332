//! See `fayger_fuzz::interpreter`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::interpreter(data));
