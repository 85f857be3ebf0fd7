//! A page's frame: its heading, what stands beside it, and the content.

use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::{Go, Shape, icon};
use crate::{route::Route, words};

#[derive(Clone, PartialEq, Properties)]
pub struct PageProps {
    /// Which: its name is the heading, and it leads up to the page that it is part of.
    pub at: Route,
    /// The heading, where it is another: the name of who or what is shown.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// A sentence below it.
    #[prop_or_default]
    pub lead: Html,
    /// Buttons and links beside the heading.
    #[prop_or_default]
    pub tools: Html,
    /// Its data is drawn: from then on tests find it, as `page-` and its name.
    #[prop_or(true)]
    pub ready: bool,
    /// What sort of page.
    #[prop_or_default]
    pub class: Classes,
    /// The content.
    pub children: Html,
}

/// A page. Its heading gets the focus when the page is opened, so that screen readers begin there.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let up = props.at.section();
    let title = props.title.clone().unwrap_or_else(|| words::shell::page(&props.at).into());
    html! {
        <div class={classes!("gw-page", props.class.clone())} data-testid={props.ready.then(|| format!("page-{}", props.at.name()))}>
            if up != props.at {
                <Go to={up.clone()} class="gw-up">{ icon(Shape::Left) }{ words::shell::page(&up) }</Go>
            }
            <header class="gw-page__head">
                <div>
                    <h1 tabindex="-1">{ title }</h1>
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
