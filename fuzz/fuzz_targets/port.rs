//! Any text ends in a script or diagnostics: it parses, lowers and ports without a panic, and what is whole compiles.

#![no_main]

use exsh::port;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let parsed = port::parse(&text);
    let kept = port::keep(&text, &parsed, "fuzz.ps1");
    if parsed.errors.is_empty() {
        let _ = port::lower::lower(&text, &parsed);
        // a text that does not compile is a message, never a panic
        let _ = exsh::script::ps::check(&kept.text);
    } else {
        assert!(parsed.errors.iter().all(|error| error.span.start <= error.span.end));
    }
});
