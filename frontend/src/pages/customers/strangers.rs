//! Authors nobody knows who are worth a look: linked to a customer, made one, or left aside.

use goodword_shared::api::{
    ById,
    doubts::{
        Aside, IgnoreAuthor, Link, LinkAuthor, ListStrangers, MakeCustomer, NewCustomer, Stranger, Window,
    },
    records::{Step, UndoStep},
};
use yew::prelude::*;

use super::picker::Picker;
use crate::{
    components::{Button, Empty, Go, Kind, Page, Pager, Quote, Shape, When, async_view, use_notices},
    hooks::{use_calls, use_query},
    route::Route,
    words::{self, queue},
};

/// Rows of a page.
const LIMIT: u64 = 20;

/// What is done about somebody.
enum About {
    Make(String),
    Aside(String),
}

/// The page.
#[component]
pub fn Strangers() -> Html {
    let offset = use_state_eq(|| 0_u64);
    let window = Window { limit: Some(LIMIT), offset: (*offset > 0).then_some(*offset) };
    let fetched = use_query::<ListStrangers>((), window, &["mentions", "matches", "customers"]);
    let linking = use_state_eq(|| None::<(String, String)>);
    let calls = use_calls();
    let notices = use_notices();
    let onstep = {
        let (calls, notices, refetch) = (calls.clone(), notices.clone(), fetched.refetch.clone());
        Callback::from(move |(step, said): (Option<Step>, &'static str)| {
            let Some(step) = step else { return };
            let (calls, refetch_after, path) = (calls.clone(), refetch.clone(), ById { id: step.id });
            let undo = Callback::from(move |()| {
                let refetch = refetch_after.clone();
                calls.tell::<UndoStep>(&path, &(), move |_| refetch.emit(()));
            });
            notices.done(said, Some(undo));
            refetch.emit(());
        })
    };
    let act = {
        let (calls, notices, refetch, onstep) =
            (calls.clone(), notices, fetched.refetch.clone(), onstep.clone());
        Callback::from(move |about: About| match about {
            About::Make(id) => {
                let onstep = onstep.clone();
                calls.run::<MakeCustomer>(&ById { id }, &NewCustomer::default(), move |step| {
                    onstep.emit((step, queue::CREATED));
                });
            }
            About::Aside(id) => {
                let (calls_after, notices, refetch) = (calls.clone(), notices.clone(), refetch.clone());
                let path = ById { id };
                calls.tell::<IgnoreAuthor>(&path.clone(), &Aside { ignored: true }, move |done| {
                    let again = refetch.clone();
                    let undo = Callback::from(move |()| {
                        let again = again.clone();
                        let shown = Aside { ignored: false };
                        calls_after.tell::<IgnoreAuthor>(&path, &shown, move |_| again.emit(()));
                    });
                    if done {
                        notices.done(queue::ASIDE_DONE, Some(undo));
                        refetch.emit(());
                    }
                });
            }
        })
    };
    let show = {
        let linking = linking.setter();
        Callback::from(move |who: Option<(String, String)>| linking.set(who))
    };
    let onturn = {
        let offset = offset.setter();
        Callback::from(move |to| offset.set(to))
    };
    let ready = fetched.ready();
    html! {
        <Page at={Route::Strangers} lead={html!(queue::STRANGERS_LEAD)} ready={ready.is_some()}>
            { async_view(&fetched, 5, |page| html! {
                <>
                    if page.items.is_empty() {
                        <Empty shape={Shape::People} title={queue::STRANGERS_EMPTY} text={queue::STRANGERS_EMPTY_TEXT} />
                    }
                    <ol class="gw-mentions" role="list">
                        { for page.items.iter().map(|one| html!(<li key={one.author_id.to_string()}>{ row(one, &act, &show) }</li>)) }
                    </ol>
                    <Pager offset={page.offset} shown={page.items.len()} limit={LIMIT} total={page.total} onturn={onturn.clone()} />
                </>
            }) }
            if let Some((author, shown)) = (*linking).clone() {
                <Picker title={queue::WHO} words={shown} onclose={show.reform(|()| None)} onpick={Callback::from(move |customer: goodword_shared::customer::Customer| {
                    let (onstep, show) = (onstep.clone(), show.clone());
                    let link = Link { customer: customer.id };
                    calls.run::<LinkAuthor>(&ById { id: author.clone() }, &link, move |step| {
                        onstep.emit((step, queue::LINKED));
                        show.emit(None);
                    });
                })} />
            }
        </Page>
    }
}

fn row(one: &Stranger, act: &Callback<About>, link: &Callback<Option<(String, String)>>) -> Html {
    let id = one.author_id.to_string();
    let name = one.author.shown().unwrap_or(words::SOMEBODY).to_owned();
    let about = AttrValue::from(name.clone());
    let (make, aside) = (id.clone(), id.clone());
    let (onmake, onaside) =
        (act.reform(move |()| About::Make(make.clone())), act.reform(move |()| About::Aside(aside.clone())));
    // The last word of a name finds a family; a handle rarely finds anybody.
    let first_search =
        name.split_whitespace().last().filter(|_| name.contains(' ')).unwrap_or_default().to_owned();
    let onlink = link.reform(move |()| Some((id.clone(), first_search.clone())));
    html! {
        <article class="gw-mention" aria-label={name.clone()} data-testid="stranger">
            <header class="gw-mention__head">
                <h2>{ &name }</h2>
                <p class="gw-facts gw-mention__where">
                    <span>{ &one.platform }</span>
                    if let Some(followers) = one.author.followers.filter(|n| *n > 0) {
                        <span>{ queue::followers(followers) }</span>
                    }
                    <span>{ queue::mentions(one.mentions) }</span>
                    <When at={one.last_spoke} />
                    if let Some(place) = &one.author.location {
                        <span>{ place }</span>
                    }
                </p>
            </header>
            if let Some(quote) = &one.quote {
                <Quote quote={quote.clone()} most={240} />
                <p class="gw-facts"><Go to={Route::Mention { id: quote.mention_id.to_string() }}>{ &quote.source }</Go></p>
            }
            <footer class="gw-row">
                <Button label={queue::LINK} about={about.clone()} onclick={onlink} testid="stranger-link" />
                <Button label={queue::CREATE} about={about.clone()} onclick={onmake} testid="stranger-make" />
                <Button kind={Kind::Link} label={queue::ASIDE} {about} onclick={onaside} testid="stranger-aside" />
            </footer>
        </article>
    }
}
