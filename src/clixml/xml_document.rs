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

/// Whether it is at most one well-formed element with nothing but blanks, comments and instructions around it.
/// Controls stand as references only.
fn check(text: &str) -> Option<()> {
    let raw = |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if text.contains(raw) {
        return None;
    }
    let mut xml = Xml::new(text, false);
    xml.declaration().ok()?;
    match xml.node() {
        Ok(Node::Start(root)) => xml.skip(&root).ok()?,
        Ok(Node::Eof) => return Some(()),
        _ => return None,
    }
    matches!(xml.node(), Ok(Node::Eof)).then_some(())
}

/// A comment, a CDATA section, or an instruction with one blank behind its target.
fn push_verbatim(markup: &str, out: &mut String) {
    let Some(instruction) = markup.strip_prefix("<?").and_then(|rest| rest.strip_suffix("?>")) else {
        return push_lines(markup, out);
    };
    let end = instruction.find(|c: char| c.is_ascii_whitespace()).unwrap_or(instruction.len());
    let (target, data) = instruction.split_at(end);
    out.push_str("<?");
    out.push_str(target);
    if target == "xml" {
        push_attributes(data, out);
    } else if !data.trim_start().is_empty() {
        out.push(' ');
        push_lines(data.trim_start(), out);
    }
    out.push_str("?>");
}

/// Text that stays as it is but for its line ends.
fn push_lines(text: &str, out: &mut String) {
    match text.contains('\r') {
        true => out.push_str(&text.replace("\r\n", "\n").replace('\r', "\n")),
        false => out.push_str(text),
    }
}

fn push_text(text: &str, out: &mut String) -> Option<()> {
    push_escaped(text, false, out)
}

/// Resolves the references of a text and escapes what .NET's `XmlTextWriter` does: line ends in attributes, and controls.
fn push_escaped(text: &str, in_attribute: bool, out: &mut String) -> Option<()> {
    let mut units = Vec::with_capacity(text.len());
    resolve(text, &mut units).ok()?;
    for c in String::from_utf16_lossy(&units).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\r' if in_attribute => out.push_str("&#xD;"),
            '\n' if in_attribute => out.push_str("&#xA;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push_str(&format!("&#x{:X};", u32::from(c))),
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
