//! How a command says that it failed: `error:` with the cause, then `hint:` lines.
//!
//! The hints are added here and nowhere else; errors below carry facts, not advice.

use super::exit::ExitCode;
use crate::config::{ConfigError, ScriptRefused};

/// A failure on its way to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// What happened: lower case, no full stop.
    pub(super) message: String,
    /// What the user can do.
    pub(super) hints: Vec<String>,
    /// How the program ends.
    pub(super) code: ExitCode,
}

impl Report {
    /// A failure with exit code 1.
    #[must_use]
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), hints: Vec::new(), code: ExitCode::Failed }
    }

    /// A command line that cannot be carried out.
    #[must_use]
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { code: ExitCode::Usage, ..Self::failed(message) }
    }

    /// Adds a hint.
    #[must_use]
    pub(super) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }
}

impl From<ScriptRefused> for Report {
    fn from(refused: ScriptRefused) -> Self {
        refused.hints().into_iter().fold(Self::failed(refused.to_string()), Self::hint)
    }
}

impl From<ConfigError> for Report {
    fn from(error: ConfigError) -> Self {
        let message = error.to_string();
        match error {
            ConfigError::UnknownKey { nearest: Some(nearest), .. } => {
                Self::usage(message).hint(format!("did you mean `{nearest}`?"))
            }
            ConfigError::UnknownKey { nearest: None, .. } => {
                Self::usage(message).hint("`exsh config list` shows every setting")
            }
            ConfigError::BadValue { .. } => Self::usage(message),
            ConfigError::Exists { .. } => {
                Self::failed(message).hint("`exsh config set NAME VALUE` changes one setting")
            }
            ConfigError::Invalid { .. } => {
                Self::failed(message).hint("mend the line, or move the file away and run `exsh config init`")
            }
            ConfigError::Io { .. } => Self::failed(message),
        }
    }
}
