//! What the runs of a source came to: its history, fetched when opened, and what a check that was asked for has found.

use goodword_shared::{
    Time,
    api::{ById, alerts::Rows, sources::ListRuns},
    source::RunView,
};
use yew::prelude::*;

use crate::{
    components::{When, async_view},
    format,
    hooks::use_query,
    words::sources,
};

/// Runs shown.
const MOST: u64 = 10;

#[derive(Clone, PartialEq, Properties)]
pub struct HistoryProps {
    /// Of which source.
    pub id: AttrValue,
}

/// The history, closed; nothing is fetched before it is opened.
#[component]
pub fn History(props: &HistoryProps) -> Html {
    let opened = use_state_eq(|| false);
    let open = {
        let opened = opened.setter();
        move |_| opened.set(true)
    };
    html! {
        <details class="gw-details" data-testid="source-history">
            <summary onclick={open}>{ sources::HISTORY }</summary>
            if *opened {
                <Runs id={&props.id} />
            }
        </details>
    }
}

#[component]
fn Runs(props: &HistoryProps) -> Html {
    let path = ById { id: props.id.to_string() };
    let fetched = use_query::<ListRuns>(path, Rows { limit: Some(MOST), ..Rows::default() }, &["sources"]);
    async_view(&fetched, 3, |page| {
        if page.items.is_empty() {
            return html!(<p class="gw-quiet">{ sources::NEVER }</p>);
        }
        let told = page.items.iter().any(|run| run.problem.is_some() || run.remark.is_some());
        let heads =
            [sources::WHEN, sources::TOOK, sources::NEW, sources::CHANGED, sources::SAME, sources::GONE];
        let heads = heads.into_iter().chain(told.then_some(sources::PROBLEM));
        html! {
            <table class="gw-table">
                <thead><tr>{ for heads.map(|head| html!(<th scope="col">{ head }</th>)) }</tr></thead>
                <tbody>{ for page.items.iter().map(|run| row(run, told)) }</tbody>
            </table>
        }
    })
}

/// One run; of what did not happen the cells are empty. `told`: there is a column for what was remarked.
fn row(run: &RunView, told: bool) -> Html {
    let cell = |label: &'static str, n: u32| match n {
        0 => html!(<td></td>),
        n => html!(<td data-label={label}>{ format::count(n.into()) }</td>),
    };
    html! {
        <tr key={run.started_at.timestamp_millis().to_string()}>
            <th scope="row"><When at={run.started_at} /></th>
            <td data-label={sources::TOOK}>{ took(run.took_ms) }</td>
            <td data-label={sources::NEW}>{ format::count(run.new.into()) }</td>
            { cell(sources::CHANGED, run.changed) }
            { cell(sources::SAME, run.same) }
            { cell(sources::GONE, run.gone) }
            if told {
                <td>
                    if let Some(problem) = &run.problem {
                        { &problem.detail }
                    }
                    if let Some(remark) = &run.remark {
                        <p class="gw-quiet">{ remark }</p>
                    }
                </td>
            }
        </tr>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct FoundProps {
    /// Of which source.
    pub id: AttrValue,
    /// The last run before the check was asked for.
    pub before: Option<Time>,
}

/// What the check found, as soon as its run is over.
#[component]
pub fn Found(props: &FoundProps) -> Html {
    let path = ById { id: props.id.to_string() };
    let fetched = use_query::<ListRuns>(path, Rows { limit: Some(1), ..Rows::default() }, &["sources"]);
    let run = fetched.ready().and_then(|page| page.items.first());
    let run = run.filter(|run| props.before.is_none_or(|before| run.started_at > before));
    html! {
        <span role="status" data-testid="source-found">{ run.map(outcome).unwrap_or_default() }</span>
    }
}

/// "3 new, 1 changed".
fn outcome(run: &RunView) -> String {
    if run.problem.is_some() {
        return sources::UNREAD.to_owned();
    }
    let parts = [(run.new, sources::NEW), (run.changed, sources::CHANGED), (run.gone, sources::GONE)];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {}", format::count(n.into()), word.to_lowercase()))
        .collect();
    if parts.is_empty() { sources::NOTHING_NEW.to_owned() } else { parts.join(", ") }
}

/// "240 ms", "1.2 s", "3 min".
fn took(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms}\u{a0}ms"),
        1000..120_000 => format!("{}.{}\u{a0}s", ms / 1000, ms % 1000 / 100),
        _ => format::span(i64::try_from(ms / 60_000).unwrap_or(i64::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(new: u32, changed: u32) -> RunView {
        RunView {
            started_at: Time::default(),
            took_ms: 1,
            requests: 1,
            answers: Default::default(),
            found: None,
            new,
            changed,
            same: 7,
            gone: 0,
            problem: None,
            remark: None,
        }
    }

    #[test]
    fn a_check_says_what_it_found() {
        assert_eq!(outcome(&run(3, 1)), "3 new, 1 changed");
        assert_eq!(outcome(&run(0, 2)), "2 changed");
        assert_eq!(outcome(&run(0, 0)), "Nothing new.");
    }

    #[test]
    fn a_run_took_milliseconds_seconds_or_minutes() {
        assert_eq!(took(240), "240\u{a0}ms");
        assert_eq!(took(1290), "1.2\u{a0}s");
        assert_eq!(took(190_000), "3\u{a0}min");
    }
}
