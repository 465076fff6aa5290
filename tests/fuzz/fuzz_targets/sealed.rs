#![no_main]

#[allow(dead_code)]
#[path = "../../it/harness/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::sealed(bytes));
