//! One mention: the whole text with the words that decided, how it was read and how to correct that, who may have
//! written it, what it said before.

use goodword_shared::{
    api::{
        ById,
        mentions::{GetMention, MentionView, Revision},
    },
    matching::MatchView,
};
use yew::prelude::*;

use super::{Themes, correct::Correct};
use crate::{
    clock,
    components::{Go, Outside, Page, Quote, When, Who, async_view, sentiment_chip, stars},
    format,
    hooks::use_query,
    route::Route,
    words::{self, mentions},
};

#[derive(Clone, PartialEq, Properties)]
pub struct MentionProps {
    /// Which.
    pub id: String,
}

/// The page.
#[component]
pub fn Mention(props: &MentionProps) -> Html {
    let fetched = use_query::<GetMention>(ById { id: props.id.clone() }, (), &["mentions", "matches"]);
    let ready = fetched.ready();
    let title = ready.map(|view| Who::new(&view.row.author, view.row.customer.as_ref()).name);
    html! {
        <Page at={Route::Mention { id: props.id.clone() }} title={title.map(AttrValue::from)} ready={ready.is_some()}>
            { async_view(&fetched, 4, |view| html! {
                <div class="gw-case">
                    <div class="gw-case__story">{ words_of(view) }</div>
                    <aside class="gw-case__facts">
                        { reading(view, fetched.put.clone()) }
                        { author(view) }
                    </aside>
                </div>
            }) }
        </Page>
    }
}

fn words_of(view: &MentionView) -> Html {
    let quote = &view.row.quote;
    html! {
        <>
            <section class="gw-panel">
                <p class="gw-facts">
                    if let Some(rating) = quote.rating {
                        { stars(rating) }
                    }
                    <span>{ mentions::kind(view.row.kind) }</span>
                    <span>{ &quote.source }</span>
                    <When at={quote.at} />
                </p>
                <Quote quote={quote.clone()} />
                <p class="gw-row">
                    if let Some(url) = &quote.url {
                        <Outside href={url.clone()}>{ mentions::ORIGINAL }</Outside>
                    }
                    if let Some(case) = &view.row.case_id {
                        <Go to={Route::Case { id: case.to_string() }}>{ mentions::CASE }</Go>
                    }
                </p>
            </section>
            if let Some(reply) = &view.mention.reply {
                <section class="gw-panel">
                    <h2>{ mentions::REPLY }</h2>
                    <p class="gw-quote__text">{ &reply.text }</p>
                    if let Some(at) = reply.published_at {
                        <p class="gw-quiet"><When {at} /></p>
                    }
                </section>
            }
            if !view.revisions.is_empty() {
                <section class="gw-panel">
                    <h2>{ mentions::REVISIONS }</h2>
                    <ol class="gw-rows" role="list">{ for view.revisions.iter().map(revision) }</ol>
                </section>
            }
        </>
    }
}

fn revision(revision: &Revision) -> Html {
    let when = format::date(clock::local(revision.seen_at).date);
    html! {
        <li>
            <p class="gw-quiet">{ mentions::revision(&when, &revision.changed) }</p>
            if let Some(rating) = revision.mention.rating {
                { stars(rating) }
            }
            <p class="gw-quote__text">{ &revision.mention.text }</p>
        </li>
    }
}

fn reading(view: &MentionView, put: Callback<MentionView>) -> Html {
    let analysis = &view.row.quote.analysis;
    let intents: Vec<String> = analysis.intents.iter().map(|i| mentions::intent(&i.intent)).collect();
    let facts = [
        (mentions::CONFIDENCE, Some(format::percent(analysis.sentiment.confidence))),
        (mentions::SEVERITY, (analysis.severity > 0.0).then(|| format::percent(analysis.severity))),
        (mentions::INTENTS, (!intents.is_empty()).then(|| intents.join(", "))),
        (mentions::LANGUAGE, analysis.language.clone()),
        (mentions::SUBJECT, view.mention.subject.as_ref().and_then(|s| s.name.clone())),
        (mentions::ORDER, view.mention.order_id.clone()),
        (
            mentions::SENDER,
            view.mention.sender_check.as_deref().map(|found| mentions::sender(found).to_owned()),
        ),
    ];
    html! {
        <section class="gw-panel">
            <h2>{ mentions::READING }</h2>
            <p>{ sentiment_chip(analysis.sentiment) }</p>
            <Themes themes={analysis.themes.clone()} />
            <dl class="gw-pairs">
                { for facts.into_iter().filter_map(|(name, value)| value.map(|value| html!(<><dt>{ name }</dt><dd>{ value }</dd></>))) }
                <dt>{ mentions::COLLECTED }</dt><dd><When at={view.collected_at} /></dd>
            </dl>
            <Correct id={view.row.quote.mention_id.to_string()} label={analysis.sentiment.label} oncorrected={put} />
        </section>
    }
}

fn author(view: &MentionView) -> Html {
    if view.matches.is_empty() {
        return html!();
    }
    html! {
        <section class="gw-panel">
            <h2>{ mentions::MATCHES }</h2>
            <ul class="gw-rows" role="list">{ for view.matches.iter().map(candidate) }</ul>
        </section>
    }
}

fn candidate(found: &MatchView) -> Html {
    html! {
        <li key={found.id.to_string()}>
            <p class="gw-facts">
                <Go to={Route::Customer { id: found.customer.id.to_string() }}>{ &found.customer.facts.name }</Go>
                <span>{ words::queue::sure(&format::sureness(found.probability)) }</span>
            </p>
            <ul class="gw-evidence">{ for found.evidence.iter().map(|e| html!(<li>{ &e.text }</li>)) }</ul>
        </li>
    }
}
