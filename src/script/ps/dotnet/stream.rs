//! `StreamReader` and `StreamWriter` over text files and streams, `StringReader` and `StringWriter`.
//!
//! A reader takes the file at its first use; a writer writes at `Flush`, `Close` or `Dispose`.

use super::super::fault::{Res, method_threw};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V};

pub(super) const READER: &str = "System.IO.StreamReader";
pub(super) const WRITER: &str = "System.IO.StreamWriter";
pub(super) const TEXT_READER: &str = "System.IO.StringReader";
pub(super) const TEXT_WRITER: &str = "System.IO.StringWriter";

/// A reader or writer of the file that the first argument names.
#[must_use]
pub(super) fn make(full: &str, args: &[V]) -> V {
    match full {
        TEXT_READER => {
            let text = args.first().map(interpolated).unwrap_or_default();
            return V::Obj(Obj::new(full, Vec::<(&str, V)>::new()).with_base(V::from(text)));
        }
        TEXT_WRITER => return V::Obj(Obj::new(full, [("NewLine", V::from("\n"))]).with_base(V::from(""))),
        _ => {}
    }
    let append = args.get(1).is_some_and(|arg| matches!(arg, V::Bool(true)));
    let path = args.first().map(interpolated).unwrap_or_default();
    let hidden = [("__path", V::from(path)), ("__append", V::Bool(append)), ("AutoFlush", V::Bool(false))];
    let made = Obj::new(full, hidden).with_base(if full == WRITER { V::from("") } else { V::Null });
    if let Some(encoding) = args.get(2) {
        made.set("__encoding", encoding.clone());
    }
    if let Some(V::Obj(stream)) = args.first().filter(|arg| is_stream(arg)) {
        made.set("BaseStream", V::Obj(stream.clone()));
    }
    V::Obj(made)
}

fn is_stream(value: &V) -> bool {
    matches!(value, V::Obj(stream) if &*stream.type_name() == super::memory::NAME)
}

fn stream_of(object: &Obj) -> Option<Obj> {
    match object.note("BaseStream") {
        Some(V::Obj(stream)) => Some(stream),
        _ => None,
    }
}

/// Methods of both.
///
/// # Errors
/// When the file cannot be read or written.
pub(super) fn methods(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let path = to_string(&object.note("__path").unwrap_or_default());
    if matches!(&*object.type_name(), WRITER | TEXT_WRITER) {
        return write(cx, object, &path, name, args);
    }
    if let Some(stream) = stream_of(object) {
        let known = to_string(&object.base());
        let more = super::super::files::decoded(&super::memory::read(&stream, usize::MAX));
        object.set_base(V::from(format!("{known}{more}")));
    } else if object.base().is_null() {
        let target = super::super::files::resolve(cx, &path);
        let Ok(bytes) = std::fs::read(&target) else {
            let message = format!("Could not find file '{}'.", super::super::files::shown(cx.rt, &target));
            return method_threw(".ctor", 1, "System.IO.FileNotFoundException", &message).err();
        };
        object.set_base(V::from(super::super::files::decoded(&bytes)));
    }
    let rest = to_string(&object.base());
    Ok(Some(match name {
        "readline" if rest.is_empty() => V::Null,
        "readline" => {
            let (line, after) = rest.split_once('\n').unwrap_or((&rest, ""));
            object.set_base(V::from(after));
            V::from(line.trim_end_matches('\r'))
        }
        "readtoend" => {
            object.set_base(V::from(""));
            V::from(rest)
        }
        "peek" => V::integer(rest.chars().next().map_or(-1, |c| u32::from(c).into())),
        "read" => {
            let mut chars = rest.chars();
            let first = chars.next().map_or(-1, |c| u32::from(c).into());
            object.set_base(V::from(chars.as_str()));
            V::integer(first)
        }
        "endofstream" => V::Bool(rest.is_empty()),
        "close" | "dispose" => V::Nothing,
        _ => return Ok(None),
    }))
}

fn write(cx: Cx<'_>, object: &Obj, path: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let waiting = to_string(&object.base());
    let given = match args {
        [V::Str(pattern), values @ ..] if !values.is_empty() => {
            to_string(&super::super::operators::format(pattern, values, &crate::render::text::Culture::EN_US)?)
        }
        [V::List(chars)] => chars.items().iter().map(interpolated).collect(),
        _ => args.first().map(to_string).unwrap_or_default(),
    };
    let in_memory = &*object.type_name() == TEXT_WRITER;
    match name {
        "tostring" | "getstringbuilder" if in_memory => return Ok(Some(V::from(waiting))),
        "flush" | "close" | "dispose" if in_memory => {}
        "write" => object.set_base(V::from(format!("{waiting}{given}"))),
        "writeline" => object.set_base(V::from(format!("{waiting}{given}\n"))),
        "flush" | "close" | "dispose" if stream_of(object).is_some() => {
            if let Some(stream) = stream_of(object) {
                super::memory::write(&stream, waiting.as_bytes());
            }
            object.set_base(V::from(""));
        }
        "flush" | "close" | "dispose" => {
            let append = matches!(object.note("__append"), Some(V::Bool(true)));
            let target = super::super::files::resolve(cx, path);
            let begins = !append || std::fs::metadata(target).map_or(true, |meta| meta.len() == 0);
            let bytes = super::encoding::for_file(object.note("__encoding").as_ref(), &waiting, begins);
            super::super::files::write(cx, path, &bytes, append).map_err(|problem| problem.fault())?;
            object.set("__append", V::Bool(true));
            object.set_base(V::from(""));
        }
        _ => return Ok(None),
    }
    Ok(Some(V::Nothing))
}

/// `EndOfStream` of a reader; `None` for every other object.
///
/// # Errors
/// When the file cannot be read.
pub(in crate::script::ps) fn end_of_stream(cx: Cx<'_>, object: &Obj) -> Res<Option<V>> {
    if &*object.type_name() == READER { methods(cx, object, "endofstream", &[]) } else { Ok(None) }
}
