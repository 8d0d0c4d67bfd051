//! `System.TimeZoneInfo`: zones of the time zone database, by either of their names.
//!
//! The script's own zone and what clocks show are in `dates`.

use jiff::tz::{AmbiguousOffset, TimeZone};

use super::super::dates::{UNIX_EPOCH_TICKS, from_parts, offset_at_local, offset_at_utc, to_utc, zone};
use super::super::fault::{Res, method_threw};
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V};
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};

const NAME: &str = "System.TimeZoneInfo";
const SECOND: i64 = PsDateTime::TICKS_PER_SECOND;

/// Windows' names of zones beside those of the time zone database.
const WINDOWS: &[(&str, &str)] = &[
    ("utc", "UTC"),
    ("coordinated universal time", "UTC"),
    ("hawaiian standard time", "Pacific/Honolulu"),
    ("alaskan standard time", "America/Anchorage"),
    ("pacific standard time", "America/Los_Angeles"),
    ("mountain standard time", "America/Denver"),
    ("us mountain standard time", "America/Phoenix"),
    ("central standard time", "America/Chicago"),
    ("canada central standard time", "America/Regina"),
    ("eastern standard time", "America/New_York"),
    ("atlantic standard time", "America/Halifax"),
    ("newfoundland standard time", "America/St_Johns"),
    ("e. south america standard time", "America/Sao_Paulo"),
    ("argentina standard time", "America/Argentina/Buenos_Aires"),
    ("greenwich standard time", "Atlantic/Reykjavik"),
    ("gmt standard time", "Europe/London"),
    ("w. europe standard time", "Europe/Berlin"),
    ("romance standard time", "Europe/Paris"),
    ("central europe standard time", "Europe/Budapest"),
    ("central european standard time", "Europe/Warsaw"),
    ("fle standard time", "Europe/Kyiv"),
    ("gtb standard time", "Europe/Bucharest"),
    ("e. europe standard time", "Europe/Chisinau"),
    ("turkey standard time", "Europe/Istanbul"),
    ("russian standard time", "Europe/Moscow"),
    ("israel standard time", "Asia/Jerusalem"),
    ("egypt standard time", "Africa/Cairo"),
    ("south africa standard time", "Africa/Johannesburg"),
    ("arab standard time", "Asia/Riyadh"),
    ("arabian standard time", "Asia/Dubai"),
    ("pakistan standard time", "Asia/Karachi"),
    ("india standard time", "Asia/Kolkata"),
    ("se asia standard time", "Asia/Bangkok"),
    ("china standard time", "Asia/Shanghai"),
    ("singapore standard time", "Asia/Singapore"),
    ("tokyo standard time", "Asia/Tokyo"),
    ("korea standard time", "Asia/Seoul"),
    ("w. australia standard time", "Australia/Perth"),
    ("cen. australia standard time", "Australia/Adelaide"),
    ("aus eastern standard time", "Australia/Sydney"),
    ("e. australia standard time", "Australia/Brisbane"),
    ("new zealand standard time", "Pacific/Auckland"),
];

fn find(id: &str, method: &str, count: usize) -> Res<TimeZone> {
    let lower = id.to_lowercase();
    let name = WINDOWS.iter().find(|(windows, _)| *windows == lower).map_or(id, |(_, name)| name);
    TimeZone::get(name).or_else(|_| {
        let message = format!("The time zone ID '{id}' was not found on the local computer.");
        method_threw(method, count, "System.TimeZoneNotFoundException", &message).err()
    })
}

fn id_of(value: &V) -> String {
    match value {
        V::Obj(object) => object.note("Id").map(|id| to_string(&id)).unwrap_or_default(),
        other => interpolated(other),
    }
}

/// Offsets in January and July; the lesser one is standard time.
fn offsets(zone: &TimeZone) -> (i64, i64) {
    let at = |month| from_parts(2024, month, 15).map_or(0, |date| offset_at_utc(zone, date.ticks));
    let (winter, summer) = (at(1), at(7));
    (winter.min(summer), winter.max(summer))
}

/// Whether daylight saving time is in force at a moment of UTC.
#[must_use]
pub(super) fn is_daylight(zone: &TimeZone, utc: PsDateTime) -> bool {
    let seconds = (utc.ticks - UNIX_EPOCH_TICKS).div_euclid(SECOND);
    jiff::Timestamp::from_second(seconds).is_ok_and(|moment| zone.to_offset_info(moment).dst().is_dst())
}

/// The object for a zone.
fn object(id: &str, zone: &TimeZone) -> V {
    let (base, daylight) = offsets(zone);
    let (display, standard) = match id {
        "UTC" => ("(UTC) Coordinated Universal Time".to_owned(), "Coordinated Universal Time"),
        _ => {
            let sign = if base < 0 { '-' } else { '+' };
            (format!("(UTC{sign}{:02}:{:02}) {id}", base.abs() / 3600, base.abs() / 60 % 60), id)
        }
    };
    V::Obj(
        Obj::new(
            NAME,
            [
                ("Id", V::from(id)),
                ("HasIanaId", V::Bool(true)),
                ("DisplayName", V::from(display.as_str())),
                ("StandardName", V::from(standard)),
                ("DaylightName", V::from(standard)),
                ("BaseUtcOffset", V::Span(PsTimeSpan { ticks: base * SECOND })),
                ("SupportsDaylightSavingTime", V::Bool(base != daylight)),
            ],
        )
        .with_text(&display),
    )
}

/// `[TimeZoneInfo]::Local` and `::Utc`.
#[must_use]
pub(super) fn property(name: &str) -> V {
    let zone = if name == "utc" { TimeZone::UTC } else { zone() };
    let id = zone.iana_name().unwrap_or("UTC").to_owned();
    object(if id == "Etc/UTC" { "UTC" } else { &id }, &zone)
}

/// A date without a place, for the clock of another zone.
fn there(zone: &TimeZone, utc: PsDateTime) -> V {
    let ticks = utc.ticks + offset_at_utc(zone, utc.ticks) * SECOND;
    V::Date(PsDateTime { ticks, kind: DateTimeKind::Unspecified })
}

/// The moment that a date means on the clock of a zone.
fn moment(zone: &TimeZone, date: PsDateTime) -> PsDateTime {
    match date.kind {
        DateTimeKind::Unspecified => {
            let ticks = date.ticks - offset_at_local(zone, date.ticks) * SECOND;
            PsDateTime { ticks, kind: DateTimeKind::Utc }
        }
        _ => to_utc(date),
    }
}

/// `[TimeZoneInfo]::…`.
///
/// # Errors
/// When there is no such zone.
pub(super) fn statics(name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().cloned().unwrap_or_default();
    let at = |at: usize, method: &str| find(&args.get(at).map(id_of).unwrap_or_default(), method, args.len());
    let date = super::super::cast::to_date(&first);
    Ok(Some(match (name, date) {
        ("findsystemtimezonebyid", _) => {
            let id = interpolated(&first);
            object(&id, &find(&id, "FindSystemTimeZoneById", args.len())?)
        }
        ("converttimefromutc", Some(date)) => {
            let zone = at(1, "ConvertTimeFromUtc")?;
            there(&zone, PsDateTime { kind: DateTimeKind::Utc, ..date })
        }
        ("converttime", Some(date)) if args.len() > 2 => {
            let (from, to) = (at(1, "ConvertTime")?, at(2, "ConvertTime")?);
            there(&to, moment(&from, date))
        }
        ("converttime", Some(date)) => there(&at(1, "ConvertTime")?, to_utc(date)),
        ("converttimebysystemtimezoneid", Some(date)) if args.len() > 2 => {
            let (from, to) = (at(1, "ConvertTimeBySystemTimeZoneId")?, at(2, "ConvertTimeBySystemTimeZoneId")?);
            there(&to, moment(&from, date))
        }
        ("converttimebysystemtimezoneid", Some(date)) => there(&at(1, "ConvertTimeBySystemTimeZoneId")?, to_utc(date)),
        ("converttimetoutc", Some(date)) => match args.get(1) {
            Some(zone) => V::Date(moment(&find(&id_of(zone), "ConvertTimeToUtc", args.len())?, date)),
            None => V::Date(to_utc(date)),
        },
        _ => return Ok(None),
    }))
}

/// Methods of a zone.
///
/// # Errors
/// When the zone is not known here.
pub(super) fn methods(own: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let date = args.first().and_then(super::super::cast::to_date);
    let Some(date) = date else { return Ok(None) };
    let zone = find(&id_of(&V::Obj(own.clone())), name, args.len())?;
    let utc = moment(&zone, date);
    let clock = || zone.to_ambiguous_timestamp(civil(date)).offset();
    Ok(match name {
        "getutcoffset" => Some(V::Span(PsTimeSpan { ticks: offset_at_utc(&zone, utc.ticks) * SECOND })),
        "isdaylightsavingtime" => Some(V::Bool(is_daylight(&zone, utc))),
        "isinvalidtime" => Some(V::Bool(matches!(clock(), AmbiguousOffset::Gap { .. }))),
        "isambiguoustime" => Some(V::Bool(matches!(clock(), AmbiguousOffset::Fold { .. }))),
        _ => None,
    })
}

fn civil(date: PsDateTime) -> jiff::civil::DateTime {
    let seconds = (date.ticks - UNIX_EPOCH_TICKS).div_euclid(SECOND);
    TimeZone::UTC.to_datetime(jiff::Timestamp::from_second(seconds).unwrap_or_default())
}
