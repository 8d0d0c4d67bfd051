//! Which inputs are remembered: not those with secrets in them, not those that begin with a space.
//!
//! Not here: the file itself, which `rustyline` reads and writes, for the owner's eyes only.

use std::io;
use std::path::Path;

/// Words that stand near secrets, in Rhai or PowerShell; an input with one of them as part of a word is not remembered.
const SECRET_WORDS: [&str; 13] = [
    "passw",
    "passphrase",
    "-pass ",
    "pwd",
    "secret",
    "token",
    "securestring",
    "secure_string",
    "plaintext",
    "pscredential",
    "bearer",
    "apikey",
    "api_key",
];

/// Whether an input may be remembered.
#[must_use]
pub fn may_be_remembered(input: &str) -> bool {
    let lower = input.to_lowercase();
    !input.trim().is_empty()
        && !input.starts_with(char::is_whitespace)
        && !SECRET_WORDS.iter().any(|word| lower.contains(word))
}

/// Creates the folder of the history file, readable by its owner only.
pub(super) fn prepare(file: &Path) -> io::Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_inputs_after_a_space_are_forgotten() {
        for input in [
            "new_mailbox(#{ Password: \"hunter2\" })",
            "let token = \"abc\";",
            "to_secure_string(\"x\")",
            "$p = ConvertTo-SecureString 'x' -AsPlainText -Force",
            "New-Mailbox -Name kim -Password $p",
            "Connect-Thing -Pass 'x'",
            "$c = New-Object System.Management.Automation.PSCredential('kim', $p)",
            " get_mailbox()",
            "",
            "  ",
        ] {
            assert!(!may_be_remembered(input), "{input}");
        }
        for input in ["get_mailbox()", "let cred = get_credential();", ":help"] {
            assert!(may_be_remembered(input), "{input}");
        }
    }
}
