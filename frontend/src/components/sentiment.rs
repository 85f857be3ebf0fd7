//! How a mention leans, as a chip: a shape and a word, so that it does not hang on colour.

use goodword_shared::{Label, Sentiment};
use yew::prelude::*;

use crate::words;

/// "▼ Unhappy", "▲ Happy", and a dashed edge where the verdict is unsure.
pub fn sentiment_chip(sentiment: Sentiment) -> Html {
    let (class, path) = match sentiment.label {
        Label::Negative => ("gw-chip--unkind", "M2 3h8L6 10z"),
        Label::Positive => ("gw-chip--kind", "M6 2l4 7H2z"),
        Label::Mixed => ("gw-chip--mixed", "M6 1l4 5-4 5-4-5z"),
        Label::Neutral => ("gw-chip--neutral", "M2 5h8v2H2z"),
    };
    html! {
        <span class={classes!("gw-chip", class, sentiment.uncertain.then_some("gw-chip--unsure"))}>
            <svg viewBox="0 0 12 12" aria-hidden="true"><path d={path} /></svg>
            { words::label(sentiment.label) }
            if sentiment.uncertain {
                <span class="gw-chip__more">{ words::UNCERTAIN }</span>
            }
        </span>
    }
}
