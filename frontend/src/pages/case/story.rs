//! What happened, in order, and a note to add to it.

use std::rc::Rc;

use goodword_shared::{
    api::{
        ById,
        cases::{NewNote, PostNote},
    },
    case::CaseView,
};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::{
    components::{Button, Timeline, use_notices},
    hooks::use_mutation,
    words::case,
};

#[derive(Clone, PartialEq, Properties)]
pub struct StoryProps {
    /// The case.
    pub case: Rc<CaseView>,
    /// Shows the case as it is then.
    pub put: Callback<CaseView>,
}

/// The story.
#[component]
pub fn Story(props: &StoryProps) -> Html {
    let notices = use_notices();
    let note = use_state_eq(String::new);
    let post = {
        let (put, note) = (props.put.clone(), note.setter());
        use_mutation::<PostNote, _>(move |view| {
            put.emit(view);
            note.set(String::new());
            notices.done(case::NOTE_DONE, None);
        })
    };
    let save = {
        let (post, id, text) = (post.clone(), props.case.card.id.to_string(), note.trim().to_owned());
        Callback::from(move |()| post.run(ById { id: id.clone() }, NewNote { text: text.clone() }))
    };
    let oninput = {
        let note = note.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                note.set(area.value());
            }
        })
    };
    html! {
        <section class="gw-story" aria-labelledby="story">
            <h2 id="story">{ case::STORY }</h2>
            <Timeline entries={props.case.timeline.clone()} shown={props.case.card.quote.mention_id.clone()} testid="case-timeline" />
            <div class="gw-note">
                <span class="pf-v6-c-form-control pf-m-resize-vertical">
                    <textarea aria-label={case::NOTE} placeholder={case::ADD_NOTE} rows="2" value={(*note).clone()} {oninput} data-testid="case-note" />
                </span>
                <Button label={case::ADD_NOTE} onclick={save} busy={post.busy} disabled={note.trim().is_empty()} testid="case-note-save" />
            </div>
        </section>
    }
}
