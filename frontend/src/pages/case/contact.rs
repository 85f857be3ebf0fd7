//! Reaching the customer by the owner's own means, and putting on the record that it was done.

use std::rc::Rc;

use goodword_shared::{
    api::{
        ById,
        cases::{NewContact, PostContact},
    },
    case::{CaseView, ContactWay},
};
use yew::prelude::*;

use super::tone::Tone;
use crate::{
    components::{Button, Choice, Dialog, Kind, Outside, Shape, TextBox, icon, use_notices},
    hooks::use_mutation,
    words::{self, case},
};

#[derive(Clone, PartialEq, Properties)]
pub struct ReachProps {
    /// The case.
    pub case: Rc<CaseView>,
    /// Wants to record a contact.
    pub record: Callback<ContactWay>,
}

/// Links to call, write, or answer where they wrote. Following one opens the record beside it.
#[component]
pub fn Reach(props: &ReachProps) -> Html {
    let reachable = props.case.contacts.iter().filter(|c| allowed(&c.href));
    let none = reachable.clone().next().is_none();
    html! {
        <section class="gw-panel gw-case__reach" aria-labelledby="reach">
            <h2 id="reach">{ case::REACH }</h2>
            if none {
                <p class="gw-quiet">{ case::NO_WAY }</p>
            }
            <ul class="gw-ways">
                { for reachable.map(|contact| {
                    let (record, way) = (props.record.clone(), contact.way);
                    let outside = contact.href.starts_with("http");
                    html! {
                        <li>
                            <a
                                class="gw-way"
                                href={contact.href.clone()}
                                target={outside.then_some("_blank")}
                                rel={outside.then_some("noopener noreferrer nofollow")}
                                onclick={move |_| record.emit(way)}
                            >
                                { icon(sign(way)) }{ &contact.label }
                            </a>
                        </li>
                    }
                }) }
            </ul>
            if let Some(url) = props.case.card.quote.url.clone().filter(|_| none) {
                <Outside href={url}>{ case::ORIGINAL }</Outside>
            }
        </section>
    }
}

/// The address came from outside: only these schemes become links.
fn allowed(href: &str) -> bool {
    ["tel:", "mailto:", "sms:", "https://", "http://"].iter().any(|scheme| href.starts_with(scheme))
}

fn sign(way: ContactWay) -> Shape {
    match way {
        ContactWay::Call => Shape::Phone,
        ContactWay::Mail => Shape::Mail,
        ContactWay::Text => Shape::Speech,
        ContactWay::Reply => Shape::Reply,
        ContactWay::InPerson => Shape::People,
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ContactDialogProps {
    /// The case.
    pub case: Rc<CaseView>,
    /// By which way, to begin with.
    pub way: ContactWay,
    /// Shows the case as it is then.
    pub put: Callback<CaseView>,
    /// Done, or not wanted.
    pub onclose: Callback<()>,
}

/// What was done and said.
#[component]
pub fn ContactDialog(props: &ContactDialogProps) -> Html {
    let notices = use_notices();
    let way = use_state_eq(|| props.way);
    let text = use_state_eq(String::new);
    let post = {
        let (put, onclose) = (props.put.clone(), props.onclose.clone());
        use_mutation::<PostContact, _>(move |view| {
            put.emit(view);
            notices.done(case::CONTACT_DONE, None);
            onclose.emit(());
        })
    };
    let record = {
        let (post, id) = (post.clone(), props.case.card.id.to_string());
        let contact = NewContact { way: *way, text: text.trim().to_owned() };
        Callback::from(move |()| post.run(ById { id: id.clone() }, contact.clone()))
    };
    let on_way = {
        let way = way.setter();
        Callback::from(move |value: String| {
            if let Some(chosen) = ContactWay::ALL.into_iter().find(|w| w.as_str() == value) {
                way.set(chosen);
            }
        })
    };
    let on_text = {
        let text = text.setter();
        Callback::from(move |value| text.set(value))
    };
    let options: Vec<_> = ContactWay::ALL.iter().map(|w| (w.as_str().into(), case::way(*w).into())).collect();
    let footer = html! {
        <>
            <Button kind={Kind::Primary} label={case::RECORD} onclick={record} busy={post.busy} testid="case-contact-save" />
            <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
        </>
    };
    html! {
        <Dialog title={case::RECORD_CONTACT} onclose={&props.onclose} {footer} testid="case-contact-dialog">
            <Choice id="contact-way" label={case::WAY} {options} value={way.as_str()} onchange={on_way} />
            <TextBox id="contact-text" label={case::SAID} value={(*text).clone()} onchange={on_text} />
            if matches!(*way, ContactWay::Reply | ContactWay::Mail | ContactWay::Text) {
                <Tone text={(*text).clone()} mention={props.case.card.quote.mention_id.to_string()} />
            }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn only_harmless_schemes_become_links() {
        assert!(allowed("tel:+49301234") && allowed("https://example.org/review/1"));
        assert!(!allowed("javascript:alert(1)") && !allowed("data:text/html,hi") && !allowed(" tel:1"));
    }
}
