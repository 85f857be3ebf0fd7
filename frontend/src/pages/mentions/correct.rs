//! The owner's correction of a verdict: one click, remembered, undone as easily.

use goodword_shared::{
    Label,
    api::{
        ById,
        mentions::{CorrectMention, Correction, MentionView},
    },
};
use yew::prelude::*;

use crate::{
    components::{Button, Kind, use_notices},
    hooks::use_mutation,
    words::{self, mentions},
};

#[derive(Clone, PartialEq, Properties)]
pub struct CorrectProps {
    /// Which mention.
    pub id: AttrValue,
    /// The present verdict.
    pub label: Label,
    /// The mention after the correction.
    pub oncorrected: Callback<MentionView>,
}

/// Four buttons, the present verdict pressed.
#[component]
pub fn Correct(props: &CorrectProps) -> Html {
    let notices = use_notices();
    let undo = {
        let oncorrected = props.oncorrected.clone();
        use_mutation::<CorrectMention, _>(move |view| oncorrected.emit(view))
    };
    let correct = {
        let (oncorrected, undo, id, before) =
            (props.oncorrected.clone(), undo.clone(), props.id.to_string(), props.label);
        use_mutation::<CorrectMention, _>(move |view| {
            let (undo, id) = (undo.clone(), id.clone());
            let back = Callback::from(move |()| undo.run(ById { id: id.clone() }, to(before)));
            notices.done(mentions::CORRECTED_DONE, Some(back));
            oncorrected.emit(view);
        })
    };
    html! {
        <div class="gw-correct" role="group" aria-label={mentions::CORRECT}>
            <p class="gw-quiet">{ mentions::CORRECT }</p>
            <div class="gw-row">
                { for Label::ALL.into_iter().map(|label| {
                    let (correct, id) = (correct.clone(), props.id.to_string());
                    html! {
                        <Button
                            key={label.as_str()}
                            kind={Kind::Secondary}
                            label={words::label(label)}
                            pressed={Some(label == props.label)}
                            disabled={correct.busy}
                            onclick={Callback::from(move |()| correct.run(ById { id: id.clone() }, to(label)))}
                            testid={format!("correct-{}", label.as_str())}
                        />
                    }
                }) }
            </div>
        </div>
    }
}

fn to(label: Label) -> Correction {
    Correction { label: Some(label), ..Correction::default() }
}
