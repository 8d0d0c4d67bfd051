//! `MemoryStream`: bytes that are written and read at a place.
//!
//! Readers and writers of text over it are in `stream`.

use super::super::fault::{Res, method_threw};
use super::super::text::bytes;
use super::super::value::{List, ListKind, Obj, V};
use super::arguments::integer;

pub(super) const NAME: &str = "System.IO.MemoryStream";

/// A stream, of the bytes that the first argument gives or empty.
#[must_use]
pub(super) fn make(args: &[V]) -> V {
    let content = match args.first() {
        Some(V::List(list)) => bytes(&list.items()),
        _ => Vec::new(),
    };
    let stream = Obj::new(
        NAME,
        [
            ("CanTimeout", V::Bool(false)),
            ("ReadTimeout", V::Null),
            ("WriteTimeout", V::Null),
            ("CanRead", V::Bool(true)),
            ("CanSeek", V::Bool(true)),
            ("CanWrite", V::Bool(true)),
            ("Capacity", V::count(content.len())),
            ("Length", V::Long(0)),
            ("Position", V::Long(0)),
        ],
    );
    keep(&stream, &content, 0);
    V::Obj(stream.with_text(NAME))
}

fn content(stream: &Obj) -> Vec<u8> {
    match stream.note("__content") {
        Some(V::List(list)) => bytes(&list.items()),
        _ => Vec::new(),
    }
}

fn keep(stream: &Obj, content: &[u8], at: usize) {
    let long = |count: usize| V::Long(i64::try_from(count).unwrap_or(i64::MAX));
    stream.set("Length", long(content.len()));
    stream.set("Position", long(at));
    stream.set("__content", super::statics::byte_array(content));
}

fn position(stream: &Obj) -> usize {
    let at = stream.note("Position").and_then(|at| super::super::number::plain(&at)).and_then(|at| at.long());
    at.and_then(|at| usize::try_from(at).ok()).unwrap_or(0)
}

/// Writes at the place where the stream is.
pub(super) fn write(stream: &Obj, new: &[u8]) {
    let (mut all, at) = (content(stream), position(stream));
    if all.len() < at + new.len() {
        all.resize(at + new.len(), 0);
    }
    all[at..at + new.len()].copy_from_slice(new);
    keep(stream, &all, at + new.len());
}

/// Reads up to so many bytes from the place where the stream is.
pub(super) fn read(stream: &Obj, most: usize) -> Vec<u8> {
    let (all, at) = (content(stream), position(stream));
    let found: Vec<u8> = all.iter().skip(at).take(most).copied().collect();
    keep(stream, &all, at + found.len());
    found
}

/// Methods of the stream.
///
/// # Errors
/// When it is closed.
pub(super) fn methods(stream: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let closed = stream.note("__closed").is_some();
    if closed && !matches!(name, "toarray" | "dispose" | "close" | "gettype" | "tostring") {
        let message = "Cannot access a closed Stream.";
        return method_threw(name, args.len(), "System.ObjectDisposedException", message).err();
    }
    let count = |at: usize| integer(args, at).map(|count| usize::try_from(count).unwrap_or(0));
    let given = || bytes(&args.first().cloned().unwrap_or_default().unrolled());
    Ok(Some(match name {
        "toarray" | "getbuffer" => super::statics::byte_array(&content(stream)),
        "write" => {
            let new: Vec<u8> = match args.len() {
                3 => given().into_iter().skip(count(1)?).take(count(2)?).collect(),
                _ => given(),
            };
            write(stream, &new);
            V::Nothing
        }
        "writebyte" => {
            write(stream, &bytes(&[args.first().cloned().unwrap_or_default()]));
            V::Nothing
        }
        "readbyte" => read(stream, 1).first().map_or(V::Int(-1), |byte| V::Int((*byte).into())),
        "read" => {
            let (from, most) = if args.len() == 3 { (count(1)?, count(2)?) } else { (0, given().len()) };
            let found = read(stream, most);
            if let Some(V::List(buffer)) = args.first() {
                let whole = super::statics::byte_array(&found).unrolled();
                for (place, byte) in buffer.lock().iter_mut().skip(from).zip(whole) {
                    *place = byte;
                }
            }
            V::count(found.len())
        }
        "seek" => {
            let from = match args.get(1).map(super::super::text::to_string).unwrap_or_default().as_str() {
                "Current" | "1" => position(stream),
                "End" | "2" => content(stream).len(),
                _ => 0,
            };
            let to = i64::try_from(from).unwrap_or(0) + integer(args, 0)?;
            stream.set("Position", V::Long(to));
            V::Long(to)
        }
        "setlength" => {
            let mut all = content(stream);
            all.resize(count(0)?, 0);
            keep(stream, &all, position(stream).min(all.len()));
            V::Nothing
        }
        "copyto" => {
            if let Some(V::Obj(other)) = args.first() {
                write(other, &read(stream, usize::MAX));
            }
            V::Nothing
        }
        "writeto" => {
            if let Some(V::Obj(other)) = args.first() {
                write(other, &content(stream));
            }
            V::Nothing
        }
        "close" | "dispose" => {
            stream.set("__closed", V::Bool(true));
            for can in ["CanRead", "CanSeek", "CanWrite"] {
                stream.set(can, V::Bool(false));
            }
            V::Nothing
        }
        "flush" => V::Nothing,
        _ => return Ok(None),
    }))
}

/// Bytes out of a list or a stream.
#[must_use]
pub(in crate::script::ps) fn bytes_of(value: &V) -> Vec<u8> {
    match value {
        V::Obj(stream) if &*stream.type_name() == NAME => read(stream, usize::MAX),
        V::List(list) if matches!(list.kind(), ListKind::Array(_)) => bytes(&List::items(list)),
        other => bytes(&other.clone().unrolled()),
    }
}
