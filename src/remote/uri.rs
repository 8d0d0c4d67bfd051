//! Connection URIs: what may be one, what is added to it, and what a redirect makes of it.
//!
//! Nothing is sent here.

use super::endpoints::Endpoint;
use crate::transport::Url;

/// The PowerShell version that Exchange is told in the URI. Exchange chooses formats by it; the last Windows
/// PowerShell is what its servers know best.
const PS_VERSION: &str = "5.1";
/// The configuration of Exchange.
const EXCHANGE: &str = "Microsoft.Exchange";
/// The configuration of an ordinary server.
const POWERSHELL: &str = "Microsoft.PowerShell";

/// Why a text is no connection URI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// Not absolute, or no URI at all.
    #[error("`{given}` is not an absolute URI")]
    NotAbsolute {
        /// What was given.
        given: String,
    },
    /// Another scheme.
    #[error("`{scheme}` is not a scheme for a session; there are http and https")]
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// A user or a password in the URI.
    #[error("the URI holds a user name or a password; give them as a credential")]
    Credential,
    /// The pattern of a short name that needs a server's name.
    #[error("`{name}` is a pattern: put the server's name into {uri}")]
    Pattern {
        /// The short name.
        name: &'static str,
        /// The pattern.
        uri: &'static str,
    },
}

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionUri {
    /// What was given, or what the short name stands for.
    pub given: String,
    /// The same with the version of PowerShell added: goes into every request, byte for byte.
    pub text: String,
    /// For HTTP.
    pub url: Url,
    /// The known endpoint it belongs to.
    pub endpoint: Option<&'static Endpoint>,
}

impl ConnectionUri {
    /// Reads what a user gave: a URI or the short name of a known endpoint.
    ///
    /// # Errors
    /// See [`UriError`].
    pub fn parse(given: &str) -> Result<Self, UriError> {
        let given = given.trim();
        if let Some(endpoint) = Endpoint::named(given) {
            if endpoint.is_pattern() {
                return Err(UriError::Pattern { name: endpoint.name, uri: endpoint.uri });
            }
            return Self::parse(endpoint.uri);
        }
        let url = Url::parse(given).map_err(|_| UriError::NotAbsolute { given: given.to_owned() })?;
        // `server:443/path` parses as a URI of scheme `server`
        if !given.contains("://") {
            return Err(UriError::NotAbsolute { given: given.to_owned() });
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UriError::Scheme { scheme: url.scheme().to_owned() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UriError::Credential);
        }
        let plain = with_default_path(given, &url);
        let text = with_version(&plain);
        let url = Url::parse(&text).map_err(|_| UriError::NotAbsolute { given: given.to_owned() })?;
        let endpoint = url.host_str().and_then(Endpoint::of_host);
        Ok(Self { given: given.to_owned(), text, url, endpoint })
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.host() {
            "localhost" => true,
            host => host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.to_canonical().is_loopback()),
        }
    }

    /// The configuration that fits the path: Exchange's virtual directories are called PowerShell, with or without suffix.
    #[must_use]
    pub fn default_configuration(&self) -> &'static str {
        match self.url.path().to_ascii_lowercase().starts_with("/powershell") {
            true => EXCHANGE,
            false => POWERSHELL,
        }
    }
}

/// A path of `/` without a query means an ordinary server: `/wsman` on its own port.
fn with_default_path(given: &str, url: &Url) -> String {
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return given.to_owned();
    }
    let port = match (url.port(), url.scheme()) {
        (Some(port), _) => port,
        (None, "https") if !given.trim_end_matches('/').ends_with(":443") => 5986,
        (None, "http") if !given.trim_end_matches('/').ends_with(":80") => 5985,
        (None, scheme) => {
            if scheme == "https" {
                443
            } else {
                80
            }
        }
    };
    format!("{}://{}:{port}/wsman", url.scheme(), url.host_str().unwrap_or_default())
}

/// PowerShell adds its version to every URI it connects to, redirect targets included, even when one is there already.
fn with_version(uri: &str) -> String {
    let (uri, fragment) = match uri.split_once('#') {
        Some((uri, fragment)) => (uri, Some(fragment)),
        None => (uri, None),
    };
    let mut text = match uri.contains('?') {
        true => format!("{uri};PSVersion={PS_VERSION}"),
        false => format!("{}?PSVersion={PS_VERSION}", uri.trim_end_matches('/')),
    };
    if let Some(fragment) = fragment {
        text.push('#');
        text.push_str(fragment);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(given: &str) -> String {
        ConnectionUri::parse(given).unwrap().text
    }

    #[test]
    fn the_version_joins_with_a_question_mark_or_a_semicolon() {
        // facts/remoting.md 2.4 and exchange-wire.md 3, query
        assert_eq!(text("https://mail.contoso.com/PowerShell/"), "https://mail.contoso.com/PowerShell?PSVersion=5.1");
        assert_eq!(text("http://mail.contoso.com/PowerShell"), "http://mail.contoso.com/PowerShell?PSVersion=5.1");
        assert_eq!(
            text("https://mail.contoso.com/powershell-liveid/?BasicAuthToOAuthConversion=true"),
            "https://mail.contoso.com/powershell-liveid/?BasicAuthToOAuthConversion=true;PSVersion=5.1"
        );
        assert_eq!(
            text("https://pod.contoso.com/PowerShell-LiveID?PSVersion=5.1.17763.2867 "),
            "https://pod.contoso.com/PowerShell-LiveID?PSVersion=5.1.17763.2867;PSVersion=5.1"
        );
    }

    #[test]
    fn the_query_keeps_its_bytes() {
        // facts/exchange-wire.md 3: never rebuild the query
        let uri = "https://mail.contoso.com/PowerShell?serializationLevel=Full;ExchClientVer=15.2.1.0;email=SystemMailbox{bb558c35}@x.org";
        let parsed = ConnectionUri::parse(uri).unwrap();
        assert_eq!(parsed.text, format!("{uri};PSVersion=5.1"));
    }

    #[test]
    fn a_bare_host_means_wsman_on_its_own_port() {
        // facts/remoting.md 2.3
        assert_eq!(text("https://server.contoso.com"), "https://server.contoso.com:5986/wsman?PSVersion=5.1");
        assert_eq!(text("http://server.contoso.com/"), "http://server.contoso.com:5985/wsman?PSVersion=5.1");
        assert_eq!(text("http://server.contoso.com:8080"), "http://server.contoso.com:8080/wsman?PSVersion=5.1");
        assert_eq!(text("https://server.contoso.com:443/"), "https://server.contoso.com:443/wsman?PSVersion=5.1");
    }

    #[test]
    fn what_is_no_connection_uri_is_refused_with_its_reason() {
        assert!(matches!(ConnectionUri::parse("mail.contoso.com"), Err(UriError::NotAbsolute { .. })));
        assert!(matches!(ConnectionUri::parse("mail.contoso.com:443/PowerShell"), Err(UriError::NotAbsolute { .. })));
        assert!(matches!(ConnectionUri::parse("/PowerShell"), Err(UriError::NotAbsolute { .. })));
        assert!(matches!(ConnectionUri::parse("ftp://mail/x"), Err(UriError::Scheme { .. })));
        assert!(matches!(ConnectionUri::parse("https://ann:secret@mail/PowerShell"), Err(UriError::Credential)));
        assert!(matches!(ConnectionUri::parse("on-premises"), Err(UriError::Pattern { .. })));
    }

    #[test]
    fn a_short_name_stands_for_its_uri_and_a_path_for_its_configuration() {
        let worldwide = ConnectionUri::parse("O365Default").unwrap();
        assert_eq!(worldwide.endpoint.map(|endpoint| endpoint.name), Some("exchange-online"));
        assert_eq!(worldwide.default_configuration(), "Microsoft.Exchange");
        assert_eq!(ConnectionUri::parse("https://s/wsman").unwrap().default_configuration(), "Microsoft.PowerShell");
        for here in ["http://localhost:1/PowerShell", "http://127.0.0.1:1/x", "http://[::1]:1/x"] {
            assert!(ConnectionUri::parse(here).unwrap().is_loopback(), "{here}");
        }
        assert!(!ConnectionUri::parse("http://127.evil.example/x").unwrap().is_loopback());
    }
}
