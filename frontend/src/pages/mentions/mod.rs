//! Mentions: everything that was said, searched and filtered in the address bar, paged by the service.

mod correct;
mod filters;
mod view;

use goodword_shared::{
    Label,
    api::mentions::{ListMentions, MentionQuery, MentionRow},
};
pub use view::Mention;
use yew::prelude::*;

use self::filters::FilterBar;
use crate::{
    components::{Empty, Go, Page, Pager, Quote, Shape, When, Who, async_view, sentiment_chip, stars},
    format,
    hooks::{use_filters, use_query},
    route::{Route, about},
    words::{self, mentions},
};

/// Rows of a page.
const LIMIT: u64 = 40;

/// The page.
#[component]
pub fn Mentions() -> Html {
    let filters = use_filters::<MentionQuery>(Route::Mentions);
    let query = MentionQuery { limit: Some(LIMIT), ..filters.now.clone() };
    let fetched = use_query::<ListMentions>((), query, &["mentions", "matches", "cases"]);
    let ready = fetched.ready();
    html! {
        <Page at={Route::Mentions} lead={html!(mentions::LEAD)} ready={ready.is_some()}>
            <FilterBar filters={filters.clone()} total={ready.map(|page| page.total)} />
            { async_view(&fetched, 6, |page| html! {
                <>
                    if page.items.is_empty() {
                        if filters.any() {
                            <Empty shape={Shape::Lens} title={mentions::EMPTY_FILTERED} />
                        } else {
                            <Empty shape={Shape::Speech} title={mentions::EMPTY} text={mentions::EMPTY_TEXT}>
                                <Go to={Route::SourceAdd}>{ mentions::ADD_SOURCE }</Go>
                            </Empty>
                        }
                    }
                    <h2 class="pf-v6-screen-reader">{ mentions::LIST }</h2>
                    <ol class="gw-mentions" role="list">
                        { for page.items.iter().map(|row| html!(<li key={row.quote.mention_id.to_string()}><Row row={row.clone()} /></li>)) }
                    </ol>
                    <Pager offset={page.offset} shown={page.items.len()} limit={LIMIT} total={page.total} onturn={filters.turn()} />
                </>
            }) }
        </Page>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    row: MentionRow,
}

/// One mention: who, how they feel, their words, what it is about.
#[component]
fn Row(props: &RowProps) -> Html {
    let row = &props.row;
    let quote = &row.quote;
    let who = Who::new(&row.author, row.customer.as_ref());
    let id = quote.mention_id.to_string();
    html! {
        <article class="gw-mention" aria-label={who.name.clone()} data-testid="mention-row">
            <header class="gw-mention__head">
                <h3><Go to={Route::Mention { id: id.clone() }}>{ &who.name }</Go></h3>
                if let Some(rating) = quote.rating {
                    { stars(rating) }
                }
                { sentiment_chip(quote.analysis.sentiment) }
                <p class="gw-facts gw-mention__where">
                    <span>{ &quote.source }</span>
                    <When at={quote.at} />
                    if let Some(reach) = quote.reach.filter(|r| *r > 1) {
                        <span>{ words::reach(&format::count(reach)) }</span>
                    }
                    if row.replied {
                        <span>{ mentions::REPLIED }</span>
                    }
                    if row.deleted {
                        <span>{ mentions::DELETED }</span>
                    }
                    if row.corrected {
                        <span>{ mentions::CORRECTED }</span>
                    }
                    if row.same_text > 0 {
                        <span>{ mentions::same_text(row.same_text) }</span>
                    }
                </p>
            </header>
            <Quote quote={quote.clone()} most={360} />
            <footer class="gw-mention__foot">
                <Themes themes={quote.analysis.themes.clone()} />
                if let Some(case) = &row.case_id {
                    <Go to={Route::Case { id: case.to_string() }} class="gw-mention__case">{ mentions::CASE }</Go>
                }
            </footer>
        </article>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ThemesProps {
    themes: Vec<goodword_shared::Theme>,
}

/// Theme chips, each a way to everything that was said about it.
#[component]
fn Themes(props: &ThemesProps) -> Html {
    html! {
        <ul class="gw-themes" role="list" aria-label={mentions::THEMES}>
            { for props.themes.iter().map(|theme| html! {
                <li key={theme.theme.clone()}>
                    <Go
                        to={Route::Mentions}
                        query={about(&theme.theme)}
                        class={classes!("gw-theme", side(theme.sentiment))}
                        label={format!("{}: {}", words::theme(&theme.theme), words::label(theme.sentiment))}
                    >
                        { words::theme(&theme.theme) }
                    </Go>
                </li>
            }) }
        </ul>
    }
}

fn side(label: Label) -> &'static str {
    match label {
        Label::Negative => "gw-theme--unkind",
        Label::Positive => "gw-theme--kind",
        Label::Neutral | Label::Mixed => "gw-theme--neutral",
    }
}
