//! What a source would read, before it is saved.

use goodword_shared::{Mention, source::Preview};
use yew::prelude::*;

use crate::{
    components::{Shape, When, bring_into_view, icon, stars},
    words::{self, sources},
};

/// Characters of a text shown.
const MOST: usize = 220;

#[derive(Clone, PartialEq, Properties)]
pub struct PreviewViewProps {
    /// What was found.
    pub preview: Preview,
}

/// The first mentions, or what is wrong.
#[component]
pub fn PreviewView(props: &PreviewViewProps) -> Html {
    let preview = &props.preview;
    // It comes below a form that may fill the window.
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with(preview.clone(), move |_| {
            if let Some(section) = place.cast() {
                bring_into_view(&section);
            }
        });
    }
    html! {
        <section ref={place} class="gw-panel" aria-live="polite" data-testid="source-preview">
            <h2>{ sources::PREVIEW_TITLE }</h2>
            if let Some(problem) = &preview.problem {
                <p class="gw-field__fault" role="alert">{ icon(Shape::Warning) }{ &problem.detail }</p>
            } else if preview.mentions.is_empty() {
                <p>{ sources::PREVIEW_EMPTY }</p>
            } else {
                <p class="gw-quiet">{ sources::found(preview.found) }</p>
            }
            <ul class="gw-rows" role="list">{ for preview.mentions.iter().map(mention) }</ul>
            if !preview.warnings.is_empty() {
                <ul class="gw-faults">{ for preview.warnings.iter().map(|w| html!(<li>{ w }</li>)) }</ul>
            }
        </section>
    }
}

fn mention(mention: &Mention) -> Html {
    let text: String = match mention.text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &mention.text[..end]),
        None => mention.text.clone(),
    };
    html! {
        <li>
            <p class="gw-facts">
                <strong>{ mention.author.shown().unwrap_or(words::SOMEBODY) }</strong>
                if let Some(rating) = mention.rating {
                    { stars(rating) }
                }
                if let Some(at) = mention.published_at {
                    <When {at} />
                }
            </p>
            if let Some(title) = &mention.title {
                <p class="gw-quote__title">{ title }</p>
            }
            <p class="gw-quote__text">{ text }</p>
        </li>
    }
}
