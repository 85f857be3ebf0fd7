//! What the owner's corrections have taught: the versions, how each agrees with the owner beside the engine as shipped, what the
//! newest changes, and which one reads.

use goodword_shared::api::learning::{Choice, ChooseLearning, GetLearning, LearnNow, Version};
use yew::prelude::*;

use super::{head, share};
use crate::{
    components::{Button, Quote, async_view},
    format,
    hooks::{use_mutation, use_query},
    words::insights,
};

/// The panel.
#[component]
pub fn Learnt() -> Html {
    let fetched = use_query::<GetLearning>((), (), &["learning"]);
    let put = fetched.put.clone();
    let choose = use_mutation::<ChooseLearning, _>(move |view| put.emit(view));
    let put = fetched.put.clone();
    let learn = use_mutation::<LearnNow, _>(move |view| put.emit(view));
    html! {
        <section class="gw-panel" data-testid="insights-learnt">
            <h2>{ insights::LEARNT }</h2>
            { async_view(&fetched, 3, |view| {
                let use_it = |choice: Choice, label: &'static str, testid: &'static str| {
                    let choose = choose.clone();
                    let onclick = Callback::from(move |()| choose.run((), choice.clone()));
                    html!(<Button {label} {onclick} {testid} />)
                };
                let version = |version: Option<u64>| Choice { follow: false, version };
                html! {
                    <>
                        <p class="gw-quiet">{ insights::LEARNT_TEXT }</p>
                        <p role="status">{ insights::in_use(view.in_use, view.follow, view.rereading) }</p>
                        if let Some(newest) = view.versions.first() {
                            <table class="gw-table gw-table--shares">
                                { head(&[insights::VERSION, insights::SHIPPED, insights::TAUGHT, insights::CHANGE, insights::IN_USE]) }
                                <tbody>
                                    { for view.versions.iter().map(|v| html! {
                                        <tr key={v.number}>
                                            <th scope="row">{ v.number }{ ", " }{ format::date(v.made_at.date_naive()) }</th>
                                            { agreement(v) }
                                            <td data-label={insights::CHANGE} title={v.why.clone()}>{ insights::changed(v.changed, v.looked) }</td>
                                            <td data-label={insights::IN_USE}>
                                                if view.in_use == Some(v.number) {
                                                    { insights::YES }
                                                } else if v.better {
                                                    { use_it(version(Some(v.number)), insights::USE, "learnt-use") }
                                                } else {
                                                    { insights::NO }
                                                }
                                            </td>
                                        </tr>
                                    }) }
                                </tbody>
                            </table>
                            <p class="gw-quiet">{ &newest.why }</p>
                            if !newest.differences.is_empty() {
                                <h3>{ insights::DIFFERENCES }</h3>
                                <ul class="gw-rows" role="list">
                                    { for newest.differences.iter().map(|one| html! {
                                        <li key={one.quote.mention_id.to_string()}>
                                            <p class="gw-facts"><span>{ &one.what }</span></p>
                                            <Quote quote={one.quote.clone()} most={160} />
                                        </li>
                                    }) }
                                </ul>
                            }
                        }
                        <p class="gw-row">
                            <Button label={insights::LEARN} busy={learn.busy} onclick={{
                                let learn = learn.clone();
                                Callback::from(move |()| learn.run((), ()))
                            }} testid="learn-now" />
                            if view.in_use.is_some() {
                                { use_it(version(None), insights::AS_SHIPPED, "learnt-off") }
                            }
                            if !view.follow {
                                { use_it(Choice { follow: true, version: None }, insights::FOLLOW, "learnt-follow") }
                            }
                        </p>
                    </>
                }
            }) }
        </section>
    }
}

/// Agreement with and without, of the first question: the sentiment, where it was asked.
fn agreement(version: &Version) -> Html {
    let lesson = version.lessons.first();
    let cell = |label, of: Option<&_>| html!(<td data-label={label}>{ of.map(share) }</td>);
    html! {
        <>
            { cell(insights::SHIPPED, lesson.map(|l| &l.shipped)) }
            { cell(insights::TAUGHT, lesson.map(|l| &l.learnt)) }
        </>
    }
}
