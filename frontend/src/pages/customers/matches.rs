//! The doubtful matches, worked by keyboard: who wrote, who it may be, what speaks for it, yes or no.

use goodword_shared::{
    api::{
        ById,
        customers::{DecideMatch, ListMatches, MatchDecision, MatchQuery, Verdict},
    },
    matching::{MatchState, MatchView},
};
use yew::prelude::*;

use crate::{
    components::{Button, Empty, Go, Kind, Page, Shape, async_view, use_notices},
    format,
    hooks::{Mutation, use_currency, use_keys, use_mutation, use_query},
    route::Route,
    words::{self, customers},
};

/// Rows fetched at once; the queue refills as it is worked.
const LIMIT: u64 = 20;

/// The page.
#[component]
pub fn Matches() -> Html {
    let query = MatchQuery { limit: Some(LIMIT), ..MatchQuery::default() };
    let fetched = use_query::<ListMatches>((), query, &["matches", "customers"]);
    let chosen = use_state_eq(|| 0_usize);
    let last = use_mut_ref(|| None::<String>);
    let notices = use_notices();
    let take_back = {
        let (notices, refetch) = (notices.clone(), fetched.refetch.clone());
        use_mutation::<DecideMatch, _>(move |_| {
            notices.done(customers::UNDONE, None);
            refetch.emit(());
        })
    };
    let decide = {
        let (notices, refetch, take_back, last) =
            (notices.clone(), fetched.refetch.clone(), take_back.clone(), last.clone());
        use_mutation::<DecideMatch, _>(move |found| {
            let id = found.id.to_string();
            *last.borrow_mut() = Some(id.clone());
            let take_back = take_back.clone();
            let undo = Callback::from(move |()| say(&take_back, &id, Verdict::Undo));
            let said =
                if found.state == MatchState::Confirmed { customers::CONFIRMED } else { customers::REFUSED };
            notices.done(said, Some(undo));
            refetch.emit(());
        })
    };
    let rows: Vec<String> =
        fetched.ready().map(|page| page.items.iter().map(|m| m.id.to_string()).collect()).unwrap_or_default();
    {
        let (chosen, decide, take_back, last) =
            (chosen.clone(), decide.clone(), take_back.clone(), last.clone());
        let rows = rows.clone();
        use_keys(move |key| match (key, rows.get(*chosen)) {
            ("j", _) if !rows.is_empty() => chosen.set((*chosen + 1).min(rows.len() - 1)),
            ("k", _) => chosen.set(chosen.saturating_sub(1)),
            ("y", Some(id)) if !decide.busy => say(&decide, id, Verdict::Confirm),
            ("n", Some(id)) if !decide.busy => say(&decide, id, Verdict::Refuse),
            ("u", _) => {
                if let Some(id) = last.borrow_mut().take() {
                    say(&take_back, &id, Verdict::Undo);
                }
            }
            _ => {}
        });
    }
    // The queue gets shorter as it is worked.
    let at = (*chosen).min(rows.len().saturating_sub(1));
    let ready = fetched.ready();
    let lead = html! {
        <>
            { customers::MATCHES_LEAD }
            if let Some(page) = ready.filter(|page| page.total > 0) {
                { " " }{ customers::doubts(&format::count(page.total)) }{ "." }
            }
        </>
    };
    html! {
        <Page title={words::shell::page(&Route::Matches)} up={Route::Customers} {lead} testid={ready.map(|_| "page-matches")}>
            { async_view(&fetched, 3, |page| html! {
                <>
                    if page.items.is_empty() {
                        <Empty shape={Shape::Check} title={customers::MATCHES_EMPTY} text={customers::MATCHES_EMPTY_TEXT} />
                    }
                    <ol class="gw-matches" role="list">
                        { for page.items.iter().enumerate().map(|(n, found)| html! {
                            <li key={found.id.to_string()}><Pair found={found.clone()} chosen={n == at} decide={decide.clone()} /></li>
                        }) }
                    </ol>
                </>
            }) }
        </Page>
    }
}

fn say(decide: &Mutation<DecideMatch>, id: &str, verdict: Verdict) {
    decide.run(ById { id: id.to_owned() }, MatchDecision { verdict });
}

#[derive(Properties)]
struct PairProps {
    found: MatchView,
    chosen: bool,
    decide: Mutation<DecideMatch>,
}

impl PartialEq for PairProps {
    fn eq(&self, other: &Self) -> bool {
        self.found == other.found && self.chosen == other.chosen && self.decide.busy == other.decide.busy
    }
}

/// Author and candidate side by side, with the evidence below.
#[component]
fn Pair(props: &PairProps) -> Html {
    let found = &props.found;
    let currency = use_currency();
    let facts = &found.customer.facts;
    let known: Vec<String> = [
        facts.city.clone(),
        facts.company.clone(),
        facts.value.map(|v| words::worth(&format::money(v, &currency))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let onsay = |verdict: Verdict| {
        let (decide, id) = (props.decide.clone(), found.id.to_string());
        Callback::from(move |()| say(&decide, &id, verdict))
    };
    let about = AttrValue::from(facts.name.clone());
    html! {
        <article class={classes!("gw-pair", props.chosen.then_some("gw-pair--chosen"))} aria-label={facts.name.clone()} data-testid="match-row">
            <div class="gw-pair__sides">
                <section>
                    <h2 class="gw-pair__label">{ customers::WROTE }</h2>
                    <p class="gw-pair__name">{ found.author.shown().unwrap_or(words::SOMEBODY).to_owned() }</p>
                    <p class="gw-facts">
                        <span>{ &found.platform }</span>
                        if let Some(place) = &found.author.location {
                            <span>{ place }</span>
                        }
                    </p>
                    <blockquote class="gw-quote"><p class="gw-quote__text">{ &found.quote }</p></blockquote>
                </section>
                <section>
                    <h2 class="gw-pair__label">{ customers::IN_RECORDS }</h2>
                    <p class="gw-pair__name"><Go to={Route::Customer { id: found.customer.id.to_string() }}>{ &facts.name }</Go></p>
                    <p class="gw-facts">{ for known.iter().map(|fact| html!(<span>{ fact }</span>)) }</p>
                    <p class="gw-pair__sure">{ customers::sure(&format::percent(found.probability)) }</p>
                    <ul class="gw-evidence" aria-label={customers::EVIDENCE}>{ for found.evidence.iter().map(|e| html!(<li>{ &e.text }</li>)) }</ul>
                </section>
            </div>
            <footer class="gw-row">
                <Button kind={Kind::Primary} label={customers::CONFIRM} about={about.clone()} onclick={onsay(Verdict::Confirm)} disabled={props.decide.busy} testid="match-confirm" />
                <Button label={customers::REFUSE} {about} onclick={onsay(Verdict::Refuse)} disabled={props.decide.busy} testid="match-refuse" />
            </footer>
        </article>
    }
}
