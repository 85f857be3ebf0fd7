//! The two lists of Today: people to win back, people to ask.

use goodword_shared::{case::CaseCard, promoter::PromoterCard};
use yew::prelude::*;

use crate::{
    components::{Clock, Empty, Go, Kind, Person, Shape, Who},
    format,
    pages::promoters::{AskButton, last_asked},
    route::Route,
    words::today as words,
};

#[derive(Clone, PartialEq, Properties)]
pub struct WinBackProps {
    /// The most urgent cases.
    pub cases: Vec<CaseCard>,
    /// How many wait in all.
    pub waiting: u64,
}

/// People who are unhappy now.
#[component]
pub fn WinBack(props: &WinBackProps) -> Html {
    html! {
        <section class="gw-people" aria-labelledby="win-back" data-testid="today-win-back">
            <header class="gw-section__head">
                <h2 id="win-back">{ words::WIN_BACK }</h2>
                <Go to={Route::Recovery}>{ words::all_cases(props.waiting) }</Go>
            </header>
            if props.cases.is_empty() {
                <Empty shape={Shape::Cup} title={words::NOBODY_WAITS} text={words::NOBODY_WAITS_TEXT} />
            }
            <ul class="gw-people__list" role="list">
                { for props.cases.iter().map(|case| {
                    let who = Who::new(&case.author, case.customer.as_ref());
                    let step = words::next_step(case.state, format::first_name(&who.name));
                    html! {
                        <li key={case.id.to_string()}>
                            <Person
                                class="gw-person--unkind"
                                aside={html!(<Clock since={case.waiting_since} due={case.due_at} />)}
                                actions={html! {
                                    <Go to={Route::Case { id: case.id.to_string() }} class={Kind::Primary.class()}>{ step }</Go>
                                }}
                                quote={case.quote.clone()}
                                reasons={case.reasons.clone()}
                                {who}
                            />
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AskProps {
    /// The best promoters.
    pub promoters: Vec<PromoterCard>,
    /// Somebody was asked.
    pub refetch: Callback<()>,
}

/// People with reason to recommend us.
#[component]
pub fn Ask(props: &AskProps) -> Html {
    html! {
        <section class="gw-people" aria-labelledby="ask" data-testid="today-ask">
            <header class="gw-section__head">
                <h2 id="ask">{ words::ASK }</h2>
                <Go to={Route::Promoters}>{ words::ALL_PROMOTERS }</Go>
            </header>
            if props.promoters.is_empty() {
                <Empty shape={Shape::Megaphone} title={words::NOBODY_TO_ASK} text={words::NOBODY_TO_ASK_TEXT} />
            }
            <ul class="gw-people__list" role="list">
                { for props.promoters.iter().map(|promoter| html! {
                    <li key={promoter.key.clone()}>
                        <Person
                            class="gw-person--kind"
                            who={Who::new(&promoter.author, promoter.matched.as_ref())}
                            aside={last_asked(promoter.last_asked)}
                            actions={html!(<AskButton promoter={promoter.clone()} asked={&props.refetch} />)}
                            quote={promoter.quote.clone()}
                            reasons={promoter.reasons.clone()}
                        />
                    </li>
                }) }
            </ul>
        </section>
    }
}
