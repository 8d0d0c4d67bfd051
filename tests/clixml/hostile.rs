//! Documents made to hurt: each ends in a value or a typed error, soon and without using up memory or stack.

use exsh::clixml::reading::Readings;
use exsh::clixml::text::in_string;
use exsh::clixml::{ClixmlError, Decoder, PsValue, ReadLimits, read_fragment, write_fragment};

fn read(text: &str) -> Result<PsValue, ClixmlError> {
    let general = read_fragment(text.as_bytes(), &ReadLimits::default());
    let quick = Decoder::default().decode(text.as_bytes());
    assert_eq!(general.as_ref().err(), quick.as_ref().err());
    general
}

#[test]
fn a_chain_of_a_hundred_thousand_references_is_read_written_and_freed() {
    let mut text = String::from("<Obj RefId=\"0\"><LST><Obj RefId=\"1\"><MS><I32 N=\"n\">0</I32></MS></Obj>");
    for number in 2..100_000 {
        // an attribute the quick path does not know, so that the general reader builds the chain
        text.push_str(&format!(
            "<Obj RefId=\"{number}\" X=\"\"><MS><Ref N=\"before\" RefId=\"{}\" /></MS></Obj>",
            number - 1
        ));
    }
    text.push_str("</LST></Obj>");
    let value = read(&text).unwrap();
    assert!(write_fragment(&value, None).unwrap().len() > 1_000_000);
    drop(value);
}

#[test]
fn an_object_that_holds_itself_is_freed_read_and_shown() {
    let text = "<Obj RefId=\"0\"><S>x</S><MS><Ref N=\"me\" RefId=\"0\" /><Ref N=\"too\" RefId=\"0\" /></MS></Obj>";
    let value = read(text).unwrap();
    assert_eq!(write_fragment(&value, None).unwrap(), text.as_bytes());
    assert!(Readings::default().reading(&value).to_string().len() < 1000);
    assert_eq!(in_string(&value), "x");
    assert!(format!("{value:?}").contains("me"));
    let me = value.as_object().unwrap().get("me").unwrap();
    drop(value);
    // whoever holds a part of a cycle holds all of it
    assert!(me.as_object().unwrap().get("too").unwrap().as_object().unwrap().same(me.as_object().unwrap()));
}

#[test]
fn a_part_of_a_cycle_keeps_what_is_around_it() {
    let text = "<Obj RefId=\"0\" X=\"\"><MS><S N=\"name\">outer</S><Obj N=\"inner\" RefId=\"1\"><LST>\
                <Ref RefId=\"0\" /></LST></Obj></MS></Obj>";
    let outer = read(text).unwrap();
    let inner = outer.as_object().unwrap().get("inner").unwrap();
    drop(outer);
    let exsh::clixml::Base::List(_, items) = inner.as_object().unwrap().base() else { panic!("a list") };
    let name = items[0].as_object().unwrap().get("name").unwrap();
    assert!(matches!(name, PsValue::String(name) if name == "outer"));
}

#[test]
fn references_that_double_with_each_object_do_not_double_what_is_shown() {
    let mut text = String::from("<Obj RefId=\"0\"><LST><Obj RefId=\"1\"><S>x</S><MS><I32 N=\"n\">0</I32></MS></Obj>");
    for number in 2..45 {
        let before = number - 1;
        text.push_str(&format!(
            "<Obj RefId=\"{number}\"><S>x</S><MS><Ref N=\"a\" RefId=\"{before}\" /><Ref N=\"b\" RefId=\"{before}\" /></MS></Obj>"
        ));
    }
    text.push_str("</LST></Obj>");
    let value = read(&text).unwrap();
    assert!(Readings::default().reading(&value).to_string().len() < 100_000_000);
}

#[test]
fn depth_bombs_are_refused() {
    let objects = "<Obj RefId=\"0\"><LST>".repeat(100_000);
    assert_eq!(read(&objects).unwrap_err(), ClixmlError::TooDeep { levels_max: 49 });
    let sets = format!("<Obj RefId=\"0\"><MS>{}", "<MS N=\"a\">".repeat(100_000));
    assert!(matches!(read(&sets), Err(ClixmlError::TooDeep { .. })));
    let unknown = format!("<Nil>{}", "<a>".repeat(100_000));
    assert!(matches!(read(&unknown), Err(ClixmlError::TooDeep { .. })));
}

#[test]
fn floods_of_attributes_and_namespaces_are_refused() {
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=\"\"")).collect();
    assert!(matches!(read(&format!("<S{attributes}>x</S>")), Err(ClixmlError::NotXml { .. })));
    let nested: String = (0..900).map(|number| format!("<a xmlns:p{number}=\"x\">")).collect();
    assert!(matches!(read(&format!("<Nil>{nested}")), Err(ClixmlError::NotXml { .. })));
}

#[test]
fn a_message_beyond_the_limit_is_refused_before_it_is_looked_at() {
    let limits = ReadLimits { bytes_max: 10, ..ReadLimits::default() };
    let error = read_fragment(b"<S>12345678</S>", &limits).unwrap_err();
    assert_eq!(error, ClixmlError::TooLong { bytes: 15, bytes_max: 10 });
    assert_eq!(Decoder::new(limits).decode(b"<S>12345678</S>").unwrap_err(), error);
}

#[test]
fn forty_nine_levels_are_written_and_what_is_deeper_is_a_sentence() {
    let mut value = PsValue::from("core");
    for _ in 0..51 {
        value = exsh::clixml::PsObject::bag([("in", value)]).into();
    }
    let written = String::from_utf8(write_fragment(&value, None).unwrap()).unwrap();
    assert_eq!(written.matches("<Obj ").count(), 49);
    assert!(written.contains("<S N=\"in\">Serialized XML is nested too deeply.</S>"));
    assert_eq!(read(&written).unwrap_err(), ClixmlError::TooDeep { levels_max: 49 });
}

/// Found by the fuzzer: the text of a secret was written with escapes that are not read there.
#[test]
fn a_secret_is_nothing_but_digits_and_comes_out_as_it_went_in() {
    assert!(matches!(read("<SS>AA\"\r\"</SS>"), Err(ClixmlError::BadPrimitive { tag: "SS", .. })));
    let written = write_fragment(&read("<SS> AA\r\n+/== </SS>").unwrap(), None).unwrap();
    assert_eq!(String::from_utf8_lossy(&written), "<SS>AA+/==</SS>");
    assert_eq!(write_fragment(&read("<SS>AA+/==</SS>").unwrap(), None).unwrap(), written);
}
