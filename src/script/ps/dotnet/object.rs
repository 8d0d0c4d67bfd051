//! Methods of script blocks, types and of the objects that the runtime makes.
//!
//! No other types.

use super::super::block::Block;
use super::super::fault::Res;
use super::super::number::{self, Num};
use super::super::random::{Seeded, Source};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V, lock};

/// Methods of script blocks.
pub(in crate::script::ps) fn block(cx: Cx<'_>, block: &Block, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "invoke" => V::array(super::super::invoke::call_block(cx, block, args.to_vec())?),
        "invokereturnasis" => V::from_outputs(super::super::invoke::call_block(cx, block, args.to_vec())?),
        "getnewclosure" => V::Block(block.with_captured(cx.rt.visible_variables())),
        "tostring" => V::from(block.text()),
        _ => return Ok(None),
    }))
}

/// Methods of types.
pub(in crate::script::ps) fn type_method(full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "tostring" => V::from(super::super::types::display(full)),
        "getenumvalues" => super::super::enums::shape(full).map_or(V::Null, |shape| shape.all()),
        "getenumnames" => super::super::enums::shape(full).map_or(V::Null, |shape| shape.names()),
        "issubclassof" => V::Bool(match args.first() {
            Some(V::Type(other)) => {
                super::super::declared::class(full).is_some_and(|class| super::super::class::derives(&class, other))
            }
            _ => false,
        }),
        "isinstanceoftype" => V::Bool(args.first().is_some_and(|value| super::super::cast::is(value, full))),
        _ => return Ok(None),
    }))
}

/// Methods of objects that the runtime makes.
pub(in crate::script::ps) fn methods(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    if super::super::xml::is_node(object)
        && let Some(found) = super::super::xml::method(cx, object, name, args)?
    {
        return Ok(Some(found));
    }
    let kind = object.type_name();
    let own = || V::Obj(object.clone());
    Ok(Some(match (&*kind, name) {
        (super::super::walk::ENUMERATOR, _) => return Ok(super::super::walk::method(cx.rt, object, name)),
        (super::super::special::PROPERTIES, _) if object.note("__at").is_some() => {
            return Ok(super::super::walk::moved(object, name));
        }
        (super::super::special::PROPERTIES, _) => return super::super::special::properties_method(object, name, args),
        (
            super::stream::READER | super::stream::WRITER | super::stream::TEXT_READER | super::stream::TEXT_WRITER,
            _,
        ) => return super::stream::methods(cx, object, name, args),
        (super::day::DAY | super::day::TIME, _) => {
            if let Some(found) = super::day::methods(object, name, args)? {
                return Ok(Some(found));
            }
            return more(cx, object, name, args);
        }
        (super::memory::NAME, _) => return super::memory::methods(object, name, args),
        ("System.StringComparer", "equals" | "compare") => {
            let exact = !object.own_text().is_some_and(|text| text.to_lowercase().ends_with("ignorecase"));
            let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
            let ordinal = object.own_text().is_some_and(|text| text.to_lowercase().starts_with("ordinal"));
            let order = match (ordinal, exact) {
                (true, true) => text(0).cmp(&text(1)),
                (true, false) => text(0).to_uppercase().cmp(&text(1).to_uppercase()),
                _ => super::super::compare::texts(&text(0), &text(1), exact),
            };
            if name == "equals" { V::Bool(order.is_eq()) } else { V::Int(order as i32) }
        }
        (super::com::SCRIPT_HOST, "popup") => super::com::popup(cx, args)?,
        (super::com::SHELL, _) => {
            return Ok(super::com::method(cx, name, &args.first().map(interpolated).unwrap_or_default()));
        }
        ("System.Text.StringBuilder", _) => return super::string_builder::methods(object, name, args),
        (super::stopwatch::NAME, "start" | "stop" | "reset" | "restart") => {
            return Ok(super::stopwatch::methods(object, name));
        }
        ("System.Management.Automation.PSObject", "copy") => match object.base() {
            V::Obj(inner) => V::Obj(inner.copy()),
            other => other,
        },
        (super::cmdlet::COMMANDS, _) => return super::cmdlet::commands(cx, name, args),
        (super::cmdlet::PS_CMDLET, _) => return super::cmdlet::methods(cx, object, name, args),
        ("System.Collections.DictionaryEntry", "tostring") => V::from("System.Collections.DictionaryEntry"),
        _ if name == "gettype" && object.is_custom() => V::Type(super::super::value::CUSTOM_OBJECT.into()),
        _ if name == "tostring" && args.is_empty() => V::from(to_string(&own())),
        _ if name == "equals" => V::Bool(matches!(args.first(), Some(V::Obj(other)) if other.same(object))),
        _ => return more(cx, object, name, args),
    }))
}

/// What a generator of random numbers gives; one with a seed goes on from where it was.
fn drawn<T>(cx: Cx<'_>, object: &Obj, draw: impl FnOnce(&mut Source) -> T) -> T {
    let Some(V::Int(seed)) = object.note("__seed") else { return draw(&mut Source::Host) };
    let number = match object.note("__generator") {
        Some(V::Long(number)) => number,
        _ => {
            let number = i64::try_from(cx.rt.number()).unwrap_or(i64::MAX);
            object.set("__generator", V::Long(number));
            number
        }
    };
    let mut generators = lock(&cx.rt.generators);
    draw(generators.entry(number).or_insert_with(|| Source::Seed(Box::new(Seeded::new(seed)))))
}

/// Methods of objects that static members gave.
pub(in crate::script::ps) fn more(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().map(interpolated).unwrap_or_default();
    let kind = object.type_name();
    Ok(Some(match (&*kind, name) {
        ("System.Text.RegularExpressions.Regex", _) => return super::regex::methods(cx, object, name, args),
        ("System.Text.RegularExpressions.Match", "nextmatch" | "result") => {
            return super::regex::of_match(object, name, args);
        }
        ("System.Management.Automation.WildcardPattern", _) => return Ok(super::wildcard::methods(object, name, args)),
        ("System.Net.IPAddress", "getaddressbytes") => object.note("__octets").unwrap_or_default(),
        _ if object.is("System.Text.Encoding") => return super::encoding::method(object, name, args),
        (super::file_info::FILE | super::file_info::FOLDER, _) => {
            return super::file_info::methods(cx, object, name, args);
        }
        (super::console::STREAM | super::console::INPUT, _) => return super::console::methods(cx, object, name, args),
        (super::host_ui::NAME, _) => return super::host_ui::methods(cx, name, args),
        (super::calendar::CALENDAR, _) => return super::calendar::methods(name, args),
        ("System.Globalization.DateTimeFormatInfo", _) => return super::calendar::names(object, name, args),
        ("System.TimeZoneInfo", _) => return super::time_zone::methods(object, name, args),
        ("System.Uri", "getleftpart" | "isbaseof") => return Ok(super::net::uri_method(object, name, args)),
        (style, _) if style.starts_with("System.Management.Automation.PSStyle+") => {
            return Ok(super::super::style::method(object, name, args));
        }
        ("System.DateTimeOffset", _) => return super::offset::method(object, name, args),
        ("System.Globalization.TextInfo", "totitlecase") => V::from(super::culture::title_case(&first)),
        ("System.Globalization.TextInfo", "toupper") => V::from(first.to_uppercase()),
        ("System.Globalization.TextInfo", "tolower") => V::from(first.to_lowercase()),
        ("System.Management.Automation.PSCredential", "getnetworkcredential") => {
            let user = object.note("UserName").unwrap_or_default();
            let password = match object.note("Password") {
                Some(V::Obj(secret)) => secret.note("__plain").unwrap_or_default(),
                _ => V::from(""),
            };
            V::Obj(Obj::new(
                "System.Net.NetworkCredential",
                [("UserName", user), ("Password", password), ("Domain", V::from(""))],
            ))
        }
        (algorithm, "computehash") if algorithm.starts_with("System.Security.Cryptography.") => {
            let bytes = super::memory::bytes_of(&args.first().cloned().unwrap_or_default());
            match super::super::files::digest(&super::super::types::short(algorithm), &bytes) {
                Some(hash) => super::statics::byte_array(&hash),
                None => return Ok(None),
            }
        }
        ("System.Random", "next") => {
            let given: Vec<i64> = args.iter().filter_map(|arg| number::plain(arg).and_then(Num::long)).collect();
            V::integer(drawn(cx, object, |source| match given.as_slice() {
                [] => source.any(),
                [high] => source.within(0, *high),
                [low, high, ..] => source.within(*low, *high),
            }))
        }
        ("System.Random", "nextdouble") => V::Double(drawn(cx, object, Source::unit)),
        (_, "tobytes" | "tokb" | "tomb" | "togb" | "totb") => {
            let Some(V::Double(bytes)) = object.note("__bytes") else { return Ok(None) };
            let shift = match name {
                "tokb" => 10,
                "tomb" => 20,
                "togb" => 30,
                "totb" => 40,
                _ => 0,
            };
            #[expect(clippy::cast_possible_truncation, reason = "sizes fit")]
            V::Long((bytes as i64) >> shift)
        }
        (_, "getbaseexception") if object.is("System.Exception") => {
            let mut found = object.clone();
            while let Some(V::Obj(inner)) = found.note("InnerException") {
                found = inner;
            }
            V::Obj(found)
        }
        (_, "dispose" | "close" | "flush") => V::Nothing,
        _ => return Ok(None),
    }))
}
