//! A rating as five stars, with its name for screen readers on the platform's own scale.

use goodword_shared::Rating;
use yew::prelude::*;

use crate::format;

const STAR: &str = "M8 1.6l1.9 4 4.4.6-3.2 3 .8 4.4L8 11.5l-3.9 2.1.8-4.4-3.2-3 4.4-.6z";

/// Stars. Two layers of five: the empty ones, and the full ones cut off where the rating ends.
pub fn stars(rating: Rating) -> Html {
    let (full, name) = format::stars(rating);
    let five = |class: &'static str| {
        html! {
            <g {class}>
                { for (0..5).map(|n| html!(<path d={STAR} transform={format!("translate({} 0)", n * 18)} />)) }
            </g>
        }
    };
    html! {
        <span class="gw-stars" role="img" aria-label={name.clone()} title={name}>
            <svg viewBox="0 0 88 16" aria-hidden="true">
                { five("gw-stars__empty") }
                <svg width={format!("{:.1}", cut(full))} height="16">{ five("gw-stars__full") }</svg>
            </svg>
        </span>
    }
}

/// Where the full stars end, in the drawing's own units: each star is 16 wide with a gap of 2.
fn cut(full: f64) -> f64 {
    full.floor() * 18.0 + full.fract() * 16.0
}
