//! Today: within ten seconds, whether anybody is unhappy now; and two or three people to attend to.

mod figures;
mod lists;
mod sentence;

use goodword_shared::{
    api::today::{GetToday, PostSeen},
    today::{self, ThemeBalance},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api,
    components::{Empty, Go, Kind, Page, Shape, async_view, balance, icon},
    hooks::use_query,
    route::Route,
    words::today as words,
};
use figures::Figures;
use lists::{Ask, WinBack};
use sentence::Sentence;

/// Lists whose change makes this page ask again.
const LISTS: &[&str] = &["cases", "promoters", "sources", "matches", "mentions"];

/// So many themes are shown; the others are said too rarely to matter today.
const THEMES: usize = 8;

/// The page.
#[component]
pub fn Today() -> Html {
    let fetched = use_query::<GetToday>((), (), LISTS);
    let ready = fetched.ready().is_some();
    // The visit counts once something was shown, and once: what is new stays "new" while the page is open.
    use_effect_with(ready, |&ready| {
        if ready {
            spawn_local(async {
                // A visit that is not remembered only makes the next one's news longer.
                let _ = api::call::<PostSeen>(&(), &(), &()).await;
            });
        }
    });
    let refetch = fetched.refetch.clone();
    let first = use_memo(ready, |_| fetched.ready().cloned());
    html! {
        <Page at={Route::Today} {ready} class="gw-today">
            { async_view(&fetched, 4, |today| {
                let spoken = |theme: &&ThemeBalance| theme.negative + theme.positive > 0;
                let themes: Vec<_> = today.themes.iter().filter(spoken).take(THEMES).cloned().collect();
                html! { <>
                    <Sentence today={today.clone()} first={first.as_ref().clone().unwrap_or_else(|| today.clone())} />
                    { ailing(today) }
                    if today.no_sources {
                        <Empty shape={Shape::Antenna} title={words::NO_SOURCES} text={words::NO_SOURCES_TEXT}>
                            <Go to={Route::SourceAdd} class={Kind::Primary.class()}>{ words::ADD_SOURCE }</Go>
                        </Empty>
                    }
                    <div class="gw-two">
                        <WinBack cases={today.win_back.clone()} waiting={today.waiting} />
                        <Ask promoters={today.ask.clone()} refetch={refetch.clone()} />
                    </div>
                    <Figures figures={today.figures.clone()} />
                    if !themes.is_empty() {
                        <section class="gw-section" aria-labelledby="themes">
                            <header class="gw-section__head">
                                <h2 id="themes">{ words::THEMES }</h2><span class="gw-quiet">{ words::THEMES_SINCE }</span>
                            </header>
                            { balance(&themes) }
                        </section>
                    }
                </> } }) }
        </Page>
    }
}

/// Sources that need the owner, each with its own sentence.
fn ailing(today: &today::Today) -> Html {
    if today.ailing_sources.is_empty() {
        return html!();
    }
    html! {
        <ul class="gw-banner">
            { for today.ailing_sources.iter().map(|source| html! {
                <li key={source.id.to_string()}>
                    { icon(Shape::Warning) }
                    <Go to={Route::Sources}>{ &source.name }</Go>
                    <span>{ &source.health_text }</span>
                </li>
            }) }
        </ul>
    }
}
