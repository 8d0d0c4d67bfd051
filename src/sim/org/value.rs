//! Values as Exchange shows them: sizes, time spans, dates, lists. No organization here.

use jiff::Timestamp;

use crate::catalog::bind::parse_time_span;
use crate::clixml::text::span_text;
use crate::clixml::{self, Base, DateTimeKind, ListKind, PsDateTime, PsObject, PsTimeSpan, PsValue, TypeNames};

const UNITS: [(&str, u64); 5] = [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];

/// Ticks of 100 ns between year 1 and 1970.
const TICKS_TO_1970: i64 = 621_355_968_000_000_000;

/// A size as `ByteQuantifiedSize` prints it: `1.5 GB (1,610,612,736 bytes)`, four significant digits.
pub(crate) fn size_text(bytes: u64) -> String {
    let (unit, factor) = UNITS.into_iter().find(|(_, factor)| bytes >= *factor).unwrap_or(("B", 1));
    format!("{} {unit} ({} bytes)", four_digits(bytes, factor), grouped(bytes))
}

/// `bytes / factor` with at most four significant digits, rounded half up, trailing zeros dropped.
fn four_digits(bytes: u64, factor: u64) -> String {
    let whole = bytes / factor;
    let decimals = match whole {
        0..=9 => 3,
        10..=99 => 2,
        100..=999 => 1,
        _ => 0,
    };
    let scale = 10u128.pow(decimals);
    let scaled = (u128::from(bytes) * scale + u128::from(factor) / 2) / u128::from(factor);
    let (whole, rest) = (scaled / scale, scaled % scale);
    if rest == 0 {
        return whole.to_string();
    }
    let fraction = format!("{rest:0width$}", width = decimals as usize);
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Reads a size: `45GB`, `1.5 GB`, `1.5 GB (1,610,612,736 bytes)`, `1024`, `10 B`; `None` when it is none.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some((_, rest)) = text.split_once('(')
        && let Some(bytes) = rest.strip_suffix("bytes)")
    {
        return bytes.trim().replace(',', "").parse().ok();
    }
    let upper = text.to_ascii_uppercase();
    let (number, factor) = UNITS
        .into_iter()
        .find_map(|(unit, factor)| upper.strip_suffix(unit).map(|number| (number.trim(), factor)))
        .unwrap_or((upper.as_str(), 1));
    let number: f64 = number.replace(',', "").parse().ok()?;
    let bytes = number * (factor as f64);
    // A size is never near the edge where the cast would lose bytes.
    (0.0..9e18).contains(&bytes).then_some(bytes as u64)
}

/// Bytes of a shown size; `None` for `Unlimited` and for what is no size.
pub(crate) fn bytes_of(value: &PsValue) -> Option<u64> {
    plain_text(value).as_deref().and_then(parse_size)
}

/// A list of texts as a multi-valued property.
pub(crate) fn texts<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> PsValue {
    list(
        "Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, \
          PublicKeyToken=b77a5c561934e089]]",
        items,
    )
}

/// The proxy addresses of a recipient.
pub(crate) fn addresses<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> PsValue {
    list("Microsoft.Exchange.Data.ProxyAddressCollection", items)
}

/// References to other objects, as texts.
pub(crate) fn references<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> PsValue {
    list(
        "Microsoft.Exchange.Data.Directory.ADMultiValuedProperty`1[[Microsoft.Exchange.Data.Directory.ADObjectId, \
          Microsoft.Exchange.Data.Directory, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
        items,
    )
}

fn list<S: AsRef<str>>(type_name: &'static str, items: impl IntoIterator<Item = S>) -> PsValue {
    let items: Vec<PsValue> = items.into_iter().map(|item| PsValue::from(item.as_ref())).collect();
    let types = list_types(type_name);
    PsObject::builder().types(types).base(Base::List(ListKind::List, items.into())).build().into()
}

fn list_types(type_name: &'static str) -> TypeNames {
    use std::cell::RefCell;
    thread_local! {
        /// The three kinds of lists, so that a hundred thousand objects share their names.
        static KNOWN: RefCell<Vec<(&'static str, TypeNames)>> = const { RefCell::new(Vec::new()) };
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some((_, types)) = known.iter().find(|(name, _)| *name == type_name) {
            return types.clone();
        }
        let types = TypeNames::new([type_name, "Microsoft.Exchange.Data.MultiValuedPropertyBase", "System.Object"]);
        known.push((type_name, types.clone()));
        types
    })
}

/// The texts in a value: of a list its items, of anything else its own text.
pub(crate) fn texts_of(value: &PsValue) -> Vec<String> {
    match value {
        PsValue::Null => Vec::new(),
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => items.iter().filter_map(plain_text).collect(),
            _ => plain_text(value).into_iter().collect(),
        },
        _ => plain_text(value).into_iter().collect(),
    }
}

/// The text of a scalar, as `ToString` gives it; lists join with spaces, null is none.
pub(crate) fn plain_text(value: &PsValue) -> Option<String> {
    Some(match value {
        PsValue::Null | PsValue::SecureString(_) => return None,
        PsValue::Bytes(bytes) => base64_simd::STANDARD.encode_to_string(bytes),
        PsValue::Progress(record) => record.activity.to_text().into_owned(),
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) if object.to_string_text().is_none() => return plain_text(&inner),
            Base::List(_, items) => items.iter().filter_map(plain_text).collect::<Vec<_>>().join(" "),
            _ => object.to_string_text()?.to_text().into_owned(),
        },
        primitive => clixml::text::format(primitive).to_text().into_owned(),
    })
}

/// A number in a value, also written as text.
pub(crate) fn number_of(value: &PsValue) -> Option<i64> {
    plain_text(value)?.trim().parse().ok()
}

/// A truth value, also as switches carry it.
pub(crate) fn bool_of(value: &PsValue) -> Option<bool> {
    match value {
        PsValue::Bool(value) => Some(*value),
        PsValue::Object(object) => match object.get("IsPresent") {
            Some(PsValue::Bool(value)) => Some(value),
            _ => match object.base() {
                Base::Value(inner) => bool_of(&inner),
                _ => None,
            },
        },
        other => match plain_text(other)?.to_ascii_lowercase().as_str() {
            "true" | "$true" | "1" => Some(true),
            "false" | "$false" | "0" => Some(false),
            _ => None,
        },
    }
}

/// A point in time as UTC.
pub(crate) fn utc(time: Timestamp) -> PsValue {
    PsValue::DateTime(PsDateTime { ticks: ticks(time), kind: DateTimeKind::Utc })
}

/// A point in time as the server's local time, which is UTC too.
pub(crate) fn local(time: Timestamp) -> PsValue {
    PsValue::DateTime(PsDateTime { ticks: ticks(time), kind: DateTimeKind::Local { offset_minutes: 0 } })
}

fn ticks(time: Timestamp) -> i64 {
    time.as_second() * PsDateTime::TICKS_PER_SECOND + TICKS_TO_1970
}

/// The point in time of a date; the server's zone is UTC.
pub(crate) fn timestamp_of(value: &PsValue) -> Option<Timestamp> {
    match value {
        PsValue::DateTime(time) => {
            let offset = match time.kind {
                DateTimeKind::Local { offset_minutes } => i64::from(offset_minutes) * 60,
                _ => 0,
            };
            Timestamp::from_second((time.ticks - TICKS_TO_1970) / PsDateTime::TICKS_PER_SECOND - offset).ok()
        }
        other => parse_date(&plain_text(other)?),
    }
}

/// Reads a date: `2026-01-15`, `2026-01-15T10:00:00Z`, `1/15/2026`, `1/15/2026 10:00:00 AM`; month first.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok().or_else(|| {
        ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M"]
            .iter()
            .find_map(|format| jiff::civil::DateTime::strptime(format, text).ok())
            .or_else(|| {
                Some(jiff::civil::Date::strptime("%m/%d/%Y", text).ok()?.to_datetime(jiff::civil::Time::midnight()))
            })
    })?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Reads how far away something is: `+20d`, `-3h`, `-5m`.
pub(crate) fn parse_offset(text: &str) -> Option<jiff::SignedDuration> {
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|_| text.starts_with(['+', '-']))?;
    match unit {
        'd' => Some(jiff::SignedDuration::from_hours(24 * number)),
        'h' => Some(jiff::SignedDuration::from_hours(number)),
        'm' => Some(jiff::SignedDuration::from_mins(number)),
        _ => None,
    }
}

/// A number of ticks of 100 ns as a time span.
pub(crate) fn ticks_text(ticks: i64) -> String {
    span_text(PsTimeSpan { ticks })
}

/// Reads a time span, `14.00:00:00` or `00:15:00` or a number of days, and writes it in full.
pub(crate) fn parse_span(text: &str) -> Option<String> {
    parse_time_span(text).filter(|span| span.ticks >= 0).map(span_text)
}

pub(crate) use crate::catalog::matches_wildcard as wildcard;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_print_as_exchange_prints_them() {
        // Texts of real servers: shared/data/exchange-clixml and cmdlet-traces/objects.json.
        for (bytes, text) in [
            (1_610_612_736, "1.5 GB (1,610,612,736 bytes)"),
            (524_288_000, "500 MB (524,288,000 bytes)"),
            (53_150_220_288, "49.5 GB (53,150,220,288 bytes)"),
            (2_039_480_320, "1.899 GB (2,039,480,320 bytes)"),
            (0, "0 B (0 bytes)"),
        ] {
            assert_eq!(size_text(bytes), text);
            assert_eq!(parse_size(text), Some(bytes));
        }
    }

    #[test]
    fn sizes_are_read_with_and_without_a_space() {
        assert_eq!(parse_size("45GB"), Some(45 << 30));
        assert_eq!(parse_size("1.5 mb"), Some(1_572_864));
        assert_eq!(parse_size("1024"), Some(1024));
        assert_eq!(parse_size("many"), None);
    }

    #[test]
    fn dates_are_read_month_first() {
        assert_eq!(parse_date("1/15/2026"), parse_date("2026-01-15T00:00:00Z"));
        assert_eq!(parse_date("15/1/2026"), None);
    }

    #[test]
    fn spans_are_written_in_full() {
        assert_eq!(parse_span("30").as_deref(), Some("30.00:00:00"));
        assert_eq!(parse_span("00:15:00").as_deref(), Some("00:15:00"));
        assert_eq!(parse_span("25:00:00"), None);
    }
}
