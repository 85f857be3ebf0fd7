//! The one button.

use yew::prelude::*;

use super::{Shape, face, icon};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The next step; one in a view or card.
    Primary,
    /// Also possible.
    #[default]
    Secondary,
    /// As quiet as a link.
    Link,
    /// Only an icon.
    Plain,
    /// Destroys something.
    Danger,
}

impl Kind {
    /// PatternFly's classes, for links that look like a button too.
    pub fn class(self) -> &'static str {
        match self {
            Kind::Primary => "pf-v6-c-button pf-m-primary",
            Kind::Secondary => "pf-v6-c-button pf-m-secondary",
            Kind::Link => "pf-v6-c-button pf-m-link",
            Kind::Plain => "pf-v6-c-button pf-m-plain",
            Kind::Danger => "pf-v6-c-button pf-m-danger",
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ButtonProps {
    /// What it does; of an icon button, its name for screen readers.
    #[prop_or_default]
    pub label: AttrValue,
    /// Pressed.
    #[prop_or_default]
    pub onclick: Callback<()>,
    /// How loud.
    #[prop_or_default]
    pub kind: Kind,
    /// Before the label.
    #[prop_or_default]
    pub icon: Option<Shape>,
    /// Cannot be pressed now.
    #[prop_or_default]
    pub disabled: bool,
    /// Its work is under way.
    #[prop_or_default]
    pub busy: bool,
    /// Sends the form around it.
    #[prop_or_default]
    pub submit: bool,
    /// For one of several that say the same: what sets it apart, for screen readers.
    #[prop_or_default]
    pub about: Option<AttrValue>,
    /// Of a button that switches something: whether it is on.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// The name by which tests find it.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// A button. Keeps the focus when pressed.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let plain = props.kind == Kind::Plain;
    let name = match &props.about {
        Some(about) => Some(AttrValue::from(format!("{}: {about}", props.label))),
        None => plain.then(|| props.label.clone()),
    };
    // While its work is under way it does nothing, but is there: a button that is switched off drops the focus.
    let (busy, onclick) = (props.busy, props.onclick.clone());
    let onclick = move |event: MouseEvent| {
        if busy {
            event.prevent_default();
        } else {
            onclick.emit(());
        }
    };
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            class={classes!(props.kind.class(), props.busy.then_some("gw-busy"))}
            disabled={props.disabled}
            aria-disabled={props.busy.then_some("true")}
            aria-label={name}
            aria-pressed={props.pressed.map(|p| p.to_string())}
            title={plain.then(|| props.label.clone())}
            data-testid={props.testid.clone()}
            {onclick}
        >
            if plain {
                <span class="pf-v6-c-button__icon">{ for props.icon.map(icon) }</span>
            } else {
                { face(props.icon, &props.label) }
            }
        </button>
    }
}
