//! What the owner's corrections have taught: the versions, how each agrees with the owner beside the engine as shipped, what the
//! newest changes, and which one reads.

use goodword_shared::api::learning::{Choice, ChooseLearning, GetLearning, LearnNow, Learning, Lesson};
use yew::prelude::*;

use super::{examples, head, share};
use crate::{
    components::{Button, Go, async_view, use_notices},
    format,
    hooks::{use_mutation, use_query},
    route::Route,
    words::insights,
};

/// The panel.
#[component]
pub fn Learnt() -> Html {
    let fetched = use_query::<GetLearning>((), (), &["learning"]);
    let notices = use_notices();
    let put = fetched.put.clone();
    let back = use_mutation::<ChooseLearning, _>(move |view| put.emit(view));
    let (put, told, before) =
        (fetched.put.clone(), notices.clone(), fetched.ready().map(|view| choice(view)));
    let choose = {
        let back = back.clone();
        use_mutation::<ChooseLearning, _>(move |view: Learning| {
            let (back, before) = (back.clone(), before.clone());
            let undo = before.map(|before| Callback::from(move |()| back.run((), before.clone())));
            told.done(insights::in_use(view.in_use, view.follow), undo);
            put.emit(view);
        })
    };
    let (put, newest) = (fetched.put.clone(), fetched.ready().and_then(|view| newest(view)));
    let learn = use_mutation::<LearnNow, _>(move |view: Learning| {
        let made = view.versions.first().filter(|version| Some(version.number) != newest);
        notices.done(made.map_or(insights::NOTHING_NEW.to_owned(), |v| insights::made(v.number)), None);
        put.emit(view);
    });
    html! {
        <section class="gw-panel" data-testid="insights-learnt">
            <h2>{ insights::LEARNT }</h2>
            { async_view(&fetched, 3, |view| {
                let use_it = |next: Choice, label: &'static str, testid: &'static str| {
                    let choose = choose.clone();
                    let busy = choose.busy;
                    let onclick = Callback::from(move |()| choose.run((), next.clone()));
                    html!(<Button {label} {onclick} {busy} {testid} />)
                };
                let version = |version: Option<u64>| Choice { follow: false, version };
                let onlearn = {
                    let learn = learn.clone();
                    Callback::from(move |()| learn.run((), ()))
                };
                html! {
                    <>
                        <p class="gw-quiet">{ insights::LEARNT_TEXT }</p>
                        <p role="status" data-testid="learnt-in-use">
                            { insights::in_use(view.in_use, view.follow) }
                            if view.rereading {
                                { " " }{ insights::REREADING }
                            }
                        </p>
                        if let Some(newest) = view.versions.first() {
                            { versions(view, &|number| use_it(version(Some(number)), insights::USE, "learnt-use")) }
                            <p class="gw-quiet">{ insights::sentence(&newest.why) }</p>
                            if newest.lessons.len() > 1 {
                                { lessons(&newest.lessons) }
                            }
                            { examples(
                                insights::DIFFERENCES,
                                newest.differences.iter().map(|one| (&one.quote, insights::difference(&one.what))).collect(),
                            ) }
                        } else {
                            <p class="gw-quiet">{ insights::NOT_YET }{ " " }<Go to={Route::Mentions}>{ insights::TO_MENTIONS }</Go></p>
                        }
                        <p class="gw-row">
                            <Button label={insights::LEARN} busy={learn.busy} onclick={onlearn} testid="learn-now" />
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

/// What is chosen now, to go back to it.
fn choice(view: &Learning) -> Choice {
    Choice { follow: view.follow, version: view.in_use.filter(|_| !view.follow) }
}

fn newest(view: &Learning) -> Option<u64> {
    view.versions.first().map(|version| version.number)
}

/// Every version in a line: agreement with the owner without it and with it, what it changes, and which one reads.
fn versions(view: &Learning, take: &dyn Fn(u64) -> Html) -> Html {
    html! {
        <table class="gw-table gw-table--shares" data-testid="learnt-versions">
            { head(&[insights::VERSION, insights::SHIPPED, insights::TAUGHT, insights::CHANGE, insights::IN_USE]) }
            <tbody>
                { for view.versions.iter().map(|v| html! {
                    <tr key={v.number}>
                        <th scope="row">
                            { insights::version(v.number) }
                            <p class="gw-quiet">{ format::date(v.made_at.date_naive()) }</p>
                            <p class="gw-quiet">{ insights::corrections(v.corrections) }</p>
                        </th>
                        { agreement(v.lessons.first()) }
                        <td data-label={insights::CHANGE}>{ insights::changed(v.changed, v.looked) }</td>
                        <td data-label={insights::IN_USE}>
                            if view.in_use == Some(v.number) {
                                <span class="gw-state gw-tone--kind">{ insights::YES }</span>
                            } else if v.better {
                                { take(v.number) }
                            } else {
                                <span title={insights::sentence(&v.why)}>{ insights::NO }</span>
                            }
                        </td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// Question by question, where the newest learnt more than one thing.
fn lessons(lessons: &[Lesson]) -> Html {
    html! {
        <table class="gw-table gw-table--shares">
            { head(&[insights::QUESTION, insights::SHIPPED, insights::TAUGHT]) }
            <tbody>
                { for lessons.iter().map(|lesson| html! {
                    <tr key={lesson.question.clone()}>
                        <th scope="row">{ insights::sentence(&lesson.question).trim_end_matches('.') }</th>
                        { agreement(Some(lesson)) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// Agreement without and with what was learnt; of a version that of its first question, the sentiment where it was asked.
fn agreement(lesson: Option<&Lesson>) -> Html {
    let cell = |label, of: Option<&_>| html!(<td data-label={label}>{ of.map(share) }</td>);
    html! {
        <>
            { cell(insights::SHIPPED, lesson.map(|l| &l.shipped)) }
            { cell(insights::TAUGHT, lesson.map(|l| &l.learnt)) }
        </>
    }
}
