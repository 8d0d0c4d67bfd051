//! Reads XML into nodes, and says in .NET's words why a text is none.
//!
//! What nodes are and do is in the module above.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::fault::{Problem, Res};
use super::super::value::{Obj, V};
use super::{
    CDATA, COMMENT, DECLARATION, DOCUMENT, ELEMENT, TEXT, adopt, attribute_table, child_list, children, descendants,
    hidden, is_element, name_of, node, text_node,
};

/// Why a text is no XML, as .NET says it where that is known.
fn unreadable(text: &str, error: &quick_xml::Error, at: usize, open: Option<&Obj>) -> String {
    use quick_xml::errors::{Error, IllFormedError};
    let place = |at: usize| {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
    };
    match error {
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            let started = open.and_then(|_| text.get(..at)?.rfind(&format!("<{expected}"))).unwrap_or(0);
            let ended = text.get(at..).and_then(|rest| rest.find("</")).map_or(at, |more| at + more);
            let ((start_line, start_column), (line, column)) = (place(started + 1), place(ended + 2));
            format!(
                "The '{expected}' start tag on line {start_line} position {start_column} does not match the end tag of '{found}'. Line {line}, position {column}."
            )
        }
        Error::Syntax(_) => {
            let (line, column) = place(text.len());
            format!("Unexpected end of file has occurred. Line {line}, position {column}.")
        }
        other => other.to_string(),
    }
}

pub(super) fn load(document: &Obj, text: &str) -> Res<()> {
    let bad = |reason: String| {
        let shown: String = text.chars().take(500).collect();
        Problem::new(
            "InvalidCastToXmlDocument",
            "InvalidArgument",
            format!("Cannot convert value \"{shown}\" to type \"{DOCUMENT}\". Error: \"{reason}\""),
        )
        .inner("System.Xml.XmlException", reason)
    };
    child_list(document).lock().clear();
    let mut reader = Reader::from_str(text);
    let mut stack = vec![document.clone()];
    let put_text = |stack: &[Obj], text: &str| {
        let Some(top) = stack.last().filter(|top| !top.is(DOCUMENT)) else { return };
        match children(top).last().filter(|last| last.is(TEXT)) {
            Some(last) => last.set("__value", V::from(hidden(last, "__value") + text)),
            None => adopt(top, &text_node(TEXT, text)),
        }
    };
    loop {
        let Some(top) = stack.last().cloned() else { break };
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let made = opened(&start);
                adopt(&top, &made);
                stack.push(made);
            }
            Ok(Event::Empty(start)) => adopt(&top, &opened(&start)),
            Ok(Event::End(_)) => {
                stack.pop();
            }
            Ok(Event::Text(found)) => put_text(&stack, &found),
            Ok(Event::CData(found)) => adopt(&top, &text_node(CDATA, &found)),
            Ok(Event::GeneralRef(found)) => put_text(&stack, &referenced(&found)),
            Ok(Event::Comment(found)) => adopt(&top, &text_node(COMMENT, &found)),
            Ok(Event::Decl(found)) => {
                let made = text_node(DECLARATION, found.trim_start_matches("xml").trim());
                made.set("__name", V::from("xml"));
                adopt(&top, &made);
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(0);
                return bad(unreadable(text, &error, at, stack.last())).err();
            }
        }
    }
    let open: Vec<String> = stack.iter().skip(1).map(name_of).collect();
    if !open.is_empty() {
        let column = text.lines().last().map_or(0, |line| line.chars().count()) + 1;
        return bad(format!(
            "Unexpected end of file has occurred. The following elements are not closed: {}. Line {}, position {column}.",
            open.iter().rev().cloned().collect::<Vec<_>>().join(", "),
            text.lines().count().max(1),
        ))
        .err();
    }
    for node in children(document).iter().filter(|node| !node.is(DECLARATION)).flat_map(descendants) {
        let kept: Vec<V> = child_list(&node)
            .items()
            .into_iter()
            .filter(|item| !matches!(item, V::Obj(text) if text.is(TEXT) && hidden(text, "__value").trim().is_empty()))
            .collect();
        *child_list(&node).lock() = kept;
    }
    if children(document).iter().any(is_element) || text.trim().is_empty() {
        return Ok(());
    }
    bad("Data at the root level is invalid. Line 1, position 1.".to_owned()).err()
}

fn opened(start: &quick_xml::events::BytesStart<'_>) -> Obj {
    let made = node(ELEMENT, start.name().as_ref());
    for attribute in start.attributes().flatten() {
        attribute_table(&made).set(V::from(attribute.key.as_ref()), V::from(unescaped(&attribute.value)));
    }
    made
}

fn referenced(name: &str) -> String {
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => {
            let code = other.strip_prefix("#x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
            let code = code.or_else(|| other.strip_prefix('#').and_then(|decimal| decimal.parse().ok()));
            code.and_then(char::from_u32).map_or_else(|| format!("&{other};"), |c| c.to_string())
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        match rest[at..].find(';') {
            Some(end) => {
                out.push_str(&referenced(&rest[at + 1..at + end]));
                rest = &rest[at + end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}
