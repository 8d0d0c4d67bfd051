//! The quick path and the general reader say the same about every message, and any bytes end in a value or an error.

use exsh::clixml::reading::Readings;
use exsh::clixml::{ClixmlError, Decoder, PsValue, ReadLimits, read_document_text, read_fragment, write_fragment};
use proptest::prelude::*;

use crate::data::golden;
use crate::recordings::bodies;

fn reading(value: &PsValue) -> String {
    Readings::default().reading(value).to_string()
}

/// What both readers make of a message; the decoder sees it three times, so that it knows its shape at last.
fn both(decoder: &mut Decoder, bytes: &[u8]) -> (Result<String, ClixmlError>, Vec<Result<String, ClixmlError>>) {
    let slow = read_fragment(bytes, &ReadLimits::default()).map(|value| reading(&value));
    let quick = (0..3).map(|_| decoder.decode(bytes).map(|value| reading(&value))).collect();
    (slow, quick)
}

fn assert_same(decoder: &mut Decoder, bytes: &[u8]) {
    let (slow, quick) = both(decoder, bytes);
    for quick in quick {
        assert_eq!(slow, quick, "{}", String::from_utf8_lossy(bytes));
    }
}

/// Messages of every golden document: what is between `<Objs …>` and `</Objs>`, without indentation.
fn golden_messages() -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    for case in golden("write.json").into_iter().chain(golden("read.json")) {
        let Some(clixml) = case["clixml"].as_str() else { continue };
        if let Ok(values) = read_document_text(clixml, &ReadLimits::default()) {
            messages.extend(values.iter().map(|value| write_fragment(value, None).unwrap()));
        }
        let inner = clixml.split_once("04\">").map_or(clixml, |(_, inner)| inner);
        messages.push(inner.trim_end_matches("</Objs>").as_bytes().to_vec());
    }
    messages
}

#[test]
fn the_quick_path_reads_golden_documents_and_recorded_messages_as_the_general_reader_does() {
    let mut decoder = Decoder::default();
    let recorded = bodies().into_iter().map(|body| body.bytes);
    for message in golden_messages().into_iter().chain(recorded) {
        assert_same(&mut decoder, &message);
    }
}

#[test]
fn what_the_quick_path_read_is_written_again_to_the_same_bytes() {
    let mut decoder = Decoder::default();
    for body in bodies() {
        let clixml = body.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body.bytes);
        for _ in 0..2 {
            let value = decoder.decode(&body.bytes).unwrap();
            if !clixml.is_empty() {
                assert_eq!(write_fragment(&value, None).as_deref(), Ok(clixml));
            }
        }
    }
}

/// Markup that messages are made of, and much that they are not.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<Obj RefId=\"0\">",
        "<Obj RefId=\"1\">",
        "<Obj N=\"a\" RefId=\"1\">",
        "</Obj>",
        "<MS>",
        "</MS>",
        "<Props>",
        "</Props>",
        "<TN RefId=\"0\"><T>Quay</T></TN>",
        "<TNRef RefId=\"0\" />",
        "<ToString>",
        "</ToString>",
        "<LST>",
        "</LST>",
        "<DCT>",
        "</DCT>",
        "<En>",
        "</En>",
        "<S N=\"Key\">k</S>",
        "<I32 N=\"Value\">7</I32>",
        "<S>",
        "</S>",
        "<S N=\"a\">",
        "<I32 N=\"A\">5</I32>",
        "<I32>5</I32>",
        "<B N=\"b\">true</B>",
        "<Nil N=\"n\" />",
        "<Nil />",
        "<Ref RefId=\"0\" />",
        "<Ref N=\"r\" RefId=\"0\" />",
        "text",
        "&amp;",
        "&#0;",
        "_x0041_",
        "]]>",
        "<!-- c -->",
        "<![CDATA[x]]>",
        "é🍐",
        "\u{1}",
        " ",
        "<MS N=\"set\">",
        "<BA N=\"x\">AQ==</BA>",
        "<DT N=\"d\">2026-03-09</DT>",
        "<PR>",
        "<STK />",
        "<S N=\"e\"></S>",
        "<S N=\"f\"/>",
        "&lt",
        ";",
        "<Objs>",
        "\u{feff}",
        "\u{fffe}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_a_value_or_a_typed_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_same(&mut Decoder::default(), &bytes);
    }

    #[test]
    fn any_markup_is_read_alike_on_both_ways(pieces in prop::collection::vec(piece(), 0..14)) {
        let message: String = pieces.concat();
        let mut decoder = Decoder::default();
        assert_same(&mut decoder, message.as_bytes());
        let wrapped = format!("<Obj RefId=\"0\"><MS><S N=\"x\">{message}</S></MS></Obj>");
        assert_same(&mut decoder, wrapped.as_bytes());
        let inside = format!("<Obj RefId=\"0\"><MS>{message}</MS></Obj>");
        assert_same(&mut decoder, inside.as_bytes());
    }
}
