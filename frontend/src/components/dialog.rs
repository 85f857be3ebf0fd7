//! The one dialog, and the one question before something that cannot be taken back. The browser's own `<dialog>`
//! holds the focus, closes on Escape, and gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::{Button, Kind, Shape};
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub struct DialogProps {
    /// Its heading and name.
    pub title: AttrValue,
    /// Closed by Escape, the cross, or a click beside it.
    pub onclose: Callback<()>,
    /// What it says.
    pub children: Html,
    /// Its buttons, the main one first.
    #[prop_or_default]
    pub footer: Html,
    /// The name by which tests find it.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// A dialog; shown as long as it is drawn.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // Fails only for an element that is not in the document any more.
                let _ = dialog.show_modal();
                begin(dialog);
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let oncancel = props.onclose.reform(|event: Event| event.prevent_default());
    let onclick = {
        let (onclose, node) = (props.onclose.clone(), node.clone());
        Callback::from(move |event: MouseEvent| {
            // The dialog's box covers itself: only a click on the backdrop has the dialog itself as its target.
            if event.target_dyn_into::<HtmlElement>() == node.cast::<HtmlElement>() {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog ref={node} class="gw-dialog" aria-label={props.title.clone()} {oncancel} {onclick} data-testid={props.testid.clone()}>
            <div class="gw-dialog__box">
                <header class="gw-dialog__head">
                    <h2>{ &props.title }</h2>
                    <Button kind={Kind::Plain} icon={Shape::Cross} label={words::CLOSE} onclick={&props.onclose} />
                </header>
                <div class="gw-dialog__body">{ props.children.clone() }</div>
                if props.footer != Html::default() {
                    <footer class="gw-dialog__foot">{ props.footer.clone() }</footer>
                }
            </div>
        </dialog>
    }
}

/// Puts the focus where one begins: in the first field, else on the last button, which does nothing. The browser would choose the
/// cross.
fn begin(dialog: &HtmlDialogElement) {
    const FIRST: &str = ".gw-dialog__body :is(input, textarea, select), .gw-dialog__foot > :last-child";
    let first = dialog.query_selector(FIRST).ok().flatten();
    if let Some(first) = first.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only for elements that cannot have the focus.
        let _ = first.focus();
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ConfirmProps {
    /// The question.
    pub title: AttrValue,
    /// What will happen.
    pub text: AttrValue,
    /// What the button does, as a verb.
    pub verb: AttrValue,
    /// Yes.
    pub onconfirm: Callback<()>,
    /// No.
    pub onclose: Callback<()>,
}

/// A question before something that cannot be taken back. Where it can, do it and offer to undo it instead.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let footer = html! {
        <>
            <Button kind={Kind::Danger} label={props.verb.clone()} onclick={&props.onconfirm} testid="confirm" />
            <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
        </>
    };
    html! {
        <Dialog title={props.title.clone()} onclose={&props.onclose} {footer}><p>{ &props.text }</p></Dialog>
    }
}
