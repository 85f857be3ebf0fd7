//! Two accounts that may be one person's, side by side with their words and what speaks for it.

use goodword_shared::api::{
    doubts::Agreement,
    kin::{KinAccount, KinView},
};
use yew::prelude::*;

use super::candidate::{evidence, said, shown, sureness};
use crate::{
    components::{Button, Go, Kind},
    route::Route,
    words::{self, queue},
};

/// The question with both accounts; `say` hears yes or no. Below its answers comes what else can be done.
pub fn pair(pair: &KinView, rest: Html, say: &Callback<bool>) -> Html {
    let onsay = |yes: bool| say.reform(move |()| yes);
    html! {
        <section class="gw-doubt gw-doubt--pair" tabindex="-1" aria-label={queue::ONE_PERSON} data-testid="doubt">
            { for pair.accounts.iter().map(account) }
            <div class="gw-panel gw-pair gw-pair--chosen gw-doubt__whole" data-testid="kin-row">
                <header class="gw-pair__head">
                    <h2>{ queue::ONE_PERSON }</h2>
                    { sureness(pair.probability) }
                </header>
                { evidence(&pair.evidence) }
                <footer class="gw-row gw-pair__foot">
                    <Button kind={Kind::Primary} label={queue::SAME} onclick={onsay(true)} testid="match-confirm" />
                    <Button label={queue::REFUSE} onclick={onsay(false)} testid="match-refuse" />
                </footer>
            </div>
            <div class="gw-doubt__whole">{ rest }</div>
        </section>
    }
}

fn account(account: &KinAccount) -> Html {
    let name = account.author.shown().unwrap_or(words::SOMEBODY).to_owned();
    html! {
        <article class="gw-panel gw-doubt__account" aria-label={name} key={account.author_id.to_string()}>
            { shown(&account.author, &account.platform, &Agreement::default(), 1) }
            <p class="gw-quiet">
                if let Some(customer) = &account.customer {
                    { queue::CUSTOMER }{ " " }<Go to={Route::Customer { id: customer.id.to_string() }}>{ &customer.facts.name }</Go>
                } else {
                    { words::NOT_A_CUSTOMER }
                }
            </p>
            if let Some(quote) = &account.quote {
                <div class="gw-doubt__quote">{ said(quote, None) }</div>
            }
        </article>
    }
}
