//! Sources: health at a glance, one sentence for each; check, pause, remove; when it is read, and what came of that.

mod add;
mod connect;
mod door;
mod preview;
mod rhythm;
mod runs;

pub use add::SourceAdd;
pub use connect::SourceConnected;
use door::Entrance;
use goodword_shared::{
    api::{
        ById,
        sources::{CheckSource, ListSources, LookAtSource, PatchSource, RemoveSource, SourceChange},
    },
    source::{HealthState, Source},
};
use yew::prelude::*;

use connect::Account;
use preview::PreviewView;
use rhythm::Rhythm;
use runs::{Found, History};

use crate::{
    components::{
        Button, Empty, Go, Kind, Outside, Page, Shape, When, async_view, go_button, icon, use_notices,
    },
    format,
    hooks::{Removal, use_mutation, use_query, use_removal},
    route::Route,
    words::sources,
};

/// The page.
#[component]
pub fn Sources() -> Html {
    let fetched = use_query::<ListSources>((), (), &["sources", "mentions"]);
    let tools = go_button(Route::SourceAdd, Kind::Primary, Some(Shape::Plus), sources::ADD, "sources-add");
    let ready = fetched.ready().is_some();
    let states = fetched.ready().map(|list| list.iter().map(|s| s.health).collect::<Vec<_>>());
    let lead = sources::glance(&states.unwrap_or_default());
    html! {
        <Page at={Route::Sources} lead={html!(lead)} {tools} {ready}>
            { async_view(&fetched, 5, |list| html! {
                <>
                    if list.is_empty() {
                        <Empty shape={Shape::Antenna} title={sources::EMPTY} text={sources::EMPTY_TEXT} />
                    }
                    <ul class="gw-sources" role="list">
                        { for neediest_first(list).map(|source| html! {
                            <li key={source.id.to_string()}><Row source={source.clone()} changed={&fetched.refetch} /></li>
                        }) }
                    </ul>
                </>
            }) }
        </Page>
    }
}

/// Those that need the owner before those that fare well; else in the order they came in.
fn neediest_first(list: &[Source]) -> impl Iterator<Item = &Source> {
    const ORDER: [&[HealthState]; 2] = [
        &[HealthState::Failing, HealthState::Quiet],
        &[HealthState::New, HealthState::Fine, HealthState::Paused],
    ];
    ORDER.into_iter().flat_map(|states| list.iter().filter(|source| states.contains(&source.health)))
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    source: Source,
    changed: Callback<()>,
}

/// One source.
#[component]
fn Row(props: &RowProps) -> Html {
    let source = &props.source;
    // Some platforms count only what the last answer held: less than we have says nothing.
    let total = source.platform_total.filter(|total| *total >= source.stored).map(format::count);
    let read = match source.door {
        Some(_) => sources::came(&format::count(source.stored)),
        None => sources::coverage(&format::count(source.stored), total),
    };
    let said = format!("{read}: {} ({})", sources::MENTIONS, source.name);
    // What is sent to us is not read by us.
    let (last, never) = match source.door {
        Some(_) => (sources::LAST_CAME, sources::NEVER_CAME),
        None => (sources::LAST, sources::NEVER),
    };
    html! {
        <article class={classes!("gw-source", tone(source.health))} aria-label={source.name.clone()} data-testid="source-row">
            <header class="gw-source__head">
                <div>
                    <h2>{ &source.name }</h2>
                    <p class="gw-facts">
                        if source.name != source.connector_title {
                            <span>{ &source.connector_title }</span>
                        }
                        <span data-testid="source-coverage">
                            if source.stored > 0 {
                                <Go to={Route::Mentions} query={format!("source={}", source.id)} label={AttrValue::from(said)}>{ read }</Go>
                            } else {
                                { read }
                            }
                        </span>
                        if let Some(url) = &source.page_url {
                            <Outside href={url.clone()}>{ host(url).to_owned() }</Outside>
                        }
                    </p>
                </div>
                <span class={classes!("gw-state", tone(source.health))}>{ sources::health(source.health) }</span>
            </header>
            <p class="gw-source__text">{ &source.health_text }</p>
            // Of one that fails the sentence says what went wrong.
            if let Some(problem) = source.problem.as_ref().filter(|_| source.health != HealthState::Failing) {
                <p class="gw-field__fault" role="alert">{ icon(Shape::Warning) }{ &problem.detail }</p>
            }
            if let Some(door) = &source.door {
                <Entrance source={source.clone()} door={door.clone()} changed={&props.changed} />
            }
            <footer class="gw-source__foot">
                <p class="gw-facts">
                    if let Some(at) = source.last_success {
                        <span>{ last }{ " " }<When {at} /></span>
                    } else {
                        <span>{ never }</span>
                    }
                    if let Some(at) = source.next_run {
                        <span>{ sources::NEXT }{ " " }<When {at} /></span>
                    }
                </p>
                <Actions source={source.clone()} changed={&props.changed} />
            </footer>
            <div class="gw-source__more">
                if source.live {
                    <Live id={source.id.to_string()} name={source.name.clone()} />
                } else {
                    <History id={source.id.to_string()} />
                }
                if source.next_run.is_some() {
                    <Rhythm source={source.clone()} changed={&props.changed} />
                }
            </div>
        </article>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LiveProps {
    id: String,
    name: String,
}

/// What a platform shows that lets nothing be stored: asked for when the owner looks, gone with the page.
#[component]
fn Live(props: &LiveProps) -> Html {
    let seen = use_state(|| None);
    let look = {
        let seen = seen.setter();
        use_mutation::<LookAtSource, _>(move |preview| seen.set(Some(preview)))
    };
    let onclick = {
        let (look, id) = (look.clone(), props.id.clone());
        Callback::from(move |()| look.run(ById { id: id.clone() }, ()))
    };
    html! {
        <>
            <p class="gw-row"><Button label={sources::LOOK} about={AttrValue::from(props.name.clone())} {onclick} busy={look.busy} testid="source-look-live" /></p>
            if let Some(preview) = &*seen {
                <PreviewView preview={goodword_shared::source::Preview::clone(preview)} />
            }
        </>
    }
}

/// What can be done with a source.
#[component]
fn Actions(props: &RowProps) -> Html {
    let source = &props.source;
    let id = source.id.to_string();
    let about = AttrValue::from(source.name.clone());
    let paused = source.health == HealthState::Paused;
    // The last run before a check was asked for, once one was.
    let checked = use_state_eq(|| None);
    let notices = use_notices();
    let check = {
        let (notices, changed) = (notices.clone(), props.changed.clone());
        use_mutation::<CheckSource, _>(move |_| {
            notices.done(sources::CHECKING, None);
            changed.emit(());
        })
    };
    let pause = {
        let (notices, changed) = (notices.clone(), props.changed.clone());
        use_mutation::<PatchSource, _>(move |source| {
            let paused = source.health == HealthState::Paused;
            notices.done(if paused { sources::PAUSED_DONE } else { sources::RESUMED_DONE }, None);
            changed.emit(());
        })
    };
    let question = Removal {
        title: sources::REMOVE_TITLE,
        text: sources::remove_text(&source.name).into(),
        verb: sources::REMOVE,
    };
    let (ask, asked) = {
        let changed = props.changed.clone();
        use_removal::<RemoveSource>(id.clone(), question, move || {
            notices.done(sources::REMOVED, None);
            changed.emit(());
        })
    };
    let run_check = {
        let (check, id) = (check.clone(), id.clone());
        let (checked, before) = (checked.setter(), source.last_run);
        Callback::from(move |()| {
            checked.set(Some(before));
            check.run(ById { id: id.clone() }, ());
        })
    };
    let run_pause = {
        let (pause, id) = (pause.clone(), id.clone());
        let change = SourceChange { paused: Some(!paused), ..SourceChange::default() };
        Callback::from(move |()| pause.run(ById { id: id.clone() }, change.clone()))
    };
    html! {
        <div class="gw-row">
            if let Some(before) = *checked {
                <Found id={id.clone()} {before} />
            }
            <Account source={source.clone()} />
            if !source.live && source.door.is_none() {
                <Button label={sources::CHECK} about={about.clone()} onclick={run_check} busy={check.busy} disabled={paused} testid="source-check" />
            }
            <Button label={if paused { sources::RESUME } else { sources::PAUSE }} about={about.clone()} onclick={run_pause} busy={pause.busy} testid="source-pause" />
            <Button kind={Kind::Link} label={sources::REMOVE} about={about} onclick={ask} testid="source-remove" />
            { asked }
        </div>
    }
}

fn tone(health: HealthState) -> &'static str {
    match health {
        HealthState::Fine => "gw-tone--kind",
        HealthState::Failing => "gw-tone--unkind",
        HealthState::Quiet => "gw-tone--watch",
        HealthState::New | HealthState::Paused => "gw-tone--neutral",
    }
}

/// The host of an address, for a short link.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_link_is_named_by_its_host() {
        assert_eq!(super::host("https://reviews.example.com/a?b#c"), "reviews.example.com");
        assert_eq!(super::host("example.com"), "example.com");
    }
}
