//! Fields of forms: a label, a control, help and fault below it, tied together for screen readers.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{Shape, icon};
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub struct FieldProps {
    /// Unique on the page; the control's id.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What to put there.
    #[prop_or_default]
    pub help: AttrValue,
    /// What is wrong with what is there.
    #[prop_or_default]
    pub fault: Option<AttrValue>,
    /// It must not be empty.
    #[prop_or(true)]
    pub required: bool,
    /// The present value.
    pub value: AttrValue,
    /// Typed.
    pub onchange: Callback<String>,
    /// What sort of line.
    #[prop_or("text")]
    pub kind: &'static str,
    /// An example.
    #[prop_or_default]
    pub example: Option<AttrValue>,
    /// What browsers may fill in.
    #[prop_or_default]
    pub autocomplete: Option<AttrValue>,
}

/// One line of text.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <Frame id={&props.id} label={&props.label} help={&props.help} fault={props.fault.clone()} required={props.required}>
            <span class={classes!("pf-v6-c-form-control", props.fault.is_some().then_some("pf-m-error"))}>
                <input
                    id={props.id.clone()}
                    type={props.kind}
                    value={props.value.clone()}
                    oninput={typed(&props.onchange)}
                    required={props.required}
                    placeholder={props.example.clone()}
                    autocomplete={props.autocomplete.clone()}
                    aria-describedby={described(&props.id, &props.help, &props.fault)}
                    aria-invalid={props.fault.is_some().then_some("true")}
                />
            </span>
        </Frame>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct TextBoxProps {
    /// Unique on the page.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What to put there.
    #[prop_or_default]
    pub help: AttrValue,
    /// The present value.
    pub value: AttrValue,
    /// Typed.
    pub onchange: Callback<String>,
    /// Lines shown.
    #[prop_or(4)]
    pub rows: usize,
    /// It must not be empty.
    #[prop_or(true)]
    pub required: bool,
}

/// Several lines of text.
#[component]
pub fn TextBox(props: &TextBoxProps) -> Html {
    html! {
        <Frame id={&props.id} label={&props.label} help={&props.help} fault={None::<AttrValue>} required={props.required}>
            <span class="pf-v6-c-form-control pf-m-resize-vertical">
                <textarea
                    id={props.id.clone()}
                    value={props.value.clone()}
                    oninput={typed(&props.onchange)}
                    rows={props.rows.to_string()}
                    aria-describedby={described(&props.id, &props.help, &None)}
                />
            </span>
        </Frame>
    }
}

/// Hears what is typed into a line or a box.
pub fn typed(onchange: &Callback<String>) -> Callback<InputEvent> {
    let onchange = onchange.clone();
    Callback::from(move |event: InputEvent| {
        let Some(target) = event.target() else { return };
        match target.dyn_into::<HtmlInputElement>() {
            Ok(line) => onchange.emit(line.value()),
            Err(target) => {
                if let Ok(text) = target.dyn_into::<HtmlTextAreaElement>() {
                    onchange.emit(text.value());
                }
            }
        }
    })
}

/// Something that is on or off.
pub fn switch(id: &str, label: &str, checked: bool, onchange: Callback<bool>) -> Html {
    let onchange = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            onchange.emit(input.checked());
        }
    };
    html! {
        <label class="pf-v6-c-switch" for={id.to_owned()}>
            <input class="pf-v6-c-switch__input" type="checkbox" role="switch" id={id.to_owned()} {checked} {onchange} />
            <span class="pf-v6-c-switch__toggle"></span>
            <span class="pf-v6-c-switch__label">{ label.to_owned() }</span>
        </label>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ChoiceProps {
    /// Unique on the page.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What it decides.
    #[prop_or_default]
    pub help: AttrValue,
    /// Value and label of each choice.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// The present value.
    pub value: AttrValue,
    /// Chosen.
    pub onchange: Callback<String>,
    /// The label is for screen readers only, as in a row of filters.
    #[prop_or_default]
    pub bare: bool,
}

/// One of a few.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                onchange.emit(select.value());
            }
        })
    };
    let control = html! {
        <span class="pf-v6-c-form-control gw-select">
            <select
                id={props.id.clone()}
                {onchange}
                aria-label={props.bare.then(|| props.label.clone())}
                aria-describedby={described(&props.id, &props.help, &None)}
            >
                { for props.options.iter().map(|(value, label)| html! {
                    <option value={value.clone()} selected={*value == props.value}>{ label }</option>
                }) }
            </select>
            <span class="gw-select__sign">{ icon(Shape::Down) }</span>
        </span>
    };
    if props.bare {
        return control;
    }
    html! {
        <Frame id={&props.id} label={&props.label} help={&props.help} fault={None::<AttrValue>} required=true>{ control }</Frame>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct SearchFieldProps {
    /// Unique on the page.
    pub id: AttrValue,
    /// What is searched, its name.
    pub label: AttrValue,
    /// The present words.
    pub value: AttrValue,
    /// The name by which tests find it.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// Searched: after Enter, or when the field is left or emptied.
    pub onsearch: Callback<String>,
}

/// A field to search a list.
#[component]
pub fn SearchField(props: &SearchFieldProps) -> Html {
    let onchange = {
        let onsearch = props.onsearch.clone();
        // The browser's own event: Enter, leaving the field, and the cross that empties it.
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                onsearch.emit(input.value().trim().to_owned());
            }
        })
    };
    html! {
        <span class="gw-search">
            { icon(Shape::Lens) }
            <input
                type="search"
                data-testid={props.testid.clone()}
                id={props.id.clone()}
                value={props.value.clone()}
                {onchange}
                aria-label={props.label.clone()}
                placeholder={props.label.clone()}
                enterkeyhint="search"
                autocomplete="off"
            />
        </span>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FrameProps {
    id: AttrValue,
    label: AttrValue,
    help: AttrValue,
    fault: Option<AttrValue>,
    required: bool,
    children: Html,
}

#[component]
fn Frame(props: &FrameProps) -> Html {
    html! {
        <div class="gw-field">
            <label for={props.id.clone()}>
                { &props.label }
                if !props.required {
                    <span class="gw-quiet">{ format!(" ({})", words::OPTIONAL) }</span>
                }
            </label>
            { props.children.clone() }
            if !props.help.is_empty() {
                <p class="gw-field__help" id={format!("{}-help", props.id)}>{ &props.help }</p>
            }
            if let Some(fault) = &props.fault {
                <p class="gw-field__fault" id={format!("{}-fault", props.id)} role="alert">
                    { icon(Shape::Warning) }{ fault }
                </p>
            }
        </div>
    }
}

fn described(id: &AttrValue, help: &AttrValue, fault: &Option<AttrValue>) -> Option<AttrValue> {
    match (help.is_empty(), fault) {
        (_, Some(_)) if !help.is_empty() => Some(format!("{id}-help {id}-fault").into()),
        (_, Some(_)) => Some(format!("{id}-fault").into()),
        (false, None) => Some(format!("{id}-help").into()),
        (true, None) => None,
    }
}
