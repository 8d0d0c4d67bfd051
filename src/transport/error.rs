//! Why bytes did not get through, found in the chain of causes and told in a sentence.
//!
//! HTTP statuses are no errors here; what an answer means is `remote`'s business.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use rustls::pki_types::UnixTime;

/// The network, TLS or the HTTP layer failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host has no address.
    #[error("the host name `{host}` cannot be resolved")]
    NameNotResolved {
        /// The host.
        host: String,
    },
    /// Nobody listens.
    #[error("{host} refused the connection on port {port}")]
    Refused {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// No network path.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// Connecting took too long.
    #[error("{host} did not accept a connection on port {port} in time")]
    ConnectTimeout {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The certificate's issuer is not known.
    #[error("the certificate of {host} is not signed by an authority this computer trusts")]
    UntrustedCertificate {
        /// The host.
        host: String,
    },
    /// The certificate is for another name.
    #[error("the certificate of {host} is issued to another name{names}")]
    WrongHostName {
        /// The host.
        host: String,
        /// ` (a, b)`, or nothing.
        names: String,
    },
    /// The certificate is expired, not yet valid, revoked or broken.
    #[error("the certificate of {host} is not valid: {reason}")]
    InvalidCertificate {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// TLS failed for another reason.
    #[error("no TLS connection with {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What went wrong.
        reason: String,
    },
    /// The system has no root certificates, or TLS cannot be set up.
    #[error("TLS cannot be set up: {reason}")]
    TlsSetup {
        /// What went wrong.
        reason: String,
    },
    /// No answer in the time given.
    #[error("{host} did not answer within {} seconds", .after.as_secs())]
    Timeout {
        /// The host.
        host: String,
        /// The time given.
        after: Duration,
    },
    /// The answer ended early.
    #[error("the answer of {host} was cut off after {bytes} bytes")]
    Truncated {
        /// The host.
        host: String,
        /// How many bytes had come.
        bytes: usize,
    },
    /// The answer is larger than anything the protocol sends.
    #[error("the answer of {host} exceeds {bytes_max} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit.
        bytes_max: usize,
    },
    /// The connection broke.
    #[error("the connection to {host} broke: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// The answer is no HTTP.
    #[error("{host} does not answer in HTTP: {reason}")]
    NotHttp {
        /// The host.
        host: String,
        /// What went wrong.
        reason: String,
    },
    /// The proxy did not let the connection through.
    #[error("the proxy refused the connection to {host}: {reason}")]
    Proxy {
        /// The host.
        host: String,
        /// What it said.
        reason: String,
    },
    /// A header cannot be built from what was given.
    #[error("{what} cannot be sent in an HTTP header")]
    NotAHeader {
        /// Which value.
        what: &'static str,
    },
}

impl TransportError {
    /// Whether the request cannot have reached the server: it is safe to try again.
    #[must_use]
    pub fn is_before_request(&self) -> bool {
        !matches!(
            self,
            Self::Timeout { .. }
                | Self::Truncated { .. }
                | Self::TooLarge { .. }
                | Self::Broken { .. }
                | Self::NotHttp { .. }
        )
    }

    /// What the user can do.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NameNotResolved { .. } => "check the spelling of the host name and the name service",
            Self::Refused { .. } => "check host and port, and that the web server of Exchange is running",
            Self::Unreachable { .. } | Self::ConnectTimeout { .. } => {
                "check the network and whether a firewall or a proxy is in the way"
            }
            Self::UntrustedCertificate { .. } => {
                "install the issuer's certificate on this computer; for a server you know, SkipCACheck trusts it unchecked"
            }
            Self::WrongHostName { .. } => {
                "use the name the certificate is issued to; for a server you know, SkipCNCheck trusts it unchecked"
            }
            Self::InvalidCertificate { .. } => {
                "ask the server's administrator to renew the certificate, and check the clock of this computer"
            }
            Self::Tls { .. } | Self::NotHttp { .. } => "check that the scheme (http or https) fits the port",
            Self::TlsSetup { .. } => "install the system's CA certificates, or name a file of them in SSL_CERT_FILE",
            Self::Timeout { .. } => "try again; OperationTimeout and OpenTimeout can be raised in the session option",
            Self::Truncated { .. } | Self::Broken { .. } => {
                "open a new session; what ran may or may not have been done"
            }
            Self::TooLarge { .. } => return None,
            Self::Proxy { .. } => "check ProxyAccessType and ProxyCredential",
            Self::NotAHeader { .. } => "check the user name and the password for line breaks",
        })
    }
}

/// What a failed request of `reqwest` means. `before_answer`: no status line had come yet.
pub(super) fn classify(
    problem: &reqwest::Error,
    host: &str,
    port: u16,
    after: Duration,
    bytes: Option<usize>,
) -> TransportError {
    let host = host.to_owned();
    if let Some(tls) = cause::<rustls::Error>(problem) {
        return classify_tls(tls, host);
    }
    let io = cause::<std::io::Error>(problem).map(std::io::Error::kind);
    let chain = chain(problem);
    if ["dns error", "failed to lookup address", "invalid dns name"].iter().any(|words| chain.contains(words)) {
        return TransportError::NameNotResolved { host };
    }
    if problem.is_timeout() {
        return match problem.is_connect() {
            true => TransportError::ConnectTimeout { host, port },
            false => TransportError::Timeout { host, after },
        };
    }
    if chain.contains("proxy") || chain.contains("tunnel") {
        return TransportError::Proxy { host, reason: innermost(problem) };
    }
    match io {
        Some(ErrorKind::ConnectionRefused) => return TransportError::Refused { host, port },
        Some(ErrorKind::TimedOut) => return TransportError::ConnectTimeout { host, port },
        Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::AddrNotAvailable) => {
            return TransportError::Unreachable { host, reason: innermost(problem) };
        }
        Some(_) | None => {}
    }
    if problem.is_connect() {
        return TransportError::Unreachable { host, reason: innermost(problem) };
    }
    if let Some(bytes) = bytes {
        return TransportError::Truncated { host, bytes };
    }
    if let Some(http) = cause::<hyper::Error>(problem)
        && http.is_parse()
    {
        return TransportError::NotHttp { host, reason: innermost(problem) };
    }
    TransportError::Broken { host, reason: innermost(problem) }
}

pub(super) fn classify_tls(tls: &rustls::Error, host: String) -> TransportError {
    use rustls::CertificateError as Bad;
    let rustls::Error::InvalidCertificate(bad) = tls else {
        return TransportError::Tls { host, reason: tls.to_string() };
    };
    match bad {
        Bad::UnknownIssuer => TransportError::UntrustedCertificate { host },
        Bad::NotValidForName => TransportError::WrongHostName { host, names: String::new() },
        Bad::NotValidForNameContext { presented, .. } => {
            let names = if presented.is_empty() { String::new() } else { format!(" ({})", few(presented)) };
            TransportError::WrongHostName { host, names }
        }
        Bad::Expired => TransportError::InvalidCertificate { host, reason: "it has expired".to_owned() },
        Bad::ExpiredContext { time, not_after } => {
            let reason = format!("it expired on {}", day_and_distance(*not_after, *time, "ago"));
            TransportError::InvalidCertificate { host, reason }
        }
        Bad::NotValidYet => TransportError::InvalidCertificate { host, reason: "it is not valid yet".to_owned() },
        Bad::NotValidYetContext { time, not_before } => {
            let reason = format!("it is valid only from {}", day_and_distance(*not_before, *time, "from now"));
            TransportError::InvalidCertificate { host, reason }
        }
        // the verifier's word for a certificate that is its own issuer and not meant to be one
        Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            TransportError::UntrustedCertificate { host }
        }
        other => TransportError::InvalidCertificate { host, reason: other.to_string() },
    }
}

/// `DnsName("a.example")` and the like as people write them, the first few of many.
fn few(presented: &[String]) -> String {
    const NAMED_MAX: usize = 4;
    let plain = |name: &String| match name.split_once('"') {
        Some((_, rest)) => rest.trim_end_matches(['"', ')']).to_owned(),
        None => name.clone(),
    };
    let named: Vec<String> = presented.iter().take(NAMED_MAX).map(plain).collect();
    let more = presented.len().saturating_sub(NAMED_MAX);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", named.join(", "))
}

/// `2024-05-01 (570 days ago)`.
fn day_and_distance(day: UnixTime, now: UnixTime, direction: &str) -> String {
    let days = day.as_secs().abs_diff(now.as_secs()) / 86_400;
    let date = i64::try_from(day.as_secs()).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let date = date.map(|date| date.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
    let plural = if days == 1 { "" } else { "s" };
    format!("{date} ({days} day{plural} {direction})")
}

/// The first cause of that type, looking inside `io::Error`, which hides its own.
pub(super) fn cause<'a, T: Error + 'static>(problem: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut at = Some(problem);
    while let Some(error) = at {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        if let Some(inner) = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
            && let Some(found) = cause::<T>(inner)
        {
            return Some(found);
        }
        at = error.source();
    }
    None
}

fn chain(problem: &dyn Error) -> String {
    let mut found = String::new();
    let mut at = Some(problem);
    while let Some(error) = at {
        found.push_str(&error.to_string());
        found.push(' ');
        at = error.source();
    }
    found.to_ascii_lowercase()
}

fn innermost(problem: &dyn Error) -> String {
    let mut at = problem;
    while let Some(inner) = at.source() {
        at = inner;
    }
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_certificate_are_names_and_a_few_only() {
        let presented: Vec<String> =
            ["a", "b", "c", "d", "e", "f"].map(|name| format!("DnsName(\"{name}.example\")")).into();
        assert_eq!(few(&presented[..2]), "a.example, b.example");
        assert_eq!(few(&presented), "a.example, b.example, c.example, d.example and 2 more");
    }
}
