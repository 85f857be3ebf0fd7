//! The channels: each with a switch, a test, and a form drawn from what its kind says it needs.

use goodword_shared::{
    alert::{Channel, ChannelDescriptor, DeliveryState},
    api::{
        ById,
        alerts::{AddChannel, ChannelSettings, ListChannelKinds, PutChannel, RemoveChannel, TestChannel},
    },
    problem::FieldError,
    source::FieldType,
};
use yew::prelude::*;

use crate::{
    components::{
        Button, Choice, Dialog, Field, Kind, SchemaForm, Shape, When, async_view, switch, use_notices,
    },
    hooks::{Removal, change, put, submit, use_mutation, use_query, use_removal, use_saving},
    words::{self, alerts},
};

/// The kind that is always there and needs no form.
pub const PAGE: &str = "page";

#[derive(Clone, PartialEq, Properties)]
pub struct ChannelsProps {
    /// The owner's channels.
    pub channels: Vec<Channel>,
    /// One of them has changed.
    pub changed: Callback<()>,
}

/// The channels.
#[component]
pub fn Channels(props: &ChannelsProps) -> Html {
    let kinds = use_query::<ListChannelKinds>((), (), &[]);
    // The channel in the form: none is closed, `Some(None)` is a new one.
    let editing = use_state(|| None::<Option<Channel>>);
    let edit = |to: Option<Option<Channel>>| put(&editing, to);
    html! {
        <section class="gw-section" aria-labelledby="channels">
            <header class="gw-section__head">
                <h2 id="channels">{ alerts::CHANNELS }</h2>
                <Button icon={Shape::Plus} label={alerts::ADD_CHANNEL} onclick={edit(Some(None))} testid="channel-add" />
            </header>
            if props.channels.iter().all(|c| c.kind == PAGE) {
                <p>{ alerts::NO_CHANNELS }</p>
            }
            <ul class="gw-rows gw-panel" role="list">
                { for props.channels.iter().map(|channel| html! {
                    <li key={channel.id.to_string()}>
                        <Row channel={channel.clone()} changed={&props.changed} edit={edit(Some(Some(channel.clone())))} />
                    </li>
                }) }
            </ul>
            if let Some(channel) = &*editing {
                { async_view(&kinds, 2, |kinds| html! {
                    <Form channel={channel.clone()} kinds={kinds.to_vec()} saved={&props.changed} onclose={edit(None)} />
                }) }
            }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    channel: Channel,
    changed: Callback<()>,
    edit: Callback<()>,
}

/// One channel.
#[component]
fn Row(props: &RowProps) -> Html {
    let channel = &props.channel;
    let id = channel.id.to_string();
    let about = AttrValue::from(channel.name.clone());
    let notices = use_notices();
    let test = {
        let (notices, changed) = (notices.clone(), props.changed.clone());
        use_mutation::<TestChannel, _>(move |delivery| {
            let detail = delivery.detail.unwrap_or_default();
            notices.done(alerts::tested(delivery.state == DeliveryState::Done, &detail), None);
            changed.emit(());
        })
    };
    let replace = {
        let (notices, changed) = (notices.clone(), props.changed.clone());
        use_mutation::<PutChannel, _>(move |_| {
            notices.done(alerts::SAVED, None);
            changed.emit(());
        })
    };
    let question = Removal {
        title: alerts::REMOVE_CHANNEL,
        text: alerts::REMOVE_CHANNEL_TEXT.into(),
        verb: alerts::REMOVE,
    };
    let (ask, asked) = {
        let changed = props.changed.clone();
        use_removal::<RemoveChannel>(id.clone(), question, move || {
            notices.done(alerts::REMOVED, None);
            changed.emit(());
        })
    };
    let onswitch = {
        let (replace, id, settings) = (replace.clone(), id.clone(), settings(channel));
        Callback::from(move |enabled: bool| {
            replace.run(ById { id: id.clone() }, ChannelSettings { enabled, ..settings.clone() });
        })
    };
    let ontest = {
        let (test, id) = (test.clone(), id.clone());
        Callback::from(move |()| test.run(ById { id: id.clone() }, ()))
    };
    html! {
        <div class="gw-channel" data-testid="channel-row">
            <div>
                <h3>{ &channel.name }</h3>
                <p class="gw-facts">
                    <span>{ words::theme(&channel.kind) }</span>
                    if let Some(last) = &channel.last_delivery {
                        <span>{ alerts::delivery(last.state, last.tries) }</span>
                        <When at={last.done_at.unwrap_or(last.created_at)} />
                    }
                </p>
            </div>
            <div class="gw-row">
                { switch(&format!("enabled-{id}"), alerts::ENABLED, channel.enabled, onswitch) }
                <Button label={alerts::TEST} about={about.clone()} onclick={ontest} busy={test.busy} testid="channel-test" />
                if channel.kind != PAGE {
                    <Button label={alerts::EDIT} about={about.clone()} onclick={&props.edit} />
                    <Button kind={Kind::Link} label={alerts::REMOVE} {about} onclick={ask} />
                }
            </div>
            { asked }
        </div>
    }
}

fn settings(channel: &Channel) -> ChannelSettings {
    ChannelSettings {
        kind: channel.kind.clone(),
        name: channel.name.clone(),
        settings: channel.settings.clone(),
        enabled: channel.enabled,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    /// None is a new one.
    channel: Option<Channel>,
    kinds: Vec<ChannelDescriptor>,
    saved: Callback<()>,
    onclose: Callback<()>,
}

/// A channel's form.
#[component]
fn Form(props: &FormProps) -> Html {
    let kinds: Vec<&ChannelDescriptor> = props.kinds.iter().filter(|k| k.slug != PAGE).collect();
    let form = {
        let first = kinds.first().map(|k| k.slug.clone()).unwrap_or_default();
        use_state(|| match &props.channel {
            Some(channel) => settings(channel),
            None => ChannelSettings { kind: first, enabled: true, ..ChannelSettings::default() },
        })
    };
    // A secret that the service made, shown until the dialog is closed and never again.
    let made = use_state(|| None::<AttrValue>);
    let done = {
        let (notices, saved, onclose) = (use_notices(), props.saved.clone(), props.onclose.clone());
        let (made, kinds) = (made.setter(), props.kinds.clone());
        move |channel: Channel| {
            notices.done(alerts::SAVED, None);
            saved.emit(());
            match secret_in(&channel, &kinds) {
                Some(secret) => made.set(Some(secret)),
                None => onclose.emit(()),
            }
        }
    };
    let id = props.channel.as_ref().map(|c| c.id.to_string());
    let save = use_saving::<AddChannel, PutChannel, _>(id, done);
    let onvalues = change(&form, |f, settings| f.settings = settings);
    let onsubmit = {
        let (save, form) = (save.run.clone(), form.clone());
        submit(move || save.emit((*form).clone()))
    };
    let errors: Vec<FieldError> = save.problem.as_ref().map(|p| p.errors.clone()).unwrap_or_default();
    let kind = kinds.iter().find(|k| k.slug == form.kind);
    let title = props.channel.as_ref().map_or(alerts::NEW_CHANNEL.to_owned(), |c| c.name.clone());
    let options: Vec<(AttrValue, AttrValue)> =
        kinds.iter().map(|k| (k.slug.clone().into(), k.title.clone().into())).collect();
    if let Some(secret) = &*made {
        return html! {
            <Dialog {title} onclose={&props.onclose} testid="channel-secret">
                <p>{ alerts::SECRET_MADE }</p>
                <p><code>{ secret }</code></p>
                <Button kind={Kind::Primary} label={words::CLOSE} onclick={&props.onclose} />
            </Dialog>
        };
    }
    html! {
        <Dialog {title} onclose={&props.onclose} testid="channel-form">
            <form class="gw-form" {onsubmit}>
                if props.channel.is_none() {
                    <Choice id="channel-kind" label={alerts::KIND} {options} value={form.kind.clone()} onchange={change(&form, |f: &mut ChannelSettings, kind| {
                        f.kind = kind;
                        f.settings.clear();
                    })} />
                }
                if let Some(kind) = kind {
                    <p class="gw-quiet">{ &kind.summary }</p>
                }
                <Field id="channel-name" label={alerts::NAME} value={form.name.clone()} onchange={change(&form, |f, name| f.name = name)} required=false />
                if let Some(kind) = kind {
                    <SchemaForm key={kind.slug.clone()} id="channel" fields={kind.fields.clone()} values={form.settings.clone()} {errors} onchange={onvalues} />
                }
                <p class="gw-row">
                    <Button kind={Kind::Primary} submit=true label={words::SAVE} busy={save.busy} testid="channel-save" />
                    <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
                </p>
            </form>
        </Dialog>
    }
}

/// The secret in a saved channel's settings: there is one only where the service has just made it.
fn secret_in(channel: &Channel, kinds: &[ChannelDescriptor]) -> Option<AttrValue> {
    let kind = kinds.iter().find(|kind| kind.slug == channel.kind)?;
    let mut secrets = kind.fields.iter().filter(|field| field.kind == FieldType::Secret);
    let value =
        secrets.find_map(|field| channel.settings.get(&field.name).filter(|value| !value.is_empty()))?;
    Some(value.clone().into())
}
