//! Everything `New-PSSessionOption` can be told, with PowerShell's names, defaults and ranges.
//!
//! Reading maps of scripts is `script`'s business; it asks here for names and sets values one by one.

use std::time::Duration;

pub use super::connect_options::{Authentication, ConnectOptions};
use crate::clixml::PsValue;
use crate::secret::Credential;

/// The longest span that PowerShell knows: `Int32.MaxValue` milliseconds, which is what 0 stands for, too.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);
const IDLE_MILLISECONDS_MIN: i64 = 60_000;

/// An option that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// No option has this name.
    #[error("there is no option `{name}`")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// The value has the wrong type.
    #[error("{option} takes {wanted}")]
    WrongType {
        /// The option.
        option: &'static str,
        /// What it takes.
        wanted: &'static str,
    },
    /// A number is outside its range.
    #[error("{option} is {given}, but must be {range}")]
    OutOfRange {
        /// The option.
        option: &'static str,
        /// What was given.
        given: i64,
        /// What is allowed, in words.
        range: &'static str,
    },
    /// A word is none of those allowed.
    #[error("{option} is `{given}`, but must be one of {allowed}")]
    NotOneOf {
        /// The option.
        option: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Two options contradict each other.
    #[error("{option} cannot be combined with {other}")]
    Contradiction {
        /// One option.
        option: &'static str,
        /// The other, with its value where that matters.
        other: &'static str,
    },
}

/// A value for an option, as far as scripts and arguments can express it.
#[derive(Debug, Clone)]
pub enum Setting {
    /// A switch.
    Truth(bool),
    /// A number; spans are in milliseconds, sizes in bytes.
    Number(i64),
    /// A word or text.
    Text(String),
    /// A credential.
    Credential(Credential),
    /// Any value of PowerShell.
    Value(PsValue),
}

impl Setting {
    pub(super) fn truth(&self, option: &'static str) -> Result<bool, OptionError> {
        match self {
            Self::Truth(truth) => Ok(*truth),
            _ => Err(OptionError::WrongType { option, wanted: "true or false" }),
        }
    }

    fn number(&self, option: &'static str) -> Result<i64, OptionError> {
        match self {
            Self::Number(number) => Ok(*number),
            _ => Err(OptionError::WrongType { option, wanted: "a whole number" }),
        }
    }

    pub(super) fn text(self, option: &'static str) -> Result<String, OptionError> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(OptionError::WrongType { option, wanted: "a text" }),
        }
    }
}

/// Whether and how the connection goes through a proxy (facts: `System.Management.Automation.Remoting.ProxyAccessType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProxyAccessType {
    /// No proxy.
    #[default]
    None,
    /// The user's proxy settings: the system's, or `HTTPS_PROXY` and its kin.
    IEConfig,
    /// The machine's proxy settings; here the same source as [`Self::IEConfig`].
    WinHttpConfig,
    /// The system's automatic choice; here the same source as [`Self::IEConfig`].
    AutoDetect,
    /// Never a proxy, and host names are resolved here.
    NoProxyServer,
}

/// How to sign in to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProxyAuthentication {
    /// PowerShell's default; a proxy that insists on it cannot be used yet.
    #[default]
    Negotiate,
    /// User name and password.
    Basic,
    /// Not yet.
    Digest,
}

/// What the server does with output that nobody fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputBufferingMode {
    /// The endpoint's own default.
    #[default]
    None,
    /// It throws output away.
    Drop,
    /// It waits.
    Block,
}

/// A `PSSessionOption` with the defaults of `New-PSSessionOption`.
#[derive(Debug, Clone)]
pub struct SessionOption {
    /// How many redirects are followed where they are allowed; negative: any number.
    pub maximum_redirection: i32,
    /// Do not compress streams.
    pub no_compression: bool,
    /// Do not load the user's Windows profile on the server.
    pub no_machine_profile: bool,
    /// Language of formats.
    pub culture: Option<String>,
    /// Language of messages.
    pub ui_culture: Option<String>,
    /// The most bytes one command may send; none: unlimited.
    pub maximum_received_data_size_per_command: Option<u64>,
    /// The most bytes one object may have; none: unlimited.
    pub maximum_received_object_size: Option<u64>,
    /// What to do with output that nobody fetches.
    pub output_buffering_mode: OutputBufferingMode,
    /// How often opening is tried again when the connection fails.
    pub max_connection_retry_count: u32,
    /// A dictionary that the server's scripts can read.
    pub application_arguments: Option<PsValue>,
    /// How long opening may take, negotiation included.
    pub open_timeout: Duration,
    /// How long stopping and closing may take.
    pub cancel_timeout: Duration,
    /// How long an unused session lives on the server; none: the server's default.
    pub idle_timeout: Option<Duration>,
    /// How long the server may take for one operation.
    pub operation_timeout: Duration,
    /// Where proxy settings come from.
    pub proxy_access_type: ProxyAccessType,
    /// How to sign in to the proxy.
    pub proxy_authentication: ProxyAuthentication,
    /// The credential for the proxy.
    pub proxy_credential: Option<Credential>,
    /// Do not check who issued the server's certificate.
    pub skip_ca_check: bool,
    /// Do not check the host name in the server's certificate.
    pub skip_cn_check: bool,
    /// Do not check whether the server's certificate was revoked (no revocation lists are read in any case).
    pub skip_revocation_check: bool,
    /// Accepted and without effect: TLS encrypts, and Basic sign-in knows no encryption of its own.
    pub no_encryption: bool,
    /// Accepted and without effect: messages are UTF-8.
    pub use_utf16: bool,
    /// Accepted and without effect: it concerns Kerberos.
    pub include_port_in_spn: bool,
}

impl Default for SessionOption {
    fn default() -> Self {
        Self {
            maximum_redirection: 5,
            no_compression: false,
            no_machine_profile: false,
            culture: None,
            ui_culture: None,
            maximum_received_data_size_per_command: None,
            maximum_received_object_size: None,
            output_buffering_mode: OutputBufferingMode::None,
            max_connection_retry_count: 0,
            application_arguments: None,
            open_timeout: Duration::from_secs(180),
            cancel_timeout: Duration::from_secs(60),
            idle_timeout: None,
            operation_timeout: Duration::from_secs(180),
            proxy_access_type: ProxyAccessType::None,
            proxy_authentication: ProxyAuthentication::Negotiate,
            proxy_credential: None,
            skip_ca_check: false,
            skip_cn_check: false,
            skip_revocation_check: false,
            no_encryption: false,
            use_utf16: false,
            include_port_in_spn: false,
        }
    }
}

impl SessionOption {
    /// Every parameter of `New-PSSessionOption` with its other names.
    pub const PARAMETERS: &'static [(&'static str, &'static [&'static str])] = &[
        ("MaximumRedirection", &[]),
        ("NoCompression", &[]),
        ("NoMachineProfile", &[]),
        ("Culture", &[]),
        ("UICulture", &[]),
        ("MaximumReceivedDataSizePerCommand", &[]),
        ("MaximumReceivedObjectSize", &[]),
        ("OutputBufferingMode", &[]),
        ("MaxConnectionRetryCount", &[]),
        ("ApplicationArguments", &[]),
        ("OpenTimeout", &["OpenTimeoutMSec"]),
        ("CancelTimeout", &["CancelTimeoutMSec"]),
        ("IdleTimeout", &["IdleTimeoutMSec"]),
        ("ProxyAccessType", &[]),
        ("ProxyAuthentication", &[]),
        ("ProxyCredential", &[]),
        ("SkipCACheck", &[]),
        ("SkipCNCheck", &[]),
        ("SkipRevocationCheck", &[]),
        ("OperationTimeout", &["OperationTimeoutMSec"]),
        ("NoEncryption", &[]),
        ("UseUTF16", &[]),
        ("IncludePortInSPN", &[]),
    ];

    /// Sets one parameter by its proper name.
    ///
    /// # Errors
    /// An unknown name, a value of the wrong type, or one outside its range.
    pub fn set(&mut self, name: &str, value: Setting) -> Result<(), OptionError> {
        let option = proper_name(Self::PARAMETERS, name)?;
        match option {
            "MaximumRedirection" => self.maximum_redirection = number_i32(option, &value)?,
            "NoCompression" => self.no_compression = value.truth(option)?,
            "NoMachineProfile" => self.no_machine_profile = value.truth(option)?,
            "Culture" => self.culture = culture(option, value)?,
            "UICulture" => self.ui_culture = culture(option, value)?,
            "MaximumReceivedDataSizePerCommand" => self.maximum_received_data_size_per_command = size(option, &value)?,
            "MaximumReceivedObjectSize" => self.maximum_received_object_size = size(option, &value)?,
            "OutputBufferingMode" => self.output_buffering_mode = one_of(option, value, BUFFERING)?,
            "MaxConnectionRetryCount" => {
                let given = value.number(option)?;
                self.max_connection_retry_count =
                    u32::try_from(given).map_err(|_| OptionError::OutOfRange { option, given, range: "0 or more" })?;
            }
            "ApplicationArguments" => match value {
                Setting::Value(dictionary) => self.application_arguments = Some(dictionary),
                _ => return Err(OptionError::WrongType { option, wanted: "a map" }),
            },
            "OpenTimeout" => self.open_timeout = span(option, &value)?,
            "CancelTimeout" => self.cancel_timeout = span(option, &value)?,
            "IdleTimeout" => self.idle_timeout = idle(option, &value)?,
            "OperationTimeout" => self.operation_timeout = span(option, &value)?,
            "ProxyAccessType" => self.proxy_access_type = one_of(option, value, PROXY_ACCESS)?,
            "ProxyAuthentication" => self.proxy_authentication = one_of(option, value, PROXY_AUTHENTICATION)?,
            "ProxyCredential" => match value {
                Setting::Credential(credential) => self.proxy_credential = Some(credential),
                _ => return Err(OptionError::WrongType { option, wanted: "a credential" }),
            },
            "SkipCACheck" => self.skip_ca_check = value.truth(option)?,
            "SkipCNCheck" => self.skip_cn_check = value.truth(option)?,
            "SkipRevocationCheck" => self.skip_revocation_check = value.truth(option)?,
            "NoEncryption" => self.no_encryption = value.truth(option)?,
            "UseUTF16" => self.use_utf16 = value.truth(option)?,
            _ => self.include_port_in_spn = value.truth(option)?,
        }
        Ok(())
    }

    /// What no single parameter shows: contradictions between them.
    ///
    /// # Errors
    /// [`OptionError::Contradiction`].
    pub fn check(&self) -> Result<(), OptionError> {
        let option = "ProxyCredential";
        match (&self.proxy_credential, self.proxy_access_type) {
            (Some(_), ProxyAccessType::None) => {
                Err(OptionError::Contradiction { option, other: "ProxyAccessType None" })
            }
            (Some(_), ProxyAccessType::NoProxyServer) => {
                Err(OptionError::Contradiction { option, other: "ProxyAccessType NoProxyServer" })
            }
            _ => Ok(()),
        }
    }
}

/// A parameter as its table spells it.
pub(super) fn proper_name(
    parameters: &[(&'static str, &'static [&'static str])],
    name: &str,
) -> Result<&'static str, OptionError> {
    let known = parameters.iter().map(|(option, _)| *option).find(|option| option.eq_ignore_ascii_case(name));
    known.ok_or_else(|| OptionError::Unknown { name: name.to_owned() })
}

const BUFFERING: (&[(&str, i64, OutputBufferingMode)], &str) = (
    &[
        ("None", 0, OutputBufferingMode::None),
        ("Drop", 1, OutputBufferingMode::Drop),
        ("Block", 2, OutputBufferingMode::Block),
    ],
    "None, Drop, Block",
);

const PROXY_ACCESS: (&[(&str, i64, ProxyAccessType)], &str) = (
    &[
        ("None", 0, ProxyAccessType::None),
        ("IEConfig", 1, ProxyAccessType::IEConfig),
        ("WinHttpConfig", 2, ProxyAccessType::WinHttpConfig),
        ("AutoDetect", 4, ProxyAccessType::AutoDetect),
        ("NoProxyServer", 8, ProxyAccessType::NoProxyServer),
    ],
    "None, IEConfig, WinHttpConfig, AutoDetect, NoProxyServer",
);

const PROXY_AUTHENTICATION: (&[(&str, i64, ProxyAuthentication)], &str) = (
    &[
        ("Negotiate", 2, ProxyAuthentication::Negotiate),
        ("Basic", 1, ProxyAuthentication::Basic),
        ("Digest", 5, ProxyAuthentication::Digest),
    ],
    "Negotiate, Basic, Digest",
);

/// An enumeration value by name, ignoring case, or by number.
pub(super) fn one_of<T: Copy>(
    option: &'static str,
    value: Setting,
    (known, allowed): (&[(&str, i64, T)], &'static str),
) -> Result<T, OptionError> {
    let found = match &value {
        Setting::Text(text) => known.iter().find(|(name, ..)| name.eq_ignore_ascii_case(text.trim())),
        Setting::Number(number) => known.iter().find(|(_, own, _)| own == number),
        _ => return Err(OptionError::WrongType { option, wanted: "a word" }),
    };
    found.map(|(.., meaning)| *meaning).ok_or_else(|| OptionError::NotOneOf {
        option,
        given: match value {
            Setting::Text(text) => text,
            Setting::Number(number) => number.to_string(),
            _ => String::new(),
        },
        allowed,
    })
}

fn number_i32(option: &'static str, value: &Setting) -> Result<i32, OptionError> {
    let given = value.number(option)?;
    i32::try_from(given).map_err(|_| OptionError::OutOfRange { option, given, range: "a 32-bit number" })
}

fn span(option: &'static str, value: &Setting) -> Result<Duration, OptionError> {
    match value.number(option)? {
        0 => Ok(LONGEST),
        given => match u64::try_from(given) {
            Ok(milliseconds) if given <= i64::from(i32::MAX) => Ok(Duration::from_millis(milliseconds)),
            _ => Err(OptionError::OutOfRange { option, given, range: "0 to 2147483647 milliseconds" }),
        },
    }
}

fn idle(option: &'static str, value: &Setting) -> Result<Option<Duration>, OptionError> {
    match value.number(option)? {
        -1 => Ok(None),
        given => match u64::try_from(given) {
            Ok(milliseconds) if (IDLE_MILLISECONDS_MIN..=i64::from(i32::MAX)).contains(&given) => {
                Ok(Some(Duration::from_millis(milliseconds)))
            }
            _ => Err(OptionError::OutOfRange {
                option,
                given,
                range: "-1 (the server's default) or at least 60000 milliseconds",
            }),
        },
    }
}

fn size(option: &'static str, value: &Setting) -> Result<Option<u64>, OptionError> {
    let given = value.number(option)?;
    u64::try_from(given).map(Some).map_err(|_| OptionError::OutOfRange { option, given, range: "0 or more bytes" })
}

/// Empty names (the invariant culture) are not sent.
fn culture(option: &'static str, value: Setting) -> Result<Option<String>, OptionError> {
    let name = value.text(option)?;
    let fits = name.len() <= 84 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    match (fits, name.is_empty()) {
        (true, empty) => Ok((!empty).then_some(name)),
        (false, _) => Err(OptionError::NotOneOf { option, given: name, allowed: "names such as en-US" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, value: Setting) -> Result<SessionOption, OptionError> {
        let mut option = SessionOption::default();
        option.set(name, value).map(|()| option)
    }

    /// facts/remoting.md 9, row 22, and the table of 2.6: the cmdlet's defaults, not those of the object.
    #[test]
    fn defaults_are_those_of_the_cmdlet() {
        let option = SessionOption::default();
        assert_eq!(option.maximum_received_object_size, None);
        assert_eq!(option.max_connection_retry_count, 0);
        assert_eq!(option.maximum_redirection, 5);
        assert_eq!(option.open_timeout, Duration::from_millis(180_000));
        assert_eq!(option.cancel_timeout, Duration::from_millis(60_000));
        assert_eq!(option.operation_timeout, Duration::from_millis(180_000));
        assert_eq!(option.idle_timeout, None);
        assert_eq!(option.output_buffering_mode, OutputBufferingMode::None);
        assert_eq!(option.proxy_access_type, ProxyAccessType::None);
        assert_eq!(option.proxy_authentication, ProxyAuthentication::Negotiate);
    }

    #[test]
    fn spans_are_milliseconds_and_zero_is_the_longest() {
        for name in ["OpenTimeout", "canceltimeout", "OPERATIONTIMEOUT"] {
            set(name, Setting::Number(2_147_483_647)).unwrap();
            assert!(matches!(set(name, Setting::Number(-1)), Err(OptionError::OutOfRange { .. })), "{name}");
            assert!(matches!(set(name, Setting::Number(2_147_483_648)), Err(OptionError::OutOfRange { .. })), "{name}");
        }
        assert_eq!(set("OpenTimeout", Setting::Number(0)).unwrap().open_timeout, Duration::from_millis(2_147_483_647));
    }

    #[test]
    fn an_idle_timeout_is_a_minute_at_least_or_the_server_s_own() {
        assert_eq!(set("IdleTimeout", Setting::Number(-1)).unwrap().idle_timeout, None);
        assert_eq!(set("IdleTimeout", Setting::Number(60_000)).unwrap().idle_timeout, Some(Duration::from_secs(60)));
        for given in [0, 59_999, -2] {
            let problem = set("IdleTimeout", Setting::Number(given)).unwrap_err();
            assert!(problem.to_string().contains("60000"), "{problem}");
        }
    }

    #[test]
    fn enumerations_are_named_or_numbered_as_in_powershell() {
        for (value, expected) in [
            (Setting::Text("ieconfig".into()), ProxyAccessType::IEConfig),
            (Setting::Number(4), ProxyAccessType::AutoDetect),
            (Setting::Text("NoProxyServer".into()), ProxyAccessType::NoProxyServer),
        ] {
            assert_eq!(set("ProxyAccessType", value).unwrap().proxy_access_type, expected);
        }
        let problem = set("ProxyAuthentication", Setting::Text("Kerberos".into())).unwrap_err();
        assert!(problem.to_string().contains("Negotiate, Basic, Digest"), "{problem}");
        assert!(matches!(set("ProxyAccessType", Setting::Number(3)), Err(OptionError::NotOneOf { .. })));
    }

    #[test]
    fn a_proxy_credential_without_a_proxy_is_a_contradiction() {
        let credential = Credential::new("ann", crate::secret::SecretString::from("x"));
        let mut option = set("ProxyCredential", Setting::Credential(credential)).unwrap();
        assert!(option.check().is_err());
        option.set("ProxyAccessType", Setting::Text("NoProxyServer".into())).unwrap();
        assert!(option.check().is_err());
        option.set("ProxyAccessType", Setting::Text("WinHttpConfig".into())).unwrap();
        assert!(option.check().is_ok());
    }

    #[test]
    fn every_parameter_can_be_set_and_nothing_else() {
        let text = Setting::Text("en-US".into());
        for (name, _) in SessionOption::PARAMETERS {
            let fits = [
                Setting::Truth(true),
                Setting::Number(60_000),
                Setting::Number(1),
                text.clone(),
                Setting::Text("Basic".into()),
            ]
            .into_iter()
            .any(|value| set(name, value).is_ok());
            assert!(fits || matches!(*name, "ApplicationArguments" | "ProxyCredential"), "{name}");
            assert!(!matches!(set(name, Setting::Truth(true)), Err(OptionError::Unknown { .. })), "{name}");
        }
        assert!(matches!(set("SkipEverything", Setting::Truth(true)), Err(OptionError::Unknown { .. })));
        assert_eq!(
            set("Culture", Setting::Text(String::new())).unwrap().culture,
            None,
            "the invariant culture is not sent"
        );
        assert!(set("UICulture", Setting::Text("en-US\r\nX: y".into())).is_err());
    }
}
