//! A page's frame: its heading, what stands beside it, and the content.

use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::{Go, Shape, icon};
use crate::{route::Route, words};

#[derive(Clone, PartialEq, Properties)]
pub struct PageProps {
    /// The heading.
    pub title: AttrValue,
    /// A sentence below it.
    #[prop_or_default]
    pub lead: Html,
    /// The page that this one is part of.
    #[prop_or_default]
    pub up: Option<Route>,
    /// Buttons and links beside the heading.
    #[prop_or_default]
    pub tools: Html,
    /// The name by which tests find it; given once its data is drawn.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// What sort of page.
    #[prop_or_default]
    pub class: Classes,
    /// The content.
    pub children: Html,
}

/// A page. Its heading gets the focus when the page is opened, so that screen readers begin there.
#[component]
pub fn Page(props: &PageProps) -> Html {
    html! {
        <div class={classes!("gw-page", props.class.clone())} data-testid={props.testid.clone()}>
            if let Some(up) = &props.up {
                <Go to={up.clone()} class="gw-up">{ icon(Shape::Left) }{ words::shell::page(up) }</Go>
            }
            <header class="gw-page__head">
                <div>
                    <h1 tabindex="-1">{ &props.title }</h1>
                    if props.lead != Html::default() {
                        <div class="gw-lead">{ props.lead.clone() }</div>
                    }
                </div>
                if props.tools != Html::default() {
                    <div class="gw-page__tools">{ props.tools.clone() }</div>
                }
            </header>
            { props.children.clone() }
        </div>
    }
}

/// Scrolls no further than is needed to see something.
pub fn bring_into_view(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
