//! What `New-PSSession` can be told beside URI and credential.
//!
//! What a session option holds stands in `options`.

use std::sync::Arc;

use super::options::{one_of, proper_name};
use super::{OptionError, SessionOption, Setting};
use crate::transport::Trace;

/// How to sign in (`New-PSSession -Authentication`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authentication {
    /// User name and password, or a token in the password's place.
    #[default]
    Basic,
    /// PowerShell's own default, which is Negotiate or Kerberos.
    Default,
    /// Kerberos or NTLM.
    Negotiate,
    /// Kerberos or NTLM with the signed-in user's own credential.
    NegotiateWithImplicitCredential,
    /// CredSSP.
    Credssp,
    /// Digest.
    Digest,
    /// Kerberos.
    Kerberos,
}

impl Authentication {
    /// Its name in PowerShell.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Default => "Default",
            Self::Negotiate => "Negotiate",
            Self::NegotiateWithImplicitCredential => "NegotiateWithImplicitCredential",
            Self::Credssp => "Credssp",
            Self::Digest => "Digest",
            Self::Kerberos => "Kerberos",
        }
    }
}

const AUTHENTICATION: (&[(&str, i64, Authentication)], &str) = (
    &[
        ("Default", 0, Authentication::Default),
        ("Basic", 1, Authentication::Basic),
        ("Negotiate", 2, Authentication::Negotiate),
        ("NegotiateWithImplicitCredential", 3, Authentication::NegotiateWithImplicitCredential),
        ("Credssp", 4, Authentication::Credssp),
        ("Digest", 5, Authentication::Digest),
        ("Kerberos", 6, Authentication::Kerberos),
    ],
    "Basic (Default, Negotiate, NegotiateWithImplicitCredential, Credssp, Digest and Kerberos exist, but not yet here)",
);

/// What `New-PSSession` can be told beside URI and credential.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// `-ConfigurationName`, a name or a full resource URI; none: what fits the path.
    pub configuration_name: Option<String>,
    /// `-Authentication`.
    pub authentication: Authentication,
    /// `-AllowRedirection`.
    pub allow_redirection: bool,
    /// `-SessionOption`.
    pub session_option: SessionOption,
    /// `-Name`; none: `Session1` and so on.
    pub name: Option<String>,
    /// Try endpoints that are known to be gone all the same.
    pub force: bool,
    /// Allow Basic over plain http to other machines.
    pub allow_unencrypted: bool,
    /// The client's own configuration (`auth.basic`); false refuses Basic.
    pub basic_enabled: bool,
    /// What the server may know of the client's screen; none: there is nobody to answer host calls.
    pub screen: Option<crate::psrp::HostDefaultData>,
    /// Where the wire is written to.
    pub trace: Option<Arc<Trace>>,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            configuration_name: None,
            authentication: Authentication::Basic,
            allow_redirection: false,
            session_option: SessionOption::default(),
            name: None,
            force: false,
            allow_unencrypted: false,
            basic_enabled: true,
            screen: None,
            trace: None,
        }
    }
}

impl ConnectOptions {
    /// The parameters that a script may give, with their other names. `SessionOption` is not set by name.
    pub const PARAMETERS: &'static [(&'static str, &'static [&'static str])] = &[
        ("ConfigurationName", &[]),
        ("Authentication", &[]),
        ("AllowRedirection", &[]),
        ("SessionOption", &[]),
        ("Name", &[]),
        ("Force", &[]),
        ("AllowUnencrypted", &[]),
    ];

    /// Sets one parameter by its proper name.
    ///
    /// # Errors
    /// An unknown name, a value of the wrong type, or one outside its range.
    pub fn set(&mut self, name: &str, value: Setting) -> Result<(), OptionError> {
        let option = proper_name(Self::PARAMETERS, name)?;
        match option {
            "ConfigurationName" => self.configuration_name = Some(value.text(option)?).filter(|name| !name.is_empty()),
            "Authentication" => self.authentication = one_of(option, value, AUTHENTICATION)?,
            "AllowRedirection" => self.allow_redirection = value.truth(option)?,
            "Name" => {
                let name = value.text(option)?;
                if name.chars().count() > 255 {
                    let given = i64::try_from(name.chars().count()).unwrap_or(i64::MAX);
                    return Err(OptionError::OutOfRange { option, given, range: "at most 255 characters long" });
                }
                self.name = Some(name).filter(|name| !name.is_empty());
            }
            "Force" => self.force = value.truth(option)?,
            "AllowUnencrypted" => self.allow_unencrypted = value.truth(option)?,
            _ => return Err(OptionError::WrongType { option, wanted: "what new_session_option gives" }),
        }
        Ok(())
    }
}
