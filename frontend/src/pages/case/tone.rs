//! The check of an answer's tone, beside the box in which it is written. It remarks; whether to heed it is the owner's matter.

use goodword_shared::api::{
    doubts::Stretch,
    replies::{CheckTone, Draft, Remark},
};
use yew::prelude::*;

use crate::{
    components::{Button, Kind, marked},
    hooks::use_mutation,
    words::case,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ToneProps {
    /// What is to be sent.
    pub text: AttrValue,
    /// The mention that it answers.
    pub mention: AttrValue,
}

/// A button that has the text looked at, and what was found in it as it was then.
#[component]
pub fn Tone(props: &ToneProps) -> Html {
    let found = use_state(|| None::<(AttrValue, Vec<Remark>)>);
    let asked = use_mut_ref(AttrValue::default);
    let check = {
        let (found, asked) = (found.setter(), asked.clone());
        use_mutation::<CheckTone, _>(move |tone| found.set(Some((asked.borrow().clone(), tone.remarks))))
    };
    let ask = {
        let (check, text, mention) = (check.clone(), props.text.clone(), props.mention.clone());
        Callback::from(move |()| {
            *asked.borrow_mut() = text.clone();
            let draft =
                Draft { text: text.to_string(), mention_id: Some(mention.to_string()), ..Draft::default() };
            check.run((), draft);
        })
    };
    let shown = found.as_ref().filter(|(text, _)| *text == props.text);
    html! {
        <div class="gw-tone">
            <Button kind={Kind::Link} label={case::CHECK_TONE} onclick={ask} busy={check.busy}
                disabled={props.text.trim().is_empty()} testid="case-tone" />
            <div role="status" data-testid="case-tone-found">
                if let Some((text, remarks)) = shown {
                    if remarks.is_empty() {
                        <p class="gw-quiet">{ case::TONE_WELL }</p>
                    } else {
                        <ul>{ for remarks.iter().map(|remark| told(text, remark)) }</ul>
                    }
                }
            </div>
        </div>
    }
}

/// One remark: the words, and what may be wrong with them.
fn told(text: &str, remark: &Remark) -> Html {
    let words: String =
        text.chars().skip(remark.start).take(remark.end.saturating_sub(remark.start)).collect();
    let all = [Stretch { start: 0, end: usize::MAX }];
    html! { <li>{ marked(&words, &all) }{ " " }{ case::fault(remark.fault) }</li> }
}
