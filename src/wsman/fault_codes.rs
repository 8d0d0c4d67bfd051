//! Fault numbers of WS-Management and what each means for the one who called.
//!
//! Numbers are unsigned: half of them are beyond `i32`. Names are the last words of Microsoft's constants; the
//! identifiers in the table are PowerShell's error ids (`FullyQualifiedErrorId` of a failed New-PSSession).

use std::fmt;

/// The number of a fault: a Win32 or HRESULT code, unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaultCode(pub u32);

/// What the caller has to do about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultClass {
    /// The same request again, at once.
    Retry,
    /// The shell is gone: nothing but a new session helps.
    SessionDead,
    /// The caller must change something: rights, options, names, quotas.
    CallerMustChange,
    /// The same request later.
    Wait,
    /// Neither side's user can help it: one of the two programs is wrong.
    ProtocolBug,
}

use FaultClass::{CallerMustChange, ProtocolBug, Retry, SessionDead, Wait};

impl FaultCode {
    /// Access denied.
    pub const ACCESS_DENIED: Self = Self(5);
    /// The server gave the operation up.
    pub const OPERATION_ABORTED: Self = Self(995);
    /// No output within OperationTimeout: on Receive the sign to ask again.
    pub const TIMED_OUT: Self = Self(2_150_858_793);
    /// The request (or the answer it asks for) is larger than allowed.
    pub const ENVELOPE_TOO_LARGE: Self = Self(2_150_858_825);
    /// No such shell: a dead one, or another machine behind the load balancer.
    pub const INVALID_SELECTORS: Self = Self(2_150_858_813);
    /// Shell or command is not there (any more).
    pub const UNEXPECTED_SELECTORS: Self = Self(2_150_858_843);
    /// No session configuration of that name, or a wrong path.
    pub const INVALID_RESOURCE_URI: Self = Self(2_150_858_811);
    /// The message is not valid XML; Exchange says "access is denied" with it, too.
    pub const INVALID_XML: Self = Self(2_150_858_819);
    /// A header that must be understood is not.
    pub const MUST_UNDERSTAND: Self = Self(2_150_858_768);
    /// A header of the message is not valid.
    pub const INVALID_HEADER: Self = Self(2_150_858_767);
    /// The server does not do that.
    pub const ACTION_NOT_SUPPORTED: Self = Self(2_150_858_771);
    /// A second Receive for one target.
    pub const RECEIVE_IN_PROGRESS: Self = Self(2_150_859_047);
    /// The shell was closed before.
    pub const SHELL_ALREADY_CLOSED: Self = Self(2_150_859_082);
    /// Open at another URI.
    pub const REDIRECT_REQUESTED: Self = Self(2_150_859_161);
    /// Too many shells of this user.
    pub const QUOTA_MAX_SHELLS: Self = Self(2_150_859_173);
    /// Too many requests of this user; the text says how long to wait.
    pub const QUOTA_USER: Self = Self(2_150_859_175);
    /// Too many shells of this user for the plug-in.
    pub const MAX_SHELLS_PPQ: Self = Self(2_150_859_236);
    /// The command is ending or has ended.
    pub const COMMAND_TERMINATED: Self = Self(2_150_859_212);
    /// The idle time-out asked for is outside the server's limits.
    pub const IDLE_TIMEOUT_OUT_OF_BOUNDS: Self = Self(2_150_859_250);
    /// PowerShell's plug-in refused; the reason stands inside the provider's fault.
    pub const PLUGIN_REFUSED: Self = Self(2_152_992_672);

    /// Reads the decimal number of `WSManFault/@Code`; negative ones are the same number, signed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse().ok().or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned)).map(Self)
    }

    /// PowerShell's error id, or the signed number where PowerShell has none either.
    #[must_use]
    pub fn error_id(self) -> String {
        match self.entry() {
            Some(entry) if !entry.error_id.is_empty() => entry.error_id.to_owned(),
            _ => self.0.cast_signed().to_string(),
        }
    }

    /// Microsoft's constant, without its prefix.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.name).filter(|name| !name.is_empty())
    }

    /// What to do about it; an unknown number is the caller's business.
    #[must_use]
    pub fn class(self) -> FaultClass {
        self.entry().map_or(CallerMustChange, |entry| entry.class)
    }

    /// What it means, in our words.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.meaning)
    }

    /// What the user can do.
    #[must_use]
    pub fn hint(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.hint).filter(|hint| !hint.is_empty())
    }

    fn entry(self) -> Option<&'static Entry> {
        TABLE.binary_search_by_key(&self.0, |entry| entry.code).ok().and_then(|found| TABLE.get(found))
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

struct Entry {
    code: u32,
    name: &'static str,
    error_id: &'static str,
    class: FaultClass,
    meaning: &'static str,
    hint: &'static str,
}

const fn fault(
    code: u32,
    name: &'static str,
    error_id: &'static str,
    class: FaultClass,
    meaning: &'static str,
    hint: &'static str,
) -> Entry {
    Entry { code, name, error_id, class, meaning, hint }
}

const RIGHTS: &str =
    "check that the user may use remote PowerShell (Set-User -RemotePowerShellEnabled) and has a management role";
const PASSWORD: &str = "check the user name and the password";
const CONFIGURATION: &str = "check the path of the URI and the ConfigurationName; Exchange's is Microsoft.Exchange";
const NEW_SESSION: &str = "open a new session";
const COOKIE: &str = "open a new session; behind a load balancer, check that its affinity cookie reaches the client";
const CLOSE_OTHERS: &str =
    "remove sessions that are no longer needed (get_session, remove_session), or wait until idle ones end";
const LATER: &str = "try again later, with fewer requests at a time";
const FQDN: &str = "use the server's fully qualified name";
const NOT_WSMAN: &str = "check the path of the URI: the address answers, but not with remote PowerShell";
const SMALLER: &str = "send less at a time, or raise the server's MaxEnvelopeSizekb";
const REDIRECT: &str = "check the redirect of the server, or connect to its target directly";
const SERVER_LIMIT: &str = "ask the server's administrator; a quota of the remoting plug-in is reached";

/// Sorted by number.
#[rustfmt::skip]
static TABLE: &[Entry] = &[
    fault(5, "ACCESS_DENIED", "AccessDenied", CallerMustChange, "access is denied", RIGHTS),
    fault(14, "OUTOFMEMORY", "ServerOutOfMemory", Wait, "the server is out of memory", LATER),
    fault(53, "BAD_NETPATH", "NetworkPathNotFound", CallerMustChange, "the network path was not found", FQDN),
    fault(87, "INVALID_PARAMETER", "", CallerMustChange, "a parameter of the request is not valid", ""),
    fault(995, "OPERATION_ABORTED", "WinRMOperationAborted", SessionDead, "the server gave the operation up", NEW_SESSION),
    fault(1115, "SHUTDOWN_IN_PROGRESS", "ShutDownInProgress", SessionDead, "the server is shutting down", NEW_SESSION),
    fault(1223, "CANCELLED", "", SessionDead, "the operation was cancelled", NEW_SESSION),
    fault(1311, "NO_LOGON_SERVERS", "AuthenticationFailed", CallerMustChange, "no domain controller could check the sign-in", PASSWORD),
    fault(1312, "NO_SUCH_LOGON_SESSION", "", CallerMustChange, "the sign-in session does not exist", "write the user name with its domain: DOMAIN\\user or user@domain"),
    fault(1326, "LOGON_FAILURE", "LogonFailure", CallerMustChange, "the user name or the password is wrong", PASSWORD),
    fault(1722, "RPC_S_SERVER_UNAVAILABLE", "ImproperResponse", Retry, "the server gave no proper answer", ""),
    fault(2_147_942_402, "FILE_NOT_FOUND", "", CallerMustChange, "the server did not find what was named", ""),
    fault(2_148_074_243, "SEC_E_TARGET_UNKNOWN", "TargetUnknown", CallerMustChange, "the server's service principal is unknown", FQDN),
    fault(2_150_858_752, "RESOURCE_NOT_FOUND", "", CallerMustChange, "the resource does not exist", CONFIGURATION),
    fault(2_150_858_754, "INVALID_URI", "InvalidResourceUri", CallerMustChange, "the resource URI is not valid", CONFIGURATION),
    fault(2_150_858_755, "PROVIDER_FAILURE", "", CallerMustChange, "the remoting plug-in failed", ""),
    fault(2_150_858_757, "CONFIG_CORRUPTED", "CorruptedWinRMConfig", CallerMustChange, "the server's remoting configuration is broken", ""),
    fault(2_150_858_767, "INVALID_MESSAGE_INFORMATION_HEADER", "", ProtocolBug, "a header of the request is not valid", ""),
    fault(2_150_858_768, "MUST_UNDERSTAND", "", ProtocolBug, "the server does not know a header of the request", ""),
    fault(2_150_858_770, "DESTINATION_UNREACHABLE", "CannotConnect", CallerMustChange, "the destination cannot be reached", "check the host name, the port and the path"),
    fault(2_150_858_771, "ACTION_NOT_SUPPORTED", "WinRMOperationNotSupportedOnServer", CallerMustChange, "the server does not support the operation", ""),
    fault(2_150_858_790, "ENVELOPE_TOO_LARGE", "", CallerMustChange, "the envelope is too large", SMALLER),
    fault(2_150_858_793, "OPERATION_TIMEDOUT", "", Retry, "the operation did not finish in the time it was given", ""),
    fault(2_150_858_797, "URI_LIMIT", "URIExceedsMaxAllowedSize", CallerMustChange, "the URI is too long", "shorten the URI"),
    fault(2_150_858_802, "CONCURRENCY", "", Wait, "the server is busy with other operations", LATER),
    fault(2_150_858_806, "FAILED_AUTHENTICATION", "", CallerMustChange, "the sign-in failed", PASSWORD),
    fault(2_150_858_811, "INVALID_RESOURCE_URI", "InvalidResourceUri", CallerMustChange, "there is no such session configuration", CONFIGURATION),
    fault(2_150_858_813, "INVALID_SELECTORS", "", SessionDead, "the shell is not known to the server", COOKIE),
    fault(2_150_858_815, "QUOTA_LIMIT", "", Wait, "a quota of the server is used up", LATER),
    fault(2_150_858_817, "SCHEMA_VALIDATION_ERROR", "", ProtocolBug, "the request does not fit the schema", ""),
    fault(2_150_858_819, "INVALID_XML", "", ProtocolBug, "the server could not read the request", ""),
    fault(2_150_858_823, "MAX_ENVELOPE_SIZE", "", CallerMustChange, "the envelope limit asked for is too small", SMALLER),
    fault(2_150_858_824, "MAX_ENVELOPE_SIZE_EXCEEDED", "", CallerMustChange, "the answer is larger than the client allowed", SMALLER),
    fault(2_150_858_825, "SERVER_ENVELOPE_LIMIT", "", CallerMustChange, "the request is larger than the server allows", SMALLER),
    fault(2_150_858_843, "UNEXPECTED_SELECTORS", "CannotConnectTargetSessionDoesNotExist", SessionDead, "the shell or the command is gone", NEW_SESSION),
    fault(2_150_858_868, "BAD_METHOD", "", CallerMustChange, "the method is not known", ""),
    fault(2_150_858_974, "CLIENT_UNENCRYPTED_DISABLED", "", CallerMustChange, "unencrypted traffic is switched off", "use https"),
    fault(2_150_858_975, "CLIENT_BASIC_DISABLED", "", CallerMustChange, "Basic sign-in is switched off in the client", "exsh config set auth.basic true"),
    fault(2_150_858_978, "CLIENT_KERBEROS_DISABLED", "ClientKerberosDisabled", CallerMustChange, "Kerberos is switched off in the client", ""),
    fault(2_150_858_980, "SERVER_NOT_TRUSTED", "ServerNotTrusted", CallerMustChange, "the server is not trusted", "use https"),
    fault(2_150_858_981, "EXPLICIT_CREDENTIALS_REQUIRED", "ExplicitCredentialsRequired", CallerMustChange, "a credential is required", "give a credential"),
    fault(2_150_859_001, "CANNOT_DECRYPT", "", SessionDead, "the server could not decrypt the request", NEW_SESSION),
    fault(2_150_859_019, "KERBEROS_IPADDRESS", "", CallerMustChange, "Kerberos does not work with an IP address", FQDN),
    fault(2_150_859_020, "WORKGROUP_NO_KERBEROS", "WorkgroupCannotUseKerberos", CallerMustChange, "Kerberos needs a domain", FQDN),
    fault(2_150_859_022, "INVALID_AUTHENTICATION", "InvalidAuthentication", CallerMustChange, "the server does not offer this way of signing in", "ask the server's administrator to enable Basic on the PowerShell virtual directory"),
    fault(2_150_859_023, "UNKNOWN_HTTP_STATUS", "", CallerMustChange, "the answer has an HTTP status that means nothing here", NOT_WSMAN),
    fault(2_150_859_024, "UNSUPPORTED_HTTP_STATUS_REDIRECT", "", CallerMustChange, "the redirect cannot be followed", REDIRECT),
    fault(2_150_859_025, "HTTP_REQUEST_TOO_LARGE", "", CallerMustChange, "the request is too large for the web server", SMALLER),
    fault(2_150_859_026, "SERVICE_UNAVAILABLE", "CannotConnectWinRMService", Wait, "the service is not available", LATER),
    fault(2_150_859_027, "NOT_FOUND", "URLNotAvailable", CallerMustChange, "the web server knows no such address", NOT_WSMAN),
    fault(2_150_859_046, "NETWORK_TIMEDOUT", "WinRMOperationTimeout", Retry, "the network did not answer in time", "check that the host can be reached and that no firewall is in the way"),
    fault(2_150_859_047, "RECEIVE_IN_PROGRESS", "", ProtocolBug, "two receives wait for one stream", ""),
    fault(2_150_859_082, "SHELL_ALREADY_CLOSED", "", SessionDead, "the shell is closed already", NEW_SESSION),
    fault(2_150_859_120, "HTTP_STATUS_SERVER_ERROR", "WinRMHttpError", CallerMustChange, "the web server failed", NOT_WSMAN),
    fault(2_150_859_121, "HTTP_STATUS_BAD_REQUEST", "", CallerMustChange, "the web server refused the request", NOT_WSMAN),
    fault(2_150_859_123, "HTML_ERROR", "", CallerMustChange, "the answer is a web page", NOT_WSMAN),
    fault(2_150_859_139, "NO_COMMAND_RESPONSE", "", ProtocolBug, "the answer holds no command", ""),
    fault(2_150_859_140, "INVALID_OPTIONSET", "", ProtocolBug, "the options of the request are not valid", ""),
    fault(2_150_859_141, "NO_COMMANDID", "", ProtocolBug, "the request names no command", ""),
    fault(2_150_859_151, "NO_RECEIVE_RESPONSE", "", ProtocolBug, "the answer holds no stream", ""),
    fault(2_150_859_161, "REDIRECT_REQUESTED", "RedirectInformationRequired", CallerMustChange, "the server sends the client to another address", "set AllowRedirection if the target can be trusted"),
    fault(2_150_859_170, "CREDSSP_DISABLED", "", CallerMustChange, "CredSSP is switched off", ""),
    fault(2_150_859_173, "QUOTA_MAX_SHELLS", "", CallerMustChange, "the user has as many sessions as the server allows", CLOSE_OTHERS),
    fault(2_150_859_174, "QUOTA_MAX_OPERATIONS", "", Wait, "the user runs as many operations as the server allows", LATER),
    fault(2_150_859_175, "QUOTA_USER", "", Wait, "the user has used up the load the server allows", "wait for the time the server names, then send at a slower rate"),
    fault(2_150_859_176, "QUOTA_SYSTEM", "", Wait, "the server has used up its load quota", LATER),
    fault(2_150_859_177, "DIFFERENT_AUTHZ_TOKEN", "", SessionDead, "the identity changed within the session", NEW_SESSION),
    fault(2_150_859_178, "REDIRECT_LOCATION_NOT_AVAILABLE", "", CallerMustChange, "the server redirects but does not say where to", REDIRECT),
    fault(2_150_859_179, "QUOTA_MAX_SHELLUSERS", "", Wait, "as many users have sessions as the server allows", LATER),
    fault(2_150_859_180, "REMOTESHELLS_NOT_ALLOWED", "RemoteSessionDisallowed", CallerMustChange, "the server allows no remote shells", SERVER_LIMIT),
    fault(2_150_859_189, "INVALID_REDIRECT_ERROR", "", CallerMustChange, "a redirect came where none is allowed", REDIRECT),
    fault(2_150_859_190, "REDIRECT_LOCATION_TOO_LONG", "", CallerMustChange, "the redirect's target is too long", REDIRECT),
    fault(2_150_859_191, "REDIRECT_LOCATION_INVALID", "RedirectLocationInvalid", CallerMustChange, "the redirect's target is not valid", REDIRECT),
    fault(2_150_859_193, "NAME_NOT_RESOLVED", "ComputerNotFound", CallerMustChange, "the host name cannot be resolved", "check the spelling of the host name and the name service"),
    fault(2_150_859_194, "SSL_CONNECTION_ABORTED", "", CallerMustChange, "the TLS connection could not be made", "check that the server speaks https on this port"),
    fault(2_150_859_195, "DEFAULTAUTH_IPADDRESS", "CannotUseIPAddress", CallerMustChange, "default sign-in does not work with an IP address", FQDN),
    fault(2_150_859_202, "INVALID_SESSION_NAME", "SessionCreateFailedInvalidName", CallerMustChange, "the session's name is not valid", "choose another name of at most 255 characters"),
    fault(2_150_859_204, "SHELL_DISCONNECTED", "", SessionDead, "the shell is disconnected", NEW_SESSION),
    fault(2_150_859_205, "DISCONNECT_NOT_SUPPORTED", "", CallerMustChange, "the server cannot disconnect shells", ""),
    fault(2_150_859_206, "CLIENTSESSIONID_MISMATCH", "CannotConnectMismatchSessions", CallerMustChange, "the shell belongs to another client session", NEW_SESSION),
    fault(2_150_859_212, "COMMAND_TERMINATED", "", SessionDead, "the command has ended", ""),
    fault(2_150_859_213, "CONNECTED_TO_DIFFERENT_CLIENT", "CannotConnectAlreadyConnected", SessionDead, "the shell is connected to another client", NEW_SESSION),
    fault(2_150_859_216, "RECONNECT_NOT_VALID", "CannotConnectInvalidOperation", SessionDead, "the shell cannot be connected to", NEW_SESSION),
    fault(2_150_859_229, "SERVICE_REMOTE_ACCESS_DISABLED", "", CallerMustChange, "the server's remote access is switched off", SERVER_LIMIT),
    fault(2_150_859_230, "STREAM_DISCONNECTED", "", SessionDead, "the stream is disconnected", NEW_SESSION),
    fault(2_150_859_231, "RUNAS_FAILED", "CannotConnectRunAsFailed", CallerMustChange, "the server could not switch to the account it runs under", SERVER_LIMIT),
    fault(2_150_859_235, "REMOTE_CONNECTION_NOT_ALLOWED", "RemoteConnectionDisallowed", CallerMustChange, "the plug-in allows no remote connections", SERVER_LIMIT),
    fault(2_150_859_236, "MAX_SHELLS_PPQ", "", CallerMustChange, "the user has as many sessions as the plug-in allows", CLOSE_OTHERS),
    fault(2_150_859_237, "MAX_USERS_PPQ", "", Wait, "as many users have sessions as the plug-in allows", LATER),
    fault(2_150_859_238, "MAX_PLUGINSHELLS_PPQ", "", Wait, "there are as many sessions as the plug-in allows", LATER),
    fault(2_150_859_239, "MAX_PLUGINOPERATIONS_PPQ", "", Wait, "as many operations run as the plug-in allows", LATER),
    fault(2_150_859_240, "MAX_OPERATIONS_USER_PPQ", "", Wait, "the user runs as many operations as the plug-in allows", LATER),
    fault(2_150_859_241, "MAX_COMMANDS_PER_SHELL_PPQ", "", Wait, "the session runs as many commands as the plug-in allows", LATER),
    fault(2_150_859_248, "MUTUAL_AUTH_FAILED", "", CallerMustChange, "the server could not prove who it is", FQDN),
    fault(2_150_859_250, "IDLETIMEOUT_OUTOFBOUNDS", "", CallerMustChange, "the idle time-out is outside the server's limits", "leave IdleTimeout out, or choose at most 15 minutes for Exchange"),
    fault(2_150_859_258, "CLIENT_SESSION_UNUSABLE", "", SessionDead, "the session can no longer be used", NEW_SESSION),
    fault(2_152_992_672, "PLUGIN_REFUSED", "IncorrectProtocolVersion", CallerMustChange, "the PowerShell plug-in refused", RIGHTS),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_number_stands_once() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn fault_codes_beyond_i32_are_read_unsigned_and_signed() {
        // facts/remoting.md 9, row 27; facts/exchange-wire.md 4: signed form = code - 2^32
        assert_eq!(FaultCode::parse("2150858793"), Some(FaultCode::TIMED_OUT));
        assert_eq!(FaultCode::parse("-2144108503"), Some(FaultCode::TIMED_OUT));
        assert_eq!(FaultCode::parse(" 5 "), Some(FaultCode::ACCESS_DENIED));
        assert_eq!(FaultCode::parse("4294967296"), None);
        assert_eq!(FaultCode::parse("0x80338029"), None);
    }

    #[test]
    fn the_redirect_fault_is_2150859161() {
        // facts/exchange-wire.md 4: 2150859113 is the firewall profile, 0x80338199 the redirect
        assert_eq!(FaultCode::REDIRECT_REQUESTED.0, 0x8033_8199);
        assert_eq!(FaultCode::REDIRECT_REQUESTED.error_id(), "RedirectInformationRequired");
        assert_eq!(FaultCode(2_150_859_113).name(), None);
    }

    #[test]
    fn a_code_without_an_error_id_shows_its_signed_number_as_powershell_does() {
        assert_eq!(FaultCode::INVALID_SELECTORS.error_id(), "-2144108483");
        assert_eq!(FaultCode::TIMED_OUT.class(), FaultClass::Retry);
        assert_eq!(FaultCode::UNEXPECTED_SELECTORS.class(), FaultClass::SessionDead);
        assert_eq!(FaultCode(0xDEAD_BEEF).class(), FaultClass::CallerMustChange);
    }
}
