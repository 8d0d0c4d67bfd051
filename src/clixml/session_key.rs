//! [MS-PSRP] 2.2.5.1.24, the session key that hides secure strings: AES-256-CBC, zero vector, PKCS#7, over UTF-16LE.
//!
//! The key comes in as bytes; how the two sides agree on it is the business of `psrp`.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::ClixmlError;

/// The AES-256 key of a session; zeroed on drop, shown by nobody.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// From the 32 bytes of the key.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, to be sent encrypted to the other side.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The text of an `SS` element. Empty text is one padded block.
    #[must_use]
    pub fn encrypt(&self, plain: &SecretString) -> String {
        let units: Zeroizing<Vec<u8>> =
            Zeroizing::new(plain.expose_secret().encode_utf16().flat_map(u16::to_le_bytes).collect());
        let cipher = cbc::Encryptor::<aes::Aes256>::new(&self.0.into(), &[0; 16].into());
        base64_simd::STANDARD.encode_to_string(cipher.encrypt_padded_vec_mut::<Pkcs7>(&units))
    }

    /// The secret that the text of an `SS` element hides. A lone surrogate becomes U+FFFD.
    ///
    /// # Errors
    /// [`ClixmlError::BadSecret`] when it is not base64 or was not encrypted with this key.
    pub fn decrypt(&self, text: &str) -> Result<SecretString, ClixmlError> {
        let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = base64_simd::STANDARD.decode_to_vec(compact).map_err(|_| ClixmlError::BadSecret)?;
        let cipher = cbc::Decryptor::<aes::Aes256>::new(&self.0.into(), &[0; 16].into());
        let plain = cipher.decrypt_padded_vec_mut::<Pkcs7>(&bytes).map_err(|_| ClixmlError::BadSecret)?;
        utf16le(&Zeroizing::new(plain))
    }

    /// The secret in an `SS` element of protocol 2.4, where the text is only base64 of UTF-16LE.
    ///
    /// # Errors
    /// [`ClixmlError::BadSecret`] when it is not that.
    pub fn decode_plain(text: &str) -> Result<SecretString, ClixmlError> {
        let bytes = base64_simd::STANDARD.decode_to_vec(text.trim()).map_err(|_| ClixmlError::BadSecret)?;
        utf16le(&Zeroizing::new(bytes))
    }

    /// The text of an `SS` element of protocol 2.4: base64 of UTF-16LE, for carriers that are encrypted themselves.
    #[must_use]
    pub fn encode_plain(plain: &SecretString) -> String {
        let units: Zeroizing<Vec<u8>> =
            Zeroizing::new(plain.expose_secret().encode_utf16().flat_map(u16::to_le_bytes).collect());
        base64_simd::STANDARD.encode_to_string(units.as_slice())
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(redacted)")
    }
}

fn utf16le(bytes: &[u8]) -> Result<SecretString, ClixmlError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(ClixmlError::BadSecret);
    }
    let units: Zeroizing<Vec<u16>> = Zeroizing::new(pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect());
    Ok(SecretString::from(String::from_utf16_lossy(&units)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_secret_is_one_block_and_comes_back() {
        let key = SessionKey::new([7; 32]);
        let text = key.encrypt(&SecretString::from(""));
        assert_eq!(text.len(), 24); // 16 bytes in base64
        assert_eq!(key.decrypt(&text).unwrap().expose_secret(), "");
        assert_eq!(key.decrypt(&key.encrypt(&SecretString::from("Grün 🍐"))).unwrap().expose_secret(), "Grün 🍐");
    }

    #[test]
    fn a_secret_of_another_key_is_refused() {
        let text = SessionKey::new([7; 32]).encrypt(&SecretString::from("quince"));
        assert_eq!(SessionKey::new([8; 32]).decrypt(&text).unwrap_err(), ClixmlError::BadSecret);
        assert_eq!(SessionKey::new([7; 32]).decrypt("***").unwrap_err(), ClixmlError::BadSecret);
    }
}
