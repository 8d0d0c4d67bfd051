//! Which script files may run: the execution policy, minisign signatures, and the mark of a file that came from elsewhere.
//!
//! Only files are judged. What somebody types, pipes in or passes to `exsh eval` is their own.

use std::fmt;
use std::path::{Path, PathBuf};

use minisign_verify::{Error as Flaw, PublicKey, Signature};
use serde::Deserialize;

/// What must be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionPolicy {
    /// Every script file.
    AllSigned,
    /// Script files that carry the mark of a file that came from elsewhere.
    #[default]
    RemoteSigned,
    /// None.
    Unrestricted,
}

impl ExecutionPolicy {
    /// All names, as the configuration writes them.
    pub const NAMES: &'static [&'static str] = &["all_signed", "remote_signed", "unrestricted"];

    /// Its name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllSigned => "all_signed",
            Self::RemoteSigned => "remote_signed",
            Self::Unrestricted => "unrestricted",
        }
    }
}

/// The policy and whose signatures count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptRules {
    /// What must be signed.
    pub policy: ExecutionPolicy,
    /// Public keys of minisign, as `minisign.pub` has them on its second line.
    pub trusted_keys: Vec<String>,
}

impl Default for ScriptRules {
    /// No rules: for hosts that run what their own program gives them.
    fn default() -> Self {
        Self { policy: ExecutionPolicy::Unrestricted, trusted_keys: Vec::new() }
    }
}

/// Why a script file may not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not run: {flaw}, and execution_policy is {}", path.display(), policy.name())]
pub struct ScriptRefused {
    /// The file.
    pub path: PathBuf,
    /// The policy that refuses it.
    pub policy: ExecutionPolicy,
    /// What is wrong with it.
    pub flaw: SignatureFlaw,
}

/// What is wrong with the signature of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureFlaw {
    /// There is none.
    Missing,
    /// It is no minisign signature.
    Unreadable,
    /// None of the trusted keys made it.
    UnknownSigner,
    /// A trusted key made it, but for other bytes.
    Changed,
    /// A key in the configuration is no key.
    BadKey {
        /// What stands there.
        key: String,
    },
}

impl fmt::Display for SignatureFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is not signed"),
            Self::Unreadable => f.write_str("its signature cannot be read"),
            Self::UnknownSigner => f.write_str("nobody you trust has signed it"),
            Self::Changed => f.write_str("it was changed after it was signed"),
            Self::BadKey { key } => write!(f, "the trusted key {key:?} is not a minisign public key"),
        }
    }
}

impl ScriptRefused {
    /// What the user can do.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let path = self.path.display();
        let mut hints = Vec::new();
        match &self.flaw {
            SignatureFlaw::Missing | SignatureFlaw::Unreadable => {
                hints.push(format!("sign it once you have read it: minisign -Sm {path}"));
            }
            SignatureFlaw::UnknownSigner => {
                hints.push(
                    "trust its signer: add the key to trusted_keys, `exsh config set trusted_keys KEY,KEY`".to_owned(),
                );
            }
            SignatureFlaw::Changed => {
                hints.push(format!("get it again from whoever signed it, or sign it yourself: minisign -Sm {path}"));
            }
            SignatureFlaw::BadKey { .. } => {
                hints.push("a key is the second line of minisign.pub and begins with RW".to_owned());
            }
        }
        if self.policy == ExecutionPolicy::RemoteSigned {
            hints
                .push(format!("it is marked as coming from elsewhere; if you trust this copy: {}", unmark(&self.path)));
        }
        hints.push("`exsh config set execution_policy unrestricted` runs everything".to_owned());
        hints
    }
}

impl ScriptRules {
    /// Whether the file at `path`, which holds `bytes`, may run.
    ///
    /// # Errors
    /// [`ScriptRefused`] with what is missing.
    pub fn admit(&self, path: &Path, bytes: &[u8]) -> Result<(), ScriptRefused> {
        let needed = match self.policy {
            ExecutionPolicy::AllSigned => true,
            ExecutionPolicy::RemoteSigned => comes_from_elsewhere(path),
            ExecutionPolicy::Unrestricted => false,
        };
        if !needed {
            return Ok(());
        }
        self.check(path, bytes).map_err(|flaw| ScriptRefused { path: path.to_owned(), policy: self.policy, flaw })
    }

    fn check(&self, path: &Path, bytes: &[u8]) -> Result<(), SignatureFlaw> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".minisig");
        let text = match std::fs::read_to_string(PathBuf::from(beside)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(SignatureFlaw::Missing),
            Err(_) => return Err(SignatureFlaw::Unreadable),
        };
        let signature = Signature::decode(&text).map_err(|_| SignatureFlaw::Unreadable)?;
        for key in &self.trusted_keys {
            let bad = |_| SignatureFlaw::BadKey { key: key.clone() };
            let public = PublicKey::from_base64(key.trim()).map_err(bad)?;
            match public.verify(bytes, &signature, true) {
                Ok(()) => return Ok(()),
                Err(Flaw::UnexpectedKeyId) => {}
                Err(_) => return Err(SignatureFlaw::Changed),
            }
        }
        Err(SignatureFlaw::UnknownSigner)
    }
}

/// Whether the system has noted that the file was downloaded: the zone on Windows (3 and up), quarantine on macOS,
/// elsewhere the origin that browsers, `curl --xattr` and `wget --xattr` write down.
#[must_use]
pub fn comes_from_elsewhere(path: &Path) -> bool {
    marks(path)
}

#[cfg(unix)]
const MARKS: [&str; 3] = ["com.apple.quarantine", "user.xdg.origin.url", "user.xdg.referrer.url"];

#[cfg(unix)]
fn marks(path: &Path) -> bool {
    // A file system without attributes carries no marks.
    MARKS.iter().any(|name| xattr::get(path, name).ok().flatten().is_some_and(|value| !value.is_empty()))
}

#[cfg(not(unix))]
fn marks(path: &Path) -> bool {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    let text = std::fs::read_to_string(PathBuf::from(stream)).unwrap_or_default();
    let zone = text.lines().find_map(|line| line.trim().strip_prefix("ZoneId=")?.trim().parse::<u8>().ok());
    zone.is_some_and(|zone| zone >= 3)
}

/// The command that takes the mark off.
fn unmark(path: &Path) -> String {
    let path = path.display();
    if cfg!(windows) {
        format!("Unblock-File '{path}'")
    } else if cfg!(target_os = "macos") {
        format!("xattr -d com.apple.quarantine '{path}'")
    } else {
        format!("setfattr -x user.xdg.origin.url '{path}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made by the minisign crate of minisign's own author, see tests/PROVENANCE.md.
    const SCRIPT: &[u8] = b"print(\"signed\");\n";
    const ALICE: &str = "RWRRUZYmfyyfSAX11ufts5tmRRrG5g1ZW8GAyG3oEjI13kvN1aTcT5ab";
    const MALLORY: &str = "RWSjy6OHroVNu36OBuVkKHa+x9wtFo4SKN77AVW61CteIFpE8/wykzFR";
    const BY_ALICE: &str = "untrusted comment: signature of a test
RURRUZYmfyyfSKyMzfJ1zEVAczxmLZ+9DjZq0VIk3Zp/n4WOcVxBTebHmEBjsm5IbiD8N3K1LASG/dT5qnKaMUFHUPtBM2+XkgQ=
trusted comment: timestamp:1763827200\tfile:hello.rhai\thashed
KbbvKedLuSq6bDhwtZVELwwkbeXKHGb7DpeUCAea46xGxDGQETDkfW8SwVc9fHqPWZiTozvy28fksseZjFPKBw==
";

    fn flaw(rules: &ScriptRules, signature: Option<&str>, bytes: &[u8]) -> Option<SignatureFlaw> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hello.rhai");
        std::fs::write(&path, bytes).unwrap();
        if let Some(signature) = signature {
            std::fs::write(folder.path().join("hello.rhai.minisig"), signature).unwrap();
        }
        rules.admit(&path, bytes).err().map(|refused| refused.flaw)
    }

    fn all_signed(keys: &[&str]) -> ScriptRules {
        let trusted_keys = keys.iter().map(ToString::to_string).collect();
        ScriptRules { policy: ExecutionPolicy::AllSigned, trusted_keys }
    }

    #[test]
    fn only_what_a_trusted_key_signed_runs() {
        let both = all_signed(&[MALLORY, ALICE]);
        assert_eq!(flaw(&both, Some(BY_ALICE), SCRIPT), None);
        assert_eq!(flaw(&all_signed(&[MALLORY]), Some(BY_ALICE), SCRIPT), Some(SignatureFlaw::UnknownSigner));
        assert_eq!(flaw(&all_signed(&[]), Some(BY_ALICE), SCRIPT), Some(SignatureFlaw::UnknownSigner));
        assert_eq!(flaw(&both, None, SCRIPT), Some(SignatureFlaw::Missing));
        assert_eq!(flaw(&both, Some(BY_ALICE), b"print(\"other\");\n"), Some(SignatureFlaw::Changed));
        assert_eq!(flaw(&both, Some("nonsense"), SCRIPT), Some(SignatureFlaw::Unreadable));
        let bad = all_signed(&["RWnonsense"]);
        assert_eq!(flaw(&bad, Some(BY_ALICE), SCRIPT), Some(SignatureFlaw::BadKey { key: "RWnonsense".into() }));
    }

    #[test]
    fn a_comment_that_was_signed_cannot_be_changed_either() {
        let forged = BY_ALICE.replace("timestamp:1763827200", "timestamp:1999999999");
        assert_eq!(flaw(&all_signed(&[ALICE]), Some(&forged), SCRIPT), Some(SignatureFlaw::Changed));
    }

    #[test]
    fn unrestricted_asks_for_nothing_and_remote_signed_nothing_of_local_files() {
        let mut rules = all_signed(&[]);
        rules.policy = ExecutionPolicy::Unrestricted;
        assert_eq!(flaw(&rules, None, SCRIPT), None);
        rules.policy = ExecutionPolicy::RemoteSigned;
        assert_eq!(flaw(&rules, None, SCRIPT), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_that_a_browser_fetched_must_be_signed_under_remote_signed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hello.rhai");
        std::fs::write(&path, SCRIPT).unwrap();
        if xattr::set(&path, "user.xdg.origin.url", b"https://example.com/hello.rhai").is_err() {
            return; // this file system has no attributes, and so no marks
        }
        let rules = ScriptRules { policy: ExecutionPolicy::RemoteSigned, trusted_keys: vec![ALICE.to_owned()] };
        let refused = rules.admit(&path, SCRIPT).unwrap_err();
        assert_eq!(refused.flaw, SignatureFlaw::Missing);
        assert!(refused.hints().iter().any(|hint| hint.contains("setfattr -x")), "{:?}", refused.hints());
        std::fs::write(folder.path().join("hello.rhai.minisig"), BY_ALICE).unwrap();
        rules.admit(&path, SCRIPT).unwrap();
    }
}
