//! The five numbers of Today, each with its change and a small line, and each a way to its list.

use goodword_shared::today::Figure;
use yew::prelude::*;

use crate::{
    components::{Go, interval, sparkline},
    format,
    route::Route,
    words::today as words,
};

#[derive(Clone, PartialEq, Properties)]
pub struct FiguresProps {
    /// The numbers.
    pub figures: Vec<Figure>,
}

/// The numbers.
#[component]
pub fn Figures(props: &FiguresProps) -> Html {
    html! {
        <section class="gw-section" aria-labelledby="figures">
            <header class="gw-section__head"><h2 id="figures">{ words::FIGURES }</h2></header>
            <ul class="gw-figures" role="list">
                { for props.figures.iter().map(|figure| html!(<li key={figure.name.clone()}>{ draw(figure) }</li>)) }
            </ul>
        </section>
    }
}

fn draw(figure: &Figure) -> Html {
    let name = words::figure(&figure.name);
    let known: Vec<f64> = figure.line.iter().flatten().copied().collect();
    let line = match known.as_slice() {
        [first, .., last] => {
            words::line(name, &show(figure, *first), &show(figure, *last), figure.line.len())
        }
        _ => String::new(),
    };
    let range = figure.low.zip(figure.high).zip(figure.value);
    html! {
        <Go to={list_of(&figure.name)} query={query_of(&figure.name)} class="gw-figure" testid="today-number">
            <span class="gw-figure__name">{ name }</span>
            <span class="gw-figure__value">
                { figure.value.map_or_else(|| words::NOTHING_MEASURED.to_owned(), |v| show(figure, v)) }
            </span>
            <span class="gw-figure__note">{ note(figure) }</span>
            if let Some(((low, high), value)) = range {
                { interval(low, value, high, words::between(&format::percent(low), &format::percent(high))) }
            }
            { sparkline(&figure.line, line) }
        </Go>
    }
}

/// A value of this figure in its own unit.
fn show(figure: &Figure, value: f64) -> String {
    match figure.name.as_str() {
        "rating" => format!("{value:.2}"),
        "positive_share" => format::percent(value),
        #[expect(clippy::cast_possible_truncation, reason = "minutes, far below the limits")]
        "first_answer" => format::span(value.round() as i64),
        _ => format::decimal(value),
    }
}

/// The interval where it is a share, else the change against the period before, else what is measured.
fn note(figure: &Figure) -> String {
    if let Some((low, high)) = figure.low.zip(figure.high) {
        return words::between(&format::percent(low), &format::percent(high));
    }
    match figure.value.zip(figure.before) {
        Some((value, before)) if show(figure, value) == show(figure, before) => words::SAME.to_owned(),
        Some((value, before)) => words::change(value > before, &show(figure, (value - before).abs())),
        None if figure.value.is_some() => words::figure_note(&figure.name).to_owned(),
        None => String::new(),
    }
}

fn list_of(name: &str) -> Route {
    match name {
        "rating" | "positive_share" => Route::Mentions,
        _ => Route::Recovery,
    }
}

fn query_of(name: &str) -> &'static str {
    match name {
        "positive_share" => "sentiment=positive",
        "won_back" => "state=closed",
        "first_answer" => "state=contacted",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: f64, before: f64) -> Figure {
        Figure {
            name: name.into(),
            value: Some(value),
            before: Some(before),
            low: None,
            high: None,
            line: vec![],
        }
    }

    #[test]
    fn changes_are_said_in_the_figures_own_unit() {
        assert_eq!(note(&figure("rating", 4.31, 4.2)), "0.11 more than before");
        assert_eq!(note(&figure("first_answer", 60.0, 250.0)), "3\u{a0}h 10\u{a0}min less than before");
        assert_eq!(note(&figure("waiting", 3.0, 3.0)), "as before");
    }

    #[test]
    fn a_share_shows_its_interval_instead_of_a_change() {
        let share = Figure { low: Some(0.88), high: Some(0.95), ..figure("positive_share", 0.92, 0.9) };
        assert_eq!(note(&share), "between 88\u{a0}% and 95\u{a0}%");
    }
}
