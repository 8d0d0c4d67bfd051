//! The text of an `XmlDocument` as .NET's `OuterXml` gives it, white space preserved.
//!
//! No DTD: PowerShell would expand entities, this refuses them.

use super::characters::resolve;
use super::xml::{Node, Xml};

/// The document's text in `OuterXml` form: double quotes, `<a />`, references resolved and written anew.
/// `None` when the text is no XML document. Empty text is an empty document.
pub(super) fn normalize(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    check(text)?;
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        push_text(&rest[..at], &mut out)?;
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->")? + 3
        } else if rest.starts_with("<![CDATA[") {
            rest.find("]]>")? + 3
        } else if rest.starts_with("<?") {
            rest.find("?>")? + 2
        } else {
            rest = push_tag(rest, &mut out)?;
            continue;
        };
        push_verbatim(&rest[..end], &mut out);
        rest = &rest[end..];
    }
    push_text(rest, &mut out)?;
    Some(out)
}

/// Whether it is one well-formed element with nothing but blanks, comments and instructions around it.
fn check(text: &str) -> Option<()> {
    let mut xml = Xml::new(text, false);
    xml.declaration().ok()?;
    let Ok(Node::Start(root)) = xml.node() else { return None };
    xml.skip(&root).ok()?;
    matches!(xml.node(), Ok(Node::Eof)).then_some(())
}

fn push_verbatim(markup: &str, out: &mut String) {
    match markup.strip_prefix("<?xml").and_then(|rest| rest.strip_suffix("?>")) {
        Some(attributes) if attributes.starts_with(|c: char| c.is_ascii_whitespace()) => {
            out.push_str("<?xml");
            push_attributes(attributes, out);
            out.push_str("?>");
        }
        _ => out.push_str(markup),
    }
}

fn push_text(text: &str, out: &mut String) -> Option<()> {
    push_escaped(text, false, out)
}

/// Resolves the references of a text and escapes what has to be.
fn push_escaped(text: &str, in_attribute: bool, out: &mut String) -> Option<()> {
    let mut units = Vec::with_capacity(text.len());
    resolve(text, &mut units).ok()?;
    for c in String::from_utf16_lossy(&units).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' if in_attribute => out.push_str("&#xA;"),
            '\t' if in_attribute => out.push_str("&#x9;"),
            c => out.push(c),
        }
    }
    Some(())
}

/// Writes the tag that the text begins with; gives what is behind it.
fn push_tag<'a>(text: &'a str, out: &mut String) -> Option<&'a str> {
    let mut quote = None;
    let end = text.find(|c: char| match (quote, c) {
        (Some(open), c) => {
            if c == open {
                quote = None;
            }
            false
        }
        (None, '"' | '\'') => {
            quote = Some(c);
            false
        }
        (None, c) => c == '>',
    })?;
    let (tag, rest) = (&text[1..end], &text[end + 1..]);
    let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let name_end = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    out.push('<');
    out.push_str(&tag[..name_end]);
    push_attributes(&tag[name_end..], out);
    out.push_str(if empty { " />" } else { ">" });
    Some(rest)
}

/// Writes well-formed attributes with one blank before each and double quotes around the values.
fn push_attributes(mut rest: &str, out: &mut String) {
    while let Some((name, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let Some(quote) = behind.chars().next() else { return };
        let Some((value, next)) = behind[1..].split_once(quote) else { return };
        out.push(' ');
        out.push_str(name.trim());
        out.push_str("=\"");
        let value = value.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
        if push_escaped(&value, true, out).is_none() {
            out.push_str(&value); // checked before, so never here
        }
        out.push('"');
        rest = next;
    }
}
