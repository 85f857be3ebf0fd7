//! Links: to another page of the dashboard without loading it anew, and out of the dashboard.

use yew::prelude::*;
use yew_router::{prelude::*, query::Raw};

use super::{Kind, Shape, icon};
use crate::{route::Route, words};

#[derive(Clone, PartialEq, Properties)]
pub struct GoProps {
    /// Where to.
    pub to: Route,
    /// The query string, without its question mark.
    #[prop_or_default]
    pub query: AttrValue,
    /// What it looks like.
    #[prop_or_default]
    pub class: Classes,
    /// It leads to where we are.
    #[prop_or_default]
    pub here: bool,
    /// Also done when followed.
    #[prop_or_default]
    pub onfollow: Callback<()>,
    /// Its name where its content does not say enough.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// The name by which tests find it.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// What is shown.
    #[prop_or_default]
    pub children: Html,
}

/// A link to a page of the dashboard.
#[component]
pub fn Go(props: &GoProps) -> Html {
    let navigator = use_navigator();
    let mut href = props.to.to_path();
    if !props.query.is_empty() {
        href = format!("{href}?{}", props.query);
    }
    let onclick = {
        let (to, query, onfollow) = (props.to.clone(), props.query.clone(), props.onfollow.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(navigator) = navigator.as_ref().filter(|_| !elsewhere(&event)) else { return };
            event.prevent_default();
            if query.is_empty() {
                navigator.push(&to);
            } else {
                // A raw query string cannot fail to encode.
                let _ = navigator.push_with_query(&to, Raw(query.as_str()));
            }
            onfollow.emit(());
        })
    };
    html! {
        <a
            class={props.class.clone()}
            {href}
            {onclick}
            aria-current={props.here.then_some("page")}
            aria-label={props.label.clone()}
            data-testid={props.testid.clone()}
        >
            { props.children.clone() }
        </a>
    }
}

/// A link to a page that looks like a button.
pub fn go_button(
    to: Route,
    kind: Kind,
    shape: Option<Shape>,
    label: impl Into<AttrValue>,
    testid: &'static str,
) -> Html {
    html!(<Go {to} class={kind.class()} {testid}>{ face(shape, label) }</Go>)
}

/// What a button shows: a sign, where it has one, and its label.
pub fn face(shape: Option<Shape>, label: impl Into<AttrValue>) -> Html {
    html! {
        <>
            if let Some(shape) = shape {
                <span class="pf-v6-c-button__icon pf-m-start">{ icon(shape) }</span>
            }
            <span class="pf-v6-c-button__text">{ label.into() }</span>
        </>
    }
}

/// The owner wants it in another tab or window.
fn elsewhere(event: &MouseEvent) -> bool {
    event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()
}

#[derive(Clone, PartialEq, Properties)]
pub struct OutsideProps {
    /// Where to; anything but a web address is not made a link.
    pub href: AttrValue,
    /// What it looks like.
    #[prop_or_default]
    pub class: Classes,
    /// What is shown.
    pub children: Html,
}

/// A link out of the dashboard. The address came from outside: only `http` and `https` become links.
#[component]
pub fn Outside(props: &OutsideProps) -> Html {
    if !(props.href.starts_with("https://") || props.href.starts_with("http://")) {
        return html!(<span>{ props.children.clone() }</span>);
    }
    html! {
        <a class={props.class.clone()} href={props.href.clone()} target="_blank" rel="noopener noreferrer nofollow">
            { props.children.clone() }
            { icon(Shape::Away) }
            <span class="pf-v6-screen-reader">{ format!("({})", words::NEW_TAB) }</span>
        </a>
    }
}
