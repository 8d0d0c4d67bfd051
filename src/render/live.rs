//! Properties of .NET's own small types, which a value has without carrying them: dates, spans, versions, Uris, ….
//!
//! Only what PowerShell shows of them; nothing here changes a value.

use std::sync::Arc;

use super::subject::ALIVE;
use super::text::{self, Clock, Culture};
use crate::clixml::{
    DateTimeKind, ListKind, ProgressRecord, PsDateTime, PsObject, PsTimeSpan, PsValue, PsVersion, TypeNames,
};

pub(crate) type Properties = Vec<(Arc<str>, PsValue)>;

/// The .NET type of a primitive.
pub(super) fn type_name(value: &PsValue) -> &'static str {
    match value {
        PsValue::Null => "",
        PsValue::Bool(_) => "System.Boolean",
        PsValue::Char(_) => "System.Char",
        PsValue::U8(_) => "System.Byte",
        PsValue::I8(_) => "System.SByte",
        PsValue::U16(_) => "System.UInt16",
        PsValue::I16(_) => "System.Int16",
        PsValue::U32(_) => "System.UInt32",
        PsValue::I32(_) => "System.Int32",
        PsValue::U64(_) => "System.UInt64",
        PsValue::I64(_) => "System.Int64",
        PsValue::F32(_) => "System.Single",
        PsValue::F64(_) => "System.Double",
        PsValue::Decimal(_) => "System.Decimal",
        PsValue::String(_) | PsValue::ScriptBlock(_) => "System.String",
        PsValue::DateTime(_) => "System.DateTime",
        PsValue::TimeSpan(_) => "System.TimeSpan",
        PsValue::Guid(_) => "System.Guid",
        PsValue::Uri(_) => "System.Uri",
        PsValue::Version(_) => "System.Version",
        PsValue::Bytes(_) => "System.Byte[]",
        PsValue::Xml(_) => "System.Xml.XmlDocument",
        PsValue::SecureString(_) => "System.Security.SecureString",
        PsValue::Progress(_) => "System.Management.Automation.ProgressRecord",
        PsValue::Object(_) => "System.Object",
    }
}

/// Whether the type of a primitive is a value type.
pub(super) fn is_value_type(value: &PsValue) -> bool {
    !matches!(
        value,
        PsValue::String(_)
            | PsValue::ScriptBlock(_)
            | PsValue::Uri(_)
            | PsValue::Version(_)
            | PsValue::Bytes(_)
            | PsValue::Xml(_)
            | PsValue::SecureString(_)
            | PsValue::Progress(_)
    )
}

/// Properties of a primitive: those of its type, and those that PowerShell adds.
pub(super) fn properties(value: &PsValue) -> (Properties, Properties) {
    let own = match value {
        PsValue::String(text) => named([("Length", PsValue::I32(count(text.to_utf16().len())))]),
        PsValue::Bytes(bytes) => named([("Length", PsValue::I32(count(bytes.len())))]),
        PsValue::DateTime(date) => {
            let long = PsValue::string(text::long_date(*date, &Culture::EN_US));
            return (of_date(*date), named([("DateTime", long)]));
        }
        PsValue::TimeSpan(span) => of_span(*span),
        PsValue::Guid(guid) => {
            let own = named([
                ("Variant", PsValue::I32(i32::from(guid.as_bytes()[8] >> 4))),
                ("Version", PsValue::I32(i32::from(guid.as_bytes()[6] >> 4))),
            ]);
            return (own, named([("Guid", PsValue::string(guid.to_string()))]));
        }
        PsValue::Version(version) => of_version(*version),
        PsValue::Uri(text) => of_uri(&text.to_text()),
        PsValue::Progress(record) => of_progress(record),
        _ => Vec::new(),
    };
    (own, Vec::new())
}

fn of_progress(record: &ProgressRecord) -> Properties {
    let kind = if record.completed { ("Completed", 1) } else { ("Processing", 0) };
    named([
        ("ActivityId", PsValue::I32(record.activity_id)),
        ("ParentActivityId", PsValue::I32(record.parent_activity_id)),
        ("Activity", PsValue::String(record.activity.clone())),
        ("StatusDescription", PsValue::String(record.status_description.clone())),
        ("CurrentOperation", record.current_operation.clone().map_or(PsValue::Null, PsValue::String)),
        ("PercentComplete", PsValue::I32(record.percent_complete)),
        ("SecondsRemaining", PsValue::I32(record.seconds_remaining)),
        ("RecordType", enumeration("System.Management.Automation.ProgressRecordType", kind.0, kind.1)),
    ])
}

fn named<const N: usize>(pairs: [(&str, PsValue); N]) -> Properties {
    pairs.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()
}

fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

fn enumeration(type_name: &str, name: &str, number: i32) -> PsValue {
    PsObject::builder()
        .types(TypeNames::new([type_name, "System.Enum", "System.ValueType", "System.Object", ALIVE]))
        .to_string_text(name)
        .base(crate::clixml::Base::Value(PsValue::I32(number)))
        .build()
        .into()
}

fn of_date(date: PsDateTime) -> Properties {
    let clock = Clock::of(date);
    let of_day = date.ticks.rem_euclid(PsDateTime::TICKS_PER_DAY);
    let kind = match date.kind {
        DateTimeKind::Unspecified => ("Unspecified", 0),
        DateTimeKind::Utc => ("Utc", 1),
        DateTimeKind::Local { .. } => ("Local", 2),
    };
    let part = |value: i64| PsValue::I32(i32::try_from(value).unwrap_or(0));
    named([
        ("Date", PsValue::DateTime(PsDateTime { ticks: date.ticks - of_day, kind: date.kind })),
        ("Day", PsValue::I32(clock.day)),
        ("DayOfWeek", enumeration("System.DayOfWeek", clock.week_day_name(), count(clock.week_day))),
        ("DayOfYear", PsValue::I32(clock.year_day)),
        ("Hour", PsValue::I32(clock.hour)),
        ("Kind", enumeration("System.DateTimeKind", kind.0, kind.1)),
        ("Millisecond", part(clock.fraction / 10_000)),
        ("Microsecond", part(clock.fraction / 10 % 1000)),
        ("Nanosecond", part(clock.fraction % 10 * 100)),
        ("Minute", PsValue::I32(clock.minute)),
        ("Month", PsValue::I32(count(clock.month))),
        ("Second", PsValue::I32(clock.second)),
        ("Ticks", PsValue::I64(date.ticks)),
        ("TimeOfDay", PsValue::TimeSpan(PsTimeSpan { ticks: of_day })),
        ("Year", PsValue::I32(clock.year)),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "the totals are doubles in .NET too")]
fn of_span(span: PsTimeSpan) -> Properties {
    let ticks = span.ticks;
    let part = |unit: i64, modulus: i64| PsValue::I32(i32::try_from(ticks / unit % modulus).unwrap_or(0));
    let total = |unit: f64| PsValue::F64(ticks as f64 / unit);
    named([
        ("Ticks", PsValue::I64(ticks)),
        ("Days", part(PsDateTime::TICKS_PER_DAY, i64::MAX)),
        ("Hours", part(36_000_000_000, 24)),
        ("Milliseconds", part(10_000, 1000)),
        ("Microseconds", part(10, 1000)),
        ("Nanoseconds", PsValue::I32(i32::try_from(ticks % 10 * 100).unwrap_or(0))),
        ("Minutes", part(600_000_000, 60)),
        ("Seconds", part(10_000_000, 60)),
        ("TotalDays", total(864_000_000_000.0)),
        ("TotalHours", total(36_000_000_000.0)),
        // .NET does not let milliseconds pass the largest whole number of them.
        (
            "TotalMilliseconds",
            PsValue::F64((ticks as f64 / 10_000.0).clamp(-922_337_203_685_477.0, 922_337_203_685_477.0)),
        ),
        ("TotalMicroseconds", total(10.0)),
        ("TotalNanoseconds", PsValue::F64(ticks as f64 * 100.0)),
        ("TotalMinutes", total(600_000_000.0)),
        ("TotalSeconds", total(10_000_000.0)),
    ])
}

fn of_version(version: PsVersion) -> Properties {
    let [major, minor, build, revision] = version.parts();
    let half = |value: i32| PsValue::I16(i16::try_from(value).unwrap_or(0));
    named([
        ("Major", PsValue::I32(major)),
        ("Minor", PsValue::I32(minor)),
        ("Build", PsValue::I32(build)),
        ("Revision", PsValue::I32(revision)),
        ("MajorRevision", half(revision >> 16)),
        ("MinorRevision", half(if revision < 0 { -1 } else { revision & 0xFFFF })),
    ])
}

/// Properties of a list when it is not enumerated.
pub(super) fn list_properties(list: &PsValue, kind: ListKind, items: &[PsValue]) -> Properties {
    if matches!(kind, ListKind::Stack | ListKind::Queue) {
        return named([
            ("Count", PsValue::I32(count(items.len()))),
            ("IsSynchronized", PsValue::Bool(false)),
            ("SyncRoot", list.clone()),
        ]);
    }
    // The capacity an ArrayList has after its items were added one by one.
    let capacity = if items.is_empty() { 0 } else { items.len().next_power_of_two().max(4) };
    named([
        ("Capacity", PsValue::I32(count(capacity))),
        ("Count", PsValue::I32(count(items.len()))),
        ("IsFixedSize", PsValue::Bool(false)),
        ("IsReadOnly", PsValue::Bool(false)),
        ("IsSynchronized", PsValue::Bool(false)),
        ("SyncRoot", list.clone()),
    ])
}

/// Properties of a dictionary when it is not enumerated.
pub(super) fn dictionary_properties(dictionary: &PsValue, entries: &[(PsValue, PsValue)]) -> Properties {
    let list = |values: Vec<PsValue>| {
        PsObject::builder().base(crate::clixml::Base::List(ListKind::List, values.into())).build().into()
    };
    let mut properties = named([
        ("IsReadOnly", PsValue::Bool(false)),
        ("IsFixedSize", PsValue::Bool(false)),
        ("IsSynchronized", PsValue::Bool(false)),
        ("Keys", list(entries.iter().map(|(key, _)| key.clone()).collect())),
        ("Values", list(entries.iter().map(|(_, value)| value.clone()).collect())),
        ("SyncRoot", dictionary.clone()),
        ("Count", PsValue::I32(count(entries.len()))),
    ]);
    let ordered = dictionary.as_object().and_then(text::type_name_of_container);
    if ordered.is_some_and(|name| name.ends_with("OrderedDictionary")) {
        // What the class declares itself comes before what only its interfaces have.
        let order = ["Count", "IsReadOnly", "Keys", "Values", "IsFixedSize", "SyncRoot", "IsSynchronized"];
        properties.sort_by_key(|(name, _)| order.iter().position(|known| **known == **name));
    }
    properties
}

/// Properties of a Uri; a relative one has nothing but its text.
fn of_uri(text: &str) -> Properties {
    let parts = UriParts::of(text);
    let absolute = parts.is_some();
    let parts = parts.unwrap_or_default();
    let string = |value: &str| if absolute { PsValue::string(value) } else { PsValue::Null };
    let truth = |value: bool| if absolute { PsValue::Bool(value) } else { PsValue::Null };
    let segments: Vec<PsValue> = parts.path.split_inclusive('/').map(PsValue::from).collect();
    let segments = PsObject::builder().base(crate::clixml::Base::List(ListKind::List, segments.into())).build();
    let authority = if parts.default_port { parts.host.clone() } else { format!("{}:{}", parts.host, parts.port) };
    named([
        ("AbsolutePath", string(&parts.path)),
        ("AbsoluteUri", string(&parts.absolute)),
        ("LocalPath", string(&parts.path)),
        ("Authority", string(&authority)),
        (
            "HostNameType",
            if absolute { enumeration("System.UriHostNameType", parts.host_type(), 2) } else { PsValue::Null },
        ),
        ("IsDefaultPort", truth(parts.default_port)),
        ("IsFile", truth(parts.scheme == "file")),
        ("IsLoopback", truth(matches!(parts.host.as_str(), "localhost" | "127.0.0.1" | "[::1]"))),
        ("PathAndQuery", string(&format!("{}{}", parts.path, parts.query))),
        ("Segments", if absolute { segments.into() } else { PsValue::Null }),
        ("IsUnc", truth(false)),
        ("Host", string(&parts.host)),
        ("Port", if absolute { PsValue::I32(parts.port) } else { PsValue::Null }),
        ("Query", string(&parts.query)),
        ("Fragment", string(&parts.fragment)),
        ("Scheme", string(&parts.scheme)),
        ("OriginalString", PsValue::string(text)),
        ("DnsSafeHost", string(&parts.host)),
        ("IdnHost", string(&parts.host)),
        ("IsAbsoluteUri", PsValue::Bool(absolute)),
        ("UserEscaped", PsValue::Bool(false)),
        ("UserInfo", string(&parts.user)),
    ])
}

/// An absolute Uri taken apart.
#[derive(Default)]
struct UriParts {
    absolute: String,
    scheme: String,
    user: String,
    host: String,
    port: i32,
    default_port: bool,
    path: String,
    query: String,
    fragment: String,
}

impl UriParts {
    fn of(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (user, place) = authority.rsplit_once('@').unwrap_or(("", authority));
        let standard = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            "ftp" => 21,
            _ => -1,
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => {
                (host, port.parse().unwrap_or(standard))
            }
            _ => (place, standard),
        };
        let (tail, fragment) = tail.find('#').map_or((tail, ""), |at| tail.split_at(at));
        let (path, query) = tail.find('?').map_or((tail, ""), |at| tail.split_at(at));
        let path = if path.is_empty() { "/" } else { path };
        let host = host.to_ascii_lowercase();
        let at = if user.is_empty() { String::new() } else { format!("{user}@") };
        let shown_port = if port == standard { String::new() } else { format!(":{port}") };
        Some(Self {
            absolute: format!("{scheme}://{at}{host}{shown_port}{path}{query}{fragment}"),
            scheme,
            user: user.to_owned(),
            host,
            port,
            default_port: port == standard,
            path: path.to_owned(),
            query: query.to_owned(),
            fragment: fragment.to_owned(),
        })
    }

    fn host_type(&self) -> &'static str {
        if self.host.starts_with('[') {
            "IPv6"
        } else if self.host.split('.').count() == 4 && self.host.chars().all(|c| c.is_ascii_digit() || c == '.') {
            "IPv4"
        } else if self.host.is_empty() {
            "Basic"
        } else {
            "Dns"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordered_dictionary_shows_first_what_its_class_declares() {
        // .NET's OrderedDictionary: Count, IsReadOnly, Keys, Values; the rest only by its interfaces
        let types = TypeNames::new(["System.Collections.Specialized.OrderedDictionary", "System.Object"]);
        let base = crate::clixml::Base::Dictionary([(PsValue::from("a"), PsValue::I32(1))].into());
        let dictionary: PsValue = PsObject::builder().types(types).base(base).build().into();
        let names: Vec<_> =
            dictionary_properties(&dictionary, &[]).into_iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names, ["Count", "IsReadOnly", "Keys", "Values", "IsFixedSize", "SyncRoot", "IsSynchronized"]);
    }
}
