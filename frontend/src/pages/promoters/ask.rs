//! Asking a promoter: a button, and a dialog with a proposal to send by one's own means and to put on the record.
//! Goodword sends nothing itself.

use goodword_shared::{
    Time,
    api::promoters::{NewAsk, PostAsk},
    promoter::{AskKind, PromoterCard},
};
use yew::prelude::*;

use crate::{
    clock,
    components::{Button, Choice, Dialog, Kind, Outside, Quote, Shape, TextBox, Who, face, use_notices},
    format,
    hooks::use_mutation,
    session::use_session,
    words::{self, promoters},
};

/// Their words are repeated in the proposal only where they are short.
const QUOTABLE: usize = 140;

/// "last asked 3 March 2026".
pub fn last_asked(at: Option<Time>) -> Html {
    let text = match at {
        Some(at) => promoters::last_asked(&format::date(clock::local(at).date)),
        None => promoters::UNKNOWN_ASKED.to_owned(),
    };
    html!(<span class="gw-quiet">{ text }</span>)
}

#[derive(Clone, PartialEq, Properties)]
pub struct AskButtonProps {
    /// Whom.
    pub promoter: PromoterCard,
    /// It was recorded.
    pub asked: Callback<()>,
}

/// The main button of a promoter, with its dialog.
#[component]
pub fn AskButton(props: &AskButtonProps) -> Html {
    let open = use_state_eq(|| false);
    let set = |to: bool| {
        let open = open.setter();
        Callback::from(move |()| open.set(to))
    };
    let name = Who::new(&props.promoter.author, props.promoter.matched.as_ref()).name;
    let asked = {
        let (close, asked) = (set(false), props.asked.clone());
        Callback::from(move |()| {
            close.emit(());
            asked.emit(());
        })
    };
    html! {
        <>
            <Button kind={Kind::Primary} label={promoters::ask(format::first_name(&name))} onclick={set(true)} testid="ask" />
            if *open {
                <AskDialog promoter={props.promoter.clone()} {name} {asked} onclose={set(false)} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AskDialogProps {
    promoter: PromoterCard,
    name: String,
    asked: Callback<()>,
    onclose: Callback<()>,
}

#[component]
fn AskDialog(props: &AskDialogProps) -> Html {
    let business = use_session().view.business;
    let notices = use_notices();
    let promoter = &props.promoter;
    let kind = use_state_eq(AskKind::default);
    let text = use_state_eq(|| None::<String>);
    let shown = text.as_ref().cloned().unwrap_or_else(|| proposal(promoter, &props.name, &business, *kind));
    let post = {
        let (asked, name) = (props.asked.clone(), props.name.clone());
        use_mutation::<PostAsk, _>(move |()| {
            notices.done(promoters::recorded(&name), None);
            asked.emit(());
        })
    };
    let record = {
        let (post, key, kind, text) = (post.clone(), promoter.key.clone(), *kind, shown.clone());
        Callback::from(move |()| post.run((), NewAsk { key: key.clone(), kind, text: text.clone() }))
    };
    let on_kind = {
        let kind = kind.setter();
        Callback::from(move |value: String| {
            kind.set(if value == AskKind::Testimonial.as_str() {
                AskKind::Testimonial
            } else {
                AskKind::Referral
            });
        })
    };
    let on_text = {
        let text = text.setter();
        Callback::from(move |value| text.set(Some(value)))
    };
    let options = vec![
        (AskKind::Referral.as_str().into(), promoters::REFERRAL.into()),
        (AskKind::Testimonial.as_str().into(), promoters::TESTIMONIAL.into()),
    ];
    let footer = html! {
        <>
            <Button kind={Kind::Primary} label={promoters::RECORD} onclick={record} busy={post.busy} testid="ask-record" />
            <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
        </>
    };
    html! {
        <Dialog title={promoters::ask_title(&props.name)} onclose={&props.onclose} {footer} testid="ask-dialog">
            <Quote quote={promoter.quote.clone()} most={200} />
            <Choice id="ask-kind" label={promoters::FOR_WHAT} {options} value={kind.as_str()} onchange={on_kind} />
            <TextBox id="ask-text" label={promoters::TEXT} help={promoters::TEXT_HELP} rows={9} value={shown.clone()} onchange={on_text} />
            <p class="gw-row">{ way(promoter, &business, &shown) }</p>
        </Dialog>
    }
}

/// How the text reaches them: by the owner's own mail program, else where they wrote.
fn way(promoter: &PromoterCard, business: &str, text: &str) -> Html {
    let mail = promoter.customer.as_ref().and_then(|c| c.facts.email.as_deref());
    if let Some(address) = mail {
        let subject = js_sys::encode_uri_component(&promoters::subject(business));
        let body = js_sys::encode_uri_component(text);
        let to = js_sys::encode_uri_component(address);
        return html! {
            <a class={Kind::Secondary.class()} href={format!("mailto:{to}?subject={subject}&body={body}")}>
                { face(Some(Shape::Mail), promoters::WRITE_MAIL) }
            </a>
        };
    }
    html! {
        <>
            <span class="gw-quiet">{ promoters::NO_CONTACT }</span>
            if let Some(url) = &promoter.quote.url {
                <Outside href={url.clone()}>{ promoters::ORIGINAL }</Outside>
            }
        </>
    }
}

fn proposal(promoter: &PromoterCard, name: &str, business: &str, kind: AskKind) -> String {
    let said = promoter.quote.text.trim();
    let quote = if said.chars().count() <= QUOTABLE { said } else { "" };
    promoters::proposal(format::first_name(name), quote, business, kind == AskKind::Testimonial)
}
