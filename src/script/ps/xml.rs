//! XML documents as scripts read them: elements and attributes as properties.
//!
//! Reading only as far as reports need it; writing gives the text back.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::fault::{Problem, Res};
use super::value::{Obj, V};

fn element(name: &str) -> Obj {
    Obj::with_types(["System.Xml.XmlElement", "System.Xml.XmlNode"], Vec::new()).with_text(name)
}

/// A document from its text.
///
/// # Errors
/// When the text is not well-formed.
pub fn document(text: &str) -> Res<V> {
    let document = Obj::with_types(["System.Xml.XmlDocument", "System.Xml.XmlNode"], Vec::new()).with_text("#document");
    let mut reader = Reader::from_str(text);
    let mut stack: Vec<(String, Obj, String)> = vec![("#document".to_owned(), document.clone(), String::new())];
    let bad = |reason: String| {
        Problem::new(
            "InvalidCastToXmlDocument",
            "InvalidArgument",
            format!("Cannot convert value to type \"System.Xml.XmlDocument\". Error: \"{reason}\""),
        )
    };
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.name().as_ref().to_owned();
                let object = element(&name);
                attributes(&object, &start);
                stack.push((name, object, String::new()));
            }
            Ok(Event::Empty(start)) => {
                let name = start.name().as_ref().to_owned();
                let object = element(&name);
                attributes(&object, &start);
                let value = if object.props().is_empty() { V::from("") } else { V::Obj(object) };
                if let Some((_, parent, _)) = stack.last() {
                    add(parent, &name, value);
                }
            }
            Ok(Event::End(_)) => {
                let Some((name, object, text)) = stack.pop() else { break };
                let value = if object.props().is_empty() {
                    V::from(text.trim())
                } else {
                    if !text.trim().is_empty() {
                        object.set("#text", V::from(text.trim()));
                    }
                    V::Obj(object)
                };
                if let Some((_, parent, _)) = stack.last() {
                    add(parent, &name, value);
                }
            }
            Ok(Event::Text(found)) => {
                if let Some((_, _, text)) = stack.last_mut() {
                    text.push_str(&found);
                }
            }
            Ok(Event::CData(found)) => {
                if let Some((_, _, text)) = stack.last_mut() {
                    text.push_str(&found);
                }
            }
            Ok(Event::GeneralRef(found)) => {
                let name = found.to_string();
                let c = match name.as_str() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    _ => "'",
                };
                if let Some((_, _, text)) = stack.last_mut() {
                    text.push_str(c);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return bad(error.to_string()).err(),
        }
    }
    document.set("__xml", V::from(text));
    document.set("OuterXml", V::from(text));
    Ok(V::Obj(document))
}

fn attributes(object: &Obj, start: &quick_xml::events::BytesStart<'_>) {
    for attribute in start.attributes().flatten() {
        let name = attribute.key.as_ref().to_owned();
        let value =
            attribute.value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        object.set(&name, V::from(value));
    }
}

fn add(parent: &Obj, name: &str, value: V) {
    match parent.note(name) {
        None => parent.set(name, value),
        Some(V::List(list)) => list.lock().push(value),
        Some(first) => parent.set(name, V::array(vec![first, value])),
    }
}
