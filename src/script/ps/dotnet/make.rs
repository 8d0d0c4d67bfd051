//! `[type]::new(…)` and `New-Object`: which object a type's constructor makes.
//!
//! Conversions (`[type]value`) are in `cast`.

use super::super::fault::Res;
use super::super::number::{self};

use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Hash, HashKind, List, ListKind, Obj, V};

/// How many cells a grid may have.
const CELLS_MAX: usize = 10_000_000;

fn whole(value: &V) -> i64 {
    number::plain(value).and_then(number::Num::long).unwrap_or(0)
}

/// `[full]::new(args)` and `New-Object full args` of what may be about a file.
///
/// # Errors
/// When there is no such type or the arguments do not fit.
pub(in crate::script::ps) fn created(cx: Cx<'_>, full: &str, args: Vec<V>) -> Res<V> {
    super::file_info::existing(cx, full, &args).map_or_else(|| new_object(full, args), Ok)
}

/// `[full]::new(args)`, whatever there is on disk.
///
/// # Errors
/// When there is no such type or the arguments do not fit.
#[expect(clippy::too_many_lines, reason = "one arm a type")]
pub(in crate::script::ps) fn new_object(full: &str, args: Vec<V>) -> Res<V> {
    let generic =
        |name: &str| full.strip_prefix(name).map(|rest| rest.trim_start_matches('[').trim_end_matches(']').to_owned());
    let items =
        || args.first().cloned().filter(|value| !matches!(value, V::Int(_))).map(V::unrolled).unwrap_or_default();
    if let Some(item) = generic("System.Collections.Generic.List`1") {
        let converted: Res<Vec<V>> = items()
            .iter()
            .map(|v| if item == "System.Object" { Ok(v.clone()) } else { super::super::cast::cast(&item, v) })
            .collect();
        return Ok(V::List(List::of(ListKind::Generic(item.into()), converted?)));
    }
    if let Some((item, commas)) = full.strip_suffix(']').and_then(|rest| rest.rsplit_once('['))
        && commas.starts_with(',')
    {
        let sizes: Vec<usize> = args.iter().map(|arg| usize::try_from(whole(arg)).unwrap_or(0)).collect();
        let count = sizes.iter().product::<usize>().min(CELLS_MAX);
        let cells = vec![super::predicate::empty(item); count];
        return Ok(V::List(List::of(ListKind::Grid(item.into(), sizes.into()), cells)));
    }
    if let Some(item) = full.strip_suffix("[]") {
        let count = args.first().and_then(number::plain).and_then(number::Num::long).unwrap_or(0);
        return Ok(array(item, usize::try_from(count).unwrap_or(0)));
    }
    if let Some(item) = generic("System.Collections.Generic.LinkedList`1") {
        let kind = format!("System.Collections.Generic.LinkedList`1[{item}]");
        return Ok(V::List(List::of(ListKind::Other(kind.into()), items())));
    }
    if full.starts_with("System.Collections.Generic.KeyValuePair`2") {
        let at = |at: usize| args.get(at).cloned().unwrap_or_default();
        let text = format!("[{}, {}]", interpolated(&at(0)), interpolated(&at(1)));
        return Ok(V::Obj(Obj::new(full, [("Key", at(0)), ("Value", at(1))]).with_text(&text)));
    }
    if full.starts_with("System.Tuple") {
        return Ok(tuple(&args));
    }
    if let Some(item) = generic("System.Collections.Generic.SortedSet`1") {
        let set = List::of(ListKind::Set(format!("{item}|sorted").into()), Vec::new());
        for value in items() {
            let value = super::super::cast::cast(&item, &value)?;
            if !set.items().iter().any(|own| super::super::compare::equal(own, &value, true)) {
                set.lock().push(value);
            }
        }
        super::set::keep_order(&set);
        return Ok(V::List(set));
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
            if !set.items().iter().any(|own| super::super::compare::equal(own, &value, !comparer)) {
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
    let sorted = generic("System.Collections.Generic.SortedDictionary`2")
        .or_else(|| generic("System.Collections.Generic.SortedList`2"));
    if let Some(types) = sorted {
        let (key, value) = types.split_once(',').unwrap_or((&types, "System.Object"));
        return Ok(V::Hash(Hash::new(HashKind::Dictionary(format!("{key}|sorted").into(), value.into(), false))));
    }
    if let Some(types) = generic("System.Collections.Generic.Dictionary`2") {
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
        "System.Collections.Hashtable" => match args.first() {
            Some(V::Hash(hash)) => V::Hash(Hash::from_entries(HashKind::Table, hash.entries())),
            _ => V::Hash(Hash::new(HashKind::Table)),
        },
        "System.Collections.Specialized.OrderedDictionary" => V::Hash(Hash::new(HashKind::Ordered)),
        "System.Collections.SortedList" => {
            V::Hash(Hash::new(HashKind::Dictionary("System.Object|sorted".into(), "System.Object".into(), false)))
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
        "System.DateTime" => super::date::make(&args)?,
        super::day::DAY | super::day::TIME => super::day::make(full, &args)?,
        "System.DateTimeOffset" => super::offset::make(&args)?,
        "System.TimeSpan" => super::span::make(&args)?,
        "System.Guid" => {
            super::super::cast::cast("guid", args.first().unwrap_or(&V::from("00000000-0000-0000-0000-000000000000")))?
        }
        "System.Version" => {
            super::super::cast::cast("version", &V::from(args.iter().map(interpolated).collect::<Vec<_>>().join(".")))?
        }
        "System.String" => match args.as_slice() {
            [c, count] => V::from(
                interpolated(c)
                    .repeat(usize::try_from(number::of(count, "System.Int32")?.long().unwrap_or(0)).unwrap_or(0)),
            ),
            [chars @ V::List(_), from, count] => {
                let skipped = usize::try_from(number::of(from, "System.Int32")?.long().unwrap_or(0)).unwrap_or(0);
                let count = usize::try_from(number::of(count, "System.Int32")?.long().unwrap_or(0)).unwrap_or(0);
                let chars = chars.clone().unrolled();
                V::from(chars.iter().skip(skipped).take(count).map(interpolated).collect::<String>())
            }
            [text @ V::Str(_)] => text.clone(),
            [V::List(chars)] => V::from(chars.items().iter().map(interpolated).collect::<String>()),
            _ => V::from(""),
        },
        super::file_info::FILE | super::file_info::FOLDER => {
            super::file_info::make(full, &args.first().map(interpolated).unwrap_or_default())
        }
        "System.Net.NetworkCredential" => network_credential(&args),
        "System.Uri" => super::net::uri(&args.first().map(interpolated).unwrap_or_default()),
        "System.Management.Automation.PSCredential" => {
            let user = args.first().map(interpolated).unwrap_or_default();
            credential(&user, args.get(1).cloned().unwrap_or_default())
        }
        "System.Globalization.CultureInfo" => {
            V::Obj(super::culture::culture(&args.first().map(interpolated).unwrap_or_default()))
        }
        "System.Text.RegularExpressions.Regex" => {
            let options = args.get(1).map_or(0, super::super::regexes::options);
            let made = super::super::regexes::object(&args.first().map(interpolated).unwrap_or_default(), options);
            super::super::regexes::thrown(made, Some((".ctor", args.len())))?
        }
        "System.Management.Automation.WildcardPattern" => super::wildcard::make(&args),
        "System.Random" => {
            let made = Obj::new(full, Vec::<(&str, V)>::new());
            if let Some(seed) = args.first().map(whole).and_then(|seed| i32::try_from(seed).ok()) {
                made.set("__seed", V::Int(seed));
            }
            V::Obj(made)
        }
        "System.Net.Mail.MailAddress" => super::net::mail_address(&args.first().map(interpolated).unwrap_or_default()),
        "System.Management.Automation.PSNoteProperty" => V::Obj(Obj::new(
            full,
            [("Name", args.first().cloned().unwrap_or_default()), ("Value", args.get(1).cloned().unwrap_or_default())],
        )),
        super::stopwatch::NAME => super::stopwatch::make(false),
        super::calendar::CALENDAR => super::calendar::calendar(),
        super::host_ui::CHOICE => super::host_ui::choice(&args),
        super::stream::READER | super::stream::WRITER | super::stream::TEXT_READER | super::stream::TEXT_WRITER => {
            super::stream::make(full, &args)
        }
        super::memory::NAME => super::memory::make(&args),
        "System.Management.Automation.ErrorRecord" => new_record(&args),
        "System.Text.UTF8Encoding"
        | "System.Text.UnicodeEncoding"
        | "System.Text.ASCIIEncoding"
        | "System.Text.UTF32Encoding" => super::encoding::make(full, &args),
        "System.Xml.XmlDocument" => super::super::xml::document("")?,
        _ => simple(full),
    })
}

pub(in crate::script::ps) fn simple(full: &str) -> V {
    V::Obj(Obj::new(full, Vec::<(&str, V)>::new()))
}

pub(in crate::script::ps) fn new_record(args: &[V]) -> V {
    let exception = match args.first() {
        Some(V::Obj(exception)) => exception.clone(),
        other => super::super::fault::exception("System.Exception", &other.map(interpolated).unwrap_or_default()),
    };
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    V::Obj(super::super::fault::record(exception, &text(1), &text(2), args.get(3).cloned().unwrap_or_default()))
}

pub(in crate::script::ps) fn new_exception(full: &str, args: &[V]) -> Obj {
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
        ("FileNotFoundException", [message, _]) => (message.clone(), None),
        ("ArgumentException", [message, name]) => (format!("{message} (Parameter '{name}')"), Some(name.clone())),
        (_, [message, ..]) => (message.clone(), None),
        _ => (usual_message(full), None),
    };
    let exception = super::super::fault::exception(full, &message);
    if let Some(parameter) = parameter {
        exception.set("ParamName", V::from(parameter));
    }
    if short == "FileNotFoundException" {
        exception.set("FileName", texts.get(1).map_or(V::Null, |name| V::from(name.as_str())));
    }
    if let Some(V::Obj(inner)) = args.iter().find(|arg| matches!(arg, V::Obj(_))) {
        exception.set("InnerException", V::Obj(inner.clone()));
    }
    exception
}

/// What an exception says that was made without a message.
fn usual_message(full: &str) -> String {
    let known = match full.rsplit('.').next().unwrap_or(full) {
        "SystemException" | "RuntimeException" | "AuthenticationException" => "System error.",
        "ApplicationException" => "Error in the application.",
        "ArgumentException" => "Value does not fall within the expected range.",
        "ArgumentNullException" => "Value cannot be null.",
        "ArgumentOutOfRangeException" => "Specified argument was out of the range of valid values.",
        "InvalidOperationException" => "Operation is not valid due to the current state of the object.",
        "NotSupportedException" => "Specified method is not supported.",
        "NotImplementedException" => "The method or operation is not implemented.",
        "FormatException" => "One of the identified items was in an invalid format.",
        "IndexOutOfRangeException" => "Index was outside the bounds of the array.",
        "KeyNotFoundException" => "The given key was not present in the dictionary.",
        "NullReferenceException" => "Object reference not set to an instance of an object.",
        "DivideByZeroException" => "Attempted to divide by zero.",
        "OverflowException" => "Arithmetic operation resulted in an overflow.",
        "ArithmeticException" => "Overflow or underflow in the arithmetic operation.",
        "InvalidCastException" => "Specified cast is not valid.",
        "TimeoutException" => "The operation has timed out.",
        "UnauthorizedAccessException" => "Attempted to perform an unauthorized operation.",
        "IOException" => "I/O error occurred.",
        "FileNotFoundException" => "Unable to find the specified file.",
        "DirectoryNotFoundException" => "Attempted to access a path that is not on the disk.",
        "EndOfStreamException" => "Attempted to read past the end of the stream.",
        "OperationCanceledException" => "The operation was canceled.",
        "TaskCanceledException" => "A task was canceled.",
        "SecurityException" => "Security error.",
        "OutOfMemoryException" => "Insufficient memory to continue the execution of the program.",
        "AggregateException" => "One or more errors occurred.",
        "RankException" => "Attempted to operate on an array with the incorrect number of dimensions.",
        _ => return format!("Exception of type '{full}' was thrown."),
    };
    known.to_owned()
}

/// A user with a password in the clear, out of a secure string or plain text.
fn network_credential(args: &[V]) -> V {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let (plain, secure) = match args.get(1) {
        Some(V::Obj(secret)) => (secret.note("__plain").unwrap_or_default(), V::Obj(secret.clone())),
        _ => (V::from(text(1)), V::Obj(super::super::builtin::secure(&text(1)))),
    };
    V::Obj(Obj::new(
        "System.Net.NetworkCredential",
        [("UserName", V::from(text(0))), ("Password", plain), ("SecurePassword", secure), ("Domain", V::from(text(2)))],
    ))
}

/// `[Marshal]::SecureStringToBSTR(…)` and back: the way scripts read a secure string.
#[must_use]
pub(super) fn marshalled(name: &str, args: &[V]) -> Option<V> {
    let own = args.first().cloned().unwrap_or_default();
    Some(match name {
        "securestringtobstr" | "securestringtoglobalallocunicode" | "securestringtocotaskmemunicode" => match own {
            V::Obj(secret) => {
                let plain = secret.note("__plain").unwrap_or_default();
                V::Obj(Obj::new("System.IntPtr", [("__plain", plain)]).with_text("140201331"))
            }
            other => other,
        },
        "ptrtostringauto" | "ptrtostringbstr" | "ptrtostringuni" => match own {
            V::Obj(pointer) => pointer.note("__plain").unwrap_or_default(),
            other => other,
        },
        "zerofreebstr" | "zerofreeglobalallocunicode" | "zerofreecotaskmemunicode" => V::Nothing,
        _ => return None,
    })
}

/// A credential object.
#[must_use]
pub(in crate::script::ps) fn credential(user: &str, password: V) -> V {
    V::Obj(Obj::new("System.Management.Automation.PSCredential", [("UserName", V::from(user)), ("Password", password)]))
}

/// An array of so many empty items of a type.
#[must_use]
pub(super) fn array(item: &str, count: usize) -> V {
    let list = List::of(ListKind::Array(item.into()), Vec::new());
    let empty = super::predicate::default_item(&list);
    *list.lock() = vec![empty; count];
    V::List(list)
}

/// A `System.Tuple`.
#[must_use]
pub(super) fn tuple(items: &[V]) -> V {
    let text = items.iter().map(super::super::text::to_string).collect::<Vec<_>>().join(", ");
    let types: Vec<String> = items.iter().map(|item| item.type_name().to_string()).collect();
    let name = format!("System.Tuple`{}[{}]", items.len(), types.join(","));
    let properties = items.iter().enumerate().map(|(at, item)| (format!("Item{}", at + 1), item.clone()));
    let made = Obj::new(&name, properties).with_text(&format!("({text})"));
    made.set("Length", V::count(items.len()));
    V::Obj(made)
}
