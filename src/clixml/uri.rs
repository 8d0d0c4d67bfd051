//! Whether .NET's `Uri` takes a text, absolute or relative.
//!
//! Only the errors that `UriKind.RelativeOrAbsolute` does not forgive are looked for; nothing is normalized.

use super::PsString;

/// Schemes whose URIs must name a host.
const WITH_HOST: [&str; 8] = ["http", "https", "ws", "wss", "ftp", "gopher", "telnet", "nntp"];

/// Whether `new Uri(text, UriKind.RelativeOrAbsolute)` succeeds: a bad port or an absent or impossible host does not.
pub(super) fn is_acceptable(text: &PsString) -> bool {
    let text = text.to_text();
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once(':') else { return true };
    let scheme_like = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let Some(rest) = rest.strip_prefix("//").filter(|_| scheme_like) else { return true };
    let must_name_host = WITH_HOST.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (host_port, None),
    };
    let port_good =
        port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok_and(|_| !port.starts_with('+')));
    let host_good = if host.starts_with('[') {
        host.strip_suffix(']').and_then(|inner| inner[1..].parse::<core::net::Ipv6Addr>().ok()).is_some()
    } else {
        !host.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|^`[]%".contains(c))
    };
    !must_name_host || (port_good && host_good && !host.is_empty())
}
