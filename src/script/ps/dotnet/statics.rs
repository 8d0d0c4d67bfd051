//! Static members by type and name: `[type]::name`, `[type]::name(args)`.
//!
//! What a member does is in the file of its type; constants are in `limits`.

use super::super::fault::{Problem, Res};

use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{List, ListKind, Obj, Small, V};

use crate::clixml::{DateTimeKind, PsDateTime};

/// `[full]::name`.
///
/// # Errors
/// When the type has no such member.
pub(in crate::script::ps) fn property(cx: Cx<'_>, full: &str, name: &str) -> Res<V> {
    if let Some(found) = super::super::enums::by_name(full, name) {
        return Ok(found);
    }
    if let Some(found) = super::super::class::static_property(cx, full, name)? {
        return Ok(found);
    }
    let lower = name.to_lowercase();
    if let Some(found) = super::limits::constant(full, &lower) {
        return Ok(found);
    }
    if let Some(found) = super::day::limit(full, &lower) {
        return Ok(found);
    }
    let date = |ticks, kind| V::Date(PsDateTime { ticks, kind });
    Ok(match (full, lower.as_str()) {
        ("System.DateTime", "now") => V::Date(super::super::dates::now(cx.rt)),
        ("System.DateTime", "utcnow") => V::Date(super::super::dates::to_utc(super::super::dates::now(cx.rt))),
        ("System.DateTime", "today") => {
            let now = super::super::dates::now(cx.rt);
            date(now.ticks - now.ticks.rem_euclid(PsDateTime::TICKS_PER_DAY), now.kind)
        }
        ("System.DateTime", "minvalue") => date(0, DateTimeKind::Unspecified),
        ("System.DateTime", "maxvalue") => date(PsDateTime::TICKS_MAX, DateTimeKind::Unspecified),
        ("System.DateTime", "unixepoch") => date(super::super::dates::UNIX_EPOCH_TICKS, DateTimeKind::Utc),
        ("System.DateTimeOffset", "now") => super::offset::of(super::super::dates::now(cx.rt)),
        ("System.DateTimeOffset", "unixepoch") => {
            super::offset::of(PsDateTime { ticks: super::super::dates::UNIX_EPOCH_TICKS, kind: DateTimeKind::Utc })
        }
        ("System.DateTimeOffset", "minvalue") => super::offset::of(PsDateTime { ticks: 0, kind: DateTimeKind::Utc }),
        ("System.DateTimeOffset", "utcnow") => {
            super::offset::of(super::super::dates::to_utc(super::super::dates::now(cx.rt)))
        }
        ("System.String", "empty") => V::from(""),
        ("System.Guid", "empty") => V::Guid(uuid::Uuid::nil()),
        ("System.Environment", _) => super::environment::property(cx, &lower).unwrap_or_default(),
        ("System.BitConverter", "islittleendian") => V::Bool(true),
        ("System.IO.Path", "pathseparator") => V::Char(':'),
        ("System.IO.Path", "altdirectoryseparatorchar") => V::Char('/'),
        ("System.Net.IPAddress", "any") => super::net::ip_address("0.0.0.0").unwrap_or_default(),
        ("System.Net.IPAddress", "loopback") => super::net::ip_address("127.0.0.1").unwrap_or_default(),
        ("System.Net.IPAddress", "none" | "broadcast") => super::net::ip_address("255.255.255.255").unwrap_or_default(),
        ("System.Net.IPAddress", "ipv6loopback") => super::net::ip_address("::1").unwrap_or_default(),
        ("System.Net.IPAddress", "ipv6any" | "ipv6none") => super::net::ip_address("::").unwrap_or_default(),
        ("System.Management.Automation.SwitchParameter", "present") => V::Switch(true),
        ("System.Globalization.CultureInfo", "invariantculture") => V::Obj(super::culture::culture("")),
        ("System.Globalization.CultureInfo", "currentculture" | "currentuiculture") => {
            V::Obj(super::culture::culture("en-US"))
        }
        ("System.Threading.Thread", "currentthread") => V::Obj(Obj::new(
            full,
            [
                ("CurrentCulture", V::Obj(super::culture::culture("en-US"))),
                ("CurrentUICulture", V::Obj(super::culture::culture("en-US"))),
                ("ManagedThreadId", V::Int(1)),
            ],
        )),
        ("System.TimeZoneInfo", "local" | "utc") => super::time_zone::property(&lower),
        ("System.Text.Encoding", _) => super::encoding::named(name),
        ("System.StringComparer", _) => V::Obj(Obj::new(full, Vec::<(&str, V)>::new()).with_text(name)),
        ("System.Net.ServicePointManager", "securityprotocol") => {
            cx.rt.get("__securityprotocol").unwrap_or_else(|| {
                super::super::enums::by_name("System.Net.SecurityProtocolType", "SystemDefault").unwrap_or_default()
            })
        }
        ("System.Console", _) => super::console::property(cx, &lower),
        ("System.Net.ServicePointManager", _) => V::Null,
        ("System.Management.Automation.PSCredential", "empty") => {
            let empty = super::make::credential("", V::Null);
            if let V::Obj(object) = &empty {
                object.set("UserName", V::Null);
            }
            empty
        }
        ("System.IO.Path", "directoryseparatorchar") => V::Char('/'),
        ("System.DBNull", "value") => V::Obj(Obj::new(full, Vec::<(&str, V)>::new()).with_text("")),
        _ => {
            if super::super::enums::find(full).is_some() {
                return Problem::new(
                    "PropertyNotFound",
                    "InvalidOperation",
                    format!("The property '{name}' cannot be found on this object."),
                )
                .err();
            }
            V::Null
        }
    })
}

/// `[full]::name(args)`.
///
/// # Errors
/// What the method throws; that there is no such method.
pub(in crate::script::ps) fn invoke(cx: Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<V> {
    if let Some(found) = super::super::class::invoke_static(cx, full, name, args)? {
        return Ok(found);
    }
    let lower = name.to_lowercase();
    if lower == "new" {
        return super::make::created(cx, full, args.to_vec());
    }
    let found = match full {
        "System.Math" => super::math::statics(cx, &lower, args)?,
        "System.String" => super::string::statics(cx, &lower, args)?,
        "System.DateTime" => super::date::statics(cx, &lower, args)?,
        "System.TimeSpan" => super::span::statics(cx, &lower, args)?,
        "System.Convert" => super::convert::statics(&lower, args)?,
        "System.Text.RegularExpressions.Regex" => super::regex::statics(cx, &lower, args)?,
        "System.Array" => super::array::statics(cx, &lower, args)?,
        "System.Linq.Enumerable" => super::linq::statics(cx, &lower, args)?,
        super::day::DAY | super::day::TIME => super::day::statics(full, &lower, args)?,
        "System.DateTimeOffset" if super::offset::is_static(&lower) => super::offset::invoke(cx, &lower, args)?,
        "System.Guid" => match lower.as_str() {
            "newguid" => Some(V::Guid(uuid::Uuid::new_v4())),
            "parse" | "parseexact" => {
                let found = super::super::cast::cast("guid", args.first().unwrap_or(&V::Null));
                let method = if lower == "parse" { "Parse" } else { "ParseExact" };
                Some(super::parse::convert_failure(method, args.len(), found)?)
            }
            "tryparse" => Some(super::parse::try_cast(cx, "guid", args, V::Guid(uuid::Uuid::nil()))?),
            _ => None,
        },
        "System.Char" => super::char::statics(&lower, args)?,
        "System.Int32" | "System.Int64" | "System.Double" | "System.Decimal" | "System.Boolean" | "System.Version"
        | "System.Single" | "System.Byte" | "System.SByte" | "System.Int16" | "System.UInt16" | "System.UInt32"
        | "System.UInt64" => super::parse::statics(cx, full, &lower, args)?,
        "System.Numerics.BigInteger" => super::super::big::statics(&lower, args)?,
        "System.Enum" => super::enumeration::statics(cx, &lower, args)?,
        "System.IO.File" | "System.IO.Directory" | "System.IO.Path" => {
            super::super::files::dotnet(cx, full, &lower, args)?
        }
        super::stopwatch::NAME if lower == "startnew" => Some(super::stopwatch::make(true)),
        "System.Globalization.ISOWeek" => super::calendar::iso(&lower, args)?,
        "System.Console" => super::console::statics(cx, &lower, args)?,
        "System.Globalization.CultureInfo" => {
            Some(V::Obj(super::culture::culture(&args.first().map(interpolated).unwrap_or_default())))
        }
        "System.Management.Automation.ScriptBlock" if lower == "create" => Some(V::Block(
            super::super::engine::compile_block(cx, &args.first().map(interpolated).unwrap_or_default())?,
        )),
        "System.Environment" => super::environment::statics(cx, &lower, args),
        "System.Text.Encoding" if lower == "getencoding" => {
            Some(super::encoding::named(&args.first().map(interpolated).unwrap_or_default()))
        }
        _ if full.starts_with("System.Security.Cryptography.") => match lower.as_str() {
            "create" => Some(super::make::simple(full)),
            "hashdata" => {
                let bytes = super::super::text::bytes(&args.first().cloned().unwrap_or_default().unrolled());
                super::super::files::digest(super::super::types::short(full).as_str(), &bytes)
                    .map(|hash| byte_array(&hash))
            }
            _ => None,
        },
        "System.Uri" => super::net::uri_static(&lower, args),
        "System.Net.IPAddress" => super::net::ip_static(cx, &lower, args)?,
        "System.TimeZoneInfo" => super::time_zone::statics(&lower, args)?,
        "System.Activator" if lower == "createinstance" => match args.first() {
            Some(V::Type(full)) => Some(super::make::new_object(full, args[1..].to_vec())?),
            _ => None,
        },
        "System.Tuple" | "System.ValueTuple" if lower == "create" => Some(super::make::tuple(args)),
        "System.Collections.Hashtable" if lower == "synchronized" => args.first().cloned(),
        "System.Object" if matches!(lower.as_str(), "equals" | "referenceequals") => {
            let (a, b) = (args.first().cloned().unwrap_or_default(), args.get(1).cloned().unwrap_or_default());
            Some(V::Bool(match (&a, &b) {
                (V::Obj(a), V::Obj(b)) => a.same(b),
                _ if lower == "referenceequals" => a.is_null() && b.is_null(),
                _ => a.type_name() == b.type_name() && super::super::compare::equal(&a, &b, true),
            }))
        }
        "System.Net.WebUtility" | "System.Web.HttpUtility" => super::web::statics(&lower, args),
        "System.Management.Automation.WildcardPattern" => super::wildcard::statics(&lower, args),
        "System.Runtime.InteropServices.Marshal" => super::make::marshalled(&lower, args),
        "System.GC" if matches!(lower.as_str(), "collect" | "waitforpendingfinalizers") => Some(V::Nothing),
        "System.Net.Dns" if lower == "gethostname" => Some(V::from("EXSH")),
        "System.BitConverter" => super::convert::bits(&lower, args)?,
        _ => None,
    };
    match found {
        Some(found) => Ok(found),
        None => Problem::new(
            "MethodNotFound",
            "InvalidOperation",
            format!("Method invocation failed because [{full}] does not contain a method named '{name}'."),
        )
        .err(),
    }
}

/// A `Byte[]`.
#[must_use]
pub(in crate::script::ps) fn byte_array(bytes: &[u8]) -> V {
    V::List(List::of(
        ListKind::Array("System.Byte".into()),
        bytes.iter().map(|byte| V::Small(Small::Byte, (*byte).into())).collect(),
    ))
}
