//! Passwords in the system's own keyring: saved by `exsh login`, found when a session is opened, never in a file.
//!
//! Keychain on macOS, Credential Manager on Windows; on Linux the kernel's keys, which do not
//! outlast a restart, nor three days without use.

use crate::secret::{Credential, ExposeSecret as _, SecretString};

/// A place for credentials.
pub trait Vault: Send + Sync {
    /// The credential for an address; without a user, the one that was saved last.
    ///
    /// # Errors
    /// When the keyring cannot be asked.
    fn find(&self, address: &str, user: Option<&str>) -> Result<Option<Credential>, VaultError>;

    /// Keeps a credential for an address.
    ///
    /// # Errors
    /// When the keyring cannot be written to.
    fn save(&self, address: &str, credential: &Credential) -> Result<(), VaultError>;

    /// Forgets the credential for an address and says whether there was one; without a user, the one saved last.
    ///
    /// # Errors
    /// When the keyring cannot be written to.
    fn forget(&self, address: &str, user: Option<&str>) -> Result<bool, VaultError>;
}

/// The keyring cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the keyring of this system cannot be used: {reason}")]
pub struct VaultError {
    /// What the system says.
    pub reason: String,
}

impl VaultError {
    /// What to do without a keyring.
    pub const HINTS: [&'static str; 2] = [
        "without a keyring: leave the password to be asked for, or hand it over with EXSH_PASSWORD_FD, such as \
         `EXSH_PASSWORD_FD=3 exsh ... 3< <(pass show exchange)`",
        "`exsh config set auth.keyring false` never asks the keyring",
    ];
}

/// The keyring of whoever runs the program.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemVault;

/// Under which name entries stand there.
const SERVICE: &str = "exsh";

impl SystemVault {
    /// How long what is saved lasts, where that is not for ever.
    #[must_use]
    pub const fn lifetime() -> Option<&'static str> {
        if cfg!(target_os = "linux") {
            Some("until this computer restarts or three days pass without using it")
        } else {
            None
        }
    }

    fn entry(address: &str, user: &str) -> Result<keyring::Entry, VaultError> {
        let who = if user.is_empty() { place(address) } else { format!("{}@{}", user.to_lowercase(), place(address)) };
        let make = || keyring::Entry::new(SERVICE, &who).map_err(|error| unusable(&error));
        // On Linux the first entry of a process brings the user's lasting keys into its session; only those made
        // after it look there.
        make()?;
        make()
    }

    fn text(address: &str, user: &str) -> Result<Option<String>, VaultError> {
        match Self::entry(address, user)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(unusable(&error)),
        }
    }

    fn remove(address: &str, user: &str) -> Result<bool, VaultError> {
        match Self::entry(address, user)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(keyring::Error::NoEntry) => Ok(false),
            Err(error) => Err(unusable(&error)),
        }
    }
}

/// Addresses that lead to one server are one place: scheme and host count, path and letter case do not.
fn place(address: &str) -> String {
    let lower = address.trim().to_lowercase();
    let end = lower.find("://").map(|at| at + 3);
    match end.and_then(|start| lower[start..].find(['/', '?']).map(|length| start + length)) {
        Some(end) => lower[..end].to_owned(),
        None => lower,
    }
}

fn unusable(error: &keyring::Error) -> VaultError {
    let reason = match error {
        keyring::Error::PlatformFailure(inner) | keyring::Error::NoStorageAccess(inner) => inner.to_string(),
        keyring::Error::BadEncoding(_) => "the entry is not text".to_owned(), // and may be a password: not shown
        other => other.to_string(),
    };
    VaultError { reason }
}

impl Vault for SystemVault {
    fn find(&self, address: &str, user: Option<&str>) -> Result<Option<Credential>, VaultError> {
        let user = match user {
            Some(user) => user.to_owned(),
            None => match Self::text(address, "")? {
                Some(user) => user,
                None => return Ok(None),
            },
        };
        let password = Self::text(address, &user)?;
        Ok(password.map(|password| Credential::new(&user, SecretString::from(password))))
    }

    fn save(&self, address: &str, credential: &Credential) -> Result<(), VaultError> {
        let user = credential.user_name();
        let password = Self::entry(address, user)?;
        password.set_password(credential.password().expose_secret()).map_err(|error| unusable(&error))?;
        Self::entry(address, "")?.set_password(user).map_err(|error| unusable(&error))
    }

    fn forget(&self, address: &str, user: Option<&str>) -> Result<bool, VaultError> {
        let last = Self::text(address, "")?;
        let Some(user) = user.map(str::to_owned).or_else(|| last.clone()) else { return Ok(false) };
        if last.is_some_and(|last| last.eq_ignore_ascii_case(&user)) {
            Self::remove(address, "")?;
        }
        Self::remove(address, &user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_paths_of_a_server_are_one_place() {
        assert_eq!(place("https://Mail.Contoso.com/PowerShell/"), "https://mail.contoso.com");
        assert_eq!(place("https://mail.contoso.com?serializationLevel=Full"), "https://mail.contoso.com");
        assert_eq!(place("http://mail.contoso.com:8080/x"), "http://mail.contoso.com:8080");
        assert_ne!(place("http://mail.contoso.com/"), place("https://mail.contoso.com/"));
        assert_eq!(place("exchange-online"), "exchange-online");
    }
}
