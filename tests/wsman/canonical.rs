//! A document in a form in which two of the same meaning are equal: no prefixes, attributes sorted.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

/// One line for each element, indented; texts that are empty count as none.
pub(crate) fn canonical(document: &str) -> Vec<String> {
    let mut reader = NsReader::from_str(document);
    let mut lines: Vec<String> = Vec::new();
    let mut depth = 0;
    loop {
        let (namespace, event) = reader.read_resolved_event().unwrap();
        let space = match namespace {
            ResolveResult::Bound(namespace) => namespace.into_inner().to_owned(),
            _ => String::new(),
        };
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let mut attributes: Vec<String> = start
                    .attributes()
                    .map(Result::unwrap)
                    .filter(|attribute| attribute.key.as_namespace_binding().is_none())
                    .map(|attribute| {
                        let name = attribute.key.local_name().into_inner().to_owned();
                        format!("{name}={}", attribute.value)
                    })
                    .collect();
                attributes.sort();
                lines.push(format!(
                    "{}{{{space}}}{} {}",
                    "  ".repeat(depth),
                    start.local_name().into_inner(),
                    attributes.join(" ")
                ));
                if matches!(event, Event::Start(_)) {
                    depth += 1;
                }
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) if !text.trim().is_empty() => {
                let last = lines.last_mut().unwrap();
                last.push_str(" = ");
                last.push_str(&text);
            }
            Event::Eof => return lines,
            _ => {}
        }
    }
}

/// Fails with the first line that differs.
#[track_caller]
pub(crate) fn assert_same(own: &[String], recorded: &[String], of: &str) {
    for (own, recorded) in own.iter().zip(recorded) {
        assert_eq!(own, recorded, "{of}");
    }
    let (own, recorded) = (own.get(recorded.len()..), recorded.get(own.len()..));
    assert!(
        own.is_none_or(<[String]>::is_empty) && recorded.is_none_or(<[String]>::is_empty),
        "{of}: {own:?} {recorded:?}"
    );
}
