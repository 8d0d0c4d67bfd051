//! `System.Console`: text past the pipeline, colours that are passed over, lines of the input.
//!
//! `Write-Host` and `Read-Host` are commands; the host's own methods are in `host_ui`.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{List, Obj, V};

/// The type of `[Console]::Out` and `[Console]::Error`.
pub(super) const STREAM: &str = "System.IO.TextWriter+SyncTextWriter";
/// The type of `[Console]::In`.
pub(super) const INPUT: &str = "System.IO.SyncTextReader";

/// `[Console]::name`.
#[must_use]
pub(super) fn property(cx: Cx<'_>, name: &str) -> V {
    let color = |name| super::super::enums::by_name("System.ConsoleColor", name).unwrap_or_default();
    match name {
        "out" | "error" => V::Obj(Obj::new(STREAM, [("__error", V::Bool(name == "error"))])),
        "in" => V::Obj(Obj::new(INPUT, Vec::<(&str, V)>::new())),
        "outputencoding" | "inputencoding" => super::encoding::named("utf-8"),
        "windowwidth" | "bufferwidth" | "largestwindowwidth" => V::count(cx.rt.options.width),
        "windowheight" | "bufferheight" | "largestwindowheight" => V::Int(50),
        "cursorleft" | "cursortop" | "windowleft" | "windowtop" => V::Int(0),
        "foregroundcolor" => color("Gray"),
        "backgroundcolor" => color("Black"),
        "title" => V::from("exsh"),
        "keyavailable" | "capslock" | "numberlock" | "treatcontrolcasinput" => V::Bool(false),
        "isinputredirected" | "isoutputredirected" | "iserrorredirected" | "cursorvisible" => V::Bool(true),
        _ => V::Null,
    }
}

/// `[Console]::name(args)`.
///
/// # Errors
/// When a format does not fit its values.
pub(super) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "write" | "writeline" => {
            cx.rt.options.console.out(&written(name, args)?);
            V::Nothing
        }
        "readline" => line(cx, ""),
        "read" => V::Int(-1),
        "resetcolor" | "beep" | "clear" | "setcursorposition" | "setwindowsize" | "setbuffersize" | "setout"
        | "seterror" | "setin" => V::Nothing,
        _ => return Ok(None),
    }))
}

/// Methods of the console's streams.
///
/// # Errors
/// When a format does not fit its values.
pub(super) fn methods(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "readline" => line(cx, ""),
        "write" | "writeline" => {
            let text = written(name, args)?;
            if matches!(object.note("__error"), Some(V::Bool(true))) {
                cx.rt.options.console.talk(&text);
            } else {
                cx.rt.options.console.out(&text);
            }
            V::Nothing
        }
        "flush" => V::Nothing,
        _ => return Ok(None),
    }))
}

/// The next line that was typed or given; null at the end.
pub(in crate::script::ps) fn line(cx: Cx<'_>, prompt: &str) -> V {
    let waiting = super::super::value::lock(&cx.rt.answers).pop_front();
    waiting.or_else(|| cx.rt.options.console.ask(prompt)).map_or(V::Null, V::from)
}

/// What `Write` and `WriteLine` write: one value, or a format with its values.
fn written(name: &str, args: &[V]) -> Res<String> {
    let text = match args {
        [] => String::new(),
        [V::List(list)] => characters(list),
        [value] => to_string(value),
        [format @ V::Str(_), values @ ..] => to_string(&super::super::operators::format(
            &interpolated(format),
            values,
            &crate::render::text::Culture::EN_US,
        )?),
        [value, ..] => to_string(value),
    };
    Ok(if name == "writeline" { format!("{text}\n") } else { text })
}

/// Characters one after another; any other list by its type.
fn characters(list: &List) -> String {
    let items = list.items();
    if items.iter().all(|item| matches!(item, V::Char(_))) {
        return items.iter().map(to_string).collect();
    }
    to_string(&V::List(list.clone()))
}
