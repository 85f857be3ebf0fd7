//! Under what names a customer writes, why we think so, and the owner's word on it: yes, no, and taken back.

use goodword_shared::{
    api::{
        ById,
        customers::{CustomerView, DecideMatch, MatchDecision, Verdict},
        kin::{DecideKin, KinAccount, KinView},
    },
    matching::{Evidence, MatchState, MatchView},
};
use yew::prelude::*;

use crate::{
    components::{Button, Kind, use_notices},
    format,
    hooks::use_calls,
    words::{self, customers},
};

#[derive(Clone, PartialEq, Properties)]
pub struct AccountsProps {
    /// The customer.
    pub view: CustomerView,
    /// Asks for them again.
    pub refetch: Callback<()>,
}

/// Of what the owner speaks.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// That an account is this customer's.
    Match,
    /// That two accounts are one person's.
    Pair,
}

/// A word on something: its id, what is said.
type Say = Callback<(Of, String, Verdict)>;

/// The panel; nothing where no account is known.
#[component]
pub fn Accounts(props: &AccountsProps) -> Html {
    let calls = use_calls();
    let notices = use_notices();
    let say = {
        let refetch = props.refetch.clone();
        Callback::from(move |(of, id, verdict): (Of, String, Verdict)| {
            let (back, notices) = (calls.clone(), notices.clone());
            let (refetch, again) = (refetch.clone(), refetch.clone());
            let path = ById { id };
            let undo = {
                let path = path.clone();
                Callback::from(move |()| {
                    let again = again.clone();
                    tell(&back, of, &path, Verdict::Undo, move |_| again.emit(()));
                })
            };
            tell(&calls, of, &path, verdict, move |done| {
                if done {
                    match verdict {
                        Verdict::Confirm => notices.done(customers::SAID_SAME, Some(undo)),
                        Verdict::Refuse => notices.done(customers::SAID_OTHER, Some(undo)),
                        Verdict::Undo => notices.done(words::queue::UNDONE, None),
                    }
                }
                refetch.emit(());
            });
        })
    };
    let (matches, pairs) = (&props.view.matches, &props.view.kin);
    if matches.is_empty() && pairs.is_empty() {
        return html!();
    }
    let (refused, open): (Vec<&MatchView>, Vec<&MatchView>) =
        matches.iter().partition(|m| m.state == MatchState::Refused);
    let owned: Vec<&str> = open.iter().map(|m| m.author_id.as_str()).collect();
    html! {
        <section class="gw-panel" data-testid="customer-accounts">
            <h2>{ customers::ACCOUNTS }</h2>
            if !open.is_empty() {
                <ul class="gw-rows" role="list">{ for open.into_iter().map(|found| line(found, &say)) }</ul>
            }
            if !pairs.is_empty() {
                <h3>{ customers::KIN }</h3>
                <ul class="gw-rows" role="list">{ for pairs.iter().map(|one| pair(one, &owned, &say)) }</ul>
            }
            if !refused.is_empty() {
                <details class="gw-details">
                    <summary>{ customers::refused(refused.len()) }</summary>
                    <ul class="gw-rows" role="list">{ for refused.into_iter().map(|found| line(found, &say)) }</ul>
                </details>
            }
        </section>
    }
}

fn tell(
    calls: &crate::hooks::Calls,
    of: Of,
    path: &ById,
    verdict: Verdict,
    done: impl FnOnce(bool) + 'static,
) {
    let word = MatchDecision { verdict };
    match of {
        Of::Match => calls.tell::<DecideMatch>(path, &word, done),
        Of::Pair => calls.tell::<DecideKin>(path, &word, done),
    }
}

/// An account that is, may be, or is not theirs.
fn line(found: &MatchView, say: &Say) -> Html {
    let name = found.author.shown().unwrap_or(words::SOMEBODY).to_owned();
    let about = format!("{name} · {}", found.platform);
    html! {
        <li key={found.id.to_string()} data-testid="customer-account">
            <p class="gw-facts">
                <strong class="gw-wrap">{ name }</strong>
                <span>{ &found.platform }</span>
                <span>{ standing(found.state, found.probability) }</span>
            </p>
            { because(&found.evidence) }
            { answers(Of::Match, found.id.as_str(), found.state, about, say) }
        </li>
    }
}

/// Two accounts of one person, perhaps. The one that is theirs is named second: it is known already.
fn pair(found: &KinView, owned: &[&str], say: &Say) -> Html {
    let theirs = |account: &&KinAccount| owned.contains(&account.author_id.as_str());
    let accounts = found.accounts.iter().filter(|account| !theirs(account));
    let accounts = accounts.chain(found.accounts.iter().filter(theirs));
    let named = |account: &KinAccount| {
        customers::account(account.author.shown().unwrap_or(words::SOMEBODY), &account.platform)
    };
    let names: Vec<String> = accounts.map(named).collect();
    let title = customers::pair(&names);
    html! {
        <li key={found.id.clone()} data-testid="customer-pair">
            <p class="gw-facts">
                <strong class="gw-wrap">{ &title }</strong>
                <span>{ standing(found.state, found.probability) }</span>
            </p>
            { because(&found.evidence) }
            { answers(Of::Pair, &found.id, found.state, title, say) }
        </li>
    }
}

fn because(evidence: &[Evidence]) -> Html {
    html!(<ul class="gw-evidence">{ for evidence.iter().map(|e| html!(<li>{ &e.text }</li>)) }</ul>)
}

/// Where it stands: the owner's word, or how sure we are.
fn standing(state: MatchState, probability: f64) -> String {
    match state {
        MatchState::Confirmed => customers::YOU_SAID_SAME.to_owned(),
        MatchState::Refused => customers::YOU_SAID_OTHER.to_owned(),
        MatchState::Linked | MatchState::Doubtful => words::queue::sure(&format::sureness(probability)),
    }
}

/// What the owner may say where it stands so.
fn answers(of: Of, id: &str, state: MatchState, about: String, say: &Say) -> Html {
    let button = |label: &'static str, verdict: Verdict, testid: &'static str| {
        let id = id.to_owned();
        let onclick = say.reform(move |()| (of, id.clone(), verdict));
        html!(<Button kind={Kind::Link} {label} about={AttrValue::from(about.clone())} {onclick} {testid} />)
    };
    let other = if of == Of::Pair { customers::NOT_SAME } else { customers::NOT_THEM };
    html! {
        <p class="gw-row gw-answers">
            if state == MatchState::Doubtful {
                { button(customers::SAME, Verdict::Confirm, "account-confirm") }
            }
            if state == MatchState::Refused {
                { button(words::UNDO, Verdict::Undo, "account-undo") }
            } else {
                { button(other, Verdict::Refuse, "account-refuse") }
            }
        </p>
    }
}
