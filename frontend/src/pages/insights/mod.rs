//! Insights: how opinion moves, month by month and theme by theme, with intervals; and the analysis against the owner's labels.

mod learnt;

use goodword_shared::{
    api::insights::{Accuracy, GetInsights, Insights as View, Share},
    case::Quote,
};
use yew::prelude::*;

use crate::{
    components::{self, Empty, Go, Page, Shape, async_view, interval},
    format,
    hooks::use_query,
    route::{Route, about},
    words::{self, insights},
};

/// The page.
#[component]
pub fn Insights() -> Html {
    let fetched = use_query::<GetInsights>((), (), &["mentions"]);
    let ready = fetched.ready();
    html! {
        <Page at={Route::Insights} lead={html!(insights::LEAD)} ready={ready.is_some()}>
            { async_view(&fetched, 6, |view| html! {
                <div class="gw-columns">
                    if view.months.is_empty() {
                        <Empty title={insights::EMPTY} text={insights::EMPTY_TEXT} shape={Shape::Cup} />
                    } else {
                        { trends(view) }
                    }
                    { accuracy(&view.accuracy) }
                    <learnt::Learnt />
                </div>
            }) }
        </Page>
    }
}

fn trends(view: &View) -> Html {
    html! {
        <>
            <section class="gw-panel">
                <h2>{ insights::MONTHS }</h2>
                <p class="gw-quiet">{ insights::MONTHS_TEXT }</p>
                <table class="gw-table gw-table--shares">
                    { head(&[insights::MONTH, insights::HAPPY, insights::UNHAPPY, insights::SAID]) }
                    <tbody>
                        { for view.months.iter().rev().map(|month| html! {
                            <tr key={month.month.clone()}>
                                <th scope="row">{ name_of(&month.month) }</th>
                                <td data-label={insights::HAPPY}>{ share(&month.happy) }</td>
                                <td data-label={insights::UNHAPPY} class="gw-unhappy">{ share(&month.unhappy) }</td>
                                <td data-label={insights::SAID} class="gw-number">{ format::count(month.happy.of) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </section>
            if !view.themes.is_empty() {
                <section class="gw-panel">
                    <h2>{ insights::THEMES }</h2>
                    <p class="gw-quiet">{ insights::THEMES_TEXT }</p>
                    <table class="gw-table gw-table--shares gw-unhappy">
                        { head(&[insights::THEME, insights::LATELY, insights::BEFORE, insights::CHANGE]) }
                        <tbody>
                            { for view.themes.iter().map(|trend| {
                                let (class, word) = match trend.better {
                                    Some(true) => ("gw-state gw-tone--kind", insights::BETTER),
                                    Some(false) => ("gw-state gw-tone--unkind", insights::WORSE),
                                    None => ("gw-quiet", insights::STEADY),
                                };
                                html! {
                                    <tr key={trend.theme.clone()}>
                                        <th scope="row"><Go to={Route::Mentions} query={about(&trend.theme)}>{ words::theme(&trend.theme) }</Go></th>
                                        <td data-label={insights::LATELY}>{ share(&trend.now) }</td>
                                        <td data-label={insights::BEFORE}>{ share(&trend.before) }</td>
                                        <td data-label={insights::CHANGE}><span {class}>{ word }</span></td>
                                    </tr>
                                }
                            }) }
                        </tbody>
                    </table>
                </section>
            }
        </>
    }
}

fn head(columns: &[&'static str]) -> Html {
    html!(<thead><tr>{ for columns.iter().map(|name| html!(<th scope="col">{ *name }</th>)) }</tr></thead>)
}

/// A share in figures, and its interval as a line.
fn share(share: &Share) -> Html {
    if share.of == 0 {
        return html!("–");
    }
    let value = share.some as f64 / share.of as f64;
    let (text, low, high) = (format::percent(value), format::percent(share.low), format::percent(share.high));
    html! {
        <span class="gw-share">
            <span>{ &text }</span>
            { interval(share.low, value, share.high, insights::share(&text, &low, &high)) }
        </span>
    }
}

/// "March 2026".
fn name_of(month: &str) -> String {
    let day = format!("{month}-01").parse().map(format::date);
    day.map_or_else(|_| month.to_owned(), |text| text.trim_start_matches("1 ").to_owned())
}

fn accuracy(found: &Accuracy) -> Html {
    let right = &found.right;
    html! {
        <section class="gw-panel" data-testid="insights-accuracy">
            <h2>{ insights::ACCURACY }</h2>
            if right.of == 0 {
                <p>{ insights::NO_LABELS }</p>
            } else {
                <p>{ insights::right(right.some, right.of, &format::percent(right.some as f64 / right.of as f64), &format::percent(right.low), &format::percent(right.high)) }{ "." }</p>
                { share(right) }
                <p class="gw-quiet">{ insights::sure(found.right_when_sure.some, found.right_when_sure.of) }{ ". " }{ insights::BIASED }</p>
            }
            { examples(
                insights::WRONG,
                found.wrong.iter().map(|one| {
                    let yours = one.quote.analysis.sentiment.label;
                    (&one.quote, insights::readings(words::label(one.analysis), words::label(yours)))
                }).collect(),
            ) }
        </section>
    }
}

/// Mentions with what is to be said of each, folded away; nothing where there are none.
fn examples(title: &'static str, all: Vec<(&Quote, String)>) -> Html {
    if all.is_empty() {
        return html!();
    }
    html! {
        <details class="gw-details">
            <summary>{ insights::examples(title, all.len()) }</summary>
            <ul class="gw-rows" role="list">
                { for all.into_iter().map(|(quote, told)| html! {
                    <li key={quote.mention_id.to_string()}>
                        <p class="gw-facts">
                            <Go to={Route::Mention { id: quote.mention_id.to_string() }}>{ &quote.source }</Go>
                            <span>{ told }</span>
                        </p>
                        <components::Quote quote={quote.clone()} most={160} />
                    </li>
                }) }
            </ul>
        </details>
    }
}
