//! Texts of values as PowerShell gives them: `"$x"`, `ToString()`, `"{0}" -f $x`, in culture en-US.
//!
//! One line for one value; tables, lists and colours are the business of `render`.

use super::number::{FloatForm, GENERAL_7, GENERAL_15, ROUND_TRIP, ROUND_TRIP_SINGLE};
use super::number::{decimal_text, double_text, single_text};
use super::{
    Base, CivilTime, ListKind, ProgressRecord, PsDateTime, PsObject, PsString, PsTimeSpan, PsValue, TypeNames,
};

/// `[string]$x`: as in a string, but an enumeration value gives its name.
#[must_use]
pub fn as_string(value: &PsValue) -> PsString {
    match value {
        PsValue::Object(object) if matches!(object.base(), Base::Value(_)) => part_text(value),
        _ => in_string(value),
    }
}

/// `"$x"`: the invariant form; lists are joined by blanks, property bags are `@{a=1; b=2}`.
#[must_use]
pub fn in_string(value: &PsValue) -> PsString {
    match value {
        PsValue::Bytes(bytes) => join(bytes.iter().map(|byte| byte.to_string().into()), " "),
        PsValue::Object(object) => match object.base() {
            Base::Value(base) => in_string(&base),
            Base::List(_, items) => join(items.iter().map(part_text), " "),
            Base::Dictionary(_) => part_text(value),
            Base::None => match object.to_string_text() {
                Some(text) => text,
                None => bag_text(object),
            },
        },
        primitive => invariant(primitive),
    }
}

/// `$x.ToString()`; `None` when it gives null, as it does for an object that came with properties but without text.
#[must_use]
pub fn to_string(value: &PsValue) -> Option<PsString> {
    let object = match value {
        PsValue::Object(object) => object,
        // PowerShell's own method for XML nodes gives their local name
        PsValue::Xml(_) => return Some("#document".into()),
        primitive => return Some(current(primitive)),
    };
    if let Some(text) = object.to_string_text() {
        return Some(text);
    }
    if object.adapted().is_some() || object.get("ToString").is_some() {
        return None;
    }
    Some(match object.base() {
        Base::Value(base) => return to_string(&base),
        Base::None => PsString::default(),
        Base::List(kind, _) => list_type(kind).into(),
        Base::Dictionary(_) => dictionary_type(object).into(),
    })
}

/// `"{0}" -f $x`: primitives as `ToString()` gives them, everything else as in a string.
#[must_use]
pub fn format(value: &PsValue) -> PsString {
    match value {
        PsValue::Object(object) if matches!(object.base(), Base::Value(_)) => to_string(value).unwrap_or_default(),
        PsValue::Object(_) => in_string(value),
        primitive => current(primitive),
    }
}

/// The text of a value inside of a list or a property bag: what is composed itself is only named by its type.
#[must_use]
pub fn part_text(value: &PsValue) -> PsString {
    match value {
        PsValue::Bytes(_) => "System.Byte[]".into(),
        PsValue::Object(object) => match (object.to_string_text(), object.base()) {
            (Some(text), _) => text,
            (None, Base::Value(base)) => part_text(&base),
            (None, _) => to_string(value).unwrap_or_default(),
        },
        primitive => invariant(primitive),
    }
}

/// `@{a=1; b=2}`, or nothing when there are no properties.
fn bag_text(object: &PsObject) -> PsString {
    let properties = object.properties();
    if properties.is_empty() {
        return PsString::default();
    }
    let parts = properties.iter().map(|(name, value)| join([name.as_ref().into(), part_text(value)].into_iter(), "="));
    join(["@{".into(), join(parts, "; "), "}".into()].into_iter(), "")
}

/// Joins texts; whole code units even where they are half a surrogate pair.
fn join(parts: impl Iterator<Item = PsString>, separator: &str) -> PsString {
    let parts: Vec<PsString> = parts.collect();
    let texts: Option<Vec<&str>> = parts.iter().map(PsString::as_text).collect();
    if let Some(texts) = texts {
        return texts.join(separator).into();
    }
    let mut units = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            units.extend(separator.encode_utf16());
        }
        units.extend(part.to_utf16());
    }
    PsString::from_utf16(&units)
}

/// A primitive in invariant culture, floating-point numbers in general form.
fn invariant(value: &PsValue) -> PsString {
    match value {
        PsValue::F32(number) => float(f64::from(*number), "Infinity", || single_text(*number, GENERAL_7)),
        PsValue::F64(number) => float(*number, "Infinity", || double_text(*number, GENERAL_15)),
        PsValue::DateTime(time) => {
            let CivilTime { year, month, day, hour, minute, second, .. } = time.civil();
            format!("{month:02}/{day:02}/{year:04} {hour:02}:{minute:02}:{second:02}").into()
        }
        other => current(other),
    }
}

/// A primitive in culture en-US, floating-point numbers so that they can be read back.
fn current(value: &PsValue) -> PsString {
    let text = match value {
        PsValue::Null => String::new(),
        PsValue::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        PsValue::Char(unit) => return PsString::from_utf16(&[*unit]),
        PsValue::U8(_) | PsValue::I8(_) | PsValue::U16(_) | PsValue::I16(_) => digits(value),
        PsValue::U32(_) | PsValue::I32(_) | PsValue::U64(_) | PsValue::I64(_) => digits(value),
        PsValue::F32(number) => return float(f64::from(*number), "∞", || single_text(*number, ROUND_TRIP_SINGLE)),
        PsValue::F64(number) => return float(*number, "∞", || double_text(*number, ROUND_TRIP)),
        PsValue::Decimal(number) => decimal_text(number),
        PsValue::DateTime(time) => date_text(time),
        PsValue::TimeSpan(span) => span_text(*span),
        PsValue::Guid(guid) => guid.hyphenated().to_string(),
        PsValue::Version(version) => version.to_string(),
        PsValue::Bytes(_) => "System.Byte[]".to_owned(),
        PsValue::Xml(_) => "System.Xml.XmlDocument".to_owned(),
        PsValue::SecureString(_) => "System.Security.SecureString".to_owned(),
        PsValue::Progress(record) => progress_text(record),
        PsValue::String(text) | PsValue::Uri(text) | PsValue::ScriptBlock(text) => return text.clone(),
        PsValue::Object(_) => return part_text(value),
    };
    text.into()
}

fn digits(value: &PsValue) -> String {
    value.as_integer().map(|number| number.to_string()).unwrap_or_default()
}

fn float(value: f64, infinity: &str, finite: impl FnOnce() -> String) -> PsString {
    match value {
        value if value.is_nan() => "NaN".into(),
        f64::INFINITY => infinity.into(),
        f64::NEG_INFINITY => format!("-{infinity}").into(),
        _ => finite().into(),
    }
}

/// A double in another of .NET's forms: rounded to so many significant digits (`G` and a number).
#[must_use]
pub fn double_with_digits(value: f64, digits: usize) -> PsString {
    let digits = digits.clamp(1, 17);
    let form = FloatForm { digits: Some(digits), plain_digits: digits as i32 };
    float(value, "∞", || double_text(value, form))
}

/// `2/3/2024 4:05:06 PM`.
#[must_use]
pub fn date_text(time: &PsDateTime) -> String {
    let CivilTime { year, month, day, hour, minute, second, .. } = time.civil();
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{month}/{day}/{year:04} {hour}:{minute:02}:{second:02} {half}")
}

/// `-1.02:03:04.0050000`: days and fraction only where there are any.
#[must_use]
pub fn span_text(span: PsTimeSpan) -> String {
    let ticks = span.ticks.unsigned_abs();
    let seconds = ticks / 10_000_000;
    let mut text = String::new();
    if span.ticks < 0 {
        text.push('-');
    }
    if seconds >= 86_400 {
        text.push_str(&format!("{}.", seconds / 86_400));
    }
    text.push_str(&format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60));
    if !ticks.is_multiple_of(10_000_000) {
        text.push_str(&format!(".{:07}", ticks % 10_000_000));
    }
    text
}

/// A progress record as .NET's own `ToString` has it.
pub(super) fn progress_text(record: &ProgressRecord) -> String {
    format!(
        "parent = {} id = {} act = {} stat = {} cur = {} pct = {} sec = {} type = {}",
        record.parent_activity_id,
        record.activity_id,
        record.activity,
        record.status_description,
        record.current_operation.clone().unwrap_or_default(),
        record.percent_complete,
        record.seconds_remaining,
        if record.completed { "Completed" } else { "Processing" },
    )
}

const fn list_type(kind: ListKind) -> &'static str {
    match kind {
        ListKind::List | ListKind::Enumerable => "System.Collections.ArrayList",
        ListKind::Stack => "System.Collections.Stack",
        ListKind::Queue => "System.Collections.Queue",
    }
}

/// What holds a dictionary after it was read: ordered ones stay ordered.
pub(super) fn dictionary_type(object: &PsObject) -> &'static str {
    const ORDERED: &str = "System.Collections.Specialized.OrderedDictionary";
    let types = object.type_names();
    match types.as_ref().and_then(TypeNames::first) {
        Some(first) if first.strip_prefix("Deserialized.").unwrap_or(first) == ORDERED => ORDERED,
        _ => "System.Collections.Hashtable",
    }
}

/// Type names as PowerShell shows them after reading: `Deserialized.` before each that came with the object,
/// the holder's own names where none came.
#[must_use]
pub fn shown_type_names(value: &PsValue) -> TypeNames {
    const PREFIX: &str = "Deserialized.";
    let PsValue::Object(object) = value else { return TypeNames::new(own_types(value)) };
    if let Some(types) = object.type_names() {
        return TypeNames::new(types.iter().map(|name| {
            let marked = name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
            if marked { name.to_owned() } else { format!("{PREFIX}{name}") }
        }));
    }
    match object.base() {
        Base::Value(base) => shown_type_names(&base),
        Base::None => TypeNames::new(["System.Management.Automation.PSCustomObject", "System.Object"]),
        Base::List(kind, _) => TypeNames::new([list_type(kind), "System.Object"]),
        Base::Dictionary(_) => TypeNames::new([dictionary_type(object), "System.Object"]),
    }
}

/// The .NET types of a primitive, most derived first.
fn own_types(value: &PsValue) -> Vec<&'static str> {
    let (name, between) = match value {
        PsValue::Null | PsValue::Object(_) => return Vec::new(),
        PsValue::String(_) | PsValue::ScriptBlock(_) => ("System.String", None),
        PsValue::Uri(_) => ("System.Uri", None),
        PsValue::Version(_) => ("System.Version", None),
        PsValue::SecureString(_) => ("System.Security.SecureString", None),
        PsValue::Progress(_) => ("System.Management.Automation.ProgressRecord", None),
        PsValue::Xml(_) => ("System.Xml.XmlDocument", Some("System.Xml.XmlNode")),
        PsValue::Bytes(_) => ("System.Byte[]", Some("System.Array")),
        PsValue::Bool(_) => ("System.Boolean", Some("System.ValueType")),
        PsValue::Char(_) => ("System.Char", Some("System.ValueType")),
        PsValue::U8(_) => ("System.Byte", Some("System.ValueType")),
        PsValue::I8(_) => ("System.SByte", Some("System.ValueType")),
        PsValue::U16(_) => ("System.UInt16", Some("System.ValueType")),
        PsValue::I16(_) => ("System.Int16", Some("System.ValueType")),
        PsValue::U32(_) => ("System.UInt32", Some("System.ValueType")),
        PsValue::I32(_) => ("System.Int32", Some("System.ValueType")),
        PsValue::U64(_) => ("System.UInt64", Some("System.ValueType")),
        PsValue::I64(_) => ("System.Int64", Some("System.ValueType")),
        PsValue::F32(_) => ("System.Single", Some("System.ValueType")),
        PsValue::F64(_) => ("System.Double", Some("System.ValueType")),
        PsValue::Decimal(_) => ("System.Decimal", Some("System.ValueType")),
        PsValue::DateTime(_) => ("System.DateTime", Some("System.ValueType")),
        PsValue::TimeSpan(_) => ("System.TimeSpan", Some("System.ValueType")),
        PsValue::Guid(_) => ("System.Guid", Some("System.ValueType")),
    };
    [Some(name), between, Some("System.Object")].into_iter().flatten().collect()
}
