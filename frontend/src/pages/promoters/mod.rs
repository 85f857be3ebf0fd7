//! Promoters: whom to ask for a referral, best first, with reasons and their own words.

mod ask;

pub use ask::{AskButton, last_asked};
use goodword_shared::api::promoters::{EXPORT_CSV, EXPORT_JSON, ListPromoters, PromoterQuery};
use yew::prelude::*;

use crate::{
    api::with_query,
    components::{Empty, Kind, Page, Pager, Person, SearchField, Shape, Who, async_view, face, switch},
    hooks::{chosen, use_filters, use_query},
    route::Route,
    words::promoters,
};

/// Rows of a page.
const LIMIT: u64 = 30;

/// The page.
#[component]
pub fn Promoters() -> Html {
    let filters = use_filters::<PromoterQuery>(Route::Promoters);
    let query = PromoterQuery { limit: Some(LIMIT), ..filters.now.clone() };
    let fetched = use_query::<ListPromoters>((), query, &["promoters"]);
    let onsearch = filters.change(|q, words| q.q = words);
    let oncustomers = filters.change(|q, on| q.customers_only = on.map(|_| true)).reform(chosen);
    // The file holds everything that fits the filters, not only this page.
    let all = PromoterQuery { offset: None, limit: None, ..filters.now.clone() };
    let file = |address: &str, label: &'static str, testid: &'static str| {
        html! {
            <a class={Kind::Secondary.class()} href={with_query(address.to_owned(), &all)} download="" data-testid={testid}>
                { face(Some(Shape::Download), label) }
            </a>
        }
    };
    let tools = html! {
        <>
            { file(EXPORT_CSV, promoters::EXPORT_CSV, "promoters-export-csv") }
            { file(EXPORT_JSON, promoters::EXPORT_JSON, "promoters-export-json") }
        </>
    };
    let ready = fetched.ready().is_some();
    html! {
        <Page at={Route::Promoters} lead={html!(promoters::LEAD)} {tools} {ready}>
            <div class="gw-filters" role="search">
                <SearchField id="promoters-search" label={promoters::SEARCH} value={filters.now.q.clone().unwrap_or_default()} {onsearch} />
                { switch("customers-only", promoters::CUSTOMERS_ONLY, filters.now.customers_only == Some(true), oncustomers) }
                if let Some(page) = fetched.ready() {
                    <span class="gw-quiet gw-filters__count">{ promoters::total(page.total) }</span>
                }
            </div>
            { async_view(&fetched, 5, |page| html! {
                <>
                    if page.items.is_empty() {
                        if filters.any() {
                            <Empty shape={Shape::Lens} title={promoters::EMPTY_FILTERED} />
                        } else {
                            <Empty shape={Shape::Megaphone} title={promoters::EMPTY} text={promoters::EMPTY_TEXT} />
                        }
                    }
                    <h2 class="pf-v6-screen-reader">{ promoters::LIST }</h2>
                    <ol class="gw-people__list gw-people__list--grid" role="list">
                        { for page.items.iter().map(|promoter| html! {
                            <li key={promoter.key.clone()}>
                                <Person
                                    testid="promoter"
                                    class="gw-person--kind"
                                    who={Who::new(&promoter.author, promoter.matched.as_ref())}
                                    aside={html! {
                                        <span class="gw-stack">
                                            <span>{ promoters::kind_mentions(promoter.kind_mentions) }</span>
                                            { last_asked(promoter.last_asked) }
                                        </span>
                                    }}
                                    actions={html!(<AskButton promoter={promoter.clone()} asked={&fetched.refetch} />)}
                                    quote={promoter.quote.clone()}
                                    reasons={promoter.reasons.clone()}
                                />
                            </li>
                        }) }
                    </ol>
                    <Pager offset={page.offset} shown={page.items.len()} limit={LIMIT} total={page.total} onturn={filters.turn()} />
                </>
            }) }
        </Page>
    }
}
