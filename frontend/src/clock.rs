//! The browser's clock: what time it is, and what that is in the browser's own zone. The only place of the dashboard
//! that asks for the time; everything else is given it.

use chrono::{DateTime, Datelike, Local, Timelike};
use goodword_shared::Time;

use crate::format::Moment;

/// Now, by the browser's clock.
pub fn now() -> Time {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for 290 million years")]
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// A moment as a clock on the owner's wall shows it.
pub fn local(time: Time) -> Moment {
    let here = time.with_timezone(&Local);
    Moment { date: here.date_naive(), hour: here.hour(), minute: here.minute() }
}

/// The day, where that is all there is: files often tell days, and a day is kept as its first moment at Greenwich. In the browser's
/// own zone that would be an odd hour, or the day before.
pub fn day_only(time: Time) -> Option<chrono::NaiveDate> {
    (time.timestamp_millis().rem_euclid(86_400_000) == 0).then(|| time.date_naive())
}

/// The day of a moment.
pub fn date(time: Time) -> chrono::NaiveDate {
    day_only(time).unwrap_or_else(|| local(time).date)
}

/// Midnight-free "in so many days, at nine": when something put off until then comes back.
pub fn morning_in(days: u64, now: Time) -> Time {
    let date = now.with_timezone(&Local).date_naive() + chrono::Days::new(days);
    date.and_hms_opt(9, 0, 0)
        .and_then(|t| t.and_local_timezone(Local).earliest())
        .map_or(now + chrono::TimeDelta::hours(24), |t| t.to_utc())
}

/// The name of the browser's zone: "Europe/Berlin".
pub fn zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string());
    zone.unwrap_or_else(|| "UTC".to_owned())
}

/// The year, in the browser's zone.
pub fn year(time: Time) -> i32 {
    date(time).year()
}
