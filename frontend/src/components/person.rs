//! A person as a card: who they are, who they are to us, their own words, why they are on the list, what to do next.

use goodword_shared::{Author, case, matching::MatchedCustomer};
use yew::prelude::*;

use super::{Go, Quote, When, sentiment_chip, stars};
use crate::{clock, format, hooks::use_currency, route::Route, words};

/// Who somebody is, worked out from the author and the customer behind them.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    /// The name to call them by: the customer's where the link holds, else the author's.
    pub name: String,
    /// The name they write under, where it is another.
    pub alias: Option<String>,
    /// The customer behind them, also a doubtful one.
    pub matched: Option<MatchedCustomer>,
}

impl Who {
    /// Puts author and customer together.
    pub fn new(author: &Author, matched: Option<&MatchedCustomer>) -> Self {
        let shown = author.shown().map(str::to_owned);
        let certain = matched.filter(|m| m.state.holds());
        let name = certain.map(|m| m.name.clone()).or_else(|| shown.clone());
        let name = name.unwrap_or_else(|| words::SOMEBODY.to_owned());
        let alias = shown.filter(|s| *s != name);
        Self { name, alias, matched: matched.cloned() }
    }

    /// Who they are to us, in short pieces.
    fn facts(&self, currency: &str) -> Vec<String> {
        let mut facts = Vec::new();
        match &self.matched {
            Some(m) if m.state.holds() => {
                if let Some(since) = m.since {
                    facts.push(words::customer_since(clock::year(since)));
                }
                if let Some(value) = m.value {
                    facts.push(words::worth(&format::money(value, currency)));
                }
            }
            Some(m) => facts.push(words::perhaps(&m.name)),
            None => facts.push(words::NOT_A_CUSTOMER.to_owned()),
        }
        facts.extend(self.alias.as_deref().map(words::writes_as));
        facts
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct PersonProps {
    /// Who.
    pub who: Who,
    /// What they said.
    pub quote: case::Quote,
    /// Why they are on the list.
    pub reasons: Vec<String>,
    /// Beside the name: a clock, when last asked.
    #[prop_or_default]
    pub aside: Html,
    /// The next step.
    #[prop_or_default]
    pub actions: Html,
    /// What sort of card: `gw-person--unkind`, `gw-person--kind`.
    #[prop_or_default]
    pub class: Classes,
    /// The keyboard's choice in a list.
    #[prop_or_default]
    pub chosen: bool,
    /// About how many characters of the quote are shown at first.
    #[prop_or(260)]
    pub most: usize,
    /// The name by which tests find it.
    #[prop_or(AttrValue::Static("person"))]
    pub testid: AttrValue,
}

/// The name; of a customer, a way to their whole story.
fn name(who: &Who) -> Html {
    match who.matched.as_ref().filter(|m| m.state.holds()) {
        Some(m) => html!(<Go to={Route::Customer { id: m.id.to_string() }}>{ &who.name }</Go>),
        None => html!(&who.name),
    }
}

/// A person's card.
#[component]
pub fn Person(props: &PersonProps) -> Html {
    let currency = use_currency();
    let quote = &props.quote;
    let facts = props.who.facts(&currency);
    html! {
        <article
            class={classes!("gw-person", props.class.clone(), props.chosen.then_some("gw-person--chosen"))}
            aria-label={props.who.name.clone()}
            data-testid={props.testid.clone()}
        >
            <header class="gw-person__head">
                <span class="gw-person__mark" aria-hidden="true">{ format::initials(&props.who.name) }</span>
                <div class="gw-person__who">
                    <h3>{ name(&props.who) }</h3>
                    <p class="gw-facts">{ for facts.iter().map(|fact| html!(<span>{ fact }</span>)) }</p>
                </div>
                <div class="gw-person__aside">{ props.aside.clone() }</div>
            </header>
            <Quote quote={quote.clone()} most={props.most} deciding=true />
            <p class="gw-facts gw-person__where">
                if let Some(rating) = quote.rating {
                    { stars(rating) }
                } else {
                    { sentiment_chip(quote.analysis.sentiment) }
                }
                <Go to={Route::Mention { id: quote.mention_id.to_string() }}>{ &quote.source }</Go>
                <When at={quote.at} />
                if let Some(reach) = quote.reach.filter(|r| *r > 1) {
                    <span>{ words::reach(&format::count(reach)) }</span>
                }
            </p>
            <footer class="gw-person__foot">
                <ul class="gw-reasons" aria-label={words::WHY}>
                    { for props.reasons.iter().map(|reason| html!(<li>{ reason }</li>)) }
                </ul>
                <div class="gw-person__actions">{ props.actions.clone() }</div>
            </footer>
        </article>
    }
}

#[cfg(test)]
mod tests {
    use goodword_shared::{Id, matching::MatchState};

    use super::*;

    fn matched(state: MatchState) -> MatchedCustomer {
        MatchedCustomer {
            match_id: Id::new("m"),
            id: Id::new("c"),
            name: "Ada Kowalska".into(),
            probability: 0.8,
            state,
            evidence: vec![],
            value: Some(1240.0),
            since: None,
        }
    }

    #[test]
    fn a_certain_customer_is_called_by_their_name() {
        let author = Author { handle: Some("ada_k".into()), ..Author::default() };
        let who = Who::new(&author, Some(&matched(MatchState::Confirmed)));
        assert_eq!(who.name, "Ada Kowalska");
        assert_eq!(who.facts("€"), ["€1,240 with us", "writes as ada_k"]);
    }

    #[test]
    fn a_doubtful_customer_is_only_perhaps_theirs() {
        let author = Author { name: Some("Ada K.".into()), ..Author::default() };
        let who = Who::new(&author, Some(&matched(MatchState::Doubtful)));
        assert_eq!(who.name, "Ada K.");
        assert_eq!(who.facts("€"), ["perhaps Ada Kowalska"]);
    }

    #[test]
    fn nobody_has_no_name() {
        let who = Who::new(&Author::default(), None);
        assert_eq!((who.name.as_str(), who.alias), ("Somebody", None));
    }
}
