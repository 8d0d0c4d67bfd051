//! Durations as XML Schema writes them (`PT180.000S`), with millisecond resolution.

use std::time::Duration;

/// `PT20S`, or `PT0.500S` when there are milliseconds.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("PT{}S", duration.as_secs()),
        _ => format_milliseconds(duration),
    }
}

/// `PT7200.000S`: Windows servers always write milliseconds.
pub(super) fn format_milliseconds(duration: Duration) -> String {
    format!("PT{}.{:03}S", duration.as_secs(), duration.subsec_millis())
}

/// Reads `P[nD]T[nH][nM][n[.n]S]`; years and months, which no server sends, and negative spans are refused.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (days, time) = match text.trim().strip_prefix('P')?.split_once('T') {
        Some((days, time)) => (days, time),
        None => (text.trim().strip_prefix('P')?, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let mut seconds = 0_f64;
    for (part, units) in [(days, [('D', 86_400.0)].as_slice()), (time, &[('H', 3_600.0), ('M', 60.0), ('S', 1.0)])] {
        let mut rest = part;
        let mut allowed = units.iter();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let number: f64 = rest[..end].parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)?;
            let unit = rest[end..].chars().next()?;
            let (_, factor) = allowed.by_ref().find(|(letter, _)| *letter == unit)?;
            seconds += number * factor;
            rest = &rest[end + 1..];
        }
    }
    Duration::try_from_secs_f64(seconds)
        .ok()
        .map(|found| Duration::from_millis((found.as_secs_f64() * 1e3).round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_recorded_messages_read_as_what_they_say() {
        // forms seen in shared/data: wsman-transcripts and wsman-recordings
        for (text, milliseconds) in [
            ("PT20S", 20_000),
            ("PT3M", 180_000),
            ("PT7200.000S", 7_200_000),
            ("PT2147483.647S", 2_147_483_647),
            ("P0DT0H0M0S", 0),
            ("PT0.5S", 500),
            ("P1DT2H", 93_600_000),
        ] {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "P", "PT", "PT-1S", "-PT1S", "PT1X", "PTS", "PT1S1S", "P1Y", "PTinfS", "20"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_written_without_a_fraction_unless_it_has_one() {
        assert_eq!(format_duration(Duration::from_millis(180_000)), "PT180S");
        assert_eq!(format_milliseconds(Duration::from_millis(180_000)), "PT180.000S");
        assert_eq!(format_duration(Duration::from_millis(1_005)), "PT1.005S");
    }
}
