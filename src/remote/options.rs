//! Everything `New-PSSessionOption` and `New-PSSession` can be told, with PowerShell's names, defaults and ranges.
//!
//! Reading maps of scripts is `script`'s business; it asks here for names and sets values one by one.

use std::sync::Arc;
use std::time::Duration;

use crate::clixml::PsValue;
use crate::secret::Credential;
use crate::transport::Trace;

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
    fn truth(&self, option: &'static str) -> Result<bool, OptionError> {
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

    fn text(self, option: &'static str) -> Result<String, OptionError> {
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
        let option = Self::PARAMETERS
            .iter()
            .map(|(option, _)| *option)
            .find(|option| option.eq_ignore_ascii_case(name))
            .ok_or_else(|| OptionError::Unknown { name: name.to_owned() })?;
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
fn one_of<T: Copy>(
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
        let option = Self::PARAMETERS
            .iter()
            .map(|(option, _)| *option)
            .find(|option| option.eq_ignore_ascii_case(name))
            .ok_or_else(|| OptionError::Unknown { name: name.to_owned() })?;
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
