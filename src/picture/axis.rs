//! An axis of time: where an instant lies on the sheet, and which days are marked.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate};

/// At most so many marks stand on an axis.
const MARKS: i64 = 9;

/// An axis of time, in a zone.
pub(super) struct Axis {
    from: i64,
    to: i64,
    left: f64,
    width: f64,
    zone: i64,
}

impl Axis {
    /// From one instant to another, drawn from `left` on over `width`; `zone` in seconds east of Greenwich.
    pub(super) fn new((from, to): (i64, i64), (left, width): (f64, f64), zone: i64) -> Axis {
        Axis { from, to: to.max(from.saturating_add(3600)), left, width, zone }
    }

    /// Where an instant lies, kept on the sheet.
    pub(super) fn x(&self, at: i64) -> f64 {
        let share = (at.saturating_sub(self.from)) as f64 / (self.to - self.from) as f64;
        self.left + self.width * share.clamp(0.0, 1.0)
    }

    /// Whether any of it is on the sheet.
    pub(super) fn shows(&self, from: i64, to: i64) -> bool {
        from <= self.to && to >= self.from
    }

    /// Whether an instant lies before the sheet.
    pub(super) fn is_before(&self, at: i64) -> bool {
        at < self.from
    }

    /// The days that are marked, with what is written at them.
    pub(super) fn marks(&self) -> Vec<(f64, String)> {
        let day = |at: i64| DateTime::from_timestamp(at.saturating_add(self.zone), 0).map(|at| at.date_naive());
        let (Some(first), Some(last)) = (day(self.from), day(self.to)) else { return Vec::new() };
        let days = (last - first).num_days();
        let step = [1, 2, 7, 14].into_iter().find(|step| days / step <= MARKS);
        let marked = match step {
            Some(step) => by_days(first, last, step),
            None => by_months(first, last),
        };
        let mut year = None;
        let mark = |day: NaiveDate| {
            let at = day.and_hms_opt(0, 0, 0)?.and_utc().timestamp() - self.zone;
            if at < self.from || at > self.to {
                return None;
            }
            let with_year = year.replace(day.year()) != Some(day.year());
            let form = match (step, with_year) {
                (Some(_), true) => "%-d %b %Y",
                (Some(_), false) => "%-d %b",
                (None, true) => "%b %Y",
                (None, false) => "%b",
            };
            Some((self.x(at), day.format(form).to_string()))
        };
        marked.into_iter().filter_map(mark).collect()
    }
}

fn by_days(first: NaiveDate, last: NaiveDate, step: i64) -> Vec<NaiveDate> {
    // Weeks are marked on Mondays.
    let back = if step % 7 == 0 { u64::from(first.weekday().num_days_from_monday()) } else { 0 };
    let mut day = first.checked_sub_days(Days::new(back));
    let next = |day: NaiveDate| day.checked_add_days(Days::new(step.unsigned_abs()));
    std::iter::from_fn(|| {
        let this = day.filter(|day| *day <= last)?;
        day = next(this);
        Some(this)
    })
    .collect()
}

fn by_months(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let months = i64::from((last.year() - first.year()) * 12) + i64::from(last.month()) - i64::from(first.month());
    let step =
        [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|step| months / i64::from(*step) <= MARKS).unwrap_or(1200);
    // From the first month of a year on, so that the marks fall on quarters and years.
    let mut day = NaiveDate::from_ymd_opt(first.year(), 1, 1);
    std::iter::from_fn(|| {
        let this = day.filter(|day| *day <= last)?;
        day = this.checked_add_months(Months::new(step));
        Some(this)
    })
    .filter(|day| *day >= first)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(from: &str, to: &str) -> Vec<String> {
        let at = |day: &str| {
            NaiveDate::parse_from_str(day, "%Y-%m-%d").unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp()
        };
        Axis::new((at(from), at(to)), (0.0, 100.0), 0).marks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_marks_are_days_weeks_months_or_years() {
        assert_eq!(marks("2025-10-01", "2025-10-04"), ["1 Oct 2025", "2 Oct", "3 Oct", "4 Oct"]);
        assert_eq!(marks("2025-10-01", "2025-11-05")[..2], ["6 Oct 2025", "13 Oct"]);
        assert_eq!(marks("2023-04-15", "2023-09-20"), ["May 2023", "Jun", "Jul", "Aug", "Sep"]);
        assert_eq!(
            marks("2012-08-01", "2016-12-01"),
            ["Jan 2013", "Jul", "Jan 2014", "Jul", "Jan 2015", "Jul", "Jan 2016", "Jul"]
        );
    }

    #[test]
    fn an_instant_lies_where_its_share_of_the_time_is_and_on_the_sheet() {
        let axis = Axis::new((0, 7200), (10.0, 100.0), 0);
        assert_eq!([axis.x(0), axis.x(3600), axis.x(7200), axis.x(-5), axis.x(9000)], [10.0, 60.0, 110.0, 10.0, 110.0]);
        assert!(axis.is_before(-1) && axis.shows(-5, 0) && !axis.shows(-5, -1));
        assert_eq!(axis.x(i64::MIN), 10.0);
    }

    #[test]
    fn an_axis_of_no_time_or_of_all_time_is_drawn_all_the_same() {
        assert_eq!(Axis::new((5, 5), (0.0, 10.0), 0).x(5), 0.0);
        assert!(Axis::new((i64::MIN / 4, i64::MAX / 4), (0.0, 10.0), 0).marks().is_empty());
    }
}
