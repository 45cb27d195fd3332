//! See `fayger_fuzz::bus`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::bus(data));
