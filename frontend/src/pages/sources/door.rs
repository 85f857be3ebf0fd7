//! Where people or programs come in: the address of a webhook with its secret, made here and shown once; the address of our
//! own form with a picture of it to print.

use goodword_shared::{
    api::{
        ById,
        sources::{Door, MadeSecret, MakeSecret, NewSecret},
    },
    source::Source,
};
use yew::prelude::*;

use crate::{
    components::{Button, Dialog, Outside, When},
    hooks::use_mutation,
    words::sources as words,
};

#[derive(Clone, PartialEq, Properties)]
pub struct EntranceProps {
    /// The source it leads to.
    pub source: Source,
    /// Where it is.
    pub door: Door,
    /// It has another secret.
    pub changed: Callback<()>,
}

/// The entrance of one source.
#[component]
pub fn Entrance(props: &EntranceProps) -> Html {
    let made = use_state(|| None::<MadeSecret>);
    let picture = use_state_eq(|| false);
    let make = {
        let (set, changed) = (made.setter(), props.changed.clone());
        use_mutation::<MakeSecret, _>(move |secret| {
            set.set(Some(secret));
            changed.emit(());
        })
    };
    let run = {
        let (make, id) = (make.clone(), props.source.id.to_string());
        Callback::from(move |()| make.run(ById { id: id.clone() }, NewSecret::default()))
    };
    let show = |to: bool| {
        let picture = picture.setter();
        Callback::from(move |()| picture.set(to))
    };
    let close = {
        let made = made.setter();
        Callback::from(move |()| made.set(None))
    };
    let about = AttrValue::from(props.source.name.clone());
    let address = &props.door.address;
    html! {
        <div class="gw-row" data-testid="source-door">
            if let Some(signed) = props.door.signed {
                <code class="gw-wrap">{ address }</code>
                <Button label={if signed { words::SECRET_AGAIN } else { words::SECRET }} about={about.clone()} onclick={run} busy={make.busy} testid="source-secret" />
            } else {
                <Outside href={address.clone()}><code class="gw-wrap">{ address }</code></Outside>
            }
            if let Some(path) = &props.door.picture {
                <Button label={words::PICTURE} about={about} onclick={show(true)} testid="source-picture" />
                if *picture {
                    <Dialog title={words::PICTURE_TITLE} onclose={show(false)}>
                        <p><img src={path.clone()} alt={words::picture_of(address)} width="280" height="280" /></p>
                        <p>{ words::PICTURE_TEXT }</p>
                        <p><Outside href={path.clone()}>{ words::PICTURE_OPEN }</Outside></p>
                    </Dialog>
                }
            }
            if let Some(made) = &*made {
                <Dialog title={words::SECRET_TITLE} onclose={close} testid="made-secret">
                    <p>{ words::SECRET_TEXT }</p>
                    <p><code class="gw-wrap">{ &made.secret }</code></p>
                    if let Some(at) = made.old_until {
                        <p>{ words::SECRET_OLD }{ " " }<When {at} /></p>
                    }
                </Dialog>
            }
        </div>
    }
}
