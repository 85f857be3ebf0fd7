//! What is tried again and after how long: faults of the server and of the connection, few times, further and further apart, with
//! chance in it so that many collectors do not knock in step. Refusals are never tried again on our own account.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};
use goodword_shared::Time;
use rand::Rng;

use super::{Answer, FetchError};
use crate::wire::Verb;

/// The first pause; it doubles.
const FIRST: Duration = Duration::from_millis(400);
/// No pause of our own is longer.
const LONGEST: Duration = Duration::from_secs(8);

/// How long to wait before another try; none where another try is no use.
pub(super) fn pause(outcome: &Result<Answer, FetchError>, verb: Verb, failures: u32) -> Option<Duration> {
    match outcome {
        // The server names a time: then it, and nothing sooner.
        Ok(answer) if answer.retry_after.is_some() && verb == Verb::Get => answer.retry_after,
        Ok(answer) if is_fault(answer.response.status) && verb == Verb::Get => Some(back_off(failures)),
        Ok(_) => None,
        // A POST is repeated only where it surely did not arrive.
        Err(FetchError::NoConnection { .. }) => Some(back_off(failures)),
        Err(FetchError::Broken { .. }) if verb == Verb::Get => Some(back_off(failures)),
        Err(_) => None,
    }
}

/// The outcome when there are no more tries: a server's fault becomes an error, a refusal stays an answer.
pub(super) fn give_up(outcome: Result<Answer, FetchError>, host: String) -> Result<Answer, FetchError> {
    match outcome {
        Ok(answer) if is_fault(answer.response.status) => {
            Err(FetchError::Server { host, status: answer.response.status, retry_after: answer.retry_after })
        }
        other => other,
    }
}

/// 5xx, save those that say "I cannot do that at all".
fn is_fault(status: u16) -> bool {
    status >= 500 && !matches!(status, 501 | 505)
}

/// Between half and the whole of a doubling pause.
fn back_off(failures: u32) -> Duration {
    let full = FIRST.saturating_mul(1 << failures.min(8)).min(LONGEST);
    full.mul_f64(rand::rng().random_range(0.5..=1.0))
}

/// `Retry-After`: seconds, or a date in any of the three forms of RFC 9110 section 5.6.7.
pub(super) fn parse_after(value: &str, now: Time) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        // Longer than a month is a slip of the server's.
        return Some(Duration::from_secs(seconds.min(31 * 86_400)));
    }
    let at = DateTime::parse_from_rfc2822(value).map(|d| d.to_utc()).ok().or_else(|| {
        ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(value, form).ok())
            .map(|d| d.and_utc())
    })?;
    Some((at - now).to_std().unwrap_or(Duration::ZERO).min(Duration::from_secs(31 * 86_400)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_every_form() {
        let now = DateTime::parse_from_rfc3339("1994-11-06T08:49:00Z").expect("a time").to_utc();
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37)),
            ("Sun Nov  6 08:49:37 1994", Some(37)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(0)),
            ("99999999999", Some(31 * 86_400)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(parse_after(value, now).map(|d| d.as_secs()), seconds, "{value}");
        }
    }
}
