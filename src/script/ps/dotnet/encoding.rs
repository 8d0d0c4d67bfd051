//! `[System.Text.Encoding]`: texts to bytes and back.
//!
//! Files are in `files`.

use super::super::fault::{Problem, Res, method_threw};
use super::super::text::interpolated;
use super::super::value::{ListKind, Obj, V};
use super::statics::byte_array;

/// An encoding by the name of a static property or of a character set.
#[must_use]
pub(in crate::script::ps) fn named(name: &str) -> V {
    let (web, shown) = match name.to_lowercase().replace(['-', '_'], "").as_str() {
        "unicode" | "utf16" | "utf16le" | "1200" => ("utf-16", "Unicode"),
        "bigendianunicode" | "utf16be" => ("utf-16BE", "Unicode (Big-Endian)"),
        "utf32" => ("utf-32", "Unicode (UTF-32)"),
        "ascii" | "usascii" => ("us-ascii", "US-ASCII"),
        "latin1" | "iso88591" | "28591" | "windows1252" | "1252" => ("iso-8859-1", "Western European (ISO)"),
        _ => ("utf-8", "Unicode (UTF-8)"),
    };
    V::Obj(
        Obj::new(
            "System.Text.Encoding",
            [
                ("EncodingName", V::from(shown)),
                ("WebName", V::from(web)),
                ("BodyName", V::from(web)),
                ("HeaderName", V::from(web)),
                ("CodePage", V::Int(code_page(web))),
                ("IsSingleByte", V::Bool(matches!(web, "us-ascii" | "iso-8859-1"))),
                ("__mark", V::Bool(true)),
            ],
        )
        .with_text("System.Text.Encoding"),
    )
}

fn code_page(web: &str) -> i32 {
    match web {
        "utf-16" => 1200,
        "utf-16BE" => 1201,
        "utf-32" => 12_000,
        "us-ascii" => 20_127,
        "iso-8859-1" => 28_591,
        _ => 65_001,
    }
}

/// `[System.Text.UTF8Encoding]::new(…)` and its kin; that of UTF-8 begins texts with its mark only when asked to.
#[must_use]
pub(super) fn make(full: &str, args: &[V]) -> V {
    let name = full.rsplit('.').next().unwrap_or(full).trim_end_matches("Encoding");
    let flag = |at: usize| args.get(at).is_some_and(super::super::compare::truthy);
    let made = match name {
        "Unicode" if flag(0) => named("utf-16BE"),
        other => named(other),
    };
    if let V::Obj(encoding) = &made {
        encoding.set("__mark", V::Bool(name != "UTF8" || flag(0)));
        encoding.set_types(vec![full.into(), "System.Text.Encoding".into(), "System.Object".into()]);
    }
    made
}

fn web_name(object: &Obj) -> String {
    super::super::text::to_string(&object.note("WebName").unwrap_or_default())
}

fn mark(object: &Obj) -> &'static [u8] {
    match web_name(object).as_str() {
        _ if !matches!(object.note("__mark"), Some(V::Bool(true))) => &[],
        "utf-8" => &[0xef, 0xbb, 0xbf],
        "utf-16" => &[0xff, 0xfe],
        "utf-16BE" => &[0xfe, 0xff],
        "utf-32" => &[0xff, 0xfe, 0, 0],
        _ => &[],
    }
}

/// A text as a file has it, with the mark of its encoding if it begins the file; plain UTF-8 without an encoding.
#[must_use]
pub(in crate::script::ps) fn for_file(encoding: Option<&V>, text: &str, begins: bool) -> Vec<u8> {
    let Some(V::Obj(object)) =
        encoding.filter(|value| matches!(value, V::Obj(object) if object.is("System.Text.Encoding")))
    else {
        return text.as_bytes().to_vec();
    };
    let mark: &[u8] = if begins { mark(object) } else { &[] };
    mark.iter().copied().chain(encoded(&web_name(object), text)).collect()
}

/// What a file says; its mark, if it has one, goes before the encoding given.
#[must_use]
pub(in crate::script::ps) fn from_file(encoding: Option<&V>, bytes: &[u8]) -> String {
    let web = match encoding {
        Some(V::Obj(object)) if object.is("System.Text.Encoding") => web_name(object),
        _ => String::new(),
    };
    let marked = [&[0xef_u8, 0xbb, 0xbf][..], &[0xff, 0xfe], &[0xfe, 0xff]].iter().any(|mark| bytes.starts_with(mark));
    if marked || matches!(web.as_str(), "" | "utf-8") {
        return super::super::files::decoded(bytes);
    }
    decoded(&web, bytes)
}

fn encoded(web: &str, text: &str) -> Vec<u8> {
    match web {
        "utf-16" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf-32" => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        "us-ascii" => text.chars().map(|c| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect(),
        "iso-8859-1" => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

/// Bytes as a text in an encoding of that web name.
pub(in crate::script::ps) fn decoded(web: &str, bytes: &[u8]) -> String {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match web {
        "utf-16" => wide(u16::from_le_bytes),
        "utf-16BE" => wide(u16::from_be_bytes),
        "utf-32" => bytes
            .chunks_exact(4)
            .map(|b| char::from_u32(u32::from_le_bytes([b[0], b[1], b[2], b[3]])).unwrap_or('\u{fffd}'))
            .collect(),
        "us-ascii" => bytes.iter().map(|b| if b.is_ascii() { char::from(*b) } else { '?' }).collect(),
        "iso-8859-1" => bytes.iter().map(|b| char::from(*b)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Methods of an encoding.
///
/// # Errors
/// When an argument is null or fits no form of the method.
pub(in crate::script::ps) fn method(object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let web = super::super::text::to_string(&object.note("WebName").unwrap_or_default());
    let first = args.first().cloned().unwrap_or_default();
    Ok(Some(match name {
        "getbytes" | "getbytecount" => {
            let method = if name == "getbytes" { "GetBytes" } else { "GetByteCount" };
            match &first {
                V::Null | V::Nothing => {
                    let message = "Array cannot be null. (Parameter 'chars')";
                    return method_threw(method, args.len(), "System.ArgumentNullException", message).err();
                }
                V::Obj(_) | V::Hash(_) => return no_overload(method, args.len()).err(),
                _ => {}
            }
            let text = match &first {
                V::List(list) if matches!(list.kind(), ListKind::Array(item) if &**item == "System.Char") => {
                    list.items().iter().map(interpolated).collect()
                }
                other => interpolated(other),
            };
            let bytes = encoded(&web, &text);
            if name == "getbytes" { byte_array(&bytes) } else { V::count(bytes.len()) }
        }
        "getstring" => V::from(decoded(&web, &super::super::text::bytes(&first.unrolled()))),
        "getchars" => {
            let text = decoded(&web, &super::super::text::bytes(&first.unrolled()));
            V::array(text.chars().map(V::Char).collect())
        }
        "getpreamble" => byte_array(mark(object)),
        "getcharcount" => V::count(decoded(&web, &super::super::text::bytes(&first.unrolled())).encode_utf16().count()),
        _ => return Ok(None),
    }))
}

/// No form of a method takes the arguments.
#[must_use]
pub(in crate::script::ps) fn no_overload(method: &str, count: usize) -> Problem {
    Problem::new(
        "MethodCountCouldNotFindBest",
        "NotSpecified",
        format!("Cannot find an overload for \"{method}\" and the argument count: \"{count}\"."),
    )
    .exception("System.Management.Automation.MethodException")
}
