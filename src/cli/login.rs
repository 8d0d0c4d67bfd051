//! `exsh login` and `exsh logout`: a password into the system's keyring, and out of it again.
//!
//! Whether the server accepts it is `exsh doctor`'s question. Nothing is ever written to a file.

use std::sync::Arc;

use super::args::LoginArgs;
use super::exit::ExitCode;
use super::opening::Opening;
use super::program::{Setting, print};
use super::report::Report;
use super::run::{tell, watch_signals};
use super::runtime;
use crate::config::{SystemVault, Vault as _, VaultError};

impl From<VaultError> for Report {
    fn from(error: VaultError) -> Self {
        VaultError::HINTS.into_iter().fold(Self::failed(error.to_string()), Self::hint)
    }
}

/// Carries out `exsh login`.
///
/// # Errors
/// A name that is no server, or a keyring that cannot be used.
pub(super) fn login(setting: &Setting, args: &LoginArgs) -> Result<ExitCode, Report> {
    let opening = Opening::of(setting, &args.name)?;
    if !setting.config.auth.keyring {
        return Err(Report::failed("the keyring is switched off in the configuration")
            .hint("`exsh config set auth.keyring true` switches it on"));
    }
    // Before anybody types a password: is there a place for it?
    let user = args.user.as_deref().or(opening.user());
    SystemVault.find(opening.uri(), user)?;
    let runtime = runtime::start()?;
    let terminal = Arc::new(setting.terminal());
    let host = Arc::new(setting.host_without_vault(terminal.clone(), &runtime)?);
    watch_signals(&runtime, &host, terminal);
    let credential = match host.credential(opening.uri(), user) {
        Ok(Some(credential)) => credential,
        Ok(None) => return Ok(ExitCode::Failed),
        Err(error) => return Ok(tell(setting, &error)),
    };
    SystemVault.save(opening.uri(), &credential)?;
    let lasts = SystemVault::lifetime().map(|span| format!(", {span}")).unwrap_or_default();
    print(&format!("the keyring keeps the password of {} for {}{lasts}\n", credential.user_name(), opening.name))
}

/// Carries out `exsh logout`.
///
/// # Errors
/// A name that is no server, or a keyring that cannot be used.
pub(super) fn logout(setting: &Setting, args: &LoginArgs) -> Result<ExitCode, Report> {
    let opening = Opening::of(setting, &args.name)?;
    let user = args.user.as_deref().or(opening.user());
    if SystemVault.forget(opening.uri(), user)? {
        print(&format!("the keyring has forgotten the password for {}\n", opening.name))
    } else {
        Err(Report::failed(format!("the keyring has no password for {}", opening.name)))
    }
}
