//! Addresses as values: URIs, mail addresses, IP addresses.
//!
//! Nothing is looked up or reached here.

use std::net::IpAddr;

use super::super::fault::{Problem, Res};
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V};

/// A URI object.
#[must_use]
pub(in crate::script::ps) fn uri(text: &str) -> V {
    let absolute = text.split_once(':').filter(|(scheme, _)| {
        scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    let Some((scheme, rest)) = absolute else {
        let relative = Obj::new("System.Uri", [("OriginalString", V::from(text)), ("IsAbsoluteUri", V::Bool(false))]);
        return V::Obj(relative.with_text(text));
    };
    let scheme = scheme.to_lowercase();
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (rest, fragment) =
        rest.split_once('#').map_or((rest, String::new()), |(rest, tail)| (rest, format!("#{tail}")));
    let (rest, query) = rest.split_once('?').map_or((rest, String::new()), |(rest, tail)| (rest, format!("?{tail}")));
    let (authority, path) =
        rest.split_once('/').map_or((rest, "/".to_owned()), |(host, path)| (host, format!("/{path}")));
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let usual = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        "ftp" => 21,
        "ldap" => 389,
        _ => -1,
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (host.to_lowercase(), port.parse().unwrap_or(usual)),
        _ => (host.to_lowercase(), usual),
    };
    let shown = if port == usual { host.clone() } else { format!("{host}:{port}") };
    let at = if user.is_empty() { String::new() } else { format!("{user}@") };
    let whole = format!("{scheme}://{at}{shown}{path}{query}{fragment}");
    let mut segments = Vec::new();
    let mut start = 0;
    for (index, _) in path.match_indices('/') {
        segments.push(V::from(&path[start..=index]));
        start = index + 1;
    }
    if start < path.len() {
        segments.push(V::from(&path[start..]));
    }
    let loopback = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let address = host.parse::<std::net::Ipv4Addr>().is_ok();
    let properties = [
        ("AbsolutePath", V::from(path.as_str())),
        ("AbsoluteUri", V::from(whole.as_str())),
        ("LocalPath", V::from(path.as_str())),
        ("Authority", V::from(shown)),
        ("IsDefaultPort", V::Bool(port == usual)),
        ("Segments", V::array(segments)),
        ("Port", V::Int(port)),
        ("PathAndQuery", V::from(format!("{path}{query}"))),
        ("Query", V::from(query)),
        ("Fragment", V::from(fragment)),
        ("Scheme", V::from(scheme)),
        ("OriginalString", V::from(text)),
        ("DnsSafeHost", V::from(host.as_str())),
        ("Host", V::from(host)),
        ("IsAbsoluteUri", V::Bool(true)),
        ("UserInfo", V::from(user)),
        ("IsUnc", V::Bool(false)),
        ("IsFile", V::Bool(false)),
        ("IsLoopback", V::Bool(loopback)),
        ("HostNameType", V::from(if address { "IPv4" } else { "Dns" })),
    ];
    V::Obj(Obj::new("System.Uri", properties).with_text(&whole))
}

/// An IPv4 address of fewer than four parts, the last of which fills the rest: `10.1` is 10.0.0.1.
fn short_address(text: &str) -> Option<IpAddr> {
    let parts: Vec<u32> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 2 || first.iter().any(|part| *part > 255) || u64::from(*last) >= 1 << (8 * (4 - first.len())) {
        return None;
    }
    let head = first.iter().enumerate().fold(0_u32, |sum, (at, part)| sum | part << (24 - 8 * at));
    Some(IpAddr::V4((head | last).into()))
}

/// Methods of an address.
pub(in crate::script::ps) fn uri_method(object: &Obj, name: &str, args: &[V]) -> Option<V> {
    let part = |name: &str| interpolated(&object.note(name).unwrap_or_default());
    let given = args.first().map(interpolated).unwrap_or_default();
    Some(match name {
        "getleftpart" => {
            let scheme = format!("{}://", part("Scheme"));
            V::from(match given.to_lowercase().as_str() {
                "scheme" => scheme,
                "authority" => format!("{scheme}{}", part("Authority")),
                "path" => format!("{scheme}{}{}", part("Authority"), part("AbsolutePath")),
                _ => format!("{scheme}{}{}", part("Authority"), part("PathAndQuery")),
            })
        }
        "isbaseof" => {
            let own = part("AbsoluteUri");
            V::Bool(given.starts_with(own.rsplit_once('/').map_or(own.as_str(), |(folder, _)| folder)))
        }
        _ => return None,
    })
}

/// `[uri]::…`.
pub(in crate::script::ps) fn uri_static(name: &str, args: &[V]) -> Option<V> {
    let text = args.first().map(interpolated).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let escaped = |keeps: &dyn Fn(u8) -> bool| -> String {
        text.bytes().map(|b| if keeps(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    Some(match name {
        "escapedatastring" => V::from(escaped(&plain)),
        "escapeuristring" => V::from(escaped(&|b| plain(b) || b":/?#[]@!$&'()*+,;=".contains(&b))),
        "unescapedatastring" => V::from(unescaped(&text)),
        "iswellformeduristring" => V::Bool(text.contains("://") && !text.contains(' ')),
        _ => return None,
    })
}

/// Text without percent escapes.
pub(in crate::script::ps) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escape = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code =
            escape.and_then(|pair| std::str::from_utf8(pair).ok()).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A mail address object: `ann@contoso.com` or `Ann <ann@contoso.com>`.
#[must_use]
pub(in crate::script::ps) fn mail_address(text: &str) -> V {
    let (shown, address) = match text.split_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"').to_owned(), rest.trim_end_matches('>').trim()),
        None => (String::new(), text.trim()),
    };
    let (user, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let whole = if shown.is_empty() { address.to_owned() } else { format!("\"{shown}\" <{address}>") };
    V::Obj(
        Obj::new(
            "System.Net.Mail.MailAddress",
            [
                ("DisplayName", V::from(shown)),
                ("User", V::from(user)),
                ("Host", V::from(host)),
                ("Address", V::from(address)),
            ],
        )
        .with_text(&whole),
    )
}

/// `[mailaddress]value`.
///
/// # Errors
/// When it is no address.
pub(in crate::script::ps) fn mail_cast(value: &V) -> Res<V> {
    if matches!(value, V::Obj(object) if object.is("System.Net.Mail.MailAddress")) {
        return Ok(value.clone());
    }
    let text = interpolated(value);
    let plain = text.split_once('<').map_or(text.as_str(), |(_, rest)| rest.trim_end_matches('>'));
    let good = plain.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.is_empty() && !plain.contains(' ') && !host.contains('@')
    });
    if good {
        return Ok(mail_address(&text));
    }
    let reason = "The specified string is not in the form required for an e-mail address.";
    Problem::new(
        "InvalidCastConstructorException",
        "InvalidArgument",
        format!("Cannot convert value \"{text}\" to type \"System.Net.Mail.MailAddress\". Error: \"{reason}\""),
    )
    .inner("System.FormatException", reason)
    .err()
}

/// An IP address object.
#[must_use]
pub(in crate::script::ps) fn ip_address(text: &str) -> Option<V> {
    let address: IpAddr = text.trim().parse().ok().or_else(|| short_address(text.trim()))?;
    let (family, bytes) = match address {
        IpAddr::V4(address) => ("InterNetwork", address.octets().to_vec()),
        IpAddr::V6(address) => ("InterNetworkV6", address.octets().to_vec()),
    };
    Some(V::Obj(
        Obj::new(
            "System.Net.IPAddress",
            [
                ("AddressFamily", V::from(family)),
                ("ScopeId", if bytes.len() > 4 { V::Long(0) } else { V::Null }),
                ("IsIPv6Multicast", V::Bool(matches!(address, IpAddr::V6(address) if address.is_multicast()))),
                (
                    "IsIPv6LinkLocal",
                    V::Bool(matches!(address, IpAddr::V6(own) if own.segments()[0] & 0xffc0 == 0xfe80)),
                ),
                (
                    "IsIPv6SiteLocal",
                    V::Bool(matches!(address, IpAddr::V6(own) if own.segments()[0] & 0xffc0 == 0xfec0)),
                ),
                ("IsIPv6Teredo", V::Bool(matches!(address, IpAddr::V6(own) if own.segments()[..2] == [0x2001, 0]))),
                (
                    "IsIPv6UniqueLocal",
                    V::Bool(matches!(address, IpAddr::V6(own) if own.segments()[0] & 0xfe00 == 0xfc00)),
                ),
                ("IsIPv4MappedToIPv6", V::Bool(matches!(address, IpAddr::V6(own) if own.to_ipv4_mapped().is_some()))),
                (
                    "Address",
                    match address {
                        IpAddr::V4(own) => V::Long(u32::from_le_bytes(own.octets()).into()),
                        IpAddr::V6(_) => V::Null,
                    },
                ),
                ("IPAddressToString", V::from(address.to_string())),
                ("__octets", super::statics::byte_array(&bytes)),
            ],
        )
        .with_text(&address.to_string()),
    ))
}

/// `[ipaddress]::…`.
///
/// # Errors
/// When the text is no address.
pub(in crate::script::ps) fn ip_static(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "parse" => super::super::cast::cast("ipaddress", args.first().unwrap_or(&V::Null))?,
        "tryparse" => super::parse::try_cast(cx, "ipaddress", args, V::Null)?,
        _ => return Ok(None),
    }))
}
