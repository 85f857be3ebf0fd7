//! Adding a source: paste an address, see what it is and what it needs, look at what it reads, save. And importing what
//! was collected elsewhere.

use goodword_shared::{
    access::{AccessState, CLIENT_ID},
    api::sources::{
        AddSource, ImportMentions, ListConnectors, NewSource, Pasted, PreviewMentions, PreviewSource,
        RecogniseSource,
    },
    source::{Descriptor, Recognised, Route as ConnectorRoute, Source},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    connect::{ConnectDialog, redirect_here},
    preview::PreviewView,
};
use crate::{
    components::{Button, Field, Kind, Page, SchemaForm, async_view, use_notices},
    hooks::{change, submit, use_mutation, use_query},
    pages::import::{ImportFlow, MENTIONS},
    route::Route,
    words::{access, sources},
};

/// The page.
#[component]
pub fn SourceAdd() -> Html {
    let text = use_state(String::new);
    let found = use_state(|| None::<Vec<Recognised>>);
    let chosen = use_state(|| None::<Recognised>);
    let recognise = {
        let (found, chosen) = (found.setter(), chosen.setter());
        use_mutation::<RecogniseSource, _>(move |list| {
            chosen.set(list.first().cloned());
            found.set(Some(list));
        })
    };
    let onsubmit = {
        let (recognise, text) = (recognise.clone(), text.clone());
        submit(move || recognise.run((), Pasted { text: text.trim().to_owned() }))
    };
    let ontext = {
        let text = text.setter();
        Callback::from(move |value| text.set(value))
    };
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |choice: Option<Recognised>| chosen.set(choice))
    };
    html! {
        <Page at={Route::SourceAdd}>
            <div class="gw-columns">
            <form class="gw-panel gw-form" {onsubmit}>
                <Field id="source-text" label={sources::PASTE} help={sources::PASTE_HELP} value={(*text).clone()} onchange={ontext} autocomplete="off" />
                <p class="gw-row"><Button kind={Kind::Primary} submit=true label={sources::RECOGNISE} busy={recognise.busy} disabled={text.trim().is_empty()} testid="source-recognise" /></p>
                if found.as_ref().is_some_and(Vec::is_empty) {
                    <p role="status">{ sources::UNKNOWN }</p>
                }
                if let Some(list) = found.as_ref().filter(|list| list.len() > 1) {
                    <div class="gw-row" role="group" aria-label={sources::KINDS}>{ for list.iter().map(|r| alternative(r, &chosen, &choose)) }</div>
                }
            </form>
            if let Some(recognised) = &*chosen {
                <Settle key={recognised.connector.slug.clone()} recognised={recognised.clone()} onother={choose.reform(|()| None)} />
            } else {
                <Kinds onchoose={choose.reform(Some)} />
                <section class="gw-panel">
                    <h2>{ sources::IMPORT }</h2>
                    <p class="gw-quiet">{ sources::IMPORT_TEXT }</p>
                    <ImportFlow<PreviewMentions, ImportMentions> id="import-mentions" accept={MENTIONS} />
                </section>
            }
            </div>
        </Page>
    }
}

fn alternative(
    recognised: &Recognised,
    chosen: &Option<Recognised>,
    choose: &Callback<Option<Recognised>>,
) -> Html {
    let is = chosen.as_ref().is_some_and(|c| c.connector.slug == recognised.connector.slug);
    let choice = recognised.clone();
    html! {
        <Button
            key={recognised.connector.slug.clone()}
            label={recognised.connector.title.clone()}
            pressed={Some(is)}
            onclick={choose.reform(move |()| Some(choice.clone()))}
        />
    }
}

#[derive(Clone, PartialEq, Properties)]
struct KindsProps {
    onchoose: Callback<Recognised>,
}

/// Every connector that listens by itself, to choose by hand.
#[component]
fn Kinds(props: &KindsProps) -> Html {
    let fetched = use_query::<ListConnectors>((), (), &[]);
    html! {
        <section class="gw-panel">
            <h2>{ sources::KINDS }</h2>
            { async_view(&fetched, 4, |list| html! {
                <ul class="gw-kinds" role="list">
                    { for list.iter().filter(|d| d.route != ConnectorRoute::Import).map(|d| kind(d, &props.onchoose)) }
                </ul>
            }) }
        </section>
    }
}

fn kind(descriptor: &Descriptor, onchoose: &Callback<Recognised>) -> Html {
    let choice = Recognised {
        connector: descriptor.clone(),
        settings: Default::default(),
        name: descriptor.title.clone(),
    };
    html! {
        <li key={descriptor.slug.clone()}>
            <Button kind={Kind::Link} label={descriptor.title.clone()} onclick={onchoose.reform(move |()| choice.clone())} />
            <p>{ &descriptor.summary }</p>
            <p class="gw-facts"><span>{ sources::route(descriptor.route) }</span><span>{ sources::storage(descriptor.storage) }</span></p>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SettleProps {
    recognised: Recognised,
    onother: Callback<()>,
}

/// The form of the chosen connector, its preview, and saving.
#[component]
fn Settle(props: &SettleProps) -> Html {
    let connector = &props.recognised.connector;
    let source = {
        let recognised = &props.recognised;
        use_state(|| NewSource {
            connector: recognised.connector.slug.clone(),
            name: recognised.name.clone(),
            settings: recognised.settings.clone(),
            every_minutes: None,
        })
    };
    let seen = use_state(|| None);
    let notices = use_notices();
    let navigator = use_navigator();
    let look = {
        let seen = seen.setter();
        use_mutation::<PreviewSource, _>(move |preview| seen.set(Some(preview)))
    };
    let saved = use_state(|| None::<Source>);
    let leave = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Sources);
        }
    });
    let add = {
        let (saved, leave) = (saved.setter(), leave.clone());
        use_mutation::<AddSource, _>(move |source: Source| {
            if source.access == Some(AccessState::Missing) {
                notices.done(access::SAVED, None);
                saved.set(Some(source));
            } else {
                notices.done(if source.door.is_some() { sources::SAVED_DOOR } else { sources::SAVED }, None);
                leave.emit(());
            }
        })
    };
    let onname = change(&source, |source, name| source.name = name);
    let onvalues = change(&source, |source, settings| source.settings = settings);
    let onlook = {
        let (look, source) = (look.clone(), source.clone());
        Callback::from(move |()| look.run((), (*source).clone()))
    };
    let onsubmit = {
        let (add, source) = (add.clone(), source.clone());
        submit(move || add.run((), (*source).clone()))
    };
    let errors = add.problem.as_ref().or(look.problem.as_ref()).map(|p| p.errors.clone()).unwrap_or_default();
    html! {
        <>
            <form class="gw-panel gw-form" {onsubmit} data-testid="source-form">
                <h2>{ &connector.title }</h2>
                <p>{ &connector.summary }</p>
                <p class="gw-facts"><span>{ sources::route(connector.route) }</span><span>{ sources::storage(connector.storage) }</span></p>
                <Field id="source-name" label={sources::NAME} value={source.name.clone()} onchange={onname} required=false />
                <SchemaForm id="source" fields={connector.fields.clone()} values={source.settings.clone()} {errors} onchange={onvalues} />
                <details class="gw-details">
                    <summary>{ sources::HOW_TO }</summary>
                    <p>{ &connector.how_to }</p>
                    if connector.fields.iter().any(|field| field.name == CLIENT_ID) {
                        { redirect_here() }
                    }
                    <p class="gw-quiet">{ sources::LEGAL }{ ": " }{ &connector.legal_basis }</p>
                </details>
                <p class="gw-row">
                    <Button label={sources::PREVIEW} onclick={onlook} busy={look.busy} testid="source-look" />
                    <Button kind={Kind::Primary} submit=true label={sources::SAVE} busy={add.busy} testid="source-save" />
                    <Button kind={Kind::Link} label={sources::OTHER} onclick={&props.onother} />
                </p>
            </form>
            if let Some(preview) = &*seen {
                <PreviewView preview={goodword_shared::source::Preview::clone(preview)} />
            }
            if let Some(source) = &*saved {
                <ConnectDialog source={source.clone()} onclose={leave} />
            }
        </>
    }
}
