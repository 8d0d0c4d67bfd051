//! `WebUtility` and `HttpUtility`: HTML and URL texts.
//!
//! No other types.

use super::super::text::interpolated;
use super::super::value::V;

/// HTML and URL texts.
pub(in crate::script::ps) fn statics(name: &str, args: &[V]) -> Option<V> {
    let text = args.first().map(interpolated).unwrap_or_default();
    Some(V::from(match name {
        "htmlencode" => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;"),
        "htmldecode" => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&apos;", "'")
            .replace("&nbsp;", "\u{a0}")
            .replace("&eacute;", "é")
            .replace("&auml;", "ä")
            .replace("&ouml;", "ö")
            .replace("&uuml;", "ü")
            .replace("&copy;", "©")
            .replace("&euro;", "€")
            .replace("&amp;", "&"),
        "urldecode" => super::net::unescaped(&text.replace('+', " ")),
        "urlencode" => text
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'!' | b'*' | b'(' | b')') {
                    char::from(b).to_string()
                } else if b == b' ' {
                    "+".to_owned()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect(),
        _ => return None,
    }))
}
