//! The time of a document, and dates that people declare.

use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z. Displays as `YYYY-MM-DDThh:mm:ssZ`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The day, in UTC.
    pub const fn date(self) -> Date {
        // Civil date from a day number (Howard Hinnant, "chrono-compatible low-level date
        // algorithms"): years begin in March, so that the leap day is the last one.
        let shifted = self.0 / 86_400 + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        Date { year, month, day }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0 % 86_400;
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.date())
    }
}

/// A day of the calendar. Displays as `YYYY-MM-DD` (ISO 8601).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u64,
    month: u64,
    day: u64,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` when it is no day of the calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_written_so = bytes.len() == 10
            && bytes.iter().enumerate().all(|(index, byte)| match index {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_written_so {
            return None;
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u64>().ok();
        let date = Self { year: number(0..4)?, month: number(5..7)?, day: number(8..10)? };
        (1..=date.days_of_month()?).contains(&date.day).then_some(date)
    }

    const fn days_of_month(self) -> Option<u64> {
        let is_leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
            4 | 6 | 9 | 11 => Some(30),
            2 => Some(if is_leap { 29 } else { 28 }),
            _ => None,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, Timestamp};

    /// `text` is a day of the calendar, or not.
    fn check(text: &str, is_a_day: bool) {
        let date = Date::parse(text);
        assert_eq!(date.is_some(), is_a_day, "{text}");
        assert!(date.is_none_or(|date| date.to_string() == text), "{text}");
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        check("2026-01-31", true);
        check("2024-02-29", true);
        check("2000-02-29", true);
        check("2026-02-29", false);
        check("1900-02-29", false);
        check("2026-00-10", false);
        check("2026-13-10", false);
        check("2026-04-31", false);
        check("2026-4-30", false);
        check("2026-04-3é", false);
        check("20260430", false);
    }

    /// Days that other calendars agree on: the first, a leap day, the last second of a year.
    #[test]
    fn a_time_lies_on_its_day() {
        for (seconds, date) in
            [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_798_761_599, "2026-12-31")]
        {
            assert_eq!(Timestamp(seconds).date().to_string(), date);
            assert_eq!(Some(Timestamp(seconds).date()), Date::parse(date));
        }
    }
}
