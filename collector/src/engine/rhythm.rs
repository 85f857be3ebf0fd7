//! How often a source speaks, and how unlikely its present silence is. The gaps between its mentions follow a gamma
//! distribution; its shape and rate are fitted to the source's own gaps and drawn towards what is expected of its connector as
//! long as there are few of them. Pure: times and the expectation are arguments.
//!
//! With shape k known and the rate drawn from Gamma(A, B), a gap T has T/(T+B) ~ Beta(k, A), so the chance of a gap longer
//! than t is the regularised incomplete beta function I(B/(B+t); A, k).

use chrono::TimeDelta;
use goodword_shared::Time;

/// Mentions looked at, newest first: enough to know a rhythm, few enough to follow its changes.
pub const LATEST: u32 = 80;
/// Gaps that the connector's expected rhythm counts for.
const WEIGHT: f64 = 3.0;
/// Gaps that the expected shape counts for.
const SHAPE_WEIGHT: f64 = 12.0;
/// Mentions come in bunches: gaps vary more than by mere chance (which would be 1).
const SHAPE: f64 = 0.7;
/// What comes within a minute is one occasion.
const TOGETHER: TimeDelta = TimeDelta::minutes(1);
/// Hours of the shortest gap that counts.
const SHORTEST: f64 = 1.0 / 60.0;
/// Fewer gaps than these say nothing yet.
const ENOUGH: usize = 4;

/// A source's rhythm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    shape: f64,
    alpha: f64,
    beta: f64,
    gaps: usize,
    mentions_a_gap: f64,
    /// The newest mention.
    pub last: Option<Time>,
}

impl Rhythm {
    /// The rhythm of a source whose latest mentions are of those times, newest first. `expected`: hours between two of them at
    /// a source of that kind.
    pub fn of(times: &[Time], expected: f64) -> Self {
        let mut occasions: Vec<Time> = Vec::with_capacity(times.len());
        for at in times {
            if occasions.last().is_none_or(|later| *later - *at >= TOGETHER) {
                occasions.push(*at);
            }
        }
        let gaps: Vec<f64> = occasions
            .windows(2)
            .map(|pair| ((pair[0] - pair[1]).num_seconds() as f64 / 3600.0).max(SHORTEST))
            .collect();
        let n = gaps.len() as f64;
        let shape = shape(&gaps);
        Self {
            shape,
            alpha: (WEIGHT + n) * shape + 1.0,
            beta: (WEIGHT + n) * mean(&gaps, expected.max(SHORTEST)),
            gaps: gaps.len(),
            mentions_a_gap: times.len() as f64 / occasions.len().max(1) as f64,
            last: times.first().copied(),
        }
    }

    /// Whether the source has spoken often enough for its rhythm to mean something.
    pub fn is_known(&self) -> bool {
        self.gaps >= ENOUGH
    }

    /// Mentions a day.
    pub fn a_day(&self) -> f64 {
        24.0 / self.mean_gap() * self.mentions_a_gap
    }

    /// Hours between two occasions, on average.
    pub fn mean_gap(&self) -> f64 {
        self.shape * self.beta / (self.alpha - 1.0)
    }

    /// The chance, 0–1, that a gap is longer than so many hours.
    pub fn chance_of_gap(&self, hours: f64) -> f64 {
        if hours <= 0.0 {
            return 1.0;
        }
        incomplete_beta(self.beta / (self.beta + hours), self.alpha, self.shape)
    }
}

/// The mean of gaps, drawn towards the expected one; in proportion, so that neither a tiny nor a huge expectation rules.
fn mean(gaps: &[f64], expected: f64) -> f64 {
    if gaps.is_empty() {
        return expected;
    }
    let n = gaps.len() as f64;
    let own = gaps.iter().sum::<f64>() / n;
    ((n * own.ln() + WEIGHT * expected.ln()) / (n + WEIGHT)).exp()
}

/// The gamma shape of gaps (Thom's estimate), drawn towards the expected one.
fn shape(gaps: &[f64]) -> f64 {
    let n = gaps.len() as f64;
    if n < 2.0 {
        return SHAPE;
    }
    let mean = gaps.iter().sum::<f64>() / n;
    let log_mean = gaps.iter().map(|gap| gap.ln()).sum::<f64>() / n;
    let s = (mean.ln() - log_mean).max(1e-3);
    let own = (3.0 - s + ((s - 3.0).powi(2) + 24.0 * s).sqrt()) / (12.0 * s);
    let log = (n * own.ln() + SHAPE_WEIGHT * SHAPE.ln()) / (n + SHAPE_WEIGHT);
    log.exp().clamp(0.25, 6.0)
}

/// I(x; a, b) by its continued fraction (Lentz's way); 1e-10 or better for the shapes that occur here.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast on this side of the mean only.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let tiny = 1e-300;
    let (mut f, mut c, mut d) = (1.0_f64, 1.0_f64, 0.0_f64);
    for i in 0..=300_u32 {
        let m = f64::from(i / 2);
        let numerator = match i {
            0 => 1.0,
            i if i % 2 == 0 => m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            _ => -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        };
        d = 1.0 + numerator * d;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = 1.0 + numerator / c;
        c = if c.abs() < tiny { tiny } else { c };
        let step = c * d;
        f *= step;
        if (step - 1.0).abs() < 1e-12 {
            break;
        }
    }
    (front * (f - 1.0)).clamp(0.0, 1.0)
}

/// ln Γ(x) for x > 0, by Stirling's series after a shift.
fn ln_gamma(x: f64) -> f64 {
    let mut shift = 0.0;
    let mut x = x;
    while x < 8.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(hours: f64, n: usize) -> Vec<Time> {
        let last: Time = "2026-05-01T12:00:00Z".parse().expect("a time");
        (0..n).map(|i| last - TimeDelta::seconds((i as f64 * hours * 3600.0) as i64)).collect()
    }

    #[test]
    fn the_incomplete_beta_function_is_that_of_the_tables() {
        // Exact values: I(x; 1, b) = 1 − (1−x)^b, I(x; a, 1) = x^a, I(½; a, a) = ½, I(0.3; 2, 3) = 0.3483.
        for (x, a, b, wanted) in [
            (0.2, 1.0, 3.0, 1.0 - 0.8_f64.powi(3)),
            (0.9, 4.0, 1.0, 0.9_f64.powi(4)),
            (0.5, 7.5, 7.5, 0.5),
            (0.3, 2.0, 3.0, 0.3483),
            (0.999, 60.0, 0.7, 1.0 - incomplete_beta(0.001, 0.7, 60.0)),
        ] {
            assert!((incomplete_beta(x, a, b) - wanted).abs() < 1e-9, "{x} {a} {b}");
        }
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-9);
        assert!((ln_gamma(11.0) - 3_628_800_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn a_long_silence_is_unlikely_by_the_sources_own_rhythm() {
        let busy = Rhythm::of(&every(42.0, 60), 48.0);
        assert!((busy.a_day() * 7.0 - 4.0).abs() < 0.3, "{}", busy.a_day() * 7.0);
        let (nine_days, two_days) = (busy.chance_of_gap(9.0 * 24.0), busy.chance_of_gap(48.0));
        assert!(nine_days < 0.01 && two_days > 0.2, "{nine_days} {two_days}");
        let rare = Rhythm::of(&every(240.0, 20), 48.0);
        assert!(rare.chance_of_gap(9.0 * 24.0) > 0.2, "as usual where one comes in ten days");
    }

    #[test]
    fn a_source_that_speaks_in_bunches_may_be_silent_longer() {
        let last: Time = "2026-05-01T12:00:00Z".parse().expect("a time");
        // Ten in an afternoon, then nothing for ten days, again and again.
        let bunches: Vec<Time> = (0..6)
            .flat_map(|day| {
                (0..10).map(move |n| last - TimeDelta::days(day * 10) - TimeDelta::minutes(n * 20))
            })
            .collect();
        let steady = Rhythm::of(&every(24.0, 60), 48.0);
        let bunched = Rhythm::of(&bunches, 48.0);
        assert!(bunched.chance_of_gap(240.0) > 20.0 * steady.chance_of_gap(240.0));
    }

    #[test]
    fn few_gaps_are_drawn_to_what_is_expected_and_chances_only_fall() {
        let young = Rhythm::of(&every(1.0, 3), 96.0);
        assert!(!young.is_known() && young.mean_gap() > 8.0, "{}", young.mean_gap());
        let none = Rhythm::of(&[], 96.0);
        assert!((none.mean_gap() - 96.0).abs() < 1e-6);
        for rhythm in [young, none, Rhythm::of(&every(0.0, 50), 10.0)] {
            let chances: Vec<f64> =
                [0.0, 0.1, 1.0, 10.0, 100.0, 1e4, 1e7].map(|h| rhythm.chance_of_gap(h)).into();
            assert!(
                chances.windows(2).all(|w| w[0] >= w[1]) && chances.iter().all(|p| (0.0..=1.0).contains(p))
            );
        }
    }
}
