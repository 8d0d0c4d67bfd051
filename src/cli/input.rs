//! What a command reads: a file by its name, or standard input for `-`.

use std::io::Read as _;
use std::path::Path;

use super::report::Report;

/// Whether `-` was given.
pub(super) fn is_standard(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// All bytes of the file or of standard input.
///
/// # Errors
/// When it cannot be read.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Report> {
    let unreadable = |error: std::io::Error| Report::usage(format!("cannot read {}: {error}", file.display()));
    if !is_standard(file) {
        return std::fs::read(file).map_err(unreadable);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
