//! Both sides of a doubt: who wrote, in their own words, and a customer who it may be; what agrees is marked on either.

use goodword_shared::{
    Author,
    api::doubts::{Agreement, Doubt, DoubtCandidate, Stretch},
    case::Quote,
    matching::Evidence,
};
use yew::prelude::*;

use crate::{
    clock,
    components::{Button, Go, Kind, Outside, Quote as Quoted, When, marked, order, stars},
    format,
    route::Route,
    words::{self, customers, queue},
};

/// About so many characters of their words are shown at first.
const MOST: usize = 480;

/// The author with their words, marked where the chosen candidate agrees.
pub fn author(doubt: &Doubt, agreement: &Agreement) -> Html {
    html! {
        <article class="gw-panel gw-doubt__author">
            <h2 class="gw-pair__label">{ queue::WROTE }</h2>
            { shown(&doubt.author, &doubt.platform, agreement, doubt.mentions) }
            { for doubt.quotes.iter().enumerate().map(|(n, quote)| {
                html!(<div class="gw-doubt__quote" key={quote.mention_id.to_string()}>{ said(quote, agreement.texts.get(n)) }</div>)
            }) }
        </article>
    }
}

/// Who somebody is on a platform, marked where a candidate agrees; more than one mention is told.
pub fn shown(author: &Author, platform: &str, agreement: &Agreement, mentions: u64) -> Html {
    let name = author.shown().unwrap_or(words::SOMEBODY);
    let marks = if author.name.is_some() { &agreement.name } else { &agreement.handle };
    html! {
        <>
            <p class="gw-pair__name gw-wrap" data-testid="doubt-author">{ marked(name, marks) }</p>
            <p class="gw-facts">
                if let Some(handle) = author.handle.as_ref().filter(|_| author.name.is_some()) {
                    <span>{ (!handle.starts_with('@')).then_some("@") }{ marked(handle, &agreement.handle) }</span>
                }
                if let Some(url) = &author.url {
                    <span><Outside href={url.clone()}>{ platform.to_owned() }</Outside></span>
                } else {
                    <span>{ platform.to_owned() }</span>
                }
                if let Some(place) = &author.location {
                    <span>{ marked(place, &agreement.place) }</span>
                }
                if let Some(followers) = author.followers.filter(|n| *n > 0) {
                    <span>{ queue::followers(followers) }</span>
                }
                if mentions > 1 {
                    <span>{ queue::mentions(mentions) }</span>
                }
            </p>
        </>
    }
}

/// What somebody said, with what agrees marked.
pub fn said(quote: &Quote, agrees: Option<&Vec<Stretch>>) -> Html {
    html! {
        <>
            <p class="gw-facts">
                if let Some(rating) = quote.rating {
                    { stars(rating) }
                }
                <When at={quote.at} />
                <Go to={Route::Mention { id: quote.mention_id.to_string() }}>{ &quote.source }</Go>
            </p>
            <Quoted quote={quote.clone()} most={MOST} same={agrees.cloned().unwrap_or_default()} />
        </>
    }
}

/// How sure we are, drawn and in words.
pub fn sureness(probability: f64) -> Html {
    html! {
        <span class="gw-pair__sure">
            <meter min="0" max="1" value={format!("{probability:.3}")} aria-hidden="true"></meter>
            { queue::sure(&format::sureness(probability)) }
        </span>
    }
}

/// What speaks for and against it.
pub fn evidence(found: &[Evidence]) -> Html {
    if found.is_empty() {
        return html!();
    }
    html!(<ul class="gw-evidence" aria-label={queue::EVIDENCE}>{ for found.iter().map(|e| html!(<li>{ &e.text }</li>)) }</ul>)
}

/// A customer who it may be. `say` hears yes, no, or, without either, that this one is chosen.
pub fn candidate(found: &DoubtCandidate, chosen: bool, currency: &str, say: &Callback<Option<bool>>) -> Html {
    let facts = &found.customer.facts;
    let known = [
        facts.company.clone(),
        facts.email.clone(),
        facts.phone.clone(),
        facts.value.map(|v| words::worth(&format::money(v, currency))),
        facts.since.map(|at| words::customer_since(clock::year(at))),
    ];
    let onsay = |yes: bool| say.reform(move |()| Some(yes));
    let onchoose = say.reform(|_: MouseEvent| None);
    let about = AttrValue::from(facts.name.clone());
    html! {
        <article
            class={classes!("gw-pair", chosen.then_some("gw-pair--chosen"))}
            aria-label={facts.name.clone()}
            aria-current={chosen.then_some("true")}
            onclick={onchoose}
            data-testid="match-row"
        >
            <header class="gw-pair__head">
                <p class="gw-pair__name">
                    <Go to={Route::Customer { id: found.customer.id.to_string() }}>{ marked(&facts.name, &found.agreement.record) }</Go>
                </p>
                { sureness(found.probability) }
            </header>
            <p class="gw-facts">
                if let Some(number) = &facts.external_id {
                    <span>{ customers::number(number) }</span>
                }
                if let Some(city) = &facts.city {
                    <span>{ marked(city, &found.agreement.city) }</span>
                }
                { for known.into_iter().flatten().map(|fact| html!(<span>{ fact }</span>)) }
            </p>
            { evidence(&found.evidence) }
            if !found.orders.is_empty() {
                <ul class="gw-orders" role="list" aria-label={queue::ORDERS}>
                    { for found.orders.iter().map(|one| {
                        let when = one.date.map(|at| format::date(clock::date(at)));
                        html!(<li>{ order(one, when, found.agreement.orders.contains(&one.id), currency) }</li>)
                    }) }
                </ul>
            }
            if !found.accounts.is_empty() {
                <p class="gw-quiet">{ queue::ALSO }{ ": " }{ found.accounts.join(", ") }</p>
            }
            <footer class="gw-row gw-pair__foot">
                <Button kind={if chosen { Kind::Primary } else { Kind::Secondary }} label={queue::CONFIRM} about={about.clone()} onclick={onsay(true)} testid="match-confirm" />
                <Button label={queue::REFUSE} {about} onclick={onsay(false)} testid="match-refuse" />
            </footer>
        </article>
    }
}
