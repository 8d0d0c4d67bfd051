//! Secrets on `secrecy`: they print redacted and are zeroed on drop.
//!
//! Nothing here asks for a secret or stores one; `script` prompts, `config` knows the keyring.

use std::fmt;
use std::sync::Arc;

pub use secrecy::{ExposeSecret, SecretString};

/// A user name with its password, cheap to clone; the password is zeroed when the last clone goes.
///
/// Debug and Display never show the password. There is no `Serialize`.
#[derive(Clone)]
pub struct Credential {
    user_name: Arc<str>,
    password: Arc<SecretString>,
}

impl Credential {
    /// A credential; `user_name` is sent as given (no splitting of `domain\user` for Basic).
    #[must_use]
    pub fn new(user_name: &str, password: SecretString) -> Self {
        Self { user_name: user_name.into(), password: Arc::new(password) }
    }

    /// The user name, as typed.
    #[must_use]
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// The password, for the one place that must send it.
    #[must_use]
    pub fn password(&self) -> &SecretString {
        &self.password
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({}, password redacted)", self.user_name)
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl PartialEq for Credential {
    fn eq(&self, other: &Self) -> bool {
        self.user_name == other.user_name && self.password.expose_secret() == other.password.expose_secret()
    }
}
