//! Small drawings: a line, an interval, bars to both sides. Each says in words what it shows; sizes are attributes of
//! the drawing, never styles, which the content security policy forbids.

use goodword_shared::today::ThemeBalance;
use yew::prelude::*;

use super::Go;
use crate::{
    format,
    route::{Route, about},
    words,
};

/// A line without axes; its last value is marked.
pub fn sparkline(line: &[Option<f64>], label: String) -> Html {
    let known = || line.iter().flatten().copied();
    let (low, high) = known().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    if known().count() < 2 {
        return html!(<svg class="gw-spark" viewBox="0 0 100 24" aria-hidden="true"></svg>);
    }
    let step = 100.0 / (line.len() - 1).max(1) as f64;
    let height = |v: f64| if high > low { 21.0 - (v - low) / (high - low) * 18.0 } else { 12.0 };
    let mut path = String::new();
    let (mut drawn, mut last) = (false, (0.0, 0.0));
    for (at, value) in line.iter().enumerate() {
        match value {
            Some(value) => {
                last = (at as f64 * step, height(*value));
                path.push_str(&format!("{}{:.1} {:.1}", if drawn { "L" } else { "M" }, last.0, last.1));
                drawn = true;
            }
            None => drawn = false,
        }
    }
    html! {
        <svg class="gw-spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={label}>
            <path class="gw-spark__line" d={path} />
            <path class="gw-spark__end" d={format!("M{:.1} {:.1}h0", last.0, last.1)} />
        </svg>
    }
}

/// A share with its 95 % interval on a line from 0 to 1.
pub fn interval(low: f64, value: f64, high: f64, label: String) -> Html {
    let x = |share: f64| format!("{:.1}", share.clamp(0.0, 1.0) * 100.0);
    html! {
        <svg class="gw-interval" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
            <path class="gw-interval__axis" d="M0 4h100" />
            <path class="gw-interval__range" d={format!("M{} 4H{}", x(low), x(high))} />
            <path class="gw-interval__value" d={format!("M{} 4h0", x(value))} />
        </svg>
    }
}

/// Themes as bars to both sides: unkind to the left, kind to the right. A table, so that it reads and prints as one.
pub fn balance(themes: &[ThemeBalance]) -> Html {
    let most = themes.iter().map(|t| t.negative.max(t.positive)).max().unwrap_or(1).max(1) as f64;
    let bar = |n: u64, class: &'static str, left: bool| {
        let width = n as f64 / most * 100.0;
        let x = if left { 100.0 - width } else { 0.0 };
        html! {
            <svg class="gw-balance__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect {class} x={format!("{x:.1}")} y="0" width={format!("{width:.1}")} height="10" />
            </svg>
        }
    };
    html! {
        <table class="gw-balance">
            <caption class="pf-v6-screen-reader">{ words::today::THEMES_CAPTION }</caption>
            <thead>
                <tr>
                    <th scope="col">{ words::today::THEME }</th>
                    <th scope="col" class="gw-balance__unkind">{ words::today::UNKIND }</th>
                    <th scope="col" class="gw-balance__kind">{ words::today::KIND }</th>
                </tr>
            </thead>
            <tbody>
                { for themes.iter().map(|theme| html! {
                    <tr key={theme.theme.clone()}>
                        <th scope="row">
                            <Go to={Route::Mentions} query={about(&theme.theme)}>{ words::theme(&theme.theme) }</Go>
                        </th>
                        <td class="gw-balance__unkind">
                            <span>{ format::count(theme.negative) }</span>
                            { bar(theme.negative, "gw-fill--unkind", true) }
                        </td>
                        <td class="gw-balance__kind">
                            { bar(theme.positive, "gw-fill--kind", false) }
                            <span>{ format::count(theme.positive) }</span>
                        </td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}
