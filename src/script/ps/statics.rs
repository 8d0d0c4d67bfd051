//! Static members of types and `New-Object`: `[math]::Round`, `[string]::Join`, `[datetime]::Parse` …
//!
//! Files through .NET are in `files`; what scripts do not use is not here.

use super::fault::{Problem, Res, method_threw};
use super::number::{self, Num};
use super::state::Cx;
use super::static_functions;
use super::text::{interpolated, to_string};
use super::value::{Hash, HashKind, List, ListKind, Obj, Small, V};
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};
use crate::render::text::Culture;

fn texts(items: &[&str]) -> V {
    V::List(List::of(ListKind::Array("System.String".into()), items.iter().map(|item| V::from(*item)).collect()))
}

/// A culture object.
#[must_use]
pub fn culture(name: &str) -> Obj {
    let display = match name {
        "" => "Invariant Language (Invariant Country)",
        "de-DE" => "German (Germany)",
        "fr-FR" => "French (France)",
        "en-GB" => "English (United Kingdom)",
        _ => "English (United States)",
    };
    let known = Culture::named(name).unwrap_or(Culture::EN_US);
    let numbers = Obj::new(
        "System.Globalization.NumberFormatInfo",
        [
            ("NumberDecimalSeparator", V::from(known.decimal_point.to_string())),
            ("NumberGroupSeparator", V::from(known.group.to_string())),
            ("NumberDecimalDigits", V::count(known.decimal_digits)),
            ("CurrencySymbol", V::from(format!("{}{}", known.currency.0, known.currency.1).trim())),
        ],
    );
    let dates = Obj::new(
        "System.Globalization.DateTimeFormatInfo",
        [
            ("ShortDatePattern", V::from(known.short_date)),
            ("LongDatePattern", V::from(known.long_date)),
            ("ShortTimePattern", V::from(known.short_time)),
            ("LongTimePattern", V::from(known.long_time)),
            ("MonthNames", texts(&[&known.names.months[..], &[""]].concat())),
            ("AbbreviatedMonthNames", texts(&[&known.names.months_short[..], &[""]].concat())),
            ("DayNames", texts(&known.names.days)),
            ("AbbreviatedDayNames", texts(&known.names.days_short)),
            (
                "FirstDayOfWeek",
                super::enums::by_number("System.DayOfWeek", i32::from(name != "en-US")).unwrap_or_default(),
            ),
            ("DateSeparator", V::from(if name == "de-DE" { "." } else { "/" })),
            ("AMDesignator", V::from("AM")),
            ("PMDesignator", V::from("PM")),
        ],
    );
    Obj::new(
        "System.Globalization.CultureInfo",
        [
            ("LCID", V::Int(if name.is_empty() { 127 } else { 1033 })),
            ("Name", V::from(name)),
            ("DisplayName", V::from(display)),
            ("EnglishName", V::from(display)),
            (
                "TwoLetterISOLanguageName",
                V::from(if name.is_empty() { "iv" } else { name.split('-').next().unwrap_or(name) }),
            ),
            (
                "TextInfo",
                V::Obj(Obj::new(
                    "System.Globalization.TextInfo",
                    [("CultureName", V::from(name)), ("ListSeparator", V::from(","))],
                )),
            ),
            ("NumberFormat", V::Obj(numbers)),
            ("DateTimeFormat", V::Obj(dates)),
        ],
    )
    .with_text(name)
}

/// The culture an argument names.
#[must_use]
pub fn culture_of(value: &V) -> Culture {
    match value {
        V::Obj(object) => {
            object.note("Name").and_then(|name| Culture::named(&to_string(&name))).unwrap_or(Culture::EN_US)
        }
        V::Str(name) => Culture::named(name).unwrap_or(Culture::EN_US),
        _ => Culture::EN_US,
    }
}

fn simple(full: &str) -> V {
    V::Obj(Obj::new(full, Vec::<(&str, V)>::new()))
}

/// `[full]::new(args)` and `New-Object full args`.
///
/// # Errors
/// When there is no such type or the arguments do not fit.
#[expect(clippy::too_many_lines, reason = "one arm a type")]
pub fn new_object(full: &str, args: Vec<V>) -> Res<V> {
    let generic =
        |name: &str| full.strip_prefix(name).map(|rest| rest.trim_start_matches('[').trim_end_matches(']').to_owned());
    let items =
        || args.first().cloned().filter(|value| !matches!(value, V::Int(_))).map(V::unrolled).unwrap_or_default();
    if let Some(item) = generic("System.Collections.Generic.List`1") {
        let converted: Res<Vec<V>> = items()
            .iter()
            .map(|v| if item == "System.Object" { Ok(v.clone()) } else { super::cast::cast(&item, v) })
            .collect();
        return Ok(V::List(List::of(ListKind::Generic(item.into()), converted?)));
    }
    if let Some(item) = generic("System.Collections.Generic.HashSet`1") {
        let comparer = args.iter().any(|arg| matches!(arg, V::Obj(object) if object.is("System.StringComparer")));
        let values = args
            .iter()
            .find(|arg| matches!(arg, V::List(_)))
            .cloned()
            .map(V::unrolled)
            .unwrap_or_else(|| if comparer { Vec::new() } else { args.clone() });
        let set = List::of(
            ListKind::Set(if comparer { format!("{item}|ignorecase").into() } else { item.into() }),
            Vec::new(),
        );
        for value in values {
            let value = V::from_outputs(vec![value]);
            if !set.items().iter().any(|own| super::compare::equal(own, &value, !comparer)) {
                set.lock().push(value);
            }
        }
        return Ok(V::List(set));
    }
    for (name, stack) in [("System.Collections.Generic.Stack`1", true), ("System.Collections.Generic.Queue`1", false)] {
        if let Some(item) = generic(name) {
            let item = Some(item.into());
            return Ok(V::List(List::of(if stack { ListKind::Stack(item) } else { ListKind::Queue(item) }, items())));
        }
    }
    if let Some(types) = generic("System.Collections.Generic.Dictionary`2")
        .or_else(|| generic("System.Collections.Generic.SortedDictionary`2"))
    {
        let (key, value) = types.split_once(',').unwrap_or((&types, "System.Object"));
        let ignore = args.iter().any(
            |arg| matches!(arg, V::Obj(object) if object.own_text().is_some_and(|text| text.ends_with("IgnoreCase"))),
        );
        return Ok(V::Hash(Hash::new(HashKind::Dictionary(key.into(), value.into(), ignore))));
    }
    if full.to_lowercase().ends_with("exception") {
        return Ok(V::Obj(new_exception(full, &args)));
    }
    Ok(match full {
        "System.Collections.ArrayList" => V::List(List::of(ListKind::ArrayList, items())),
        "System.Collections.Queue" => V::List(List::of(ListKind::Queue(None), items())),
        "System.Collections.Stack" => V::List(List::of(ListKind::Stack(None), items())),
        "System.Collections.Hashtable" => V::Hash(Hash::new(HashKind::Table)),
        "System.Collections.Specialized.OrderedDictionary" | "System.Collections.SortedList" => {
            V::Hash(Hash::new(HashKind::Ordered))
        }
        "System.Text.StringBuilder" => {
            let text = args.first().filter(|value| matches!(value, V::Str(_))).map(interpolated).unwrap_or_default();
            V::Obj(Obj::new(full, Vec::<(&str, V)>::new()).with_base(V::from(text)))
        }
        "System.Management.Automation.PSObject" | "System.Management.Automation.PSCustomObject" | "System.Object" => {
            match args.first() {
                Some(V::Hash(hash)) => {
                    V::Obj(Obj::custom(hash.entries().into_iter().map(|(key, value)| (interpolated(&key), value))))
                }
                Some(other) => other.clone(),
                None => V::Obj(Obj::custom(Vec::<(&str, V)>::new())),
            }
        }
        "System.DateTime" => new_date(&args)?,
        "System.TimeSpan" => new_span(&args)?,
        "System.Guid" => {
            super::cast::cast("guid", args.first().unwrap_or(&V::from("00000000-0000-0000-0000-000000000000")))?
        }
        "System.Version" => {
            super::cast::cast("version", &V::from(args.iter().map(interpolated).collect::<Vec<_>>().join(".")))?
        }
        "System.String" => match args.as_slice() {
            [c, count] => V::from(
                interpolated(c)
                    .repeat(usize::try_from(number::of(count, "System.Int32")?.long().unwrap_or(0)).unwrap_or(0)),
            ),
            [V::List(chars)] => V::from(chars.items().iter().map(interpolated).collect::<String>()),
            _ => V::from(""),
        },
        "System.Uri" => super::net::uri(&args.first().map(interpolated).unwrap_or_default()),
        "System.Management.Automation.PSCredential" => {
            let user = args.first().map(interpolated).unwrap_or_default();
            credential(&user, args.get(1).cloned().unwrap_or_default())
        }
        "System.Globalization.CultureInfo" => V::Obj(culture(&args.first().map(interpolated).unwrap_or_default())),
        "System.Text.RegularExpressions.Regex" => super::cast::cast("regex", args.first().unwrap_or(&V::Null))?,
        "System.Random" => simple(full),
        "System.Net.Mail.MailAddress" => super::net::mail_address(&args.first().map(interpolated).unwrap_or_default()),
        "System.Management.Automation.PSNoteProperty" => V::Obj(Obj::new(
            full,
            [("Name", args.first().cloned().unwrap_or_default()), ("Value", args.get(1).cloned().unwrap_or_default())],
        )),
        "System.Diagnostics.Stopwatch" => simple(full),
        "System.Management.Automation.ErrorRecord" => new_record(&args),
        "System.Xml.XmlDocument" => super::xml::document("")?,
        _ => simple(full),
    })
}

fn new_record(args: &[V]) -> V {
    let exception = match args.first() {
        Some(V::Obj(exception)) => exception.clone(),
        other => super::fault::exception("System.Exception", &other.map(interpolated).unwrap_or_default()),
    };
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    V::Obj(super::fault::record(exception, &text(1), &text(2), args.get(3).cloned().unwrap_or_default()))
}

fn new_exception(full: &str, args: &[V]) -> Obj {
    let texts: Vec<String> = args.iter().filter(|arg| !matches!(arg, V::Obj(_))).map(interpolated).collect();
    let short = full.rsplit('.').next().unwrap_or(full);
    let (message, parameter) = match (short, texts.as_slice()) {
        ("ArgumentNullException", [name]) => {
            (format!("Value cannot be null. (Parameter '{name}')"), Some(name.clone()))
        }
        ("ArgumentNullException" | "ArgumentOutOfRangeException", [name, message]) => {
            (format!("{message} (Parameter '{name}')"), Some(name.clone()))
        }
        ("ArgumentOutOfRangeException", [name]) => (
            format!("Specified argument was out of the range of valid values. (Parameter '{name}')"),
            Some(name.clone()),
        ),
        ("ArgumentException", [message, name]) => (format!("{message} (Parameter '{name}')"), Some(name.clone())),
        (_, [message, ..]) => (message.clone(), None),
        _ => (format!("Exception of type '{full}' was thrown."), None),
    };
    let exception = super::fault::exception(full, &message);
    if let Some(parameter) = parameter {
        exception.set("ParamName", V::from(parameter));
    }
    if let Some(V::Obj(inner)) = args.iter().find(|arg| matches!(arg, V::Obj(_))) {
        exception.set("InnerException", V::Obj(inner.clone()));
    }
    exception
}

/// A credential object.
#[must_use]
pub fn credential(user: &str, password: V) -> V {
    V::Obj(Obj::new("System.Management.Automation.PSCredential", [("UserName", V::from(user)), ("Password", password)]))
}

fn integers(args: &[V]) -> Res<Vec<i64>> {
    args.iter().map(|arg| Ok(number::of(arg, "System.Int32")?.long().unwrap_or_default())).collect()
}

fn new_date(args: &[V]) -> Res<V> {
    let n = integers(&args.iter().filter(|arg| !matches!(arg, V::Enum(_) | V::Str(_))).cloned().collect::<Vec<_>>())?;
    if n.len() == 1 {
        return Ok(V::Date(PsDateTime { ticks: n[0], kind: DateTimeKind::Unspecified }));
    }
    let at = |index: usize| n.get(index).copied().unwrap_or(0);
    let (hour, minute, second) = (at(3), at(4), at(5));
    let Some(day) = super::dates::from_parts(at(0).max(1), at(1).max(1), at(2).max(1))
        .filter(|_| n.is_empty() || (at(1) >= 1 && at(2) >= 1) && hour < 24 && minute < 60 && second < 60)
    else {
        return method_threw(
            ".ctor",
            args.len(),
            "System.ArgumentOutOfRangeException",
            "Year, Month, and Day parameters describe an un-representable DateTime.",
        )
        .err();
    };
    let kind = match args.last() {
        Some(V::Enum(kind)) if kind.name == "Utc" => DateTimeKind::Utc,
        Some(V::Enum(kind)) if kind.name == "Local" => DateTimeKind::Local { offset_minutes: 0 },
        _ => DateTimeKind::Unspecified,
    };
    Ok(V::Date(PsDateTime {
        ticks: day.ticks + ((hour * 60 + minute) * 60 + second) * 10_000_000 + at(6) * 10_000,
        kind,
    }))
}

fn new_span(args: &[V]) -> Res<V> {
    let n = integers(args)?;
    let ticks = match n.as_slice() {
        [ticks] => *ticks,
        [h, m, s] => ((h * 60 + m) * 60 + s) * 10_000_000,
        [d, h, m, s] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000,
        [d, h, m, s, ms] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000 + ms * 10_000,
        _ => 0,
    };
    Ok(V::Span(PsTimeSpan { ticks }))
}

/// `[full]::name`.
///
/// # Errors
/// When the type has no such member.
pub fn property(cx: Cx<'_>, full: &str, name: &str) -> Res<V> {
    if let Some(found) = super::enums::by_name(full, name) {
        return Ok(found);
    }
    let lower = name.to_lowercase();
    if let Some(found) = super::limits::constant(full, &lower) {
        return Ok(found);
    }
    let date = |ticks, kind| V::Date(PsDateTime { ticks, kind });
    let span = |ticks| V::Span(PsTimeSpan { ticks });
    Ok(match (full, lower.as_str()) {
        ("System.DateTime", "now") => V::Date(super::dates::now(cx.rt)),
        ("System.DateTime", "utcnow") => {
            V::Date(super::dates::to_utc(super::dates::now(cx.rt), cx.rt.options.offset_minutes))
        }
        ("System.DateTime", "today") => {
            let now = super::dates::now(cx.rt);
            date(now.ticks - now.ticks.rem_euclid(PsDateTime::TICKS_PER_DAY), now.kind)
        }
        ("System.DateTime", "minvalue") => date(0, DateTimeKind::Unspecified),
        ("System.DateTime", "maxvalue") => date(PsDateTime::TICKS_MAX, DateTimeKind::Unspecified),
        ("System.DateTime", "unixepoch") => date(super::dates::UNIX_EPOCH_TICKS, DateTimeKind::Utc),
        ("System.DateTimeOffset", "now") => super::offset::of(super::dates::now(cx.rt)),
        ("System.DateTimeOffset", "utcnow") => {
            super::offset::of(super::dates::to_utc(super::dates::now(cx.rt), cx.rt.options.offset_minutes))
        }
        ("System.String", "empty") => V::from(""),
        ("System.Guid", "empty") => V::Guid(uuid::Uuid::nil()),
        ("System.Environment", "newline") => V::from("\n"),
        ("System.Environment", "processorcount") => V::Int(2),
        ("System.Environment", "is64bitoperatingsystem" | "is64bitprocess") => V::Bool(true),
        ("System.Environment", "exitcode") => V::Int(0),
        ("System.Environment", "userinteractive") => V::Bool(true),
        ("System.Environment", "tickcount") => {
            V::integer(i64::try_from(cx.rt.started.elapsed().as_millis()).unwrap_or_default())
        }
        ("System.IO.Path", "pathseparator") => V::Char(':'),
        ("System.IO.Path", "altdirectoryseparatorchar") => V::Char('/'),
        ("System.Net.IPAddress", "any") => super::net::ip_address("0.0.0.0").unwrap_or_default(),
        ("System.Net.IPAddress", "loopback") => super::net::ip_address("127.0.0.1").unwrap_or_default(),
        ("System.Environment", "machinename") => V::from("EXSH"),
        ("System.Environment", "username") => V::from("admin"),
        ("System.Environment", "userdomainname") => V::from("CONTOSO"),
        ("System.Environment", "currentdirectory") => V::from(super::files::shown_folder(cx.rt)),
        ("System.Globalization.CultureInfo", "invariantculture") => V::Obj(culture("")),
        ("System.Globalization.CultureInfo", "currentculture" | "currentuiculture") => V::Obj(culture("en-US")),
        ("System.Threading.Thread", "currentthread") => V::Obj(Obj::new(
            full,
            [
                ("CurrentCulture", V::Obj(culture("en-US"))),
                ("CurrentUICulture", V::Obj(culture("en-US"))),
                ("ManagedThreadId", V::Int(1)),
            ],
        )),
        ("System.TimeZoneInfo", "local" | "utc") => V::Obj(
            Obj::new(
                full,
                [
                    ("Id", V::from("UTC")),
                    ("DisplayName", V::from("(UTC) Coordinated Universal Time")),
                    ("StandardName", V::from("Coordinated Universal Time")),
                    ("BaseUtcOffset", span(0)),
                ],
            )
            .with_text("(UTC) Coordinated Universal Time"),
        ),
        ("System.Text.Encoding", _) => super::encoding::named(name),
        ("System.StringComparer", _) => V::Obj(Obj::new(full, Vec::<(&str, V)>::new()).with_text(name)),
        ("System.Net.ServicePointManager", "securityprotocol") => {
            cx.rt.get("__securityprotocol").unwrap_or_else(|| {
                super::enums::by_name("System.Net.SecurityProtocolType", "SystemDefault").unwrap_or_default()
            })
        }
        ("System.Net.ServicePointManager", _) | ("System.Console", _) => V::Null,
        ("System.Management.Automation.PSCredential", "empty") => {
            let empty = credential("", V::Null);
            if let V::Obj(object) = &empty {
                object.set("UserName", V::Null);
            }
            empty
        }
        ("System.IO.Path", "directoryseparatorchar") => V::Char('/'),
        ("System.DBNull", "value") => V::Null,
        _ => {
            if super::enums::find(full).is_some() {
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
pub fn invoke(cx: Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<V> {
    let lower = name.to_lowercase();
    if lower == "new" {
        return new_object(full, args.to_vec());
    }
    let found = match full {
        "System.Math" => static_functions::math(&lower, args)?,
        "System.String" => static_functions::string(cx, &lower, args)?,
        "System.DateTime" => static_functions::date(cx, &lower, args)?,
        "System.TimeSpan" => static_functions::span(&lower, args)?,
        "System.Convert" => static_functions::convert(&lower, args)?,
        "System.Text.RegularExpressions.Regex" => static_functions::regex(cx, &lower, args)?,
        "System.Array" => super::statics_more::array(&lower, args),
        "System.Linq.Enumerable" => super::statics_more::linq(&lower, args)?,
        "System.DateTimeOffset" if super::offset::is_static(&lower) => super::offset::invoke(cx, &lower, args)?,
        "System.Guid" => match lower.as_str() {
            "newguid" => Some(V::Guid(uuid::Uuid::new_v4())),
            "parse" => Some(super::cast::cast("guid", args.first().unwrap_or(&V::Null))?),
            "tryparse" => Some(super::statics_more::try_cast(cx, "guid", args, V::Guid(uuid::Uuid::nil()))?),
            _ => None,
        },
        "System.Int32" | "System.Int64" | "System.Double" | "System.Decimal" | "System.Boolean" | "System.Version"
        | "System.Char" => super::statics_more::parse(cx, full, &lower, args)?,
        "System.Enum" => super::statics_more::enumeration(&lower, args)?,
        "System.IO.File" | "System.IO.Directory" | "System.IO.Path" => super::files::dotnet(cx, full, &lower, args)?,
        "System.Diagnostics.Stopwatch" if lower == "startnew" => {
            Some(V::Obj(Obj::new(full, [("IsRunning", V::Bool(true))])))
        }
        "System.Globalization.CultureInfo" => {
            Some(V::Obj(culture(&args.first().map(interpolated).unwrap_or_default())))
        }
        "System.Management.Automation.ScriptBlock" if lower == "create" => {
            Some(V::Block(super::engine::compile_block(cx, &args.first().map(interpolated).unwrap_or_default())?))
        }
        "System.Environment" => match lower.as_str() {
            "getenvironmentvariable" => Some(
                super::value::lock(&cx.rt.env)
                    .get(&args.first().map(interpolated).unwrap_or_default())
                    .map_or(V::Null, |text| V::from(text.as_str())),
            ),
            "getfolderpath" => {
                Some(V::from(format!("C:\\Users\\admin\\{}", args.first().map(to_string).unwrap_or_default())))
            }
            _ => None,
        },
        "System.Text.Encoding" if lower == "getencoding" => {
            Some(super::encoding::named(&args.first().map(interpolated).unwrap_or_default()))
        }
        _ if full.starts_with("System.Security.Cryptography.") => match lower.as_str() {
            "create" => Some(simple(full)),
            "hashdata" => {
                let bytes = super::text::bytes(&args.first().cloned().unwrap_or_default().unrolled());
                super::files::digest(super::types::short(full).as_str(), &bytes).map(|hash| byte_array(&hash))
            }
            _ => None,
        },
        "System.Uri" => super::net::uri_static(&lower, args),
        "System.Net.IPAddress" => super::net::ip_static(cx, &lower, args)?,
        "System.TimeZoneInfo" => super::statics_more::time_zone(cx, &lower, args)?,
        "System.Activator" if lower == "createinstance" => match args.first() {
            Some(V::Type(full)) => Some(new_object(full, args[1..].to_vec())?),
            _ => None,
        },
        "System.Net.WebUtility" | "System.Web.HttpUtility" => super::statics_more::web(&lower, args),
        "System.BitConverter" if lower == "tostring" => {
            let bytes = super::text::bytes(&args.first().cloned().unwrap_or_default().unrolled());
            Some(V::from(bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join("-")))
        }
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
pub fn byte_array(bytes: &[u8]) -> V {
    V::List(List::of(
        ListKind::Array("System.Byte".into()),
        bytes.iter().map(|byte| V::Small(Small::Byte, (*byte).into())).collect(),
    ))
}

/// Methods of objects that static members gave.
pub fn object_method(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().map(interpolated).unwrap_or_default();
    let kind = object.type_name();
    Ok(Some(match (&*kind, name) {
        ("System.Text.RegularExpressions.Regex", _) => {
            let compiled = super::regexes::compile(&object.own_text().unwrap_or_default(), false)?;
            return static_functions::matched(cx, name, &compiled, &first, args.get(1));
        }
        ("System.Text.Encoding", _) => return super::encoding::method(object, name, args),
        ("System.DateTimeOffset", _) => return super::offset::method(cx, object, name, args),
        ("System.Globalization.TextInfo", "totitlecase") => V::from(title_case(&first)),
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
            let bytes = super::text::bytes(&args.first().cloned().unwrap_or_default().unrolled());
            match super::files::digest(&super::types::short(algorithm), &bytes) {
                Some(hash) => byte_array(&hash),
                None => return Ok(None),
            }
        }
        ("System.Random", "next") => {
            let given: Vec<i64> = args.iter().filter_map(|arg| number::plain(arg).and_then(Num::long)).collect();
            let (low, high) = match given.as_slice() {
                [] => (0, i64::from(i32::MAX)),
                [high] => (0, *high),
                [low, high, ..] => (*low, *high),
            };
            V::integer(if high > low { rand::Rng::gen_range(&mut rand::thread_rng(), low..high) } else { low })
        }
        ("System.Random", "nextdouble") => V::Double(rand::random()),
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
        (_, "dispose" | "close" | "flush") => V::Nothing,
        _ => return Ok(None),
    }))
}

fn title_case(text: &str) -> String {
    let mut out = String::new();
    let mut start = true;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '\'') {
        let body: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        let shout = body.chars().count() > 1 && body.chars().all(char::is_uppercase);
        for c in word.chars() {
            if start && c.is_alphabetic() {
                out.extend(c.to_uppercase());
            } else if shout {
                out.push(c);
            } else {
                out.extend(c.to_lowercase());
            }
            start = !c.is_alphanumeric() && c != '\'';
        }
    }
    out
}
