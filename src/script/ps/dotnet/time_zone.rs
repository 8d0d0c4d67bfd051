//! `System.TimeZoneInfo`: zones of the time zone database, by either of their names.
//!
//! No other types.

use super::super::fault::{Res, method_threw};

use super::super::text::{interpolated, to_string};
use super::super::value::V;

/// `[TimeZoneInfo]::…`: zones of the time zone database, by either of their names.
///
/// # Errors
/// When there is no such zone.
pub(in crate::script::ps) fn statics(cx: super::super::state::Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let id_of = |value: &V| match value {
        V::Obj(object) => object.note("Id").map(|id| to_string(&id)).unwrap_or_default(),
        other => interpolated(other),
    };
    let zone_of = |id: &str| -> Res<jiff::tz::TimeZone> {
        let iana = match id.to_lowercase().as_str() {
            "utc" | "coordinated universal time" => "UTC",
            "pacific standard time" => "America/Los_Angeles",
            "mountain standard time" => "America/Denver",
            "central standard time" => "America/Chicago",
            "eastern standard time" => "America/New_York",
            "gmt standard time" => "Europe/London",
            "w. europe standard time" => "Europe/Berlin",
            "romance standard time" => "Europe/Paris",
            "central europe standard time" => "Europe/Budapest",
            "fle standard time" => "Europe/Helsinki",
            "india standard time" => "Asia/Kolkata",
            "tokyo standard time" => "Asia/Tokyo",
            "china standard time" => "Asia/Shanghai",
            "aus eastern standard time" => "Australia/Sydney",
            _ => id,
        };
        jiff::tz::TimeZone::get(iana).or_else(|_| {
            let message = format!("The time zone ID '{id}' was not found on the local computer.");
            method_threw("FindSystemTimeZoneById", args.len(), "System.TimeZoneNotFoundException", &message).err()
        })
    };
    let offset_at = |zone: &jiff::tz::TimeZone, date: crate::clixml::PsDateTime| -> i64 {
        let utc = super::super::dates::to_utc(date, cx.rt.options.offset_minutes);
        let seconds = (utc.ticks - super::super::dates::UNIX_EPOCH_TICKS) / 10_000_000;
        jiff::Timestamp::from_second(seconds).map_or(0, |moment| i64::from(zone.to_offset(moment).seconds()))
    };
    let first = args.first().cloned().unwrap_or_default();
    Ok(Some(match (name, &first) {
        ("findsystemtimezonebyid", _) => {
            let id = interpolated(&first);
            let zone = zone_of(&id)?;
            let winter = super::super::dates::from_parts(2024, 1, 15);
            let base = winter.map_or(0, |winter| offset_at(&zone, winter));
            V::Obj(
                super::super::value::Obj::new(
                    "System.TimeZoneInfo",
                    [
                        ("Id", V::from(id.as_str())),
                        ("DisplayName", V::from(id.as_str())),
                        ("StandardName", V::from(id.as_str())),
                        ("BaseUtcOffset", V::Span(crate::clixml::PsTimeSpan { ticks: base * 10_000_000 })),
                    ],
                )
                .with_text(&id),
            )
        }
        ("converttimefromutc" | "converttime" | "converttimebysystemtimezoneid", V::Date(date)) => {
            let zone = zone_of(&args.get(1).map(id_of).unwrap_or_default())?;
            let offset = offset_at(&zone, *date);
            let utc = super::super::dates::to_utc(
                *date,
                if name == "converttimefromutc" { 0 } else { cx.rt.options.offset_minutes },
            );
            let ticks = utc.ticks + offset * 10_000_000;
            V::Date(crate::clixml::PsDateTime { ticks, kind: crate::clixml::DateTimeKind::Unspecified })
        }
        ("converttimetoutc", V::Date(date)) => {
            V::Date(super::super::dates::to_utc(*date, cx.rt.options.offset_minutes))
        }
        _ => return Ok(None),
    }))
}
