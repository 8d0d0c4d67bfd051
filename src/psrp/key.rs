//! The session key and its exchange ([MS-PSRP] 3.1.5.4.5; CAPI blobs of [MS-PSRP] 2.2.2.3 and 2.2.2.4).
//!
//! Keys and randomness come from outside; when a key is needed is decided by `client` and `server`.

use std::fmt;

use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey, RsaPublicKey};

/// Bits of the RSA key: PowerShell takes no other.
pub const RSA_BITS: usize = 2048;

const PUBLIC_BLOB_BYTES: usize = 276;
const SESSION_BLOB_HEADER: [u8; 12] = [1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0];

/// What is wrong with a key message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// The text is not base64.
    NotBase64,
    /// The blob has another length or header.
    BadBlob,
    /// The key cannot be decrypted or used.
    BadKey,
    /// A key came that nobody asked for.
    Unexpected,
    /// No key has been handed in.
    NoKey,
    /// A secret cannot be decrypted with the session key.
    BadSecret,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotBase64 => "the key is not base64",
            Self::BadBlob => "the key has an unknown form",
            Self::BadKey => "the key cannot be used",
            Self::Unexpected => "a key came that nobody asked for",
            Self::NoKey => "there is no key",
            Self::BadSecret => "a secret cannot be decrypted",
        })
    }
}

/// The CAPI PUBLICKEYBLOB of a key, as base64: what PUBLIC_KEY carries. The modulus is little-endian.
#[must_use]
pub fn public_key_text(key: &RsaPublicKey) -> String {
    let mut blob = Vec::with_capacity(PUBLIC_BLOB_BYTES);
    blob.extend_from_slice(&[6, 2, 0, 0, 0, 0xA4, 0, 0]);
    blob.extend_from_slice(b"RSA1");
    blob.extend_from_slice(&(RSA_BITS as u32).to_le_bytes());
    let mut exponent = key.e().to_bytes_le();
    exponent.resize(4, 0);
    blob.extend_from_slice(&exponent);
    let mut modulus = key.n().to_bytes_le();
    modulus.resize(RSA_BITS / 8, 0);
    blob.extend_from_slice(&modulus);
    base64_simd::STANDARD.encode_to_string(blob)
}

/// The key in the text of PUBLIC_KEY.
pub fn public_key_from_text(text: &str) -> Result<RsaPublicKey, KeyProblem> {
    let blob = base64_simd::forgiving_decode_to_vec(text.as_bytes()).map_err(|_| KeyProblem::NotBase64)?;
    if blob.len() != PUBLIC_BLOB_BYTES || blob[..4] != [6, 2, 0, 0] || &blob[8..12] != b"RSA1" {
        return Err(KeyProblem::BadBlob);
    }
    let exponent = BigUint::from_bytes_le(&blob[16..20]);
    RsaPublicKey::new(BigUint::from_bytes_le(&blob[20..]), exponent).map_err(|_| KeyProblem::BadKey)
}

/// The CAPI SIMPLEBLOB of the session key for that public key, as base64: what ENCRYPTED_SESSION_KEY carries.
pub(super) fn encrypted_session_key_text<R: rand::CryptoRng + rand::RngCore>(
    session_key: &[u8; 32],
    public_key: &RsaPublicKey,
    random: &mut R,
) -> Result<String, KeyProblem> {
    let mut encrypted = public_key.encrypt(random, Pkcs1v15Encrypt, session_key).map_err(|_| KeyProblem::BadKey)?;
    encrypted.reverse(); // CAPI is little-endian
    let mut blob = SESSION_BLOB_HEADER.to_vec();
    blob.append(&mut encrypted);
    Ok(base64_simd::STANDARD.encode_to_string(blob))
}

/// The session key in the text of ENCRYPTED_SESSION_KEY; the blob's header is not looked at.
pub(super) fn session_key_from_text(text: &str, private_key: &RsaPrivateKey) -> Result<[u8; 32], KeyProblem> {
    let mut blob = base64_simd::forgiving_decode_to_vec(text.as_bytes()).map_err(|_| KeyProblem::NotBase64)?;
    if blob.len() <= SESSION_BLOB_HEADER.len() {
        return Err(KeyProblem::BadBlob);
    }
    let encrypted = &mut blob[SESSION_BLOB_HEADER.len()..];
    encrypted.reverse();
    let key = zeroize::Zeroizing::new(private_key.decrypt(Pkcs1v15Encrypt, encrypted).map_err(|_| KeyProblem::BadKey)?);
    key.as_slice().try_into().map_err(|_| KeyProblem::BadBlob)
}
