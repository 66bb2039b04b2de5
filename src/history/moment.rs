//! A date in git's raw format, seconds since 1970 and a time zone → the same in RFC 3339.
//!
//! Must not know: commits.

/// Largest distance of a time zone from UTC, in minutes.
const FARTHEST: i64 = 14 * 60;
/// The first second of the year 10000, which RFC 3339 cannot write.
const TOO_LATE: i64 = 253_402_300_800;
const DAY: i64 = 24 * 60 * 60;

/// `1714701600 +0800` as `2024-05-03T10:00:00+08:00`. An invalid time zone counts as UTC. `None` if
/// it is not a date; git itself gives 0 for a date that it cannot parse.
pub(super) fn moment(raw: &str) -> Option<String> {
    let (seconds, zone) = raw.trim().split_once(' ').unwrap_or((raw.trim(), ""));
    let seconds = seconds.parse().ok().filter(|seconds| (1..TOO_LATE - DAY).contains(seconds))?;
    let ahead = minutes(zone).unwrap_or(0);
    let local: i64 = seconds + ahead * 60;
    let (year, month, day) = day_of(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let (sign, away) = (if ahead < 0 { '-' } else { '+' }, ahead.abs());
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{:02}:{:02}",
        away / 60,
        away % 60
    ))
}

/// Minutes that a zone is ahead of UTC: 330 for `+0530`.
fn minutes(zone: &str) -> Option<i64> {
    let digits = zone
        .strip_prefix(['+', '-'])
        .filter(|digits| digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit()))?;
    let number: i64 = digits.parse().ok()?;
    let away = number / 100 * 60 + number % 100;
    let is_zone = number % 100 < 60 && away <= FARTHEST;
    is_zone.then_some(if zone.starts_with('-') { -away } else { away })
}

/// Year, month and day of a number of days since 1970 (Howard Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms", `civil_from_days`): years begin in March, so that a leap day is the last of
/// its year.
fn day_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month < 3), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_git_or_none() {
        for (raw, expected) in [
            ("1714701600 +0800", Some("2024-05-03T10:00:00+08:00")),
            ("1714701600 -0930", Some("2024-05-02T16:30:00-09:30")),
            ("951782400 +0000", Some("2000-02-29T00:00:00+00:00")),
            ("1704067199 +0000", Some("2023-12-31T23:59:59+00:00")),
            ("1 -1200", Some("1969-12-31T12:00:01-12:00")),
            ("253402214399 +0000", Some("9999-12-30T23:59:59+00:00")),
            // Invalid time zones.
            ("1714701600 +9999", Some("2024-05-03T02:00:00+00:00")),
            ("1714701600 +0061", Some("2024-05-03T02:00:00+00:00")),
            ("1714701600 ++800", Some("2024-05-03T02:00:00+00:00")),
            ("1714701600", Some("2024-05-03T02:00:00+00:00")),
            // Not dates.
            ("0 +0000", None),
            ("-5 +0000", None),
            ("253402300800 +0000", None),
            ("18446744073709551615 +0000", None),
            ("%cd", None),
            ("", None),
        ] {
            assert_eq!(moment(raw).as_deref(), expected, "{raw}");
        }
    }
}
