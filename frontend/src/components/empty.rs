//! Nothing to show, said pleasantly, with what to do about it.

use yew::prelude::*;

use super::{Shape, icon};

#[derive(Clone, PartialEq, Properties)]
pub struct EmptyProps {
    /// A sign for the state.
    #[prop_or(Shape::Cup)]
    pub shape: Shape,
    /// What is so.
    pub title: AttrValue,
    /// What to do, or why that is good.
    #[prop_or_default]
    pub text: AttrValue,
    /// A link or button.
    #[prop_or_default]
    pub children: Html,
}

/// Nothing to show.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="gw-empty">
            <span class="gw-empty__sign">{ icon(props.shape) }</span>
            <p class="gw-empty__title">{ &props.title }</p>
            if !props.text.is_empty() {
                <p class="gw-empty__text">{ &props.text }</p>
            }
            { props.children.clone() }
        </div>
    }
}
