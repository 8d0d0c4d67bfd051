//! Hashes and Base64: `sha256`, `sha512`, `file_hash`, `to_base64`, `from_base64`.
//!
//! For comparing and carrying, not for keeping secrets.

use std::fs::File;
use std::io;

use base64_simd::STANDARD;
use rhai::{Blob, Module};
use sha2::{Digest as _, Sha256, Sha512};

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::described;
use super::files::failed;

const HASH: &str = "The SHA-256 (or SHA-512) of a text or of bytes, as lower-case hexadecimal digits.\n\
    # Example\n\
    ```rhai\n\
    print(sha256(\"abc\"));\n\
    print(sha512(\"abc\").len());\n\
    ```\n\
    ```text\n\
    ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n\
    128\n\
    ```";
const FILE: &str = "The SHA-256 of a file, read piece by piece.\n\
    # Example\n\
    ```rhai\n\
    write_text(\"a.txt\", \"abc\");\n\
    print(file_hash(\"a.txt\") == sha256(\"abc\"));\n\
    ```\n\
    ```text\n\
    true\n\
    ```";
const BASE64: &str = "Bytes or text as Base64, and the bytes that Base64 stands for.\n\
    # Example\n\
    ```rhai\n\
    print(to_base64(\"abc\"));\n\
    print(from_base64(\"YWJj\").as_string());\n\
    ```\n\
    ```text\n\
    YWJj\n\
    abc\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    type Hash = fn(&[u8]) -> String;
    let hashes: [(&str, Hash); 2] = [
        ("sha256", |bytes| hexadecimal(&Sha256::digest(bytes))),
        ("sha512", |bytes| hexadecimal(&Sha512::digest(bytes))),
    ];
    for (name, hash) in hashes {
        described(name, &["text: &str", "string"], HASH)
            .set_into_module(module, move |text: &str| hash(text.as_bytes()));
        described(name, &["bytes: blob", "string"], HASH).set_into_module(module, move |bytes: Blob| hash(&bytes));
    }
    described("file_hash", &["path: &str", "string"], FILE).set_into_module(
        module,
        |path: &str| -> RhaiResult<String> {
            let mut hash = Sha256::new();
            File::open(path).and_then(|mut file| io::copy(&mut file, &mut hash)).map_err(failed("read", path))?;
            Ok(hexadecimal(&hash.finalize()))
        },
    );
    described("to_base64", &["text: &str", "string"], BASE64)
        .set_into_module(module, |text: &str| STANDARD.encode_to_string(text));
    described("to_base64", &["bytes: blob", "string"], BASE64)
        .set_into_module(module, |bytes: Blob| STANDARD.encode_to_string(bytes));
    described("from_base64", &["text: &str", "blob"], BASE64).set_into_module(
        module,
        |text: &str| -> RhaiResult<Blob> {
            Ok(STANDARD.decode_to_vec(text.trim()).map_err(|_| Failure::script("the text is no Base64"))?)
        },
    );
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
